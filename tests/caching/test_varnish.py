"""A real Varnish in front of a real server stores pages, and purges those that change."""

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


#: Print True once all purges were sent and repeated. A new server purges everything first.
IS_PURGED = """
import django; django.setup()
from blog.models import Change, PurgeProgress, SiteState
nothing_left = PurgeProgress.load().sent == PurgeProgress.load().repeated == Change.newest()
print(SiteState.load().build_fingerprint != "" and nothing_left)
"""


class Reader:
    """A client of one port, with its own cookies."""

    def __init__(self, port, **headers):
        self.port = port
        self.headers = {"Host": HOST, "X-Forwarded-Proto": "https"} | headers
        self.cookies = SimpleCookie()

    def request(self, path, method="GET", form=None, **headers):
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
        page = BeautifulSoup(self.request(path).text, "lxml")
        [form] = page.select(form)
        response = self.request(path, "POST", fill_in(form, **typed))
        assert response.status == 302, response.text
        return response

    def log_in(self):
        self.fill_in("/admin/login/", "#login-form", username="author", password=PASSWORD)
        return self

    def is_cached(self, path):
        return self.request(path).headers["X-Cache"] == "HIT"


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
    """Run nginx, Varnish and the weblog. Yields the port of nginx and a function that runs Python."""
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
        wait_for(lambda: run("-c", IS_PURGED) == "True\n")
        yield SimpleNamespace(edge=edge, run=run)


def wait_for(condition):
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "The condition was not met in time."
        time.sleep(0.05)


def test_pages_are_cached_until_they_change(front):
    reader, author = Reader(front.edge), Reader(front.edge).log_in()
    archive = BeautifulSoup(reader.request("/notes/").text, "lxml")
    old = paths(archive, ".h-entry a[rel~=bookmark]")[-1]
    for path in ("/", "/atom/everything/", old):
        reader.request(path)
        assert reader.is_cached(path), path

    author.fill_in("/admin/blog/note/add/", "#note_form", title="Boats", body="They float.")

    wait_for(lambda: "Boats" in reader.request("/").text)
    wait_for(lambda: "Boats" in reader.request("/atom/everything/").text)
    assert reader.is_cached(old)
    assert reader.is_cached("/")


def test_readers_do_not_see_the_headers_for_varnish(front):
    response = Reader(front.edge).request("/")

    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Surrogate-Key" not in response.headers


def test_authors_bypass_the_cache(front):
    author, reader = Reader(front.edge).log_in(), Reader(front.edge)
    author.fill_in(
        "/admin/blog/note/add/", "#note_form", title="Secret", slug="secret", body="Not yet.", is_draft="on"
    )
    today = datetime.now(UTC)
    draft = f"/{today:%Y/%b}/{today.day}/secret/"
    reader.request("/")

    for path in ("/", draft):
        for _ in range(2):
            response = author.request(path)
            assert (response.status, response.headers["X-Cache"]) == (200, "MISS")
            assert {"private", "no-store"} & set(response.headers["Cache-Control"].split(", "))
    assert "Not yet." in author.request(draft).text
    assert reader.request(draft).status == 404


def test_a_404_is_not_cached(front):
    reader, author = Reader(front.edge), Reader(front.edge).log_in()
    assert reader.request("/plans/").status == 404

    author.fill_in("/admin/blog/page/add/", "#page_form", title="Plans", slug="plans", body="None.")

    assert reader.request("/plans/").status == 200


def test_readers_cannot_purge(front):
    reader = Reader(front.edge)
    reader.request("/about/")

    reader.request("/about/", "BAN", **{"Surrogate-Key": "all"})

    assert reader.is_cached("/about/")


def test_feed_services_that_report_subscribers_bypass_the_cache(front):
    service = Reader(front.edge, **{"User-Agent": "Service/1.0 (12 subscribers)"})

    for _ in range(2):
        assert service.request("/atom/everything/").headers["X-Cache"] == "MISS"


def test_a_change_by_another_process_is_purged(front):
    reader = Reader(front.edge)
    reader.request("/")

    front.run("-c", f"{PREPARE}make_note(title='Ships')")

    wait_for(lambda: "Ships" in reader.request("/").text)


def test_a_scheduled_post_appears_without_a_visit(front):
    reader = Reader(front.edge)
    front.run("-c", f"{PREPARE}make_note(slug='rafts', title='Rafts', published=in_(hours=1))")
    assert "Rafts" not in reader.request("/").text
    front.run(
        "-c", f"{PREPARE}note = Note.objects.get(slug='rafts'); note.published = in_(seconds=2); note.save()"
    )

    wait_for(lambda: "Rafts" in reader.request("/").text)
