"""What readers are answered with a page that is kept."""

import gzip

import brotli
import pytest
from django.http import HttpResponse

from blog.caching.cached_page import CachedPage, accepted
from tests.factories import utc

NOON = utc(2024, 6, 8, 12)
WORDS = b"They float. " * 100


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def make_page(body=WORDS, former=None, **headers):
    return CachedPage.of(HttpResponse(body, headers=headers), version=1, former=former)


def answer(page, method="GET", **headers):
    environ = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    status, headers, body = page.answer({"REQUEST_METHOD": method, **environ})
    return status, dict(headers), body


@pytest.mark.parametrize(("coding", "decompress"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_it_is_kept_compressed(coding, decompress):
    page = make_page()
    _, plain_headers, _ = answer(page)

    status, headers, body = answer(page, accept_encoding=f"x, {coding};q=0.5")

    assert status == "200 OK"
    assert decompress(body) == WORDS
    assert headers["Content-Encoding"] == coding
    assert int(headers["Content-Length"]) == len(body) < len(WORDS) / 2
    assert headers["Vary"] == plain_headers["Vary"] == "Accept-Encoding"
    assert headers["ETag"] != plain_headers["ETag"]


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("", [""]),
        ("identity", [""]),
        ("gzip", ["gzip", ""]),
        ("GZIP, deflate, br, zstd", ["br", "gzip", ""]),
        ("br;q=0, gzip;q=0.0", [""]),
        ("br;q=0.1,gzip ;q=1.0", ["br", "gzip", ""]),
        (",;,;;q", [""]),
    ],
)
def test_readers_get_the_coding_that_they_want(header, codings):
    assert list(accepted(header)) == codings


def test_what_is_tiny_is_not_compressed():
    _, headers, body = answer(make_page(b"Hello."), accept_encoding="br")

    assert (body, "Content-Encoding" in headers) == (b"Hello.", False)


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
@pytest.mark.parametrize("given", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_already_gets_304_and_what_there_is_to_know(coding, given):
    page = make_page(**{"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"})
    _, first, _ = answer(page, accept_encoding=coding)

    status, headers, body = answer(page, accept_encoding=coding, if_none_match=given.format(first["ETag"]))

    assert (status, body) == ("304 Not Modified", b"")
    kept = ("ETag", "Vary", "Cache-Control", "Last-Modified", "Access-Control-Allow-Origin")
    assert headers == {name: first[name] for name in kept}


@pytest.mark.parametrize("given", ['"other"', "nonsense", '"'])
def test_who_has_another_one_gets_it_whatever_the_time_says(given):
    status, _, body = answer(
        make_page(), if_none_match=given, if_modified_since="Sat, 08 Jun 2030 12:00:00 GMT"
    )

    assert (status, body) == ("200 OK", WORDS)


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sat, 08 Jun 2024 12:00:00 GMT", "304 Not Modified"),
        ("Sat, 08 Jun 2024 11:59:59 GMT", "200 OK"),
        ("yesterday", "200 OK"),
    ],
)
def test_who_knows_a_time_gets_what_is_newer(since, status):
    assert answer(make_page(), if_modified_since=since)[0] == status


def test_in_the_second_of_a_change_the_time_before_is_told(clock):
    page = make_page()
    assert answer(page)[1]["Last-Modified"] == "Sat, 08 Jun 2024 11:59:59 GMT"

    clock.shift(1)

    assert answer(page)[1]["Last-Modified"] == "Sat, 08 Jun 2024 12:00:00 GMT"


def test_a_page_that_says_the_same_as_before_is_as_old(clock):
    first = make_page()
    clock.shift(100)

    assert make_page(former=first).modified == first.modified
    assert make_page(b"Other.", former=first).modified == first.modified + 100


def test_a_head_is_answered_without_the_text():
    _, whole, _ = answer(make_page())

    status, headers, body = answer(make_page(), method="HEAD")

    assert (status, headers, body) == ("200 OK", whole, b"")


def test_for_now_it_is_for_readers_and_for_no_cache_in_front():
    browsers = "public, max-age=0, must-revalidate"
    page = make_page(**{"Cache-Control": f"{browsers}, s-maxage=86400, stale-while-revalidate=60"})

    status, headers, body = answer(page.for_now())

    assert (status, body) == ("200 OK", WORDS)
    assert headers == answer(page)[1] | {"Cache-Control": browsers}
