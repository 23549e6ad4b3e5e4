"""What is looked for before a post is published."""

import pytest

from blog.authoring import publish_check as check
from blog.authoring.publish_check import Draft, Facts
from blog.models import Blogmark, Entry, Note, Post, Quotation
from blog.remote.link_check import LinkProblem


def found(test, kind=Note, facts=None, tags=(), **values):
    return list(test(Draft(kind, values, tags, facts or Facts())))


def mended(point, values):
    """The field after the click."""
    mend = point.mend
    old = values.get(mend.field, "")
    return old.replace(mend.replaces, mend.text, 1) if mend.replaces else mend.text


@pytest.mark.parametrize(
    "body", ["![](/a.png)", "a ![ ](/a.png 'title') b", "![](</a.png>)", "<img src='/a.png'>"]
)
def test_a_picture_without_alt_text_is_noticed_and_can_be_said_to_decorate(body):
    [point] = found(check.pictures_without_alt, body=body)

    assert body[point.at :].startswith(point.words)
    again = mended(point, {"body": body})
    assert 'alt=""' in again
    assert found(check.pictures_without_alt, body=again) == []


@pytest.mark.parametrize(
    "body",
    [
        "![A boat](/a.png)",
        '<img src="/a.png" alt="">',
        "`![](/a.png)`",
        "```\n![](/a.png)\n<img src='/a.png'>\n```",
        "<!-- <img src='/a.png'> -->",
        "``a ` ![](/a.png)``",
    ],
)
def test_a_picture_with_alt_text_or_in_code_is_none(body):
    assert found(check.pictures_without_alt, body=body) == []


def test_html_has_no_markdown_pictures_and_plain_text_has_none_at_all():
    assert found(check.pictures_without_alt, body="![](/a.png)", format="html") == []
    assert found(check.pictures_without_alt, body="<img src='/a.png'>", format="text") == []
    assert len(found(check.pictures_without_alt, body="<img src='/a.png'>", format="html")) == 1


@pytest.mark.parametrize(
    "body", ["see [](https://a.example/)", "[ ](/a 'b')", "<a href='/a'> </a>", "[][1]\n\n[1]: /a"]
)
def test_a_link_without_text_is_noticed(body):
    [point] = found(check.links_without_text, body=body)

    assert body[point.at :].startswith(point.words)


@pytest.mark.parametrize(
    "body",
    ["[a](/a)", "![](/a.png)", "`[](/a)`", "<a href='/a' aria-label='b'></a>", "<a id='x'></a>", "[]()a"[2:]],
)
def test_a_link_with_text_is_none(body):
    assert found(check.links_without_text, body=body) == []


@pytest.mark.parametrize(
    ("body", "again"),
    [
        ("### Deep", "## Deep"),
        ("## `One`\n\n#### Two *words* `x`", "## `One`\n\n### Two *words* `x`"),
        ("## One\n\n#### Two *words*", "## One\n\n### Two *words*"),
        ("## One\n\ntext\n\n##### Two ##", "## One\n\ntext\n\n### Two ##"),
    ],
)
def test_a_level_of_headings_left_out_is_noticed_and_mended(body, again):
    [point] = found(check.headings_out_of_step, body=body)

    assert body[point.at :].startswith(point.words)
    assert mended(point, {"body": body}) == again
    assert found(check.headings_out_of_step, body=again) == []


def test_a_heading_in_html_is_noticed_too():
    [point] = found(check.headings_out_of_step, body="<h2>A</h2><h4>B</h4>", format="html")

    assert (point.words, point.mend) == ("B", None)


@pytest.mark.parametrize(
    "body", ["## A\n\n### B\n\n## C", "# A\n\n## B", "```\n#### no\n```", "## A\n\n### B\n\n### C"]
)
def test_headings_in_step_are_none(body):
    assert found(check.headings_out_of_step, body=body) == []


def test_a_quotation_without_source_is_noticed():
    assert [point.field for point in found(check.quotations_without_source, Quotation, body="So.")] == [
        "source",
        "source_url",
    ]
    for known in ({"source_url": "https://a.example/"}, {"context": "in a letter"}):
        assert found(check.quotations_without_source, Quotation, source="Ada", **known) == []


def test_a_quotation_in_a_text_without_any_source_is_noticed():
    [point] = found(check.quotations_without_source, body="She said:\n\n> So it is.")

    assert point.words == "> So it is."


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Note, {"body": "> So.\n\n[Ada](https://a.example/)"}),
        (Note, {"body": "> So.\n> <cite>Ada</cite>"}),
        (Blogmark, {"body": "> So.", "link_url": "https://a.example/"}),
        (Note, {"body": "No > quotation"}),
    ],
)
def test_a_quotation_whose_source_is_somewhere_is_none(kind, values):
    assert found(check.quotations_without_source, kind, **values) == []


