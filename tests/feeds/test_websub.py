"""WebSub (W3C), with a real hub and subscriber on this machine."""

import re
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import feedparser
import pytest
from django.db import transaction
from django.utils import timezone

from blog.feeds import websub
from blog.models import HubPing, Post
from tests.factories import make_entry, make_note, make_series
from tests.feeds.reading import fetch, fetch_json, find
from tests.helpers.processes import free_port

MAX_DELAY = 2  # seconds within which subscribers are notified


class Peer:
    """An HTTP server that records the bodies it receives."""

    def __init__(self, port=0):
        self.requests = []
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def handler(self):
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.reply(*peer.get(parse_qs(urlsplit(self.path).query)))

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                peer.requests.append(body)
                self.reply(*peer.post(body))

            def reply(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        return Handler


class Hub(Peer):
    """Verifies subscriptions (section 5.3) and distributes content (section 7)."""

    def __init__(self, port=0):
        self.subscribers, self.failures = {}, 0
        super().__init__(port)

    def post(self, body):
        fields = parse_qs(body.decode())
        if self.failures:
            self.failures -= 1
            return 503, b""
        if fields["hub.mode"] == ["subscribe"]:
            self.verify(fields["hub.topic"][0], fields["hub.callback"][0])
        else:
            threading.Thread(target=self.distribute, args=[fields["hub.url"]]).start()
        return 202, b""

    def verify(self, topic, callback):
        query = urlencode({"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": "guess"})
        with urlopen(f"{callback}?{query}", timeout=10) as response:
            if response.read() == b"guess":
                self.subscribers[topic] = callback

    def distribute(self, topics):
        for topic in self.subscribers.keys() & set(topics):
            with urlopen(topic, timeout=10) as response:
                urlopen(self.subscribers[topic], response.read(), timeout=10).close()

    @property
    def published(self):
        """The topics of each ping."""
        received = [parse_qs(body.decode()) for body in self.requests]
        return [fields["hub.url"] for fields in received if fields["hub.mode"] == ["publish"]]


class Subscriber(Peer):
    def get(self, query):
        return 200, query["hub.challenge"][0].encode()

    def post(self, body):
        return 204, b""

    def subscribe(self, topic):
        """Subscribe at the hub in the feed's Link header (section 4)."""
        with urlopen(topic, timeout=10) as response:
            links = {
                relation: url
                for url, relation in re.findall(r'<(.*?)>; rel="(\w+)"', response.headers["Link"])
            }
        assert links["self"] == topic
        form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": self.url}
        urlopen(links["hub"], urlencode(form).encode(), timeout=10).close()

    def titles(self):
        return [[entry.title for entry in feedparser.parse(body).entries] for body in self.requests]


@contextmanager
def running(peer):
    try:
        yield peer
    finally:
        peer.stop()


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.02)


def is_quiet():
    return websub.ping_thread.thread is None and not HubPing.objects.exists()


@pytest.fixture
def hub(transactional_db, settings, live_server, monkeypatch):
    monkeypatch.setattr(websub, "RETRY_DELAYS", (0.1, 0.2, 0.3))
    with running(Hub()) as hub:
        settings.WEBSUB_HUB, settings.SITE_URL = hub.url, live_server.url
        yield hub
        wait_for(is_quiet)


@pytest.fixture
def subscriber():
    with running(Subscriber()) as subscriber:
        yield subscriber


@pytest.mark.parametrize("path", ["/atom/everything/", "/rss/notes/", "/tags/sea.atom"])
def test_subscribers_are_notified_within_two_seconds(hub, live_server, subscriber, path):
    make_note(title="First", tags=["sea"])
    subscriber.subscribe(live_server.url + path)
    wait_for(is_quiet)
    assert hub.subscribers == {live_server.url + path: subscriber.url}

    with transaction.atomic():  # as the admin saves: the tags come after the post
        make_note(title="Second", tags=["sea"])

    wait_for(lambda: subscriber.requests, MAX_DELAY)
    assert subscriber.titles() == [["Second", "First"]]


def test_every_feed_with_the_post_is_pinged(hub, live_server):
    series = make_series(slug="waves")
    with transaction.atomic():
        make_entry(tags=["sea", "wind", "rain"], series=series)

    wait_for(lambda: hub.published)

    [topics] = hub.published
    feeds = [
        "everything",
        "entries",
        "everything-but-links",
        "everything-but-quotations",
        "everything-but-notes",
    ]
    names = [f"/{format}/{name}/" for name in feeds for format in ("atom", "rss", "json")]
    tags = ["sea", "wind", "rain", "rain+sea", "rain+wind", "sea+wind"]
    names += [f"/tags/{tag}.{format}" for tag in tags for format in ("atom", "rss", "json")]
    names += [f"/series/waves.{format}" for format in ("atom", "rss", "json")]
    assert sorted(topics) == sorted(live_server.url + name for name in names)


