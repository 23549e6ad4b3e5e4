"""From a page of the web to a post: the capture form, what it tells and what it makes."""

from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from blog.models import Blogmark, Note, Post, Quotation, Revision
from blog.remote.fetching import FetchError, Response
from tests.factories import make_blogmark, make_entry, make_note, utc
from tests.helpers.browsing import fill_in, parse, submit, text, texts, visit

pytestmark = pytest.mark.django_db

PAGE = "https://example.com/boats"
TOLD = {"url": PAGE, "title": "Boats", "text": "They float.", "via": "https://example.org/", "author": "Ada"}


def capture(client, path_query=TOLD, **changes):
    """Opens the form with this query, changes these fields and publishes. Gives the answer."""
    [form] = visit(client, f"/admin/capture/?{urlencode(path_query)}").select("#capture")
    return client.post("/admin/capture/", fill_in(form) | {"save": "publish"} | changes)


def shown(page, name):
    control = page.select_one(f"#capture [name={name}]")
    return control.get_text().removeprefix("\n") if control.name == "textarea" else control.get("value", "")


def test_the_form_is_filled_in(admin_client):
    page = visit(admin_client, f"/admin/capture/?{urlencode(TOLD)}")

    assert {name: shown(page, name) for name in ("url", "title", "text", "via_url", "author")} == {
        "url": PAGE,
        "title": "Boats",
        "text": "> They float.",
        "via_url": "https://example.org/",
        "author": "Ada",
    }
    assert page.select_one("[name=kind][checked]")["value"] == "blogmark"
    assert texts(page, ".capture-kinds kbd") == ["Alt 1", "Alt 2", "Alt 3"]
    assert texts(page, ".capture-buttons button") == ["Publish Ctrl Enter", "Save as draft Ctrl S"]


@pytest.mark.parametrize("kind", ["blogmark", "quotation", "note"])
def test_who_captured_it_and_what_it_said_is_kept(admin_client, admin_user, kind):
    capture(admin_client, kind=kind, tags="sea")

    kept = Revision.objects.get(post=Post.objects.get())
    assert (kept.author, kept.fields["tags"]) == (admin_user, ["sea"])
    assert "They float." in kept.fields["body"]


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


@pytest.mark.parametrize(("told", "source"), [(TOLD, "Ada"), (TOLD | {"author": ""}, "Boats")])
def test_a_quotation_is_published_without_any_script(admin_client, told, source):
    """The radio button alone decides: the text was shown as that of a link."""
    capture(admin_client, told, kind="quotation")

    post = Quotation.objects.get()
    assert (post.body, post.source, post.source_url) == ("They float.", source, PAGE)


def test_a_note_is_published_without_any_script(admin_client):
    capture(admin_client, kind="note", text="I say:\n\n> They float.")

    assert Note.objects.get().body == f"I say:\n\n[Boats]({PAGE})\n\n> They float."


@pytest.mark.parametrize("kind", ["blogmark", "quotation", "note"])
def test_a_draft_is_seen_by_nobody_else(admin_client, client, kind):
    response = capture(admin_client, kind=kind, save="draft", author="Ada")

    post = Post.objects.get()
    assert post.is_draft
    assert post.kind == kind
    assert client.get(post.get_absolute_url()).status_code == 404
    assert "for you alone" in text(visit(admin_client, response["Location"]).select_one("#content"))


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
def test_a_mistake_is_marked_and_nothing_typed_is_lost(admin_client, changes, field):
    typed = {"text": "My words.", "tags": "boats", "context": "In 1843", "via_title": "Harbour"} | changes

    response = capture(admin_client, **typed)

    page = parse(response)
    assert response.status_code == 200
    assert texts(page, f".field-{field} .errorlist li")
    kept = {name: shown(page, name) for name in typed if name != "kind"}
    assert kept == {name: value for name, value in typed.items() if name != "kind"}
    assert page.select_one("[name=kind][checked]")["value"] == changes.get("kind", "blogmark")
    assert not Post.objects.exists()


def test_a_text_may_be_long(admin_client):
    capture(admin_client, text="word " * 50_000)

    assert Blogmark.objects.get().word_count == 50_000


def test_an_address_without_its_scheme_is_completed(admin_client):
    capture(admin_client, url="example.com/ships")

    assert Blogmark.objects.get().link_url == "https://example.com/ships"


def test_who_has_to_log_in_first_finds_the_form_filled_in(client, django_user_model):
    django_user_model.objects.create_superuser("author", password="swordfish")
    path = f"/admin/capture/?{urlencode(TOLD | {'text': 'Ünïcode & more?'})}"

    login = client.get(path)
    response = submit(client, login["Location"], "#login-form", username="author", password="swordfish")

    assert response["Location"] == path
    assert shown(visit(client, path), "text") == "> Ünïcode & more?"


