"""Arbitrary, hostile and pathological input is rendered as safe HTML, in bounded time."""

import re
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import markup
from tests.markup.inspection import dangers, is_balanced

MARKUP = """
< > </ /> " ' = & &#x &#106; &lt; <!-- --> <![CDATA[ ]]> <? <! <svg> </svg> <math> <mi> <mglyph> <desc>
<foreignObject> <style> </style> <script> </script> <title> </title> <noscript> </noscript> <template>
<textarea> </textarea> <p> </p> <select> <option> <plaintext> <xmp> <table> <tr> <td> </table> <caption>
<b> </b> <i> </i> <a> <ul> <li> <pre> </pre> <h1> <form> <button> <object> <video> <font> <center> <p/> <br/>
<md <int> </int> <markdown-copy> javascript: data:text/html, alert(1) ` ``` ```py * ** _ [ ] ( ) ![ ]( [^1]
# > - 1. | |-|-| { } \\ -- a b 1 é &#1; &nbsp; wzxhzdk:0 markdown=1
"""
SPACED = """
[^1]: x|*[a]: b|<!-- cutoff -->|<a href=|<img src=x onerror=alert(1)>|<img srcset='|<iframe src=|<embed src=
|<p style='|<p id='x'>|<param name=movie value=|<div markdown='1'>|<annotation-xml encoding="text/html">
|<lite-youtube videoid='x'/>
"""
BLANKS_AND_CONTROLS = ["\n", "\n\n", " ", "    ", "\t", "\x00", "\x02", "\x03", "\ud800", "\ufffe", "\u2028"]
PIECES = [*MARKUP.split(), *SPACED.split("|"), *BLANKS_AND_CONTROLS]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(
    st.characters(categories=None), max_size=200
)
FORMATS = [*markup.Format, "inline"]


def render(source, format):
    if format == "inline":
        return markup.render_inline(source)
    return markup.render(source, format, markup.Options(iframe_hosts=frozenset({"x.y"})), footnote_prefix="p")


@pytest.mark.parametrize("format", FORMATS)
@given(source=HOSTILE)
@settings(max_examples=300)
def test_any_input_gives_safe_html(format, source):
    html = render(source, format)

    assert not list(dangers(html))
    assert is_balanced(html)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", html)
    ET.fromstring(f"<a>{html.replace('&', '&amp;').replace('<', '&lt;')}</a>")  # as feeds carry it


@pytest.mark.parametrize("format", [markup.Format.MARKDOWN, markup.Format.HTML])
@given(source=HOSTILE)
@settings(max_examples=200)
def test_html_derived_from_rendered_html_is_safe(format, source):
    html = render(source, format)

    excerpt = markup.excerpt(html)
    for derived in (
        excerpt,
        markup.for_list(html, "/x/"),
        markup.absolute_urls(html, "https://example.com/x/"),
    ):
        assert not list(dangers(derived))
        assert is_balanced(derived)
    assert markup.word_count(excerpt) <= markup.word_count(html)
    assert not markup.has_more(excerpt)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "source",
    [
        "[" * 50_000,
        "[a](" * 12_000,
        "![a]" * 12_000,
        "> " * 5_000,
        "*" * 50_000,
        "*a " * 16_000,
        "_a*" * 16_000,
        "`a " * 16_000,
        "<" * 50_000,
        "<a " * 16_000,
        "<div>" * 20_000,
        "".join(f"<b id={number}><p>" for number in range(4_000)),
        "<a " + " ".join(f"a{number}=1" for number in range(8_000)) + ">",
        "<a " + " ".join(f"a{number}" for number in range(60_000)) + ">",
        "<table>" * 5_000,
        "<![CDATA[" * 8_000,
        "<!--" * 12_000,
        "&" * 50_000,
        "1. " * 5_000,
        "\n- " * 8_000,
        "\n#a" * 8_000,
        "```a\n" * 10_000,
        "\n".join("    " * depth + "- a" for depth in range(200)),
        "\n".join(">" * depth + " a" for depth in range(200)),
        "'a " * 16_000,
        '"' * 50_000,
        "a - " * 12_000,
        "http://" * 7_000,
        "<div markdown='1'>\n" * 2_000,
        "word " * 1_000_000,
        "a" * 5_000_000,
        "a\n\n" * 19_000,
    ],
    ids=lambda source: f"{source[:12]!r}×{len(source)}",
)
def test_pathological_text_is_rendered_in_bounded_time(format, source):
    started = time.process_time()

    html = render(source, format)

    assert time.process_time() - started < 20
    assert not re.search("<(?:script|style)", html)


def test_input_that_is_too_complex_is_shown_as_text():
    html = render("<div>" * 1_000 + "words *here*", markup.Format.MARKDOWN)

    assert markup.plain(html).endswith("<div>words *here*")
    assert markup.render_inline("<b>" * 1_000 + "words") == "&lt;b&gt;" * 1_000 + "words"


def test_rendering_is_thread_safe():
    sources = [f"# {n}\n\n*a*[^1] <b>{n}\n\n[^1]: {n}\n\n```py\nx = {n}\n```" for n in range(200)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda source: render(source, markup.Format.MARKDOWN), sources))

    assert together == [render(source, markup.Format.MARKDOWN) for source in sources]


def test_a_failure_does_not_affect_the_next_text():
    render("1. " * 5_000 + "[^1]\n\n[^1]: x", markup.Format.MARKDOWN)

    assert render("*a*", markup.Format.MARKDOWN) == "<p><em>a</em></p>"


@pytest.mark.parametrize("url", ["javascript:123", "data:1", "wzxhzdk:0", " java\tscript:1", "vbscript:"])
def test_a_scheme_that_digits_follow_is_no_host_with_a_port(url):
    html = render(f'<a href="{url}">Link</a>', markup.Format.HTML)

    assert "href" not in html
    assert "Link" in html
