"""The capture form: how it is filled in, and the posts it makes."""

from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from blog.admin.writing.capture import OPTIONAL_FIELDS
from blog.authoring.capture import capturable_kinds
from blog.models import Blogmark, Note, Post, Quotation, Revision
from blog.remote.fetching import FetchError, Response
from tests.factories import make_blogmark, make_entry, make_note, utc
from tests.helpers.browsing import fill_in, parse, submit, text, texts, visit

pytestmark = pytest.mark.django_db

PAGE = "https://example.com/boats"
QUERY = {"url": PAGE, "title": "Boats", "text": "They float.", "via": "https://example.org/", "author": "Ada"}


def capture(client, path_query=QUERY, **changes):
    """Open the form with this query, change these fields, publish, and return the response."""
    [form] = visit(client, f"/admin/capture/?{urlencode(path_query)}").select("#capture")
    return client.post("/admin/capture/", fill_in(form) | {"save": "publish"} | changes)


def shown(page, name):
    control = page.select_one(f"#capture [name={name}]")
    return control.get_text().removeprefix("\n") if control.name == "textarea" else control.get("value", "")


def test_the_form_is_filled_in_from_the_query(admin_client):
    page = visit(admin_client, f"/admin/capture/?{urlencode(QUERY)}")

    assert {name: shown(page, name) for name in ("url", "title", "text", "via_url", "author")} == {
        "url": PAGE,
        "title": "Boats",
        "text": "> They float.",
        "via_url": "https://example.org/",
        "author": "Ada",
    }
    assert page.select_one("[name=kind][checked]")["value"] == "blogmark"
    assert texts(page, ".capture-kinds kbd") == [f"Alt {n}" for n in range(1, len(capturable_kinds()) + 1)]
    assert texts(page, ".capture-buttons button") == ["Publish Ctrl Enter", "Save as draft Ctrl S"]


@pytest.mark.parametrize("kind", capturable_kinds())
def test_the_first_revision_records_author_and_text(admin_client, admin_user, kind):
    capture(admin_client, kind=kind, tags="sea")

    revision = Revision.objects.get(post=Post.objects.get())
    assert (revision.author, revision.fields["tags"]) == (admin_user, ["sea"])
    assert "They float." in revision.fields["body"]


def test_a_link_is_published(admin_client, client):
    response = capture(admin_client, text="Worth it.\n\n> They float.", tags="boats, sea")

    post = Blogmark.objects.get()
    assert (post.link_url, post.link_title, post.via_url) == (PAGE, "Boats", "https://example.org/")
    assert "<blockquote>" in post.html
    assert [tag.name for tag in post.tags.all()] == ["boats", "sea"]
    page = visit(admin_client, response["Location"])
    assert post.get_absolute_url() in [link["href"] for link in page.select("#content a")]
    assert client.get(post.get_absolute_url()).status_code == 200
    assert LogEntry.objects.get().object_id == str(post.pk)


@pytest.mark.parametrize(("query", "source"), [(QUERY, "Ada"), (QUERY | {"author": ""}, "Boats")])
def test_a_quotation_is_published_without_scripts(admin_client, query, source):
    """The server recomposes the text, which was shown as that of a link."""
    capture(admin_client, query, kind="quotation")

    post = Quotation.objects.get()
    assert (post.body, post.source, post.source_url) == ("They float.", source, PAGE)


def test_a_note_is_published_without_scripts(admin_client):
    capture(admin_client, kind="note", text="I say:\n\n> They float.")

    assert Note.objects.get().body == f"I say:\n\n[Boats]({PAGE})\n\n> They float."


@pytest.mark.parametrize("kind", capturable_kinds())
def test_a_captured_draft_is_not_public(admin_client, client, kind):
    response = capture(admin_client, kind=kind, save="draft", author="Ada")

    post = Post.objects.get()
    assert post.is_draft
    assert post.kind == kind
    assert client.get(post.get_absolute_url()).status_code == 404
    assert "Only authors can see it" in text(visit(admin_client, response["Location"]).select_one("#content"))


@pytest.mark.parametrize("kind", capturable_kinds())
def test_the_form_offers_the_kind_and_hides_the_fields_that_it_does_not_use(admin_client, kind):
    page = visit(admin_client, "/admin/capture/")

    [radio] = page.select(f"[name=kind][value={kind}]")
    rules = Post.kinds()[kind].capture_rules
    assert radio["data-style"] == rules.style
    assert set(radio["data-unused"].split()) == set(OPTIONAL_FIELDS) - set(rules.fields.values())


