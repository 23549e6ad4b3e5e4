"""Every word of the public pages and of the admin can be translated, and a German site is all German."""

import json
import re

import feedparser
import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from lxml import etree

from blog.models import FormerPermalink, PreviousTagName, SubscriberCount, Tag, TagMerge
from tests.factories import make_blogmark, make_note, make_quotation, set_site, utc
from tests.helpers import pseudolocale
from tests.helpers.browsing import parse, text, visit
from tests.helpers.catalogues import LOCALE, read_catalogue
from tests.helpers.public_urls import all_paths

pytestmark = pytest.mark.django_db


@pytest.fixture
def greek(monkeypatch):
    pseudolocale.install(monkeypatch)
    posts = pseudolocale.make_greek_site()
    FormerPermalink.objects.create(day=posts[0].day, slug="παλιό", post=None)
    PreviousTagName.record("πέλαγος", Tag.objects.get(name="θάλασσα"))
    return posts


def pages(client, paths):
    """Yield the path and the text of each HTML page among these paths."""
    for path in paths:
        response = client.get(path)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            yield path, response.content.decode()


SEARCHES = (
    "/search/?q=Πρώτα&tag=θάλασσα&year=2024",
    "/search/?q=ω* δεν&tag=όχι&type=όχι",
    "/tags/?all",
    "/entries/?page=2",
    "/2024/no-such-page/",
    "/%00/",
)


def test_every_word_of_public_pages_is_translatable(client, greek):
    found = dict(pages(client, [*all_paths(), *SEARCHES]))

    assert len(found) > 50
    assert {path: words for path, html in found.items() if (words := pseudolocale.untranslated(html))} == {}


def test_every_word_of_the_scripts_is_translatable(client, greek):
    page = visit(client, "/")

    words = json.loads(page.select_one("script#messages").string)
    assert len(words) > 1
    assert [word for word in words.values() if not word.startswith("⟦")] == []


def test_every_word_of_feed_titles_is_translatable(client, greek):
    opml = etree.fromstring(client.get(reverse("opml")).content).iter("outline")
    titles = [outline.get("text") for outline in opml]
    atom = feedparser.parse(client.get("/atom/everything-but-notes/").content)

    assert len(titles) > 10
    assert [words for title in titles if (words := pseudolocale.latin_words(title))] == []
    assert atom.feed.title == "Ιστολόγιο: ⟦Everything but ⟦notes⟧⟧"


@pytest.mark.parametrize("error", ["400", "403", "410", "500"])
def test_every_word_of_error_pages_is_translatable(rf, greek, error):
    with translation.override(pseudolocale.CODE):
        html = render_to_string(f"{error}.html", request=rf.get("/"))

    assert "⟦" in html
    assert pseudolocale.untranslated(html) == []


def author_pages(posts, request):
    """Yield the paths of the weblog's own admin pages, and of Django's pages for its models."""
    entry, tag = posts[0], Tag.objects.get(name="θάλασσα")
    merge = TagMerge.merge([Tag.objects.create(name="νερό")], tag)
    yield from ("/admin/", "/admin/capture/", f"/admin/capture/done/{posts[3].pk}/")
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label == "blog":
            name = f"admin:blog_{model._meta.model_name}"
            yield reverse(f"{name}_changelist")
            if model_admin.has_add_permission(request):
                yield reverse(f"{name}_add")
    for post in posts[:4]:
        for page in ("change", "history", "delete"):
            yield reverse(f"admin:blog_{post.kind}_{page}", args=[post.pk])
    for row in (tag, merge, entry.series):
        yield reverse(f"admin:blog_{row._meta.model_name}_change", args=[row.pk])
    yield from (reverse(f"admin:blog_tag_{tool}") for tool in ("bulk", "merge", "clean_up"))
    yield f"{reverse('admin:blog_tag_merge')}?tag={tag.pk}&tag={Tag.objects.get(name='στεριά').pk}"
    yield reverse("admin:blog_tag_delete", args=[tag.pk])


