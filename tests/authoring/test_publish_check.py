"""The checks before a post is published."""

import pytest

from blog.authoring import publish_check as check
from blog.authoring.publish_check import Draft, Facts
from blog.models import Blogmark, Entry, Note, Post, Quotation
from blog.remote.link_check import LinkProblem


def found(check, kind=Note, facts=None, tags=(), **values):
    return list(check(Draft(kind, values, tags, facts or Facts())))


def fixed(finding, values):
    """The value of the field after the fix is applied."""
    fix = finding.fix
    old = values.get(fix.field, "")
    return old.replace(fix.replaces, fix.text, 1) if fix.replaces else fix.text


@pytest.mark.parametrize(
    "body", ["![](/a.png)", "a ![ ](/a.png 'title') b", "![](</a.png>)", "<img src='/a.png'>"]
)
def test_an_image_without_alt_text_is_found_and_can_be_marked_as_decorative(body):
    [finding] = found(check.images_without_alt, body=body)

    assert body[finding.position :].startswith(finding.excerpt)
    after = fixed(finding, {"body": body})
    assert 'alt=""' in after
    assert found(check.images_without_alt, body=after) == []


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
def test_an_image_with_alt_text_or_in_code_is_fine(body):
    assert found(check.images_without_alt, body=body) == []


def test_html_has_no_markdown_images_and_plain_text_has_none_at_all():
    assert found(check.images_without_alt, body="![](/a.png)", format="html") == []
    assert found(check.images_without_alt, body="<img src='/a.png'>", format="text") == []
    assert len(found(check.images_without_alt, body="<img src='/a.png'>", format="html")) == 1


@pytest.mark.parametrize(
    "body", ["see [](https://a.example/)", "[ ](/a 'b')", "<a href='/a'> </a>", "[][1]\n\n[1]: /a"]
)
def test_a_link_without_text_is_found(body):
    [finding] = found(check.links_without_text, body=body)

    assert body[finding.position :].startswith(finding.excerpt)


@pytest.mark.parametrize(
    "body",
    ["[a](/a)", "![](/a.png)", "`[](/a)`", "<a href='/a' aria-label='b'></a>", "<a id='x'></a>", "[]()a"[2:]],
)
def test_a_link_with_text_is_fine(body):
    assert found(check.links_without_text, body=body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("### Deep", "## Deep"),
        ("## `One`\n\n#### Two *words* `x`", "## `One`\n\n### Two *words* `x`"),
        ("## One\n\n#### Two *words*", "## One\n\n### Two *words*"),
        ("## One\n\ntext\n\n##### Two ##", "## One\n\ntext\n\n### Two ##"),
    ],
)
def test_a_skipped_heading_level_is_found_and_fixed(body, expected):
    [finding] = found(check.skipped_heading_levels, body=body)

    assert body[finding.position :].startswith(finding.excerpt)
    assert fixed(finding, {"body": body}) == expected
    assert found(check.skipped_heading_levels, body=expected) == []


def test_a_skipped_heading_level_in_html_is_found_too():
    [finding] = found(check.skipped_heading_levels, body="<h2>A</h2><h4>B</h4>", format="html")

    assert (finding.excerpt, finding.fix) == ("B", None)


@pytest.mark.parametrize(
    "body", ["## A\n\n### B\n\n## C", "# A\n\n## B", "```\n#### no\n```", "## A\n\n### B\n\n### C"]
)
def test_headings_without_skipped_levels_are_fine(body):
    assert found(check.skipped_heading_levels, body=body) == []


def test_a_quotation_without_a_source_is_found():
    assert [finding.field for finding in found(check.quotations_without_source, Quotation, body="So.")] == [
        "source",
        "source_url",
    ]
    for known in ({"source_url": "https://a.example/"}, {"context": "in a letter"}):
        assert found(check.quotations_without_source, Quotation, source="Ada", **known) == []


def test_a_blockquote_in_a_text_without_any_source_is_found():
    [finding] = found(check.quotations_without_source, body="She said:\n\n> So it is.")

    assert finding.excerpt == "> So it is."


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Note, {"body": "> So.\n\n[Ada](https://a.example/)"}),
        (Note, {"body": "> So.\n> <cite>Ada</cite>"}),
        (Blogmark, {"body": "> So.", "link_url": "https://a.example/"}),
        (Note, {"body": "No > quotation"}),
    ],
)
def test_a_blockquote_with_a_source_anywhere_is_fine(kind, values):
    assert found(check.quotations_without_source, kind, **values) == []


