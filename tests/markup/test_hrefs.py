import pytest

from blog import markup
from tests.markup.inspection import one

PERMALINK = "https://example.com/2024/Jun/8/post/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/about/", "https://example.com/about/"),
        ("other/", "https://example.com/2024/Jun/8/post/other/"),
        ("../../7/", "https://example.com/2024/Jun/7/"),
        ("#part", "https://example.com/2024/Jun/8/post/#part"),
        ("?page=2", "https://example.com/2024/Jun/8/post/?page=2"),
        ("//cdn.example.org/a", "https://cdn.example.org/a"),
        ("http://example.org/a b", "http://example.org/a b"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("/a?b=1&c=2", "https://example.com/a?b=1&c=2"),
        ("//[broken", "//[broken"),
    ],
)
def test_urls_become_absolute(url, expected):
    html = markup.absolute_urls(
        markup.render(f'<p><a href="{url}">x</a> <a href="/y">y</a>', "html"), PERMALINK
    )

    assert one(html, "a:first-child").get("href", url) == expected


@pytest.mark.parametrize(
    ("element", "attribute"),
    [
        ('<img src="/x">', "src"),
        ('<video poster="/x" controls></video>', "poster"),
        ('<blockquote cite="/x"></blockquote>', "cite"),
        ('<img data-fullsize="/x">', "data-fullsize"),
        ('<img data-thumb="/x">', "data-thumb"),
        ("<img src='/x'>", "src"),
        ("<img src=/x>", "src"),
        ('<IMG SRC="/x">', "src"),
        ('<img src = "/x">', "src"),
        ('<p class="href"><a href="https://example.org/">a</a> <img longdesc="/x"></p>', "longdesc"),
    ],
)
def test_every_attribute_with_a_url_is_resolved(element, attribute):
    html = markup.absolute_urls(element, PERMALINK)

    assert one(html, f"[{attribute}]")[attribute] == "https://example.com/x"


def test_every_srcset_candidate_is_resolved():
    html = markup.absolute_urls('<img srcset="/a.jpg, b.jpg 2x, https://c.example/d,e.jpg 100w">', PERMALINK)

    assert one(html, "img")["srcset"].split(", ") == [
        "https://example.com/a.jpg",
        "https://example.com/2024/Jun/8/post/b.jpg 2x",
        "https://c.example/d,e.jpg 100w",
    ]


@pytest.mark.parametrize(
    "html",
    [
        '<p>write href="/x" there</p>',
        "<p title='href=\"/x\"'>a</p>",
        '<p title="href=" class=" /x ">a</p>',
        '<p title="a > b" data-note="/x">src="/y"</p>',
        '<pre>&lt;a href="/x"&gt;</pre>',
        "<!-- cutoff --><p>a</p>",
        '<a href="https://example.org/">a</a>',
    ],
)
def test_text_that_looks_like_a_url_attribute_is_unchanged(html):
    assert markup.absolute_urls(html, PERMALINK) == html


def test_in_lists_ids_are_removed_and_in_page_links_lead_to_the_post():
    html = markup.render(
        "## Part\n\n[there](#part) [away](/x#part) note[^1]\n\n[^1]: Text", "markdown", footnote_prefix="p"
    )

    listed = markup.for_list(html, "/2024/Jun/8/post/")

    assert not one(f"<main>{listed}</main>", "main").select("[id]")
    assert 'href="/2024/Jun/8/post/#part"' in listed
    assert 'href="/2024/Jun/8/post/#fn:p:1"' in listed
    assert 'href="/x#part"' in listed


@pytest.mark.parametrize(
    "html", ["<p>no id here</p>", '<pre>&lt;p id="x"&gt;</pre>', '<p title=" id=">a</p>']
)
def test_text_that_looks_like_an_id_is_unchanged(html):
    assert markup.for_list(html, "/x/") == html
