import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.remote.fetching import Response
from blog.remote.page_metadata import MAX_LENGTHS, PageMetadata

HERE = "https://example.com/a/page"


def metadata(content, content_type="text/html", url=HERE):
    return PageMetadata.from_response(
        Response(url, content_type, content.encode() if isinstance(content, str) else content)
    )


def test_all_metadata_of_a_page_is_read():
    found = metadata("""<!doctype html><html><head><title>Boats | Harbour</title>
        <link rel="alternate canonical" href="/boats">
        <meta property="og:title" content=" How  boats
            float "><meta property="og:site_name" content="Harbour">
        <meta name="Author" content="Ada &amp; Bob"><meta name="description" content="With drawings.">""")

    assert found == PageMetadata(
        title="How boats float",
        author="Ada & Bob",
        canonical="https://example.com/boats",
        description="With drawings.",
        site="Harbour",
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>One</title><svg><title>Two</title></svg>", {"title": "One"}),
        ("<meta name='twitter:title' content='Two'><title>One</title>", {"title": "Two"}),
        ("<meta property='og:title' content='  '><title>One</title>", {"title": "One"}),
        ("<meta property='article:author' content='https://example.com/ada'>", {}),
        ("<meta property='article:author' content='Ada'>", {"author": "Ada"}),
        ("<p>by <a rel=author href=/ada>Ada</a>", {"author": "Ada"}),
        ("<meta name=description content=1><meta property=og:description content=2>", {"description": "2"}),
        ("<link rel=canonical href=''>", {"canonical": HERE}),
        ("<link rel=canonical href=/>", {}),
        ("<link rel=canonical href='javascript:1'>", {}),
        ("<link rel=canonical href='http://['><link rel=canonical href=b>", {"canonical": "https://example.com/a/b"}),
        ("<link rel=stylesheet href=b>", {}),
        ("<title>One<meta name=author content=Ada>", {"title": "One<meta name=author content=Ada>"}),
        ("<p><b><div><title>One</div></title><meta content=x><meta name=y>", {"title": "One</div>"}),
        ("", {}),
        ("<!-- only this", {}),
        ("\\x00\\x01", {}),
        ("<?xml version='1.0' encoding='utf-16'?><html><title>One</title></html>", {"title": "One"}),
        ("<div>" * 50_000 + "<title>Deep</title>", {}),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_missing_and_malformed_metadata(html, expected):
    assert metadata(html) == PageMetadata(**expected)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("<title>Café</title>".encode(), "text/html"),
        ("<title>Café</title>".encode("latin-1"), "text/html"),
        ("<title>Café</title>".encode("latin-1"), "text/html; charset=ISO-8859-1"),
        ("<title>Café</title>".encode("latin-1"), "text/html; charset=nonsense"),
        ("<meta charset=latin1><title>Café</title>".encode("latin-1"), "text/html"),
        ("<meta charset=utf-16><title>Café</title>".encode(), "text/html"),
        ("<title>Café</title>".encode("utf-16"), "text/html"),
        ("\ufeff<title>Café</title>".encode(), "text/html; charset=latin-1"),
        ("<title>Café</title>".encode() + "é".encode()[:1], "text/html"),
        ("<meta http-equiv=x content='a; charset=macintosh'><title>Café".encode("mac-roman"), ""),
    ],
)  # fmt: skip
def test_the_encoding_is_detected(content, content_type):
    assert metadata(content, content_type).title == "Café"


def test_non_latin_encodings_are_read():
    assert metadata("<title>本</title>".encode("shift-jis"), "text/html; charset=Shift_JIS").title == "本"


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "text/plain", "x"])
def test_other_media_types_have_no_metadata(content_type):
    assert metadata("<title>One</title>", content_type) == PageMetadata()


def test_long_values_are_cut():
    page = metadata(f"<title>{'x' * 9999}</title><meta name=author content='{'x' * 9999}'>")

    assert (len(page.title), len(page.author)) == (MAX_LENGTHS["title"], MAX_LENGTHS["author"])


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html", "text/html; charset=utf-7", "text/html;charset="]),
)
def test_no_bytes_raise_an_exception(content, content_type):
    metadata(b"<title>" + content, content_type)
    metadata(content, content_type)
