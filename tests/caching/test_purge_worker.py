"""The purge worker sends purges at once, retries failures, and loses nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.caching import build_fingerprint, purge_worker
from blog.caching.purge_worker import REPEAT_DELAY, RETRY_DELAYS, PurgeWorker
from blog.models import PendingChange, Post, Purge, SiteState
from tests.caching.peers import fake_server
from tests.factories import make_note
from tests.helpers.processes import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(no_pending_purges):
    make_note()  # the first post of a year would purge everything
    SiteState.objects.update(build_fingerprint=build_fingerprint.FINGERPRINT)
    PendingChange.objects.all().delete()
    return PurgeWorker()


@pytest.fixture
def front(settings):
    """Return a function that points the weblog to a fake Varnish."""

    def point(url):
        settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": url}}

    return point


def keys_in(request):
    return set(request.headers["Surrogate-Key"].split("|"))


def test_changes_are_purged_in_one_request_which_is_repeated_later(worker, front, time_machine):
    time_machine.move_to(timezone.now())
    posts = [make_note() for _ in range(3)]
    with fake_server() as peer:
        front(peer.url)
        worker()
        worker()
        assert len(peer.requests) == 1

        time_machine.shift(REPEAT_DELAY + 1)
        worker()
        time_machine.shift(REPEAT_DELAY + 1)
        worker()

    first, second = peer.requests
    assert keys_in(first) == keys_in(second) >= {f"post-{post.pk}" for post in posts}
    assert not Purge.objects.exists()


@pytest.mark.parametrize("failures", [1, 2])
def test_a_refused_purge_is_retried(worker, front, time_machine, failures):
    time_machine.move_to(timezone.now())
    make_note()
    with fake_server(statuses=[503] * failures) as peer:
        front(peer.url)
        for wait in [0, *RETRY_DELAYS[:failures]]:
            time_machine.shift(wait + 0.1)
            worker()

    assert len(peer.requests) == failures + 1
    assert not Purge.objects.filter(was_sent=False).exists()


def test_a_cache_that_is_down_for_days_gets_every_purge_when_it_is_up_again(
    worker, front, time_machine, caplog
):
    time_machine.move_to(timezone.now())
    post, port = make_note(), free_port()
    front(f"http://127.0.0.1:{port}/")
    for _ in range(20):
        worker()
        time_machine.shift(RETRY_DELAYS[-1] + 1)
    later = make_note()
    worker()
    assert "may serve outdated pages" in caplog.text

    with fake_server(port) as peer:
        PurgeWorker()()  # in a process that has just started
        time_machine.shift(RETRY_DELAYS[-1] + 1)
        PurgeWorker()()

    purged = set().union(*map(keys_in, peer.requests))
    assert {f"post-{post.pk}", f"post-{later.pk}"} <= purged


def test_a_post_that_changes_during_its_purge_is_purged_again(worker, front, monkeypatch):
    post = make_note()
    with fake_server() as peer:
        front(peer.url)
        change_during_purge(monkeypatch, post)
        worker()
        worker()

    assert [f"post-{post.pk}" in keys_in(request) for request in peer.requests] == [True, True]


def change_during_purge(monkeypatch, post):
    """Change the post once, after its purge was sent and before that is recorded."""
    still_claimed = Purge.still_claimed

    def change(claimed):
        monkeypatch.setattr(Purge, "still_claimed", still_claimed)
        post.body = "Other words."
        post.save()
        purge_worker.record_affected_pages()
        return still_claimed(claimed)

    monkeypatch.setattr(Purge, "still_claimed", change)


def test_two_processes_do_not_claim_the_same_purge(worker):
    make_note()
    purge_worker.record_affected_pages()

    assert Purge.claim(500, 60)
    assert Purge.claim(500, 60) == []


def test_a_claim_of_a_process_that_died_is_taken_over(worker, front, time_machine):
    time_machine.move_to(timezone.now())
    make_note()
    purge_worker.record_affected_pages()
    Purge.claim(500, purge_worker.CLAIM_SECONDS)

    with fake_server() as peer:
        front(peer.url)
        PurgeWorker()()
        assert peer.requests == []
        time_machine.shift(purge_worker.CLAIM_SECONDS + 1)
        PurgeWorker()()

    assert len(peer.requests) == 1


def test_a_scheduled_post_is_purged_when_it_becomes_public(worker, front, time_machine):
    time_machine.move_to(timezone.now())
    post = make_note(published=timezone.now() + timedelta(hours=1))
    with fake_server() as peer:
        front(peer.url)
        worker()
        assert peer.requests == []

        time_machine.shift(timedelta(hours=1, seconds=1))
        worker()

    assert {f"post-{post.pk}", "newest", "kind-note"} <= keys_in(peer.requests[0])
    assert Post.objects.get(pk=post.pk).is_counted


def test_a_new_build_purges_everything(worker, front):
    SiteState.objects.update(build_fingerprint="an older build")
    PendingChange.objects.all().delete()
    make_note()

    with fake_server() as peer:
        front(peer.url)
        worker()
        PurgeWorker()()

    assert [keys_in(request) for request in peer.requests] == [{"all"}]


def test_purging_everything_replaces_all_other_purges(worker):
    make_note()
    purge_worker.record_affected_pages()
    PendingChange.objects.create(key="all")

    purge_worker.record_affected_pages()

    assert list(Purge.objects.values_list("key", flat=True)) == ["all"]
