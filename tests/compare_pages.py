"""Record the responses at all public URLs, and compare two recordings.

    python -m tests.compare_pages record FILE [--also RECORDING]
    python -m tests.compare_pages compare OLD NEW [--table FILE] [--limit N]

A recording is an SQLite file with the address, status, headers and compressed body of each response. `record`
reads the database that DATABASE_URL names and leaves it unchanged: its one transaction is rolled back. It
crawls the site from START_ADDRESSES, following links in pages, feeds and sitemaps. Very numerous links are
sampled, always in the same way (see `sampling_interval`). Then it requests addresses that nothing links to: a
sample of tests/helpers/public_urls.py and of the redirects, and with --also those of another recording.
Static files, uploads and the admin are skipped, and the response cache is bypassed.

Values that would differ between two recordings of the same content are fixed or masked:

- The clock is frozen at NOW. SITE_URL, the WebSub hub and the secret key are always the same.
- UUIDs in tables of one row are random for each installation. While recording they are set to SITE_UUID, so
  that feed ids derived from them can be compared.
- The row id in `before=<microseconds>-<id>`, in addresses and bodies, becomes ID.
- The hash in the file name of a share card becomes HASH, since it may depend on the site's random UUID.
- The target of the redirects at `/random/` becomes RANDOM.
- The directives of the Content-Security-Policy are sorted: a set gives them in any order.
- Content-Length is left out, since it depends on the masked row ids.

Public pages contain no CSRF tokens and no nonces.

The table for `compare` lists what was changed on purpose, one pair per line: the old text as it stands in the
HTML, a tab, the new one. It is applied to HTML pages only, to all of them, in the order of the lines.
"""

import argparse
import html
import logging
import os
import random
import re
import sqlite3
import sys
import time
import uuid
import zlib
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

SITE = "https://weblog.example"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SITE_UUID = uuid.UUID("5a8c1d52-7e0b-4c55-9d5f-0d7f3c1b6a11")

# One per line: words, phrases, operators, misspellings, other scripts, punctuation.
QUERIES = """
python
django
open source
"open source"
llm -openai
sqlite OR postgresql
javascript css
tag:python
type:entry django
year:2010 web
datasette
a
the
prompt injection
pyhton
javscirpt
xyzzyplugh
naïve café
日本語
running run ran
GPT-4
c++
#ajax
'
"
-
50%
under_score
"""
SEARCHES = [
    *({"q": q} for q in [*QUERIES.strip().splitlines(), "x" * 300]),
    *({"q": "python", "page": page} for page in (1, 2, 3, 99, 0, "last", "-1", "two")),
    *({"q": "python", "sort": sort} for sort in ("date", "relevance", "wrong")),
    *({"q": "web", "type": kind} for kind in ("entry", "blogmark", "quotation", "note", "nothing")),
    *({"tag": tag} for tag in ("python", "ai", "no-such-tag", "Python")),
    {},
    {"q": ""},
    {"q": "python", "tag": "django"},
    {"q": "python", "exclude.tag": "django"},
    {"q": "python", "year": 2010, "month": 5},
    {"year": 2008, "month": 13},
    {"year": 2024},
    {"type": "quotation", "month": 2},
    {"tag": "python", "type": "entry", "year": 2009, "page": 2},
]
SUGGESTIONS = ["py", "Python", "dja", "a", "", "zzzz", "open s", "é", "%"]

OVERVIEWS = """
/ /?page=2 /tags/ /tags/?all /series/ /links/ /via/ /search/ /feeds/ /atom/ /rss/ /json/ /random/
/feeds.opml /sitemap.xml /robots.txt /manifest.webmanifest /favicon.ico /healthz
"""
NONCANONICAL = """
/2024/jun/8/ /2024/Jun/08/ /2024/JUN/ /2024 /entries /atom /Feeds/ /search?q=python /?a=1&amp;b=2
/tags/Python/ /tag/python/ /tags/a+a/ /tags/python+django/ /tags/django+python/ /tags/python+django.atom
/tags/python.atom/ /random/python/ /e/1 /b/1/ /archive/2008/1/1/
"""
MISSING = """
/nothing/ /no-such-page /.well-known/nothing /%00 /%FF/ /2024/python-web-framework/
/0000/ /9999/ /1999/Jan/ /2024/Foo/ /2024/Feb/30/ /2024/Jun/8/no/ /e/999999/ /drafts/guessed/
/tags/no-such-tag/ /tags/no-such-tag.atom /series/no-such-series/ /links/nowhere.example/
/entries/?page=9999 /entries/?page=x /entries/?page=0 /sitemap-1066.xml /sitemap-tags.xml?p=99 /icons/none.svg
/atom/nothing/ /atom/everything/1999/Jan/ /atom/everything/?before=x /via/nowhere.example/
"""
START_ADDRESSES = [
    *(OVERVIEWS + NONCANONICAL + MISSING).split(),
    *(f"/search/{folder}?{urlencode(search)}" for search in SEARCHES for folder in ("", "atom/")),
    *(f"/search/{folder}/?q=python" for folder in ("rss", "json")),
    *(f"/search/suggestions/?{urlencode({'q': q})}" for q in SUGGESTIONS),
    *(
        f"/{name}/?page={page}"
        for name in ("entries", "blogmarks", "tags/python")
        for page in (1, 2, 3, "last")
    ),
]

