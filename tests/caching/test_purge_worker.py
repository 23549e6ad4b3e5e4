"""The purge worker sends purges at once, retries failures, and loses nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.caching import build_fingerprint, purge_worker, purgers
from blog.caching.purge_worker import REPEAT_DELAY, RETRY_DELAYS, PurgeWorker
from blog.models import Change, Post, PurgeProgress, SiteState
from tests.caching.peers import fake_server
from tests.factories import make_note
from tests.helpers.processes import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    make_note()
    SiteState.objects.update(build_fingerprint=build_fingerprint.FINGERPRINT)
    everything_is_purged()
    return PurgeWorker()


def everything_is_purged():
    newest = Change.newest()
    done = {"sent": newest, "repeated": newest, "repeat_due": None}
    PurgeProgress.objects.update_or_create(pk=PurgeProgress.PK, defaults=done)


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
    assert keys_in(first) == keys_in(second) >= {"any", *(f"post-{post.pk}" for post in posts)}


def test_changes_in_quick_succession_are_all_repeated(worker, front, time_machine):
    time_machine.move_to(timezone.now())
    posts = []
    with fake_server() as peer:
        front(peer.url)
        for _ in range(40):
            posts.append(make_note())
            worker()
            time_machine.shift(1)
        sent = len(peer.requests)
        for _ in range(2):
            time_machine.shift(REPEAT_DELAY + 1)
            worker()
        assert len(peer.requests) > sent
        worker()

    for post in posts:
        assert sum(f"post-{post.pk}" in keys_in(request) for request in peer.requests) >= 2


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
    progress = PurgeProgress.load()
    assert (progress.sent, progress.attempts) == (Change.newest(), 0)


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
    purge = purgers.purge

    def change_meanwhile(keys):
        purge(keys)
        monkeypatch.setattr(purgers, "purge", purge)
        post.body = "Other words."
        post.save()

    monkeypatch.setattr(purgers, "purge", change_meanwhile)
    with fake_server() as peer:
        front(peer.url)
        worker()
        worker()

    assert [f"post-{post.pk}" in keys_in(request) for request in peer.requests] == [True, True]


def test_two_processes_do_not_purge_at_the_same_time(worker):
    here, there = PurgeProgress.load(), PurgeProgress.load()

    assert here.claim(60)
    assert not there.claim(60)
    assert not PurgeProgress.load().claim(60)


def test_a_claim_of_a_process_that_died_is_taken_over(worker, front, time_machine):
    time_machine.move_to(timezone.now())
    make_note()
    PurgeProgress.load().claim(purge_worker.CLAIM_SECONDS)

    with fake_server() as peer:
        front(peer.url)
        PurgeWorker()()
        assert peer.requests == []
        time_machine.shift(purge_worker.CLAIM_SECONDS + 1)
        PurgeWorker()()

    assert len(peer.requests) == 1


def test_without_changes_nothing_is_written(worker, django_assert_num_queries):
    worker()

    with django_assert_num_queries(3) as queries:
        worker()

    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


def test_a_scheduled_post_is_purged_when_it_becomes_public(worker, front, time_machine):
    time_machine.move_to(timezone.now())
    post = make_note(published=timezone.now() + timedelta(hours=1))
    everything_is_purged()
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
    everything_is_purged()

    with fake_server() as peer:
        front(peer.url)
        worker()
        PurgeWorker()()

    assert [keys_in(request) for request in peer.requests] == [{"all"}]


def test_more_than_the_log_holds_purges_everything(worker, front):
    make_note()
    Change.objects.filter(pk__lte=PurgeProgress.load().sent + 3).delete()

    with fake_server() as peer:
        front(peer.url)
        worker()

    assert [keys_in(request) for request in peer.requests] == [{"all"}]


def test_a_log_from_a_backup_purges_everything(worker, front):
    PurgeProgress.objects.update(sent=Change.newest() + 100, repeated=Change.newest() + 100)

    with fake_server() as peer:
        front(peer.url)
        worker()

    assert [keys_in(request) for request in peer.requests] == [{"all"}]