def test_many_posts_share_a_ping(hub):
    with transaction.atomic():
        for n in range(30):
            make_note(tags=[f"{n}-{letter}" for letter in "abcd"])

    wait_for(is_quiet)

    topics = [topic for topics in hub.published for topic in topics]
    assert len(topics) == len(set(topics)) == 3 * (5 + 30 * (4 + 6))
    assert [len(topics) for topics in hub.published] == [200] * 4 + [115]


def test_only_changes_that_notify_readers_are_pinged(hub):
    post = make_note(body="Before.")
    wait_for(is_quiet)
    assert len(hub.published) == 1

    post.body = "After."
    post.save()
    wait_for(is_quiet)
    assert len(hub.published) == 2

    post.body = "Corrected."
    post.save(notify_readers=False)
    post.tags.add("new")
    make_note(is_draft=True)
    make_note(published=timezone.now() + timedelta(days=1))
    post.delete()
    wait_for(is_quiet)
    assert len(hub.published) == 2


def test_drafts_are_pinged_when_published_and_scheduled_posts_at_their_time(hub, client, time_machine):
    draft = make_note(is_draft=True)
    waiting = make_note(published=timezone.now() + timedelta(hours=1))
    draft.is_draft = False
    draft.save()
    wait_for(is_quiet)
    assert len(hub.published) == 1

    time_machine.move_to(timezone.now() + timedelta(hours=2))
    client.get("/")

    wait_for(lambda: len(hub.published) == 2)
    assert Post.objects.get(pk=waiting.pk).is_counted


def test_a_rolled_back_post_is_not_pinged(hub):
    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert not HubPing.objects.exists()
    assert is_quiet()
    assert hub.requests == []


def test_a_failed_ping_is_retried(hub):
    hub.failures = 2

    make_note()

    wait_for(is_quiet)
    assert len(hub.requests) == 3


def test_pings_are_sent_once_the_hub_is_up_again(transactional_db, settings, live_server, monkeypatch):
    monkeypatch.setattr(websub, "RETRY_DELAYS", (0.1,) * 200)
    port = free_port()
    settings.WEBSUB_HUB, settings.SITE_URL = f"http://127.0.0.1:{port}/", live_server.url
    began = time.monotonic()
    make_note()
    assert time.monotonic() - began < websub.TIMEOUT / 2  # saving does not wait for the hub
    wait_for(lambda: HubPing.objects.filter(attempts__gte=2).exists())

    with running(Hub(port)) as hub:
        wait_for(is_quiet)

        assert len(hub.published) == 1


def test_pings_are_dropped_after_the_last_retry(transactional_db, settings, live_server, monkeypatch, caplog):
    monkeypatch.setattr(websub, "RETRY_DELAYS", (0.01, 0.01))
    settings.WEBSUB_HUB, settings.SITE_URL = f"http://127.0.0.1:{free_port()}/", live_server.url

    make_note()

    wait_for(is_quiet)
    assert "Gave up pinging" in caplog.text


def test_pings_of_an_ended_process_are_sent_by_the_next(hub):
    post = make_note()
    wait_for(is_quiet)
    HubPing.objects.create(post_id=post.pk, due=timezone.now())

    websub.ping_thread.start()  # as a starting process does

    wait_for(is_quiet)
    assert len(hub.published) == 2


@pytest.mark.django_db
def test_two_processes_do_not_send_the_same_ping(settings):
    settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"
    make_note()

    assert len(HubPing.claim(10, 30)) == 1
    assert HubPing.claim(10, 30) == []


@pytest.mark.django_db
def test_publishing_a_backdated_draft_queues_a_ping(settings):
    settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"
    draft = make_note(is_draft=True, published=timezone.now() - timedelta(days=1))
    assert not HubPing.objects.exists()

    draft.is_draft = False
    draft.save()

    assert HubPing.objects.get().post_id == draft.pk


@pytest.mark.django_db
def test_the_feeds_name_the_hub(client, settings):
    settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"
    make_note(tags=["a", "b", "c"])

    assert find(fetch(client), "/atom:feed/atom:link[@rel='hub']/@href") == ["http://127.0.0.1:9/"]
    assert b'rel="hub"' in client.get("/rss/everything/").content
    assert fetch_json(client)["hubs"] == [{"type": "WebSub", "url": "http://127.0.0.1:9/"}]
    for _ in range(2):
        assert client.get("/tags/a+b.rss")["Link"] == (
            '<http://testserver/tags/a+b.rss>; rel="self", <http://127.0.0.1:9/>; rel="hub"'
        )
    for path in ("/tags/a+b+c.atom", "/search/atom/?q=note", "/atom/everything/?before=9999999999999999-1"):
        assert "Link" not in client.get(path).headers
        assert b"hub" not in client.get(path).content


@pytest.mark.django_db
def test_shared_caches_must_revalidate_feeds_with_a_hub(client, settings):
    settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"
    make_note()

    assert client.get("/atom/everything/")["Cache-Control"] == "public, max-age=60, s-maxage=0"
    assert client.get("/search/atom/?q=note")["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db
def test_without_a_hub_no_ping_is_queued(client):
    make_note()

    assert "Link" not in client.get("/atom/everything/").headers
    assert b"hub" not in client.get("/atom/everything/").content
    assert not HubPing.objects.exists()
