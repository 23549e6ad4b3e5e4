import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("it's", "it’s"),
        ("the dogs' bowls", "the dogs’ bowls"),
        ('a "word" here', "a “word” here"),
        ('"A word", he said', "“A word”, he said"),
        ('("a word")', "(“a word”)"),
        ("a 'word' here", "a ‘word’ here"),
        ("\"'Yes' is a word,\" she said", "“‘Yes’ is a word,” she said"),
        ("'\"Yes\" is a word'", "‘“Yes” is a word’"),
        ("the '90s and the summer of '69", "the ’90s and the summer of ’69"),
        ("'tis the season", "’tis the season"),
        ("rock 'n' roll", "rock ’n’ roll"),
        ("over the 'net", "over the ’net"),
        ("1990's", "1990’s"),
        ('it starts with "p-", always', "it starts with “p-”, always"),
        ("well-'known'", "well-‘known’"),
        ('Square:"What is it?"', "Square:“What is it?”"),
        ('"nobody closes this', "“nobody closes this"),
    ],
)
def test_quotes_are_curled(source, expected):
    assert markup.typeset(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("this - that", "this—that"),
        ("this -- that", "this—that"),
        ("this --- that", "this—that"),
        ("this--that", "this—that"),
        ("2024 - 2025", "2024 – 2025"),
        ("7 - 5 - 2", "7 – 5 – 2"),
    ],
)
def test_spaced_hyphens_become_dashes(source, expected):
    assert markup.typeset(source) == expected


@pytest.mark.parametrize(
    "text",
    [
        'a 19" monitor',
        "6'2\" tall",
        '"""',
        "''",
        '`it\'s "code" - really`',
        "https://example.com/Moore's_law",
        '<a title="tag">',
        "well-known",
        "git commit --amend",
        "xn--bcher",
        "- a list item",
        "“done” ‘already’—it’s",
    ],
)
def test_text_other_than_prose_is_unchanged(text):
    assert markup.typeset(text) == text


@given(st.text(st.sampled_from("\"'“”‘’-–— ab1s.,(`<>:/\n")) | st.text())
def test_typesetting_is_idempotent(text):
    once = markup.typeset(text)

    assert markup.typeset(once) == once


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p>"<em>word</em>"</p>', "<p>“<em>word</em>”</p>"),
        ('<p>the "<a href="/x">word</a>", again</p>', '<p>the “<a href="/x">word</a>”, again</p>'),
        ("<p><code>x</code>'s y</p>", "<p><code>x</code>’s y</p>"),
        ("<p><b>this</b> - that</p>", "<p><b>this</b>—that</p>"),
        ("<ul><li>'a</li><li>b'</li></ul>", "<ul><li>’a</li><li>b’</li></ul>"),
    ],
)
def test_quotes_pair_across_inline_elements_and_not_across_blocks(source, expected):
    assert markup.render(source, markup.Format.HTML) == expected


@pytest.mark.parametrize("element", ["pre", "code", "samp", "kbd"])
def test_quotes_in_code_are_unchanged(element):
    html = f"<{element}>it's \"code\" - here <b>it's</b></{element}>"

    assert markup.render(html, markup.Format.HTML) == html


def test_quotes_in_attributes_are_unchanged():
    html = '<p title="it\'s - here">x</p>'

    assert markup.render(html, markup.Format.HTML) == html


def test_markdown_is_typeset_on_request_except_for_code():
    source = 'A "word" and `"code"`'

    plain = markup.render(source, markup.Format.MARKDOWN)
    smart = markup.render(source, markup.Format.MARKDOWN, markup.Options(smart_markdown=True))

    assert plain == '<p>A "word" and <code>"code"</code></p>'
    assert smart == '<p>A “word” and <code>"code"</code></p>'
