"""The two levels of the response cache."""

from django.http import HttpResponse

from blog.caching.cached_page import CachedPage
from blog.caching.store import MemoryCache, PageStore


def make_page(version=1, length=100):
    return CachedPage.from_response(HttpResponse("x" * length), version)


def test_memory_is_bounded_and_evicts_the_least_recently_used():
    page = make_page()
    memory = MemoryCache(3 * page.size)
    for key in "abc":
        memory.set(key, page)
    memory.get("a")
    memory.set("d", page)

    assert [key for key in "abcd" if memory.get(key)] == ["a", "c", "d"]
    assert memory.size == 3 * page.size


def test_a_page_that_is_set_again_counts_once():
    memory = MemoryCache(10_000)
    small, large = make_page(), make_page(length=400)
    memory.set("a", small)
    memory.set("a", large)

    assert (memory.get("a"), memory.size) == (large, large.size)


def test_a_page_larger_than_all_memory_is_not_stored():
    memory = MemoryCache(1000)
    memory.set("a", make_page(length=5000))

    assert (memory.get("a"), memory.size) == (None, 0)


def test_a_valid_shared_page_is_found_behind_an_outdated_one():
    here, other_process = PageStore(), PageStore()
    here.set("a", make_page(version=1))
    other_process.set("a", make_page(version=2))

    assert here.get("a", lambda page: page if page.version == 2 else None).version == 2
    assert here.memory.get("a").version == 2
    assert here.get("a", lambda page: None) is None


def test_nothing_is_stored_without_memory_and_shared_cache(settings):
    settings.RESPONSE_CACHE_MEMORY = 0
    settings.CACHES = {"responses": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    store = PageStore()
    store.set("a", make_page())

    assert store.get("a", lambda page: page) is None