@pytest.mark.parametrize("kind", sorted(Post.kinds().keys() - capturable_kinds().keys()))
def test_a_kind_without_capture_rules_is_not_offered(admin_client, kind):
    assert not visit(admin_client, "/admin/capture/").select(f"[name=kind][value={kind}]")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"via_url": "no address"}, "via_url"),
        ({"kind": "quotation", "text": ""}, "text"),
        ({"kind": "quotation", "author": "", "title": ""}, "author"),
        ({"kind": "quotation", "author": "x" * 256}, "author"),
        ({"kind": "note", "text": " "}, "text"),
        ({"tags": "x" * 200}, "tags"),
    ],
)
def test_an_invalid_form_shows_its_errors_and_keeps_what_was_typed(admin_client, changes, field):
    typed = {"text": "My words.", "tags": "boats", "context": "In 1843", "via_title": "Harbour"} | changes

    response = capture(admin_client, **typed)

    page = parse(response)
    assert response.status_code == 200
    assert texts(page, f".field-{field} .errorlist li")
    values = {name: shown(page, name) for name in typed if name != "kind"}
    assert values == {name: value for name, value in typed.items() if name != "kind"}
    assert page.select_one("[name=kind][checked]")["value"] == changes.get("kind", "blogmark")
    assert not Post.objects.exists()


def test_a_long_text_is_accepted(admin_client):
    capture(admin_client, text="word " * 50_000)

    assert Blogmark.objects.get().word_count == 50_000


def test_a_url_without_scheme_gets_https(admin_client):
    capture(admin_client, url="example.com/ships")

    assert Blogmark.objects.get().link_url == "https://example.com/ships"


def test_the_query_survives_a_login(client, django_user_model):
    django_user_model.objects.create_superuser("author", password="swordfish")
    path = f"/admin/capture/?{urlencode(QUERY | {'text': 'Ünïcode & more?'})}"

    login = client.get(path)
    response = submit(client, login["Location"], "#login-form", username="author", password="swordfish")

    assert response["Location"] == path
    assert shown(visit(client, path), "text") == "> Ünïcode & more?"


def test_a_form_submitted_after_the_session_expired_is_shown_again(admin_client):
    make_blogmark(link_url=PAGE, link_title="A secret draft", is_draft=True)
    [form] = visit(admin_client, f"/admin/capture/?{urlencode(QUERY)}").select("#capture")
    typed = fill_in(form) | {
        "kind": "quotation",
        "tags": "boats, sea",
        "context": "In 1843",
        "save": "publish",
    }
    admin_client.logout()

    response = admin_client.post("/admin/capture/", typed)

    page = parse(response)
    assert "You were logged out" in text(page.select_one(".errornote"))
    assert shown(page, "text") == "They float."
    assert (shown(page, "tags"), shown(page, "context"), shown(page, "url")) == (
        "boats, sea",
        "In 1843",
        PAGE,
    )
    assert "secret" not in response.content.decode()
    assert Post.objects.count() == 1


@pytest.mark.parametrize("path", ["", "fetch/", "earlier/", "done/1/"])
def test_every_page_is_for_authors_only(client, django_user_model, path):
    assert client.get(f"/admin/capture/{path}").status_code in {302, 401}
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.get(f"/admin/capture/{path}").status_code in {302, 403}
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.get(f"/admin/capture/{path}").status_code == 403