def test_every_word_of_the_admin_is_translatable(client, django_user_model, greek, rf):
    request = rf.get("/")
    request.user = django_user_model.objects.create_superuser("Άδα")
    client.force_login(request.user)
    SubscriberCount.objects.create(feed="/ροή/", service="Ροές", day=utc(2024, 6, 8).date(), number=7)
    paths = [*author_pages(greek, request)]

    found = dict(pages(client, paths))

    assert len(found) > 40
    assert {path: words for path, html in found.items() if (words := pseudolocale.untranslated(html))} == {}


@pytest.fixture
def german(client):
    set_site(language="de", time_zone="Europe/Berlin")
    published = utc(2024, 6, 8, 19, 43)
    return [
        make_blogmark(published=published, link_title="Titel", body="Text."),
        make_note(body="Ein Wort.", published=published, tags=["Ort"]),
        make_quotation(source="Ada", published=published),
    ]


GERMAN = (
    *("/", "/2024/", "/2024/Jun/", "/2024/Jun/8/", "/blogmarks/", "/quotations/", "/tags/", "/tags/ort/"),
    *(
        "/links/",
        "/links/example.com/",
        "/via/",
        "/series/",
        "/feeds/",
        "/search/",
        "/search/?q=wort",
        "/no/",
    ),
)


def english():
    """Yield the messages whose German translation differs."""
    for message in read_catalogue(LOCALE / "de/LC_MESSAGES/django.po"):
        if message.text not in message.translations:
            yield re.sub(r"%\(\w+\)s", "", message.text)


def test_a_german_site_has_no_english_words(client, german):
    words = {*english()} - {"Text", "Blog"}
    found = dict(pages(client, GERMAN))

    assert len(found) == len(GERMAN)
    for path, html in found.items():
        page = BeautifulSoup(html, "lxml")
        assert page.html["lang"] == "de", path
        said = {text(element) for element in page.select("body *") if not element.find_all(True)}
        assert not said & words, path


def test_a_german_site_has_german_dates(client, german):
    page = visit(client, "/2024/Jun/8/")

    assert text(page.h1) == "Samstag, 8. Juni 2024"
    assert text(page.select_one("time.dt-published")) == "21:43"
    assert text(page.select_one(".calendar caption")) == "Juni 2024"
    assert page.select_one(".calendar td a")["title"] == "1 Link, 1 Zitat, 1 Notiz"


def test_stored_headlines_are_in_the_language_of_the_site(client, german):
    headlines = [post.headline for post in german]

    assert headlines == ["Titel", "Notiz vom 8. Juni 2024", "Zitat: Ada"]


def test_urls_are_the_same_in_every_language(german):
    assert german[0].get_day_url() == "/2024/Jun/8/"


def test_the_accept_language_header_is_ignored(client, german):
    page = parse(client.get("/tags/", headers={"Accept-Language": "en"}))

    assert text(page.h1) == "Schlagwörter"


def test_requests_refused_by_middleware_get_a_page_in_the_language_of_the_site(client, german):
    page = visit(client, "/%00/", status=400)

    assert text(page.h1) == "Diese Adresse ist ungültig"


def test_the_500_page_is_in_the_language_of_the_site(client, german, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("blog.views.archives.Home.get_queryset", broken)
    client.raise_request_exception = False

    page = visit(client, "/", status=500)

    assert (page.html["lang"], text(page.h1)) == ("de", "Etwas ist schiefgegangen")


def test_the_admin_is_in_the_language_of_the_site(admin_client, german):
    page = visit(admin_client, "/admin/blog/note/add/")

    assert page.html["lang"] == "de"
    assert text(page.select_one("label[for=id_title]")) == "Titel:"
    assert "Vorschau zeigen" in admin_client.get("/admin/words.js").content.decode()


def test_an_untranslated_language_has_localised_dates_and_english_words(client):
    set_site(language="fr")
    make_note(published=utc(2024, 6, 8))

    page = visit(client, "/2024/Jun/8/")

    assert page.html["lang"] == "fr"
    assert text(page.h1) == "samedi, 8 juin 2024"
    assert text(page.select_one("a.skip-link")) == "Skip to content"


def test_help_texts_contain_no_markup():
    """The admin does not escape help texts."""
    fields = [field for model in apps.get_models() for field in model._meta.fields]

    helps = [str(field.help_text) for field in fields if field.model.__module__.startswith("blog.")]

    assert any(helps)
    assert [text for text in helps if "<" in text] == []
