import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog import markup


@pytest.mark.parametrize(
    ("typed", "printed"),
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
def test_quotes_open_and_close_where_they_should(typed, printed):
    assert markup.typeset(typed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("this - that", "this—that"),
        ("this -- that", "this—that"),
        ("this --- that", "this—that"),
        ("this--that", "this—that"),
        ("2024 - 2025", "2024 – 2025"),
        ("7 - 5 - 2", "7 – 5 – 2"),
    ],
)
def test_spaced_hyphens_become_dashes(typed, printed):
    assert markup.typeset(typed) == printed


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
def test_what_is_no_prose_stays_as_it_was_typed(text):
    assert markup.typeset(text) == text


@given(st.text(st.sampled_from("\"'“”‘’-–— ab1s.,(`<>:/\n")) | st.text())
def test_setting_type_twice_changes_nothing(text):
    once = markup.typeset(text)

    assert markup.typeset(once) == once


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('<p>"<em>word</em>"</p>', "<p>“<em>word</em>”</p>"),
        ('<p>the "<a href="/x">word</a>", again</p>', '<p>the “<a href="/x">word</a>”, again</p>'),
        ("<p><code>x</code>'s y</p>", "<p><code>x</code>’s y</p>"),
        ("<p><b>this</b> - that</p>", "<p><b>this</b>—that</p>"),
        ("<ul><li>'a</li><li>b'</li></ul>", "<ul><li>’a</li><li>b’</li></ul>"),
    ],
)
def test_quotes_pair_across_inline_elements_and_not_across_blocks(typed, printed):
    assert markup.render(typed, markup.Format.HTML) == printed


@pytest.mark.parametrize("element", ["pre", "code", "samp", "kbd"])
def test_code_keeps_its_quotes(element):
    html = f"<{element}>it's \"code\" - here <b>it's</b></{element}>"

    assert markup.render(html, markup.Format.HTML) == html


def test_attributes_keep_their_quotes():
    html = '<p title="it\'s - here">x</p>'

    assert markup.render(html, markup.Format.HTML) == html


def test_markdown_is_typeset_only_when_asked_and_its_code_never():
    source = 'A "word" and `"code"`'

    plain = markup.render(source, markup.Format.MARKDOWN)
    smart = markup.render(source, markup.Format.MARKDOWN, markup.Options(smart_markdown=True))

    assert plain == '<p>A "word" and <code>"code"</code></p>'
    assert smart == '<p>A “word” and <code>"code"</code></p>'