def test_who_was_logged_out_meanwhile_loses_nothing(admin_client):
    make_blogmark(link_url=PAGE, link_title="A secret draft", is_draft=True)
    [form] = visit(admin_client, f"/admin/capture/?{urlencode(TOLD)}").select("#capture")
    typed = fill_in(form) | {
        "kind": "quotation",
        "tags": "boats, sea",
        "context": "In 1843",
        "save": "publish",
    }
    admin_client.logout()

    response = admin_client.post("/admin/capture/", typed)

    page = parse(response)
    assert "You have been logged out" in text(page.select_one(".errornote"))
    assert shown(page, "text") == "They float."
    assert (shown(page, "tags"), shown(page, "context"), shown(page, "url")) == (
        "boats, sea",
        "In 1843",
        PAGE,
    )
    assert "secret" not in response.content.decode()
    assert Post.objects.count() == 1


@pytest.mark.parametrize("path", ["", "fetch/", "earlier/", "done/1/"])
def test_it_is_for_authors_alone(client, django_user_model, path):
    assert client.get(f"/admin/capture/{path}").status_code in {302, 401}
    client.force_login(django_user_model.objects.create_user("reader"))
    assert client.get(f"/admin/capture/{path}").status_code in {302, 403}
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    assert client.get(f"/admin/capture/{path}").status_code == 403


def test_who_may_only_add_notes_is_offered_notes(client, django_user_model):
    user = django_user_model.objects.create_user("helper", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_note"))
    client.force_login(user)

    page = visit(client, f"/admin/capture/?{urlencode(TOLD)}")
    capture(client, kind="blogmark")

    assert [radio["value"] for radio in page.select("[name=kind]")] == ["note"]
    assert [post.kind for post in Post.objects.all()] == ["note"]


def test_what_others_wrote_is_not_told(client, django_user_model, give):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    give("helper", "add_note")
    post = make_blogmark(link_title="Secret plan", is_draft=True)

    assert client.get(f"/admin/capture/done/{post.pk}/").status_code == 404


def test_a_popup_stays_one(admin_client):
    response = capture(admin_client, TOLD | {"popup": "1"})

    assert response["Location"].endswith("?popup=1")
    assert visit(admin_client, response["Location"]).select(".capture-close")


# What was linked before


def test_earlier_posts_with_the_address_are_shown(admin_client):
    make_blogmark(
        link_url="http://www.example.com/boats/?utm_source=x#top", link_title="One", published=utc(2024, 6, 8)
    )
    make_note(title="Two", body=f"See [it]({PAGE}).", is_draft=True)
    make_entry(title="Three", body=f"See [it]({PAGE}).", published=utc(2999, 1, 1))
    make_blogmark(link_url="https://example.com/ships", link_title="Other", published=utc(2024, 7, 1))

    page = visit(admin_client, f"/admin/capture/?{urlencode(TOLD)}")

    found = texts(page, ".capture-earlier li")
    assert len(found) == 3
    assert "One link, 8 Jun 2024" in found
    assert any(line.startswith("Two note, draft of") for line in found)
    assert any(line.startswith("Three entry, waiting for 1 Jan 2999") for line in found)
    assert texts(page, ".capture-earlier p")[-1] == "2 posts linked to example.com, the last on 1 Jul 2024."


def test_it_warns_and_does_not_forbid(admin_client):
    make_blogmark(link_url=PAGE)

    capture(admin_client)

    assert Blogmark.objects.count() == 2


def test_the_script_asks_for_the_same(admin_client):
    make_blogmark(link_url=PAGE, link_title="One")
    page = visit(admin_client, f"/admin/capture/?{urlencode(TOLD)}")

    answer = admin_client.get(f"/admin/capture/earlier/?{urlencode({'url': PAGE})}").json()
    canonical = admin_client.get(
        "/admin/capture/earlier/", {"url": "https://a.example/", "canonical": PAGE}
    ).json()

    assert answer["html"].split() == page.select_one(".capture-earlier").decode_contents().split()
    assert "One" in canonical["html"]
    assert "No post links to a.example yet." in canonical["html"]


@pytest.mark.parametrize(
    "url", ["", "x", "http://[", "http://a b/", "https://a%20b.example/", "javascript:1"]
)
def test_what_is_no_address_was_not_linked(admin_client, url):
    assert "before" not in admin_client.get("/admin/capture/earlier/", {"url": url}).json()["html"]
    assert (
        admin_client.get("/admin/capture/", {"url": url, "title": url, "text": url, "via": url}).status_code
        == 200
    )


def test_it_costs_the_same_whatever_the_number_of_posts(admin_client, django_assert_num_queries):
    def queries():
        with django_assert_num_queries(7):
            admin_client.get("/admin/capture/", TOLD)

    make_blogmark(link_url=PAGE)
    queries()
    for _ in range(20):
        make_blogmark(link_url=PAGE)
    queries()


# What the page says of itself


def answering(monkeypatch, html, url=PAGE):
    monkeypatch.setattr(
        "blog.admin.writing.capture.fetch", lambda asked: Response(url, "text/html", html.encode())
    )


def test_the_page_is_asked(admin_client, monkeypatch):
    answering(
        monkeypatch, "<title>Boats</title><meta name=author content=Ada><link rel=canonical href=/ships>"
    )

    answer = admin_client.get("/admin/capture/fetch/", {"url": PAGE})

    assert "no-store" in answer["Cache-Control"]
    assert answer.json() == {
        "title": "Boats",
        "author": "Ada",
        "canonical": "https://example.com/ships",
        "description": "",
        "site": "",
    }


def test_where_it_redirected_to_is_its_address(admin_client, monkeypatch):
    answering(monkeypatch, "<title>Boats</title>")

    answer = admin_client.get("/admin/capture/fetch/", {"url": "https://short.example/x"})

    assert answer.json()["canonical"] == PAGE


def test_a_page_that_cannot_be_read_is_said_so(admin_client, monkeypatch):
    def refuse(url):
        raise FetchError("It took too long.")

    monkeypatch.setattr("blog.admin.writing.capture.fetch", refuse)

    assert admin_client.get("/admin/capture/fetch/", {"url": PAGE}).json() == {"problem": "It took too long."}


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/", "", "file:///etc/passwd"])
def test_the_inside_is_not_asked(admin_client, url):
    assert "problem" in admin_client.get("/admin/capture/fetch/", {"url": url}).json()


# What may have been forgotten


def check(client, **typed):
    """The findings as (field, message, fix), where fix is (field, text) or None."""
    typed = {"kind": "blogmark", "url": PAGE, "title": "Boats"} | typed
    answer = client.post("/admin/capture/check/", typed, content_type="application/json")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return [
        (found["field"], found["message"], found["fix"] and (found["fix"]["field"], found["fix"]["text"]))
        for found in answer.json()["findings"]
    ]


@pytest.fixture
def web(monkeypatch):
    """What addresses lead to, or that they do not answer."""
    answers = {}

    def fetch(url):
        if url in answers and not answers[url]:
            raise FetchError("It took too long.")
        return Response(answers.get(url, url), "text/html", b"")

    monkeypatch.setattr("blog.remote.link_check.fetch", fetch)
    return answers


def test_what_may_have_been_forgotten_is_told_of_the_fields_of_this_form(admin_client, web):
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


def test_a_quotation_without_its_address_is_told(admin_client, web):
    findings = check(admin_client, kind="quotation", text="Words.", author="Ada", url="", title="")

    assert findings == [
        ("url", "Neither the source address nor the context says where the words are from.", None),
    ]


def test_what_cannot_be_mended_in_this_form_is_not_told(admin_client, web):
    """That the page cannot be read is said already, and it has no field for the slug."""
    capture(admin_client)
    web[PAGE] = ""

    assert check(admin_client) == []


@pytest.mark.parametrize("typed", [{"title": ""}, {"url": "javascript:alert(1)"}, {"kind": "note"}])
def test_what_is_not_valid_yet_is_left_to_saving(admin_client, web, typed):
    assert check(admin_client, **typed) == []


@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "\ud800", 1, None, ["a"]])
@pytest.mark.parametrize("field", ["url", "title", "text", "tags", "via_url"])
def test_odd_values_are_no_errors(admin_client, web, field, value):
    check(admin_client, **{field: value})


