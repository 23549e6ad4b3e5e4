"""Databases as released versions left them: how they are made, restored, and read.

    DATABASE_URL=… python -m tests.helpers.releases make        # fill an empty, migrated database
    DATABASE_URL=… python -m tests.helpers.releases dump FILE   # keep it in a file
    DATABASE_URL=… python -m tests.helpers.releases read        # print what its public paths say, as JSON

A release adds three files to tests/data/releases: a dump of each database with the same rows (`dumpdata` and
`loaddata` carry them over), and what `read` prints. They are never made again. On SQLite a dump is the file
itself. On PostgreSQL it has the rows of each table as COPY writes them, and the name of the release's last
migration, which makes the schema: migrations are only added.
"""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from bs4 import BeautifulSoup
from psycopg import sql

from tests.helpers.processes import ROOT

FOLDER = Path(__file__).parents[1] / "data" / "releases"
RELEASES = sorted({path.name.removesuffix(".json") for path in FOLDER.glob("*.json")})
#: Microformats2 classes, which every page keeps whatever it looks like.
SAID = (
    ".h-entry .p-name, .h-entry .e-content, .h-entry .p-category, .h-entry .dt-published, .h-entry .p-author"
)


def restore(release, environment):
    """Load the dump of a release into the empty database of these environment variables."""
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite:"):
        Path(urlsplit(url).path).write_bytes(gzip.decompress((FOLDER / f"{release}.sqlite3.gz").read_bytes()))
        return
    dump = json.loads(gzip.decompress((FOLDER / f"{release}.postgresql.json.gz").read_bytes()))
    for arguments in ([], ["blog", dump["migration"]]):
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers, and rows in any order
        for table in dump["tables"]:
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(table)))
        for table, (columns, rows) in dump["tables"].items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with connection.cursor().copy(copy) as copying:
                copying.write(rows)
            if "id" in columns:
                connection.execute(
                    sql.SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {}").format(
                        sql.Identifier(table)
                    ),
                    [table],
                )


def dump(url, file):
    if url.startswith("sqlite:"):
        from django.db import connection

        connection.cursor().execute("VACUUM INTO %s", [f"{file}.plain"])
        plain = Path(f"{file}.plain")
        file.write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
        plain.unlink()
        return
    with psycopg.connect(url) as connection:
        last = "SELECT name FROM django_migrations WHERE app = 'blog' ORDER BY name DESC LIMIT 1"
        [migration] = connection.execute(last).fetchone()
        found = connection.execute(
            "SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position)"
            " FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER'"
            " GROUP BY table_name ORDER BY table_name"
        ).fetchall()
        tables = {table: [columns, copied(connection, table, columns)] for table, columns in found}
    text = json.dumps({"migration": migration, "tables": tables})
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def copied(connection, table, columns):
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), names)
    with connection.cursor().copy(query) as copying:
        return b"".join(map(bytes, copying)).decode()


def expected(release):
    return json.loads((FOLDER / f"{release}.json").read_text())


def read():
    """{path: [status, what it says]} of every public address."""
    from django.test import Client

    from tests.helpers.public_urls import all_paths

    client = Client(headers={"host": "localhost"})
    return {path: said(client.get(path)) for path in all_paths() if not path.startswith("/random/")}


def said(response):
    kind = response.get("Content-Type", "").partition(";")[0]
    if response.status_code in {301, 302}:
        return [response.status_code, response["Location"]]
    if response.status_code != 200:
        return [response.status_code, ""]
    if kind == "application/feed+json":
        return [200, response.json()["items"]]
    if kind == "text/html":
        soup = BeautifulSoup(response.content, "lxml")
        return [200, [" ".join(element.get_text().split()) for element in soup.select(SAID)]]
    return [200, kind]


def make():
    """Sample posts of two authors, and a row in every table that an upgrade has to carry over."""
    from django.contrib.auth.models import User

    from blog.models import Blogmark, Entry, Note, Redirect, Series, Tag, TagMerge
    from blog.samples import sample_posts

    ada, rae = (User.objects.create_user(name, first_name=name.title()) for name in ("ada", "rae"))
    sample_posts.create()
    rain = make_post(Entry, ada, title="Rain", body="It *rains*.\n\nAgain.", tags=["rain", "wind"])
    make_post(Blogmark, rae, link_url="https://example.com/", link_title="Waves", body="See.", tags=["wind"])
    make_post(Note, rae, body="Hidden", is_draft=True)
    make_post(Note, ada, body="Later", published="2999-01-01T12:00:00+00:00")
    gone = make_post(Note, ada, body="Gone", tags=["storm"])
    rain.slug, rain.series = "downpour", Series.objects.create(title="Weather", slug="weather")
    rain.save()
    Tag.objects.get(name="rain").rename("rainfall")
    TagMerge.merge([Tag.objects.get(name="storm")], Tag.objects.get(name="wind"))
    gone.delete()
    Redirect.objects.create(path="old", target="/about/")


def make_post(kind, author, tags=(), published="2024-06-08T12:00:00+00:00", **fields):
    from django.utils.dateparse import parse_datetime

    post = kind(author=author, published=parse_datetime(published), **fields)
    post.save()
    post.tags.add(*tags)
    return post


if __name__ == "__main__":
    import django

    django.setup()
    match sys.argv[1:]:
        case ["make"]:
            make()
        case ["dump", name]:
            dump(os.environ["DATABASE_URL"], Path(name))
        case ["read"]:
            print(json.dumps(read(), indent=1, sort_keys=True, ensure_ascii=False))
