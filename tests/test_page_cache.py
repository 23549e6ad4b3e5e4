"""Pages that are kept: always true, made once, compressed, and there when the database is not."""

import gzip
import json
import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from types import SimpleNamespace

import brotli
import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from blog.models import Revision, SiteSettings
from blog.page_cache import Database, PageCache
from blog.page_files import PageFiles
from tests.changing import HOST, told
from tests.factories import make_entry, make_note, set_site, utc
from tests.processes import ROOT, free_port, serving, variables


def test_every_change_is_seen_at_once_in_every_process(tmp_path, database_url):
    environment = variables(
        DATABASE_URL=database_url,
        DATA_DIR=str(tmp_path / "data"),
        ALLOWED_HOSTS=HOST,
        LOG_LEVEL="CRITICAL",
        DJANGO_SETTINGS_MODULE="weblog.settings",
    )
    for command in ("migrate", "collectstatic"):
        arguments = ["manage.py", command, "--noinput", "--verbosity", "0"]
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)
    first, second = free_port(), free_port()
    with (
        serving(environment, first),
        serving(environment, second),
        subprocess.Popen(
            [sys.executable, "-m", "tests.changing"],
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
            seen = readers.map(look, (first, second), [list(line["pages"])] * 2)
            for pages in seen:
                assert pages == line["pages"], line["step"]

    assert len(taken) == 20
    assert len(files_in(tmp_path / "data" / "pages")) > 50, "or nothing was at stake"


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def next_step(author):
    author.stdin.write("\n")
    author.stdin.flush()
    line = author.stdout.readline()
    return json.loads(line) if line else None


def look(port, paths):
    pages = {}
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for path in paths:
            connection.request("GET", path, headers={"Host": HOST})
            response = connection.getresponse()
            pages[path] = told(response.status, response.headers.get("Location", ""), response.read())
    return pages


@pytest.fixture
def site(db):
    return set_site(title="Harbour")


def queries(django_assert_num_queries, client, number, path="/", **headers):
    with django_assert_num_queries(number):
        return client.get(path, headers=headers)


def test_a_page_that_is_kept_costs_one_query(client, site, django_assert_num_queries):
    make_entry(title="Boats")
    first = client.get("/")

    second = queries(django_assert_num_queries, client, 1)

    assert second.content == first.content
    assert second.headers == first.headers


@pytest.mark.parametrize(("coding", "decompress"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_it_is_kept_compressed(client, site, coding, decompress):
    make_entry(title="Boats", body="They float. " * 100)
    plain = client.get("/")

    answer = client.get("/", headers={"Accept-Encoding": f"x, {coding};q=0.5"})

    assert decompress(answer.content) == plain.content
    assert answer["Content-Encoding"] == coding
    assert len(answer.content) < len(plain.content) / 2
    assert "Accept-Encoding" in answer["Vary"]
    assert answer["ETag"] != plain["ETag"]


@pytest.mark.parametrize("unwanted", ["", "identity", "br;q=0, gzip;q=0.0"])
def test_who_wants_no_compression_gets_none(client, site, unwanted):
    answer = client.get("/", headers={"Accept-Encoding": unwanted})

    assert "Content-Encoding" not in answer


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
def test_who_has_it_already_gets_304(client, site, django_assert_num_queries, coding):
    make_entry(title="Boats")
    first = client.get("/", headers={"Accept-Encoding": coding})

    answer = queries(
        django_assert_num_queries, client, 1, **{"Accept-Encoding": coding, "If-None-Match": first["ETag"]}
    )

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == first["ETag"]
    assert answer["Cache-Control"] == first["Cache-Control"]


def test_what_says_the_same_after_a_change_elsewhere_is_not_sent_again(client, site, time_machine):
    time_machine.move_to(utc(2024, 6, 9, 12), tick=False)
    make_entry(slug="rain", published=utc(2024, 6, 8))
    client.get("/2024/Jun/8/rain/")
    time_machine.shift(2)
    first = client.get("/2024/Jun/8/rain/")

    make_entry(slug="snow", published=utc(2024, 6, 8), is_draft=True)

    for condition in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        assert client.get("/2024/Jun/8/rain/", headers=condition).status_code == 304


def test_two_changes_in_one_second_are_told_apart(client, site, time_machine):
    time_machine.move_to(utc(2024, 6, 9, 12), tick=False)
    post = make_entry(slug="rain", published=utc(2024, 6, 8))
    first = client.get("/2024/Jun/8/rain/")
    post.body = "It rains."
    post.save()

    second = client.get("/2024/Jun/8/rain/", headers={"If-Modified-Since": first["Last-Modified"]})

    assert second.status_code == 200
    assert "It rains." in second.content.decode()


def test_nothing_of_an_author_is_kept(admin_client, client, site):
    post = make_entry(slug="rain", is_draft=True, published=utc(2024, 6, 8))
    for path in ("/", post.get_absolute_url()):
        assert admin_client.get(path).status_code == 200

    assert client.get(post.get_absolute_url()).status_code == 404
    assert "/admin/" not in client.get("/").content.decode().replace(site.title, "")


@pytest.mark.parametrize("path", ["/no/such/page/", "/healthz", "/admin/login/", "/n/1"])
def test_only_pages_are_kept(client, site, path):
    make_note()
    client.get(path)

    assert files_in(caches["pages"].folder) == []


def test_what_no_reader_sees_makes_no_new_edition(site):
    post = make_note()
    before = SiteSettings.load().edition

    Revision.objects.create(post_id=post.pk, fields={})
    assert SiteSettings.load().edition == before
    post.save()
    assert SiteSettings.load().edition != before


class TestTheDatabase:
    @pytest.fixture
    def gone(self, monkeypatch, client, site):
        """Taken away once the first page is kept."""
        asked = []

        def ask(self):
            asked.append(1)
            raise OperationalError("gone")

        def take_away():
            monkeypatch.setattr(Database, "ask", ask)
            return asked

        return take_away

    def test_readers_go_on_reading_while_it_is_gone(self, client, gone, caplog, monkeypatch):
        first = client.get("/")
        asked = gone()

        answers = [client.get("/") for _ in range(5)]

        assert [answer.content for answer in answers] == [first.content] * 5
        assert len(asked) == 1, "not for each reader"
        [said] = [record for record in caplog.records if record.name == "blog.page_cache"]
        assert (said.levelno, "gone" in said.message) == (logging.ERROR, True)

    def test_it_is_asked_again_and_what_has_changed_is_seen(self, client, gone, caplog, monkeypatch):
        monkeypatch.setattr(Database, "silence", 0)
        client.get("/")
        with monkeypatch.context() as context:
            context.setattr(Database, "ask", lambda self: (_ for _ in ()).throw(OperationalError("gone")))
            client.get("/")
            client.get("/")
        make_entry(title="Boats")

        assert "Boats" in client.get("/").content.decode()
        said = [record.message for record in caplog.records if record.name == "blog.page_cache"]
        assert [message.split(":")[0] for message in said] == [
            "The database does not answer",
            "The database answers again.",
        ]

    @pytest.mark.django_db(transaction=True)
    def test_somebody_who_writes_for_long_keeps_no_reader_waiting(self, client, monkeypatch):
        monkeypatch.setattr(Database, "silence", 0)
        set_site(title="Harbour")
        first = client.get("/")
        with ThreadPoolExecutor(1) as elsewhere:
            done = elsewhere.submit(write_for_long, lambda: client.get("/"))
            assert done.result(timeout=30).content == first.content

        assert "Boats" in client.get("/").content.decode()


def write_for_long(read):
    """Reads from another thread, in the middle of a change; on PostgreSQL with the whole table locked."""
    from django.db import transaction

    try:
        with transaction.atomic(), ThreadPoolExecutor(1) as reader:
            SiteSettings.objects.update(title="Boats")
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE blog_sitesettings IN ACCESS EXCLUSIVE MODE")
            return reader.submit(read_and_close, read).result(timeout=30)
    finally:
        connection.close()


def read_and_close(read):
    try:
        return read()
    finally:
        connection.close()


def test_two_hundred_who_ask_at_once_for_a_cold_page_make_it_once(monkeypatch):
    made = []

    def view(request):
        made.append(1)
        Client()  # some work
        request.site = SimpleNamespace(edition=1)
        return HttpResponse("Words. " * 1000)

    monkeypatch.setattr(Database, "edition", lambda self: 1)
    cache = PageCache(view)

    with ThreadPoolExecutor(200) as readers:
        answers = list(readers.map(lambda n: cache(RequestFactory().get("/")).content, range(200)))

    assert len(made) == 1
    assert set(answers) == {b"Words. " * 1000}


def test_who_asks_for_what_is_not_kept_waits_for_nobody_twice(monkeypatch):
    cache = PageCache(lambda request: HttpResponse(status=404))

    with ThreadPoolExecutor(20) as readers:
        answers = list(readers.map(lambda n: cache(RequestFactory().get("/")).status_code, range(20)))

    assert set(answers) == {404}


class TestPageFiles:
    @pytest.fixture
    def files(self, tmp_path):
        return PageFiles(str(tmp_path / "pages"), {})

    def test_what_is_set_is_there_until_it_is_deleted(self, files):
        assert files.get("a", "nothing") == "nothing"
        files.set("a", {"b": b"c"})
        assert files.get("a") == {"b": b"c"}
        assert files.delete("a")
        assert files.get("a") is None
        assert not files.delete("a")

    def test_a_full_shelf_loses_its_oldest(self, files, monkeypatch):
        monkeypatch.setattr("blog.page_files.SHELVES", 1)
        for n in range(40):
            files.set(str(n), n)
            os.utime(files.path(files.make_key(str(n))), ns=(n, n))

        assert [n for n in range(40) if files.get(str(n)) is not None] == list(range(24, 40))
        assert files.add("a", 1)
        assert files.get("24") is None
        assert len(files_in(files.folder)) == 16

    def test_one_of_many_adds(self, files):
        with ThreadPoolExecutor(16) as threads:
            added = list(threads.map(lambda n: files.add("a", n), range(64)))

        assert added.count(True) == 1
        assert files.get("a") == added.index(True)

    def test_what_is_over_is_gone(self, files, time_machine):
        time_machine.move_to(utc(2024, 6, 8), tick=False)
        assert files.add("a", 1, timeout=10)
        time_machine.shift(11)

        assert files.get("a") is None
        assert files.add("a", 2)

    @pytest.mark.parametrize("content", [b"", b"half", b"\x80\x05"])
    def test_a_broken_file_is_as_good_as_none(self, files, content):
        files.set("a", 1)
        [path] = files_in(files.folder)
        path.write_bytes(content)

        assert files.get("a") is None
        assert files.add("a", 2)

    def test_without_room_nothing_is_kept_and_nothing_fails(self, files, monkeypatch):
        def full(*args, **kwargs):
            raise OSError("No space left on device")

        monkeypatch.setattr("blog.page_files.pickle.dump", full)

        files.set("a", 1)

        assert files.get("a") is None
        assert files.add("b", 1)
        assert files_in(files.folder) == []