def test_a_page_that_was_read_is_not_asked_again(admin_client, monkeypatch):
    answering(monkeypatch, "<title>Boats</title>")
    admin_client.get("/admin/capture/fetch/", {"url": "https://short.example/x"})
    monkeypatch.setattr("blog.remote.link_check.fetch", lambda url: pytest.fail(f"{url} is asked again"))

    [finding] = check(admin_client, url="https://short.example/x")

    assert finding == ("url", f"https://short.example/x redirects to {PAGE}.", ("url", PAGE))


@pytest.mark.parametrize("content", ["[]", "{", '"a"'])
def test_what_is_no_form_is_refused(admin_client, content):
    answer = admin_client.post("/admin/capture/check/", content, content_type="application/json")

    assert answer.status_code == 400


def test_only_who_may_capture_a_kind_has_it_checked(client, django_user_model, give):
    asked = {"path": "/admin/capture/check/", "data": {"kind": "note"}, "content_type": "application/json"}
    assert client.post(**asked).status_code == 401
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))
    give("helper", "add_blogmark")
    assert client.post(**asked).status_code == 403
    give("helper", "add_note")

    client.force_login(django_user_model.objects.get())

    assert client.post(**asked).status_code == 200


def test_another_site_cannot_have_one_checked(admin_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    answer = client.post("/admin/capture/check/", {"kind": "note"}, content_type="application/json")

    assert answer.status_code == 403


# The way there


def test_the_first_page_offers_the_bookmarklet(admin_client):
    [link] = visit(admin_client, "/admin/").select("a.bookmarklet")

    assert link["href"].startswith("javascript:(()%20=%3E")
    assert "%22http://testserver/admin/capture/%22" in link["href"]
    assert not {" ", "\n", '"', "<", ">"} & set(link["href"])


def test_who_may_not_post_is_not_offered_it(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("helper", is_staff=True))

    assert not visit(client, "/admin/").select("a.bookmarklet")