@pytest.mark.parametrize(
    ("new", "known"),
    [("boats", "boat"), ("Boat", "boats"), ("machinelearning", "machine-learning"), ("pyhton", "python")],
)
def test_a_new_tag_beside_one_nearly_equal_is_noticed(new, known):
    [point] = found(check.tags_nearly_the_same, tags=(new,), facts=Facts(tags=frozenset({known, "other"})))

    assert (point.mend.text, point.mend.replaces) == (known, new)


@pytest.mark.parametrize(
    ("new", "known"), [("boat", "boat"), ("Boat", "boat"), ("cat", "cut"), ("2023", "2024")]
)
def test_a_tag_in_use_or_like_no_other_is_none(new, known):
    assert found(check.tags_nearly_the_same, tags=(new,), facts=Facts(tags=frozenset({known}))) == []


def test_where_the_reader_came_from_is_suggested_as_via():
    facts = Facts(referrer="https://blog.example/post")

    [point] = found(check.no_via, Blogmark, facts, link_url="https://a.example/")

    assert (point.field, point.mend.text) == ("via_url", "https://blog.example/post")


@pytest.mark.parametrize(
    ("address", "suggested"),
    [
        ("https://a.example/?utm_source=blog.example", "https://blog.example/"),
        ("https://a.example/?ref=Blog.example", "https://blog.example/"),
        ("https://a.example/?utm_source=newsletter", None),
    ],
)
def test_who_an_address_names_is_suggested_as_via(address, suggested):
    [point] = found(check.no_via, Blogmark, link_url=address)

    assert (point.mend and point.mend.text) == suggested


@pytest.mark.parametrize(
    ("kind", "facts", "values"),
    [
        (Blogmark, Facts(), {"link_url": "https://a.example/"}),
        (Blogmark, Facts(referrer="https://b.example/"), {"via_url": "https://c.example/"}),
        (Blogmark, Facts(referrer="https://a.example/x"), {"link_url": "https://a.example/"}),
        (Note, Facts(referrer="https://b.example/"), {}),
        (Blogmark, Facts(), {"link_url": "https://["}),
    ],
)
def test_no_via_is_suggested_where_there_is_none(kind, facts, values):
    assert found(check.no_via, kind, facts, **values) == []


def test_a_slug_that_is_taken_says_which_one_is_free():
    facts = Facts(taken_by="The entry “Rain”", unused_slug="rain-2")

    [typed] = found(check.slug_taken, facts=facts, slug="rain")
    [made] = found(check.slug_taken, facts=facts)

    assert typed.mend.text == "rain-2"
    assert "“rain-2”" in made.message
    assert found(check.slug_taken, slug="rain") == []


def test_dead_and_redirecting_links_are_told_with_where_they_stand():
    link_problems = {
        "https://dead.example/": LinkProblem(problem="There is no such host."),
        "https://old.example/": LinkProblem(redirects_to="https://new.example/"),
    }
    body = "A [link](https://old.example/)."

    points = found(
        check.links_in_trouble,
        Blogmark,
        Facts(link_problems=link_problems),
        body=body,
        link_url="https://dead.example/",
    )

    assert [(point.field, point.words) for point in points] == [
        ("link_url", "https://dead.example/"),
        ("body", "https://old.example/"),
    ]
    assert mended(points[1], {"body": body}) == "A [link](https://new.example/)."


@pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds())
def test_no_check_stumbles_over_any_kind_or_any_text(kind):
    for body in ("", "\0", "```", "[" * 300, "<a href='", "<img", "#" * 50, "> " * 100, "![](" * 50):
        assert isinstance(check.findings(Draft(kind, {"body": body})), list)


def test_a_post_with_nothing_wrong_has_no_points():
    values = {"title": "Boats", "body": "## Floating\n\n[How](https://a.example/) ![A boat](/a.png)"}

    assert check.findings(Draft(Entry, values, ("boats",), Facts(tags=frozenset({"boats"})))) == []


@pytest.mark.parametrize(
    "text", ["[ ](" * 20_000, "`" * 100_000, "<a href " * 20_000, "![ ](" * 20_000, "~~~\n" * 9_000]
)
def test_a_text_that_nobody_meant_takes_no_long_time(text):
    draft = Draft(Note, {"body": text})

    for test in (check.pictures_without_alt, check.links_without_text):
        assert list(test(draft)) == []
