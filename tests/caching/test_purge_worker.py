"""The thread that tells the cache in front: at once, again where it fails, and nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.caching import build_fingerprint, purge_worker
from blog.caching.purge_worker import ON_THEIR_WAY, WAITS, Watcher
from blog.models import PendingChange, Post, Purge, SiteState
from tests.caching.peers import answering
from tests.factories import make_note
from tests.helpers.processes import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def purge_thread(told):
    make_note()  # so that no year gets its first post, which would be everything
    SiteState.objects.update(build_fingerprint=build_fingerprint.FINGERPRINT)
    PendingChange.objects.all().delete()
    return Watcher()


@pytest.fixture
def front(settings):
    """Points the weblog to a Varnish that is made up."""

    def point(url):
        settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": url}}

    return point


def names(request):
    return set(request.headers["Surrogate-Key"].split("|"))


def test_what_has_changed_is_told_in_one_request_and_once_more_later(purge_thread, front, time_machine):
    time_machine.move_to(timezone.now())
    posts = [make_note() for _ in range(3)]
    with answering() as peer:
        front(peer.url)
        purge_thread()
        purge_thread()
        assert len(peer.asked) == 1

        time_machine.shift(ON_THEIR_WAY + 1)
        purge_thread()
        time_machine.shift(ON_THEIR_WAY + 1)
        purge_thread()

    first, second = peer.asked
    assert names(first) == names(second) >= {f"post-{post.pk}" for post in posts}
    assert not Purge.objects.exists()


@pytest.mark.parametrize("failures", [1, 2])
def test_what_was_refused_is_told_again_later(purge_thread, front, time_machine, failures):
    time_machine.move_to(timezone.now())
    make_note()
    with answering(statuses=[503] * failures) as peer:
        front(peer.url)
        for wait in [0, *WAITS[:failures]]:
            time_machine.shift(wait + 0.1)
            purge_thread()

    assert len(peer.asked) == failures + 1
    assert not Purge.objects.filter(was_sent=False).exists()


def test_a_front_that_is_down_for_days_is_told_when_it_is_up_again(purge_thread, front, time_machine, caplog):
    time_machine.move_to(timezone.now())
    post, port = make_note(), free_port()
    front(f"http://127.0.0.1:{port}/")
    for _ in range(20):
        purge_thread()
        time_machine.shift(WAITS[-1] + 1)
    later = make_note()
    purge_thread()
    assert "keeps" in caplog.text

    with answering(port) as peer:
        Watcher()()  # of a process that has just started
        time_machine.shift(WAITS[-1] + 1)
        Watcher()()

    told = set().union(*map(names, peer.asked))
    assert {f"post-{post.pk}", f"post-{later.pk}"} <= told


def test_what_changes_again_meanwhile_is_told_again(purge_thread, front, monkeypatch):
    post = make_note()
    with answering() as peer:
        front(peer.url)
        change_while_telling(monkeypatch, post)
        purge_thread()
        purge_thread()

    assert [f"post-{post.pk}" in names(request) for request in peer.asked] == [True, True]


def change_while_telling(monkeypatch, post):
    """The first time, the post changes after it was told and before that is noted."""
    still = Purge.still_claimed

    def change(claimed):
        monkeypatch.setattr(Purge, "still_claimed", still)
        post.body = "Other words."
        post.save()
        purge_worker.record_affected_pages()
        return still(claimed)

    monkeypatch.setattr(Purge, "still_claimed", change)


def test_two_processes_do_not_tell_the_same(purge_thread):
    make_note()
    purge_worker.record_affected_pages()

    assert Purge.claim(500, 60)
    assert Purge.claim(500, 60) == []


def test_what_an_ended_process_has_claimed_the_next_one_tells(purge_thread, front, time_machine):
    time_machine.move_to(timezone.now())
    make_note()
    purge_worker.record_affected_pages()
    Purge.claim(500, purge_worker.CLAIM)

    with answering() as peer:
        front(peer.url)
        Watcher()()
        assert peer.asked == []
        time_machine.shift(purge_worker.CLAIM + 1)
        Watcher()()

    assert len(peer.asked) == 1


def test_a_scheduled_post_is_told_when_its_time_has_come(purge_thread, front, time_machine):
    time_machine.move_to(timezone.now())
    post = make_note(published=timezone.now() + timedelta(hours=1))
    with answering() as peer:
        front(peer.url)
        purge_thread()
        assert peer.asked == []

        time_machine.shift(timedelta(hours=1, seconds=1))
        purge_thread()

    assert {f"post-{post.pk}", "newest", "kind-note"} <= names(peer.asked[0])
    assert Post.objects.get(pk=post.pk).is_counted


def test_a_new_release_is_everything(purge_thread, front):
    SiteState.objects.update(build_fingerprint="an older one")
    PendingChange.objects.all().delete()
    make_note()

    with answering() as peer:
        front(peer.url)
        purge_thread()
        Watcher()()

    assert [names(request) for request in peer.asked] == [{"all"}]


def test_everything_takes_the_place_of_what_is_still_to_be_told(purge_thread):
    make_note()
    purge_worker.record_affected_pages()
    PendingChange.objects.create(key="all")

    purge_worker.record_affected_pages()

    assert list(Purge.objects.values_list("key", flat=True)) == ["all"]