SKIPPED = re.compile(r"/(static|media|admin)/")
LINK = re.compile(
    r'\b(?:href|action)="([^"]*)"'  # HTML, Atom
    r"|<(?:loc|link|comments)>([^<]*)<"  # sitemaps, RSS
    rf'|"({re.escape(SITE)}/[^"\\]*)"'  # JSON, OPML
)
CURSOR = re.compile(r"(before=-?[0-9]{1,18})-[0-9]{1,18}")
SHARE_CARD = re.compile(r"\bcards/[0-9a-f]{20}-")
MAX_HOPS = 3  # along a feed's `next` links


class Response(NamedTuple):
    status: int
    headers: tuple  # (name, value) pairs, sorted
    text: str  # with surrogates for bytes that are not UTF-8

    def header(self, name):
        return dict(self.headers).get(name, "")

    @property
    def is_html(self):
        return self.header("content-type").startswith("text/html")


# Record


def record(path, also=None):
    """Record the database of DATABASE_URL. Returns the number of addresses."""
    import django

    if not os.environ.get("DATABASE_URL"):
        raise SystemExit("Set DATABASE_URL to the database to record.")
    os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # the crawl requests many missing pages
    start = time.perf_counter()
    with frozen_site() as fetch, Recording.make(path) as recording:
        for number, (address, response) in enumerate(
            crawl(fetch, START_ADDRESSES, lambda: unlinked_addresses(also)), start=1
        ):
            recording.add(mask(address), mask_response(address, response))
            if number % 2000 == 0:
                print(f"{number:,} addresses, {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return number


@contextmanager
def frozen_site():
    """Yields a function that requests an address. Database writes are rolled back."""
    import time_machine
    from django.db import transaction
    from django.test import Client, override_settings

    client = Client(raise_request_exception=False)

    def fetch(address):
        url = urljoin(SITE, address)
        client.cookies.clear()
        random.seed(0)
        with transaction.atomic():
            response = client.get(url, secure=True, headers={"host": urlsplit(url).netloc})
            body = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        headers = {name.lower(): value for name, value in response.items()}
        headers |= {f"set-cookie {name}": each.OutputString() for name, each in response.cookies.items()}
        return Response(response.status_code, tuple(sorted(headers.items())), decode(body))

    settings = override_settings(SITE_URL=SITE, ALLOWED_HOSTS=["*"], WEBSUB_HUB="https://hub.example/")
    with settings, time_machine.travel(NOW, tick=False), transaction.atomic():
        fix_uuids()
        yield fetch
        transaction.set_rollback(True)


def fix_uuids():
    """Set the UUIDs of one-row tables to SITE_UUID."""
    from django.apps import apps
    from django.db.models import UUIDField

    for model in apps.get_models():
        names = [field.name for field in model._meta.local_fields if isinstance(field, UUIDField)]
        if names and len(model._base_manager.all()[:2]) == 1:
            model._base_manager.update(**dict.fromkeys(names, SITE_UUID))


def crawl(fetch, starts, more=tuple):
    """Yield pairs of address and response, breadth first, from `starts` and then from `more()`."""
    seen = set()
    for addresses in (lambda: starts, more):
        waiting = deque((address, 0) for address in addresses())
        while waiting:
            address, hops = waiting.popleft()
            if mask(address) in seen:
                continue
            seen.add(mask(address))
            response = fetch(address)
            yield address, response
            for link in links(address, response):
                next_hops = hops + 1 if is_older_feed_page(link) else 0
                if (
                    next_hops <= MAX_HOPS
                    and mask(link) not in seen
                    and is_sampled(link, sampling_interval(link))
                ):
                    waiting.append((link, next_hops))


def links(address, response):
    """Return the site's own addresses that a response links or redirects to, sorted."""
    found = {html.unescape("".join(groups)) for groups in LINK.findall(response.text)}
    found.add(response.header("location"))
    addresses = set()
    for link in found - {""}:
        try:
            parts = urlsplit(urljoin(SITE + address, link.strip()))
        except ValueError:  # a malformed host in a post
            continue
        if f"{parts.scheme}://{parts.netloc}" == SITE:
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
            query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
            if not path.startswith("//") and not SKIPPED.match(path):
                addresses.add(f"{path}?{query}" if query else path)
    # JSON Feed doesn't link to its archive, which has the same addresses as Atom's.
    addresses |= {link.replace("/atom/", "/json/", 1) for link in addresses if link.startswith("/atom/")}
    return sorted(addresses | tag_combinations(response.text))


def tag_combinations(text):
    """Return the page that combines the first post's first two tags. No page links to combinations."""
    first_post = text.partition("</article>")[0]
    slugs = re.findall(r'<a\b(?=[^>]*p-category)[^>]*href="/tags/([^"/]+)/"', first_post)
    return {f"/tags/{slugs[0]}+{slugs[1]}/"} if len(slugs) > 1 else set()


def is_older_feed_page(address):
    """True for older pages of a feed. Those of the monthly archive don't count: all are visited."""
    return CURSOR.search(address) and not re.search(r"/[0-9]{4}/", address)


def sampling_interval(address):
    """Return n if one in n links of this type is followed. 1, unless there are thousands of them."""
    path, _, query = address.partition("?")
    page = re.search(r"\bpage=([0-9]+)", query)
    if "+" in path:  # pairs of tags
        return 20
    if path.startswith("/search/"):  # facets
        return 150
    if re.match(r"/tags/[^/]+\.[a-z]+$", path):  # feeds of tags
        return 15
    if path.startswith("/random/"):
        return 40
    if page and int(page[1]) > 3:
        return 10
    return 1


def is_sampled(address, interval):
    return zlib.crc32(mask(address).encode()) % interval == 0


def unlinked_addresses(also=None):
    """Yield a sample of the addresses of all rows, whether or not a page links to them."""
    from django.apps import apps

    from tests.helpers.public_urls import all_paths

    for address in all_paths():
        # Most combinations of tags are 404s, and so are slugs of posts in place of a series'.
        interval = 200 if "+" in address or address.startswith("/series/") else 20
        if not SKIPPED.match(address) and is_sampled(address, interval):
            yield address
    for model in apps.get_models():
        if {"domain", "path", "target"} <= {field.name for field in model._meta.get_fields()}:
            for domain, path in model.objects.order_by("domain", "path").values_list("domain", "path"):
                path = "/" + quote("any/thing" if path == "*" else path, safe="/%:@!$&'()*+,;=~?")
                if is_sampled(domain + path, 4) or "any/thing" in path:
                    yield f"https://{domain}{path}" if domain else path
    if also:
        yield from (address for address in Recording(also) if "-ID" not in address)


def mask(text):
    return SHARE_CARD.sub("cards/HASH-", CURSOR.sub(r"\1-ID", text))


def mask_response(address, response):
    headers = {name: mask(value) for name, value in response.headers if name != "content-length"}
    if policy := headers.get("content-security-policy"):
        headers["content-security-policy"] = "; ".join(sorted(policy.split("; ")))
    if address.startswith("/random/") and response.status == 302:
        headers["location"] = "RANDOM"
    return Response(response.status, tuple(headers.items()), mask(response.text))


def decode(data):
    return data.decode("utf-8", "surrogateescape")


def encode(text):
    return text.encode("utf-8", "surrogateescape")


class Recording(Mapping):
    """A mapping from address to response, stored in an SQLite file."""

    def __init__(self, path):
        if not Path(path).is_file():
            raise SystemExit(f"There is no recording at {path}.")
        self.file = sqlite3.connect(path)

    @classmethod
    @contextmanager
    def make(cls, path):
        """Yields an empty recording, which replaces the file at the path when it is complete."""
        unfinished = Path(f"{path}.unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch()
        recording = cls(unfinished)
        recording.file.execute(
            "CREATE TABLE answers (address TEXT PRIMARY KEY, status INT, headers TEXT, body BLOB)"
        )
        yield recording
        recording.file.commit()
        recording.file.close()
        unfinished.replace(path)

    def add(self, address, response):
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers)
        row = (address, response.status, headers, zlib.compress(encode(response.text)))
        self.file.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", row)

    def __getitem__(self, address):
        row = self.file.execute(
            "SELECT status, headers, body FROM answers WHERE address = ?", [address]
        ).fetchone()
        if row is None:
            raise KeyError(address)
        status, headers, body = row
        pairs = tuple(tuple(line.split(": ", 1)) for line in headers.split("\n") if line)
        return Response(status, pairs, decode(zlib.decompress(body)))

    def __iter__(self):
        return (
            address
            for [address] in self.file.execute("SELECT address FROM answers ORDER BY address").fetchall()
        )

    def __len__(self):
        return self.file.execute("SELECT count(*) FROM answers").fetchone()[0]


# Compare


class Difference(NamedTuple):
    kind: str
    address: str
    text: str = ""


def compare(old, new, table=None):
    """Yield the differences between two recordings (or other mappings), sorted by address."""
    names = set(old), set(new)
    for address in sorted(names[0] | names[1]):
        if address not in names[1]:
            yield Difference("only in OLD", address, f"it was {old[address].status}")
        elif address not in names[0]:
            yield Difference("only in NEW", address, f"it is {new[address].status}")
        else:
            yield from compare_responses(address, old[address], new[address], table)


def compare_responses(address, old, new, table=None):
    """Yield the differences of two responses. If the status differs, only that one."""
    if old.status != new.status:
        yield Difference("status", address, f"{old.status} -> {new.status} {new.header('location')}".strip())
        return
    for name in sorted(dict(old.headers).keys() | dict(new.headers).keys()):
        if old.header(name) != new.header(name):
            yield Difference(f"header {name}", address, first_difference(old.header(name), new.header(name)))
    text = replace_all(old.text, table) if table and old.is_html else old.text
    if text != new.text:
        yield Difference("body", address, first_difference(text, new.text))


def first_difference(old, new, before=60, after=120):
    """Return an excerpt of both texts around the first place where they differ."""
    pairs = enumerate(zip(old, new, strict=False))
    start = next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))
    shown = slice(max(0, start - before), start + after)
    return f"\n    - {old[shown]!r}\n    + {new[shown]!r}"


