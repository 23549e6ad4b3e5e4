"""A real Varnish in front of a real server: it keeps pages, and forgets those that have changed."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from tests import postgresql
from tests.helpers.browsing import fill_in, paths
from tests.helpers.processes import ROOT, collect_static, free_port, process_environment, serving
from tests.helpers.reverse_proxies import nginx, varnish

pytestmark = pytest.mark.external

HOST = "weblog.example"
SECONDS = 60
PASSWORD = "wide open sea"
PREPARE = """
import django; django.setup()
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from blog.models import SiteState, Note
from tests.factories import make_note
def in_(**time):
    return timezone.now() + timedelta(**time)
"""
WORLD = f"""{PREPARE}
get_user_model().objects.create_superuser("author", password="{PASSWORD}")
for days in (400, 399, 1):
    make_note(title=f"From {{days}} days ago", published=in_(days=-days))
"""


#: Whether all that was noted has been told, twice: a new server tells of itself.
IS_TOLD = """
import django; django.setup()
from blog.models import PendingChange, Purge, SiteState
nothing_left = not PendingChange.objects.exists() and not Purge.objects.exists()
print(SiteState.load().build_fingerprint != "" and nothing_left)
"""


class Reader:
    """Somebody at a port, with or without cookies."""

    def __init__(self, port, **headers):
        self.port = port
        self.headers = {"Host": HOST, "X-Forwarded-Proto": "https"} | headers
        self.cookies = SimpleCookie()

    def ask(self, path, method="GET", form=None, **headers):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = urlencode(form, doseq=True) if form is not None else None
        headers = self.headers | headers | {"Referer": f"https://{HOST}{path}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    self.cookies.load(value)
            text = response.read().decode()
            return SimpleNamespace(status=response.status, headers=response.headers, text=text)
        finally:
            connection.close()

    def fill_in(self, path, form, **typed):
        page = BeautifulSoup(self.ask(path).text, "lxml")
        [form] = page.select(form)
        answer = self.ask(path, "POST", fill_in(form, **typed))
        assert answer.status == 302, answer.text
        return answer

    def log_in(self):
        self.fill_in("/admin/login/", "#login-form", username="author", password=PASSWORD)
        return self

    def is_kept(self, path):
        return self.ask(path).headers["X-Cache"] == "HIT"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/weblog.sqlite3"
        return
    with postgresql.scratch_database(server) as url:
        yield url


@pytest.fixture(scope="module")
def front(tmp_path_factory, database):
    """nginx in front of Varnish in front of the weblog: the port of nginx, and a way to run code."""
    folder = tmp_path_factory.mktemp("front")
    edge, readers, purge, weblog = (free_port() for _ in range(4))
    environment = process_environment(
        DATABASE_URL=database,
        DATA_DIR=str(folder / "data"),
        SITE_URL=f"https://{HOST}",
        TRUST_PROXY="true",
        VARNISH_URL=f"http://127.0.0.1:{purge}/",
        LOG_LEVEL="CRITICAL",
        DJANGO_SETTINGS_MODULE="weblog.settings",
    )

    def run(*arguments):
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    run("manage.py", "migrate", "--noinput", "--verbosity", "0")
    collect_static(environment)
    run("-c", WORLD)
    with (
        varnish(folder, weblog, readers, purge),
        nginx(folder, edge, readers),
        serving(environment, weblog),
    ):
        wait_for(lambda: run("-c", IS_TOLD) == "True\n")
        yield SimpleNamespace(edge=edge, run=run)


def wait_for(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def test_it_keeps_pages_until_they_change(front):
    reader, author = Reader(front.edge), Reader(front.edge).log_in()
    archive = BeautifulSoup(reader.ask("/notes/").text, "lxml")
    old = paths(archive, ".h-entry a[rel~=bookmark]")[-1]
    for path in ("/", "/atom/everything/", old):
        reader.ask(path)
        assert reader.is_kept(path), path

    author.fill_in("/admin/blog/note/add/", "#note_form", title="Boats", body="They float.")

    wait_for(lambda: "Boats" in reader.ask("/").text)
    wait_for(lambda: "Boats" in reader.ask("/atom/everything/").text)
    assert reader.is_kept(old)
    assert reader.is_kept("/")


def test_readers_are_not_told_what_varnish_is(front):
    answer = Reader(front.edge).ask("/")

    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Surrogate-Key" not in answer.headers


def test_nothing_of_an_author_is_kept_and_an_author_is_given_nothing_that_is_kept(front):
    author, reader = Reader(front.edge).log_in(), Reader(front.edge)
    author.fill_in(
        "/admin/blog/note/add/", "#note_form", title="Secret", slug="secret", body="Not yet.", is_draft="on"
    )
    today = datetime.now(UTC)
    draft = f"/{today:%Y/%b}/{today.day}/secret/"
    reader.ask("/")

    for path in ("/", draft):
        for _ in range(2):
            answer = author.ask(path)
            assert (answer.status, answer.headers["X-Cache"]) == (200, "MISS")
            assert {"private", "no-store"} & set(answer.headers["Cache-Control"].split(", "))
    assert "Not yet." in author.ask(draft).text
    assert reader.ask(draft).status == 404


def test_what_is_not_found_is_asked_for_again(front):
    reader, author = Reader(front.edge), Reader(front.edge).log_in()
    assert reader.ask("/plans/").status == 404

    author.fill_in("/admin/blog/page/add/", "#page_form", title="Plans", slug="plans", body="None.")

    assert reader.ask("/plans/").status == 200


def test_no_reader_can_have_it_forget(front):
    reader = Reader(front.edge)
    reader.ask("/about/")

    reader.ask("/about/", "BAN", **{"Surrogate-Key": "all"})

    assert reader.is_kept("/about/")


def test_who_says_how_many_subscribe_is_let_through(front):
    service = Reader(front.edge, **{"User-Agent": "Service/1.0 (12 subscribers)"})

    for _ in range(2):
        assert service.ask("/atom/everything/").headers["X-Cache"] == "MISS"


def test_what_a_command_changes_in_another_process_is_noticed(front):
    reader = Reader(front.edge)
    reader.ask("/")

    front.run("-c", f"{PREPARE}make_note(title='Ships')")

    wait_for(lambda: "Ships" in reader.ask("/").text)


def test_the_time_of_a_scheduled_post_is_noticed_without_a_reader(front):
    reader = Reader(front.edge)
    front.run("-c", f"{PREPARE}make_note(slug='rafts', title='Rafts', published=in_(hours=1))")
    assert "Rafts" not in reader.ask("/").text
    front.run(
        "-c", f"{PREPARE}note = Note.objects.get(slug='rafts'); note.published = in_(seconds=2); note.save()"
    )

    wait_for(lambda: "Rafts" in reader.ask("/").text)
