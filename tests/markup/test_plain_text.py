import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup

TEXT = markup.Format.TEXT


def test_blank_lines_separate_paragraphs_and_line_breaks_are_preserved():
    html = markup.render("one\ntwo\n \n\nthree", TEXT)

    assert html == "<p>one<br>\ntwo</p>\n<p>three</p>"


def test_plain_text_is_escaped_and_typeset():
    assert markup.render("<b>it's</b> R&D", TEXT) == "<p>&lt;b&gt;it’s&lt;/b&gt; R&amp;D</p>"


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\r\n"])
@pytest.mark.parametrize("format", list(markup.Format))
def test_blank_sources_give_blank_html(format, blank):
    assert not markup.render(blank, format).strip()


@given(st.text())
def test_plain_text_survives_rendering(text):
    source = re.sub(r"[`'\"<>-]", "", markup.strip_controls(text))

    assert markup.plain(markup.render(source, TEXT)) == " ".join(source.split())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one two"),
        ("wo<b>rd</b>", "word"),
        ("a<br>b", "a b"),
        ("<p>R&amp;D &lt;b&gt;</p>", "R&D <b>"),
        ("a<!-- cutoff -->b", "ab"),
        ('<p title="a > b">c</p>', "c"),
        ('<p>word<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>', "word"),
    ],
)
def test_tags_are_removed(html, text):
    assert markup.plain(html) == text


def test_word_count_ignores_tags_and_punctuation():
    assert markup.word_count('<p class="a b">One, two — <code>three</code></p><hr>') == 3


def test_a_description_ends_with_an_ellipsis_if_it_was_cut():
    html = "<p>one two, three</p>"

    assert markup.description(html) == "one two, three"
    assert markup.description(html, words=3) == "one two, three"
    assert markup.description(html, words=2) == "one two…"


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("a\x00b\x0bc\x1fd\x7fe", "abcde"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\ud800b\ufffec\uffff", "abc"),
        ("\x93quoted\x94 \x96 it\x92s\x9d", "“quoted” – it’s"),
        ("é\u2028\U0001f600\ufffd", "é\u2028\U0001f600\ufffd"),
    ],
)
def test_characters_that_xml_forbids_are_removed(text, stripped):
    assert markup.strip_controls(text) == stripped


@pytest.mark.parametrize("reference", ["&#1;", "&#x0b;", "&#xFFFE;", "&#xD800;", "&#0;", "&#x1F;"])
@pytest.mark.parametrize("format", [markup.Format.MARKDOWN, markup.Format.HTML])
def test_character_references_to_forbidden_characters_are_removed(format, reference):
    html = markup.render(f'<p title="a{reference}">b{reference}</p>', format)

    assert "b" in html
    assert re.fullmatch("[\t\n\x20-\x7e\ufffd]*", html)


def test_cdata_sections_become_text():
    html = markup.render("<pre><![CDATA[if (a < b && c)]]></pre><![CDATA[open", markup.Format.HTML)

    assert html.startswith("<pre>if (a &lt; b &amp;&amp; c)</pre>")