def test_only_kinds_that_the_user_may_add_are_offered(client, django_user_model):
    user = django_user_model.objects.create_user("helper", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_note"))
    client.force_login(user)

    page = visit(client, f"/admin/capture/?{urlencode(QUERY)}")
    capture(client, kind="blogmark")

    assert [radio["value"] for radio in page.select("[name=kind]")] == ["note"]
    assert [post.kind for post in Post.objects.all()] == ["note"]


def test_a_post_of_another_kind_is_not_shown_as_done(client, django_user_model, give):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    give("helper", "add_note")
    post = make_blogmark(link_title="Secret plan", is_draft=True)

    assert client.get(f"/admin/capture/done/{post.pk}/").status_code == 404


def test_a_popup_leads_to_a_page_that_closes_it(admin_client):
    response = capture(admin_client, QUERY | {"popup": "1"})

    assert response["Location"].endswith("?popup=1")
    assert visit(admin_client, response["Location"]).select(".capture-close")


# Earlier posts


def test_earlier_posts_with_the_url_are_shown(admin_client):
    make_blogmark(
        link_url="http://www.example.com/boats/?utm_source=x#top", link_title="One", published=utc(2024, 6, 8)
    )
    make_note(title="Two", body=f"See [it]({PAGE}).", is_draft=True)
    make_entry(title="Three", body=f"See [it]({PAGE}).", published=utc(2999, 1, 1))
    make_blogmark(link_url="https://example.com/ships", link_title="Other", published=utc(2024, 7, 1))

    page = visit(admin_client, f"/admin/capture/?{urlencode(QUERY)}")

    found = texts(page, ".capture-earlier li")
    assert len(found) == 3
    assert "One link, 8 Jun 2024" in found
    assert any(line.startswith("Two note, draft of") for line in found)
    assert any(line.startswith("Three entry, scheduled for 1 Jan 2999") for line in found)
    assert (
        texts(page, ".capture-earlier p")[-1] == "2 posts linked to example.com, most recently on 1 Jul 2024."
    )


def test_the_same_url_can_be_posted_again(admin_client):
    make_blogmark(link_url=PAGE)

    capture(admin_client)

    assert Blogmark.objects.count() == 2


def test_the_endpoint_returns_the_same_list(admin_client):
    make_blogmark(link_url=PAGE, link_title="One")
    page = visit(admin_client, f"/admin/capture/?{urlencode(QUERY)}")

    response = admin_client.get(f"/admin/capture/earlier/?{urlencode({'url': PAGE})}").json()
    canonical = admin_client.get(
        "/admin/capture/earlier/", {"url": "https://a.example/", "canonical": PAGE}
    ).json()

    assert response["html"].split() == page.select_one(".capture-earlier").decode_contents().split()
    assert "One" in canonical["html"]
    assert "No post links to a.example yet." in canonical["html"]


@pytest.mark.parametrize(
    "url", ["", "x", "http://[", "http://a b/", "https://a%20b.example/", "javascript:1"]
)
def test_an_invalid_url_has_no_earlier_posts(admin_client, url):
    assert "linked" not in admin_client.get("/admin/capture/earlier/", {"url": url}).json()["html"]
    assert (
        admin_client.get("/admin/capture/", {"url": url, "title": url, "text": url, "via": url}).status_code
        == 200
    )


def test_the_number_of_queries_does_not_grow_with_the_posts(admin_client, django_assert_num_queries):
    def queries():
        with django_assert_num_queries(7):
            admin_client.get("/admin/capture/", QUERY)

    make_blogmark(link_url=PAGE)
    queries()
    for _ in range(20):
        make_blogmark(link_url=PAGE)
    queries()


# Page metadata


def answering(monkeypatch, html, url=PAGE):
    monkeypatch.setattr(
        "blog.admin.writing.capture.fetch", lambda asked: Response(url, "text/html", html.encode())
    )


def test_the_metadata_of_the_page_is_returned(admin_client, monkeypatch):
    answering(
        monkeypatch, "<title>Boats</title><meta name=author content=Ada><link rel=canonical href=/ships>"
    )

    response = admin_client.get("/admin/capture/fetch/", {"url": PAGE})

    assert "no-store" in response["Cache-Control"]
    assert response.json() == {
        "title": "Boats",
        "author": "Ada",
        "canonical": "https://example.com/ships",
        "description": "",
        "site": "",
    }


def test_a_redirect_gives_the_canonical_url(admin_client, monkeypatch):
    answering(monkeypatch, "<title>Boats</title>")

    response = admin_client.get("/admin/capture/fetch/", {"url": "https://short.example/x"})

    assert response.json()["canonical"] == PAGE


def test_the_problem_with_an_unreadable_page_is_returned(admin_client, monkeypatch):
    def refuse(url):
        raise FetchError("It took too long.")

    monkeypatch.setattr("blog.admin.writing.capture.fetch", refuse)

    assert admin_client.get("/admin/capture/fetch/", {"url": PAGE}).json() == {"problem": "It took too long."}


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/", "", "file:///etc/passwd"])
def test_internal_addresses_are_not_fetched(admin_client, url):
    assert "problem" in admin_client.get("/admin/capture/fetch/", {"url": url}).json()


# The publish check


def check(client, **typed):
    """The findings as (field, message, fix), where fix is (field, text) or None."""
    typed = {"kind": "blogmark", "url": PAGE, "title": "Boats"} | typed
    response = client.post("/admin/capture/check/", typed, content_type="application/json")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return [
        (found["field"], found["message"], found["fix"] and (found["fix"]["field"], found["fix"]["text"]))
        for found in response.json()["findings"]
    ]


@pytest.fixture
def web(monkeypatch):
    """{URL: where it redirects to, or an empty string if it does not respond}"""
    answers = {}

    def fetch(url):
        if url in answers and not answers[url]:
            raise FetchError("It took too long.")
        return Response(answers.get(url, url), "text/html", b"")

    monkeypatch.setattr("blog.remote.link_check.fetch", fetch)
    return answers


def test_findings_name_the_fields_of_this_form(admin_client, web):
    make_note(tags=["boats"])
    web |= {PAGE: "https://example.com/ships", "https://dead.example/": ""}

    text = "![](/a.png)\n\n[Dead](https://dead.example/)"
    findings = check(admin_client, text=text, tags="boat", url=f"{PAGE}?utm_source=friends.example")

    assert findings == [
        ("text", "An image has no alt text. Describe what it shows.", ("text", '<img src="/a.png" alt="">')),
        ("tags", "The tag “boat” is new. Did you mean “boats”?", ("tags", "boats")),
        (
            "via_url",
            "You seem to have found this through friends.example.",
            ("via_url", "https://friends.example/"),
        ),
        ("text", "https://dead.example/ may be dead. It took too long.", None),
    ]
    assert check(admin_client) == [
        ("url", f"{PAGE} redirects to https://example.com/ships.", ("url", "https://example.com/ships"))
    ]


def test_a_quotation_without_source_address_is_a_finding(admin_client, web):
    findings = check(admin_client, kind="quotation", text="Words.", author="Ada", url="", title="")

    assert findings == [
        ("url", "Neither the source address nor the context says where the words are from.", None),
    ]


def test_findings_that_cannot_be_fixed_in_this_form_are_left_out(admin_client, web):
    """The form has already reported an unreadable page, and it has no field for the slug."""
    capture(admin_client)
    web[PAGE] = ""

    assert check(admin_client) == []


@pytest.mark.parametrize("typed", [{"title": ""}, {"url": "javascript:alert(1)"}, {"kind": "note"}])
def test_an_invalid_form_has_no_findings(admin_client, web, typed):
    assert check(admin_client, **typed) == []


@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "\ud800", 1, None, ["a"]])
@pytest.mark.parametrize("field", ["url", "title", "text", "tags", "via_url"])
def test_odd_values_do_not_fail(admin_client, web, field, value):
    check(admin_client, **{field: value})