def replace_all(text, table):
    for old, new in table.items():
        text = text.replace(old, new)
    return text


def read_renames(path):
    """Return {old text: new text}."""
    lines = Path(path).read_text().splitlines()
    table = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        old, tab, new = line.partition("\t")
        if not (old and tab):
            raise SystemExit(f"{path}, line {number}: write the old text, a tab and the new text.")
        table[old] = new
    return table


def report(old, new, table=None, limit=20):
    """Print the differences, at most `limit` of each kind. Returns True if there are any."""
    counts = Counter()
    for kind, address, text in compare(old, new, table):
        counts[kind] += 1
        if counts[kind] <= limit:
            print(f"{kind}: {address} {text}")
    print(f"{len(old):,} addresses in OLD, {len(new):,} in NEW")
    for kind, number in sorted(counts.items()):
        print(f"{number:,} differ: {kind}")
    print("They differ." if counts else "They are equal.")
    return bool(counts)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m tests.compare_pages", description="Compare all public pages."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    recorder = commands.add_parser("record", help="record the database of DATABASE_URL")
    recorder.add_argument("file")
    recorder.add_argument(
        "--also", metavar="RECORDING", help="request the addresses of another recording, too"
    )
    comparer = commands.add_parser("compare", help="compare two recordings; exits with 1 if they differ")
    comparer.add_argument("old")
    comparer.add_argument("new")
    comparer.add_argument(
        "--table", metavar="FILE", help="words renamed on purpose, one pair per line: old, tab, new"
    )
    comparer.add_argument(
        "--limit", type=int, default=20, help="the number of differences of each kind to print (default: 20)"
    )
    given = parser.parse_args(arguments)
    if given.command == "record":
        start = time.perf_counter()
        number = record(given.file, given.also)
        print(f"{number:,} addresses in {time.perf_counter() - start:.0f} seconds")
        return 0
    table = read_renames(given.table) if given.table else None
    return int(report(Recording(given.old), Recording(given.new), table, given.limit))


if __name__ == "__main__":
    sys.exit(main())
