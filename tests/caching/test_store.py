"""Where pages are kept."""

from django.http import HttpResponse

from blog.caching.cached_page import CachedPage
from blog.caching.store import Memory, Store


def make_page(version=1, length=100):
    return CachedPage.of(HttpResponse("x" * length), version)


def test_memory_holds_so_many_bytes_and_lets_go_of_what_nobody_asks_for():
    page = make_page()
    memory = Memory(3 * page.size)
    for key in "abc":
        memory.set(key, page)
    memory.get("a")
    memory.set("d", page)

    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]
    assert memory.size == 3 * page.size


def test_what_is_set_again_counts_once():
    memory = Memory(10_000)
    small, large = make_page(), make_page(length=400)
    memory.set("a", small)
    memory.set("a", large)

    assert (memory.get("a"), memory.size) == (large, large.size)


def test_what_is_larger_than_all_memory_is_not_held():
    memory = Memory(1000)
    memory.set("a", make_page(length=5000))

    assert (memory.get("a"), memory.size) == (None, 0)


def test_a_good_page_is_found_behind_an_old_one():
    here, elsewhere = Store(), Store()
    here.keep("a", make_page(version=1))
    elsewhere.keep("a", make_page(version=2))

    assert here.find("a", lambda page: page.version == 2).version == 2
    assert here.memory.get("a").version == 2
    assert here.find("a", lambda page: page.version == 3) is None


def test_without_memory_and_shared_cache_nothing_is_kept(settings):
    settings.RESPONSE_CACHE_MEMORY = 0
    settings.CACHES = {"responses": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    store = Store()
    store.keep("a", make_page())

    assert store.find("a", lambda page: True) is None