def test_a_page_that_was_fetched_is_not_fetched_again(admin_client, monkeypatch):
    answering(monkeypatch, "<title>Boats</title>")
    admin_client.get("/admin/capture/fetch/", {"url": "https://short.example/x"})
    monkeypatch.setattr("blog.remote.link_check.fetch", lambda url: pytest.fail(f"{url} is fetched again"))

    [finding] = check(admin_client, url="https://short.example/x")

    assert finding == ("url", f"https://short.example/x redirects to {PAGE}.", ("url", PAGE))


@pytest.mark.parametrize("content", ["[]", "{", '"a"'])
def test_a_malformed_body_is_a_bad_request(admin_client, content):
    response = admin_client.post("/admin/capture/check/", content, content_type="application/json")

    assert response.status_code == 400


def test_the_check_needs_the_permission_to_add_the_kind(client, django_user_model, give):
    asked = {"path": "/admin/capture/check/", "data": {"kind": "note"}, "content_type": "application/json"}
    assert client.post(**asked).status_code == 401
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    give("helper", "add_blogmark")
    assert client.post(**asked).status_code == 403
    give("helper", "add_note")

    client.force_login(django_user_model.objects.get())

    assert client.post(**asked).status_code == 200


def test_the_check_needs_a_csrf_token(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    response = client.post("/admin/capture/check/", {"kind": "note"}, content_type="application/json")

    assert response.status_code == 403


# The bookmarklet


def test_the_dashboard_offers_the_bookmarklet(admin_client):
    [link] = visit(admin_client, "/admin/").select("a.bookmarklet")

    assert link["href"].startswith("javascript:(()%20=%3E")
    assert "%22http://testserver/admin/capture/%22" in link["href"]
    assert not {" ", "\n", '"', "<", ">"} & set(link["href"])


def test_the_bookmarklet_is_not_offered_without_permission(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))

    assert not visit(client, "/admin/").select("a.bookmarklet")
