"""The responses made from a cached page."""

import gzip

import brotli
import pytest
from django.http import HttpResponse

from blog.caching.cached_page import CachedPage, accepted_codings
from tests.factories import utc

NOON = utc(2024, 6, 8, 12)
BODY = b"They float. " * 100


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def make_page(body=BODY, previous=None, **headers):
    return CachedPage.from_response(HttpResponse(body, headers=headers), version=1, previous=previous)


def respond(page, method="GET", **headers):
    environ = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    status, headers, body = page.respond({"REQUEST_METHOD": method, **environ})
    return status, dict(headers), body


@pytest.mark.parametrize(("coding", "decompress"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_page_is_stored_compressed(coding, decompress):
    page = make_page()
    _, plain_headers, _ = respond(page)

    status, headers, body = respond(page, accept_encoding=f"x, {coding};q=0.5")

    assert status == "200 OK"
    assert decompress(body) == BODY
    assert headers["Content-Encoding"] == coding
    assert int(headers["Content-Length"]) == len(body) < len(BODY) / 2
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
def test_codings_are_negotiated(header, codings):
    assert list(accepted_codings(header)) == codings


def test_a_tiny_page_is_not_compressed():
    _, headers, body = respond(make_page(b"Hello."), accept_encoding="br")

    assert (body, "Content-Encoding" in headers) == (b"Hello.", False)


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
@pytest.mark.parametrize("given", ["{}", "W/{}", '"other", {}', "*"])
def test_a_matching_etag_gets_304_with_the_headers_of_the_page(coding, given):
    page = make_page(**{"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"})
    _, first, _ = respond(page, accept_encoding=coding)

    status, headers, body = respond(page, accept_encoding=coding, if_none_match=given.format(first["ETag"]))

    assert (status, body) == ("304 Not Modified", b"")
    expected = ("ETag", "Vary", "Cache-Control", "Last-Modified", "Access-Control-Allow-Origin")
    assert headers == {name: first[name] for name in expected}


@pytest.mark.parametrize("given", ['"other"', "nonsense", '"'])
def test_another_etag_gets_the_page_even_if_the_date_matches(given):
    status, _, body = respond(
        make_page(), if_none_match=given, if_modified_since="Sat, 08 Jun 2030 12:00:00 GMT"
    )

    assert (status, body) == ("200 OK", BODY)


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sat, 08 Jun 2024 12:00:00 GMT", "304 Not Modified"),
        ("Sat, 08 Jun 2024 11:59:59 GMT", "200 OK"),
        ("yesterday", "200 OK"),
    ],
)
def test_if_modified_since_gets_only_a_newer_page(since, status):
    assert respond(make_page(), if_modified_since=since)[0] == status


def test_last_modified_is_a_second_earlier_within_the_second_of_a_change(clock):
    page = make_page()
    assert respond(page)[1]["Last-Modified"] == "Sat, 08 Jun 2024 11:59:59 GMT"

    clock.shift(1)

    assert respond(page)[1]["Last-Modified"] == "Sat, 08 Jun 2024 12:00:00 GMT"


def test_a_page_with_the_same_body_as_before_is_not_modified(clock):
    first = make_page()
    clock.shift(100)

    assert make_page(previous=first).modified == first.modified
    assert make_page(b"Other.", previous=first).modified == first.modified + 100


def test_head_gets_no_body():
    _, whole, _ = respond(make_page())

    status, headers, body = respond(make_page(), method="HEAD")

    assert (status, headers, body) == ("200 OK", whole, b"")


def test_without_shared_caching_only_browsers_may_store_it():
    browsers = "public, max-age=0, must-revalidate"
    page = make_page(**{"Cache-Control": f"{browsers}, s-maxage=86400, stale-while-revalidate=60"})

    status, headers, body = respond(page.without_shared_caching())

    assert (status, body) == ("200 OK", BODY)
    assert headers == respond(page)[1] | {"Cache-Control": browsers}


@pytest.mark.parametrize("coding", ["", "br", "gzip"])
def test_no_header_is_sent_twice_and_the_length_is_that_of_the_body(coding):
    response = HttpResponse("Text. " * 1000, headers={"Content-Length": "6000"})
    page = CachedPage.from_response(response, 1)

    _, headers, body = page.respond({"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": coding})

    names = [name.lower() for name, _ in headers]
    assert len(names) == len(set(names))
    assert dict(headers)["Content-Length"] == str(len(body))
