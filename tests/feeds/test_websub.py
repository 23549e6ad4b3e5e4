"""WebSub (W3C): a hub and a subscriber on this machine, and what the weblog tells them."""

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

SECONDS = 2  # within which subscribers are to know


class Peer:
    """An HTTP server that remembers what it was asked: the base of hub and subscriber."""

    def __init__(self, port=0):
        self.asked = []
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
                peer.asked.append(body)
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
    """Verifies who subscribes (5.3), and hands out what was published (7)."""

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
        with urlopen(f"{callback}?{query}", timeout=10) as answer:
            if answer.read() == b"guess":
                self.subscribers[topic] = callback

    def distribute(self, topics):
        for topic in self.subscribers.keys() & set(topics):
            with urlopen(topic, timeout=10) as answer:
                urlopen(self.subscribers[topic], answer.read(), timeout=10).close()

    @property
    def published(self):
        """The addresses of each time that it was told of news."""
        told = [parse_qs(body.decode()) for body in self.asked]
        return [fields["hub.url"] for fields in told if fields["hub.mode"] == ["publish"]]


class Subscriber(Peer):
    def get(self, query):
        return 200, query["hub.challenge"][0].encode()

    def post(self, body):
        return 204, b""

    def subscribe(self, topic):
        """At the hub that the feed's header names (4)."""
        with urlopen(topic, timeout=10) as answer:
            links = {
                relation: url for url, relation in re.findall(r'<(.*?)>; rel="(\w+)"', answer.headers["Link"])
            }
        assert links["self"] == topic
        form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": self.url}
        urlopen(links["hub"], urlencode(form).encode(), timeout=10).close()

    def titles(self):
        return [[entry.title for entry in feedparser.parse(body).entries] for body in self.asked]


@contextmanager
def running(peer):
    try:
        yield peer
    finally:
        peer.stop()


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
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
def test_who_has_subscribed_knows_within_two_seconds(hub, live_server, subscriber, path):
    make_note(title="First", tags=["sea"])
    subscriber.subscribe(live_server.url + path)
    wait_for(is_quiet)
    assert hub.subscribers == {live_server.url + path: subscriber.url}

    with transaction.atomic():  # as the admin saves: the tags come after the post
        make_note(title="Second", tags=["sea"])

    wait_for(lambda: subscriber.asked, SECONDS)
    assert subscriber.titles() == [["Second", "First"]]


def test_the_hub_is_told_of_every_feed_that_has_the_post(hub, live_server):
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


def test_many_posts_at_once_are_told_of_together(hub):
    with transaction.atomic():
        for n in range(30):
            make_note(tags=[f"{n}-{letter}" for letter in "abcd"])

    wait_for(is_quiet)

    topics = [topic for topics in hub.published for topic in topics]
    assert len(topics) == len(set(topics)) == 3 * (5 + 30 * (4 + 6))
    assert [len(topics) for topics in hub.published] == [200] * 4 + [115]


def test_a_change_that_readers_should_know_of_is_told_and_no_other(hub):
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


def test_a_draft_is_told_when_it_is_published_and_a_scheduled_post_when_its_time_has_come(
    hub, client, time_machine
):
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


def test_what_is_undone_is_not_told(hub):
    with transaction.atomic():
        make_note()
        transaction.set_rollback(True)

    assert not HubPing.objects.exists()
    assert is_quiet()
    assert hub.asked == []


def test_a_hub_that_fails_is_told_again(hub):
    hub.failures = 2

    make_note()

    wait_for(is_quiet)
    assert len(hub.asked) == 3


def test_a_hub_that_is_down_is_told_when_it_is_up_again(transactional_db, settings, live_server, monkeypatch):
    monkeypatch.setattr(websub, "RETRY_DELAYS", (0.1,) * 200)
    port = free_port()
    settings.WEBSUB_HUB, settings.SITE_URL = f"http://127.0.0.1:{port}/", live_server.url
    began = time.monotonic()
    make_note()
    assert time.monotonic() - began < websub.TIMEOUT / 2  # who saves does not wait for it
    wait_for(lambda: HubPing.objects.filter(attempts__gte=2).exists())

    with running(Hub(port)) as hub:
        wait_for(is_quiet)

        assert len(hub.published) == 1


def test_a_hub_that_never_answers_is_given_up(transactional_db, settings, live_server, monkeypatch, caplog):
    monkeypatch.setattr(websub, "RETRY_DELAYS", (0.01, 0.01))
    settings.WEBSUB_HUB, settings.SITE_URL = f"http://127.0.0.1:{free_port()}/", live_server.url

    make_note()

    wait_for(is_quiet)
    assert "Gave up pinging" in caplog.text


def test_what_an_ended_process_left_is_told_by_the_next(hub):
    post = make_note()
    wait_for(is_quiet)
    HubPing.objects.create(post_id=post.pk, due=timezone.now())

    websub.ping_thread.start()  # as a process does that starts

    wait_for(is_quiet)
    assert len(hub.published) == 2


@pytest.mark.django_db
def test_two_processes_do_not_tell_the_same(settings):
    settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"
    make_note()

    assert len(HubPing.claim(10, 30)) == 1
    assert HubPing.claim(10, 30) == []


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
def test_no_cache_gives_the_hub_what_there_was_before_the_news(client, settings):
    settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"
    make_note()

    assert client.get("/atom/everything/")["Cache-Control"] == "public, max-age=60, s-maxage=0"
    assert client.get("/search/atom/?q=note")["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db
def test_without_a_hub_nobody_is_told_and_nothing_is_kept_to_tell(client):
    make_note()

    assert "Link" not in client.get("/atom/everything/").headers
    assert b"hub" not in client.get("/atom/everything/").content
    assert not HubPing.objects.exists()
