"""Cached pages are never stale, rendered once, and served while the database is down."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from blog.caching.response_cache import REQUEST_KEYS, REQUEST_VERSION, ResponseCache
from blog.models import Revision, SiteState
from tests.factories import make_entry, make_note, saving_in_bulk, set_site, utc
from tests.helpers.processes import ROOT, collect_static, free_port, process_environment, serving
from tests.helpers.reader import Reader, open_connections
from tests.helpers.site_changes import HOST, fingerprint


@pytest.mark.slow
def test_every_process_shows_every_change_at_once(tmp_path, database_url):
    environment = process_environment(
        DATABASE_URL=database_url,
        DATA_DIR=str(tmp_path / "data"),
        ALLOWED_HOSTS=HOST,
        LOG_LEVEL="CRITICAL",
        DJANGO_SETTINGS_MODULE="weblog.settings",
    )
    migrate = ["manage.py", "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run([sys.executable, *migrate], cwd=ROOT, env=environment, check=True)
    collect_static(environment)
    first, second = free_port(), free_port()
    with (
        serving(environment, first),
        serving(environment, second),
        subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.site_changes"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as author,
        ThreadPoolExecutor(2) as readers,
    ):
        taken = []
        while line := next_step(author):
            taken.append(line["step"])
            seen = readers.map(crawl, (first, second), [list(line["pages"])] * 2)
            for pages in seen:
                assert pages == line["pages"], line["step"]

    assert len(taken) == 20
    assert len(files_in(tmp_path / "data" / "responses")) > 50, "the test needs cached pages"


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def next_step(author):
    author.stdin.write("\n")
    author.stdin.flush()
    line = author.stdout.readline()
    return json.loads(line) if line else None


def crawl(port, paths):
    pages = {}
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for path in paths:
            connection.request("GET", path, headers={"Host": HOST})
            response = connection.getresponse()
            pages[path] = fingerprint(response.status, response.headers.get("Location", ""), response.read())
    return pages


@pytest.fixture
def site(db):
    return set_site(title="Harbour")


def queries(django_assert_num_queries, reader, number, path="/", **headers):
    with django_assert_num_queries(number):
        return reader.get(path, headers=headers)


def test_a_cached_page_costs_one_query(reader, site, django_assert_num_queries):
    make_entry(title="Boats")
    first = reader.get("/")

    second = queries(django_assert_num_queries, reader, 1)

    assert second.content == first.content
    assert second.headers == first.headers


def test_a_page_that_no_change_affected_is_not_sent_again(reader, site, time_machine):
    time_machine.move_to(utc(2024, 6, 9, 12), tick=False)
    make_entry(slug="rain", published=utc(2024, 6, 8))
    reader.get("/2024/Jun/8/rain/")
    time_machine.shift(2)
    first = reader.get("/2024/Jun/8/rain/")

    make_entry(slug="snow", published=utc(2024, 6, 8), is_draft=True)

    for condition in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert reader.get("/2024/Jun/8/rain/", headers=condition).status_code == 304


def test_two_changes_within_a_second_are_distinguished(reader, site, time_machine):
    time_machine.move_to(utc(2024, 6, 9, 12), tick=False)
    post = make_entry(slug="rain", published=utc(2024, 6, 8))
    first = reader.get("/2024/Jun/8/rain/")
    post.body = "It rains."
    post.save()

    second = reader.get("/2024/Jun/8/rain/", headers={"If-Modified-Since": first["Last-Modified"]})

    assert second.status_code == 200
    assert "It rains." in second.content.decode()


def test_nothing_an_author_sees_is_cached(admin_user, reader, site):
    post = make_entry(slug="rain", is_draft=True, published=utc(2024, 6, 8))
    author = Reader()
    author.application = reader.application
    author.force_login(admin_user)
    for path in ("/", post.get_absolute_url()):
        assert author.get(path).status_code == 200

    assert reader.get(post.get_absolute_url()).status_code == 404
    assert "/admin/" not in reader.get("/").content.decode().replace(site.title, "")


@pytest.mark.parametrize("path", ["/no/such/page/", "/healthz", "/admin/login/", "/n/1"])
def test_only_public_pages_are_cached(reader, site, path):
    make_note()
    reader.get(path)

    assert files_in(caches["responses"].folder) == []


def test_a_change_that_no_reader_sees_does_not_change_the_version(site):
    post = make_note()
    before = SiteState.load().version

    Revision.objects.create(post_id=post.pk, fields={})
    assert SiteState.load().version == before
    post.save()
    assert SiteState.load().version != before


class ConstantVersion:
    def current_version(self):
        return 1

    def is_valid(self, page, version):
        return True


def ask(application, path="/"):
    started = []
    body = application(RequestFactory().get(path).environ, lambda *arguments: started.append(arguments))
    return started[0][0], b"".join(body)


def test_two_hundred_concurrent_requests_render_a_page_once():
    renderings = []

    def page(environ, start_response):
        renderings.append(1)
        environ[REQUEST_VERSION], environ[REQUEST_KEYS] = 1, frozenset()
        start_response("200 OK", [])
        return HttpResponse("Text. " * 1000)

    application = ResponseCache(page, ConstantVersion())

    with ThreadPoolExecutor(200) as readers:
        responses = list(readers.map(lambda n: ask(application), range(200)))

    assert len(renderings) == 1
    assert set(responses) == {("200 OK", b"Text. " * 1000)}


def test_requests_for_an_uncacheable_page_wait_only_once():
    def missing(environ, start_response):
        start_response("404 Not Found", [])
        return HttpResponse(status=404)

    application = ResponseCache(missing, ConstantVersion())

    with ThreadPoolExecutor(20) as readers:
        responses = list(readers.map(lambda n: ask(application), range(20)))

    assert set(responses) == {("404 Not Found", b"")}


def test_a_page_cached_by_another_process_is_found(reader, site, django_assert_num_queries):
    first = reader.get("/")
    elsewhere = Reader()

    # A new process reads the log of changes first.
    assert queries(django_assert_num_queries, elsewhere, 2).content == first.content
    assert queries(django_assert_num_queries, elsewhere, 1).content == first.content


def test_a_change_drops_only_the_pages_it_affects(reader, site, django_assert_num_queries):
    posts = [make_entry(slug=slug, published=utc(2024, 6, day)) for slug, day in (("rain", 8), ("snow", 28))]
    rain, snow = (reader.get(post.get_absolute_url()) for post in posts)
    posts[0].body = "It rains."
    posts[0].save()

    # The other query is for what has changed.
    assert queries(django_assert_num_queries, reader, 2, posts[1].get_absolute_url()).content == snow.content
    assert queries(django_assert_num_queries, reader, 1, posts[1].get_absolute_url()).content == snow.content
    assert "It rains." in reader.get(posts[0].get_absolute_url()).content.decode()
    assert "It rains." not in rain.content.decode()


@pytest.mark.parametrize("path", ["/?utm_source=elsewhere", "/?a=1&b=2", "/?%61=1"])
def test_unknown_parameters_are_not_part_of_the_key(reader, site, django_assert_num_queries, path):
    first = reader.get("/")

    assert queries(django_assert_num_queries, reader, 1, path).content == first.content


def test_unknown_parameters_do_not_reach_the_view_but_redirects_keep_them(reader, site, client):
    make_note(tags=["sea"])

    assert client.get("/?page=1&utm_source=elsewhere").wsgi_request.GET.dict() == {"page": "1"}
    assert reader.get("/tag/sea/?utm_source=elsewhere")["Location"] == "/tags/sea/?utm_source=elsewhere"


@pytest.mark.parametrize("charset", ["utf-16", "cp037", "latin-1"])
def test_the_charset_of_a_request_does_not_change_what_is_cached(reader, site, charset):
    with saving_in_bulk():
        for number in range(40):
            make_note(body=f"Café {number}", published=utc(2024, 6, 8) - timedelta(days=number))
    for path in ("/notes/?page=2", "/search/?q=caf%C3%A9"):
        reader.get(path, CONTENT_TYPE=f"text/plain; charset={charset}")

        assert reader.get(path).content == Client().get(path).content


def test_a_page_made_before_the_first_post_shows_its_year_afterwards(reader, site):
    make_note(published=utc(2024, 6, 8)).delete()
    assert ">2024</a>" not in reader.get("/about/").content.decode()

    make_note(published=utc(2024, 6, 8))

    assert ">2024</a>" in reader.get("/about/").content.decode()


def test_a_neighbour_is_found_even_if_the_clock_of_the_database_is_behind(reader, site, monkeypatch):
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(seconds=5))
    make_note(published=utc(2024, 6, 8))
    post = make_note(published=timezone.now() - timedelta(seconds=2))
    reader.get(post.get_absolute_url())

    following = make_note(published=timezone.now() - timedelta(seconds=1))

    assert following.get_absolute_url() in reader.get(post.get_absolute_url()).content.decode()


def test_a_known_parameter_is_part_of_the_key(reader, site):
    make_note(tags=["sea"], body="One.")

    assert reader.get("/search/?q=one").content != reader.get("/search/?q=two").content


def test_a_newer_page_of_another_process_replaces_an_outdated_one(reader, site):
    elsewhere = Reader()
    reader.get("/")
    make_entry(title="Boats")
    elsewhere.get("/")

    assert "Boats" in reader.get("/").content.decode()


def test_a_page_is_cached_separately_for_https(reader, site, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = reader.get("/")

    secure = reader.get("/", headers={"X-Forwarded-Proto": "https"})

    assert b"http://testserver" in plain.content
    assert b"https://testserver" not in plain.content
    assert b"https://testserver" in secure.content


def test_another_host_is_refused_every_time(reader, site):
    for _ in range(2):
        assert reader.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


class TestWarming:
    def test_it_renders_the_newest_pages(self, reader, site, django_assert_num_queries):
        post = make_note(body="New.")
        reader.response_cache.warmer.site = {
            "wsgi.url_scheme": "http",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
        }

        with open_connections():
            reader.response_cache.warmer.work()

        for path in (
            "/",
            "/atom/everything/",
            "/json/everything/",
            post.get_absolute_url(),
            post.get_day_url(),
        ):
            assert "New." in queries(django_assert_num_queries, reader, 1, path).content.decode()

    def test_it_begins_after_a_form_was_sent(self, admin_user, reader, site, monkeypatch):
        started = []
        monkeypatch.setattr(reader.response_cache.warmer.thread, "start", lambda: started.append(1))
        reader.get("/")
        assert started == []

        reader.force_login(admin_user)
        reader.post("/admin/blog/note/add/", {"body": "New."})

        assert started == [1]
        assert reader.response_cache.warmer.site["SERVER_NAME"] == "testserver"
