import pytest

from blog import markup
from tests.markup.inspection import is_balanced


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>one</p>\n<p>two</p>", "<p>one</p>"),
        ("<h3>title</h3><p>one</p>", "<p>one</p>"),
        ("<p><img src='a'></p><p>one</p>", "<p>one</p>"),
        ("<ul><li>item</li></ul><p>one</p>", "<p>one</p>"),
        ("one <b>bold</b>\n<p>two</p>", "<p>one <b>bold</b></p>"),
        ("<br>one<br><br><ul><li>x</li></ul>", "<p>one</p>"),
        ("<div class='x'><p>one</p><p>two</p></div>", "<p>one</p>"),
        ("<div><section><p>one</p></section></div>", "<p>one</p>"),
        ("<h3>title</h3><ul><li>item</li></ul>", "<ul><li>item</li></ul>"),
        ("<blockquote><p>one</p></blockquote><ul><li>x</li></ul>", "<blockquote><p>one</p></blockquote>"),
        ('<div class="highlight"><pre>x</pre></div>', '<div class="highlight"><pre>x</pre></div>'),
        ("<h3>title</h3>", "<h3>title</h3>"),
        ("<figure><img src='a'></figure>", "<figure><img src='a'></figure>"),
        ("<p><img src='a'></p>", "<p><img src='a'></p>"),
        ("<hr>", ""),
        ("", ""),
    ],
)
def test_the_excerpt_is_the_first_paragraph_or_the_best_substitute(html, shown):
    assert markup.excerpt(html) == shown


@pytest.mark.parametrize(
    "context",
    [
        '<p class="context">Said elsewhere.</p>',
        '<p id="c" class="small context">Said elsewhere.</p>',
        "<p><em>My answer to</em> a question</p>",
        "<p><em>My answer to <a href='x'>a question</a></em></p>",
    ],
)
def test_a_leading_context_paragraph_is_skipped(context):
    assert markup.excerpt(f"{context}\n<p>one</p>") == "<p>one</p>"
    assert markup.excerpt(f"<p>one</p>{context}") == "<p>one</p>"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("one\n\n<!-- cutoff -->\n\ntwo", "<p>one</p>"),
        ("<p>one <b>two<!-- cutoff --> three</b></p>", "<p>one <b>two</b></p>"),
        ("<div><ul><li>one<!--cutoff--></li><li>two</li></ul></div>", "<div><ul><li>one</li></ul></div>"),
        ("<img src='a'><!-- cutoff --><p>one</p>", '<p><img src="a"></p>'),
        ("<!-- cutoff --><p>one</p>", ""),
    ],
)
def test_the_excerpt_ends_at_the_cutoff_with_all_elements_closed(source, shown):
    excerpt = markup.excerpt(markup.render(source, markup.Format.MARKDOWN))

    assert excerpt == shown
    assert is_balanced(excerpt)


def test_the_cutoff_is_the_only_comment_that_gets_through():
    html = markup.render("<p>a</p><!-- note --><!--cutoff--><p>b</p>", markup.Format.HTML)

    assert html == "<p>a</p><!-- cutoff --><p>b</p>"


@pytest.mark.parametrize(
    ("html", "more"),
    [
        ("<p>one</p>", False),
        ("<p>one</p>\n", False),
        ("one", False),
        ("<p>one</p><!-- cutoff -->", False),
        ("<p>one</p><p>two</p>", True),
        ("<p>one</p><pre>code</pre>", True),
        ("<p>one</p><img src='a'>", True),
        ("", False),
    ],
)
def test_has_more_if_the_excerpt_leaves_out_words_or_media(html, more):
    assert markup.has_more(html) is more