@pytest.mark.parametrize(
    ("new", "known"),
    [("boats", "boat"), ("Boat", "boats"), ("machinelearning", "machine-learning"), ("pyhton", "python")],
)
def test_a_new_tag_similar_to_an_existing_one_is_found(new, known):
    [finding] = found(check.near_duplicate_tags, tags=(new,), facts=Facts(tags=frozenset({known, "other"})))

    assert (finding.fix.text, finding.fix.replaces) == (known, new)


@pytest.mark.parametrize(
    ("new", "known"), [("boat", "boat"), ("Boat", "boat"), ("cat", "cut"), ("2023", "2024")]
)
def test_an_existing_or_distinct_tag_is_fine(new, known):
    assert found(check.near_duplicate_tags, tags=(new,), facts=Facts(tags=frozenset({known}))) == []


def test_the_referrer_is_suggested_as_via():
    facts = Facts(referrer="https://blog.example/post")

    [finding] = found(check.missing_via, Blogmark, facts, link_url="https://a.example/")

    assert (finding.field, finding.fix.text) == ("via_url", "https://blog.example/post")


@pytest.mark.parametrize(
    ("address", "suggested"),
    [
        ("https://a.example/?utm_source=blog.example", "https://blog.example/"),
        ("https://a.example/?ref=Blog.example", "https://blog.example/"),
        ("https://a.example/?utm_source=newsletter", None),
    ],
)
def test_a_referral_parameter_in_the_url_is_suggested_as_via(address, suggested):
    [finding] = found(check.missing_via, Blogmark, link_url=address)

    assert (finding.fix and finding.fix.text) == suggested


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
def test_no_via_is_suggested_without_a_referrer_from_another_site(kind, facts, values):
    assert found(check.missing_via, kind, facts, **values) == []


def test_a_taken_slug_comes_with_an_unused_one():
    facts = Facts(taken_by="The entry “Rain”", unused_slug="rain-2")

    [typed] = found(check.taken_slug, facts=facts, slug="rain")
    [made] = found(check.taken_slug, facts=facts)

    assert typed.fix.text == "rain-2"
    assert "“rain-2”" in made.message
    assert found(check.taken_slug, slug="rain") == []


def test_dead_and_redirecting_links_are_found_with_their_fields():
    link_problems = {
        "https://dead.example/": LinkProblem(message="The host name can't be found."),
        "https://old.example/": LinkProblem(redirects_to="https://new.example/"),
    }
    body = "A [link](https://old.example/)."

    findings = found(
        check.dead_or_moved_links,
        Blogmark,
        Facts(link_problems=link_problems),
        body=body,
        link_url="https://dead.example/",
    )

    assert [(finding.field, finding.excerpt) for finding in findings] == [
        ("link_url", "https://dead.example/"),
        ("body", "https://old.example/"),
    ]
    assert fixed(findings[1], {"body": body}) == "A [link](https://new.example/)."


@pytest.mark.parametrize("kind", Post.kinds().values(), ids=Post.kinds())
def test_no_check_fails_on_any_kind_or_odd_text(kind):
    for body in ("", "\0", "```", "[" * 300, "<a href='", "<img", "#" * 50, "> " * 100, "![](" * 50):
        assert isinstance(check.findings(Draft(kind, {"body": body})), list)


def test_a_flawless_post_has_no_findings():
    values = {"title": "Boats", "body": "## Floating\n\n[How](https://a.example/) ![A boat](/a.png)"}

    assert check.findings(Draft(Entry, values, ("boats",), Facts(tags=frozenset({"boats"})))) == []


@pytest.mark.parametrize(
    "text", ["[ ](" * 20_000, "`" * 100_000, "<a href " * 20_000, "![ ](" * 20_000, "~~~\n" * 9_000]
)
def test_pathological_texts_are_checked_in_linear_time(text):
    draft = Draft(Note, {"body": text})

    for run in (check.images_without_alt, check.links_without_text):
        assert list(run(draft)) == []
