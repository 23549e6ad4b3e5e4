"""Posts in another language than the site's."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from lxml import etree

from blog.models import Post, Revision
from tests.factories import FACTORIES, make_entry, make_note, make_series, set_site, utc
from tests.feeds.reading import NAMES, fetch, fetch_json
from tests.helpers.browsing import visit
from tests.helpers.writing import edit, write

NOON = utc(2024, 6, 8)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Post.kinds())
def test_posts_of_every_kind_are_marked_with_their_language(client, kind):
    post = FACTORIES[kind](language="he", published=NOON)

    for path in ("/", "/2024/Jun/8/", post.get_absolute_url()):
        [article] = visit(client, path).select("article")
        assert (article["lang"], article["dir"]) == ("he", "rtl")
        assert article.select_one("p.meta")["lang"] == "en"


@pytest.mark.django_db
def test_a_post_without_a_language_is_not_marked(client):
    post = make_note(published=NOON)

    [article] = visit(client, post.get_absolute_url()).select("article")

    assert not article.has_attr("lang")
    assert not article.select_one("p.meta").has_attr("lang")


@pytest.mark.django_db
def test_titles_in_lists_are_marked_with_their_language(client):
    series = make_series()
    german = make_entry(title="Regen", language="de", series=series, published=NOON)
    other = make_entry(series=series, published=utc(2024, 6, 9))

    page = visit(client, other.get_absolute_url())
    year = visit(client, "/2024/")
    missing = visit(client, "/2023/Jan/1/regen/", status=404)

    for found in (page.select_one(".recent a"), missing.select_one(".titles a")):
        assert (found["href"], found["lang"]) == (german.get_absolute_url(), "de")
    assert page.select_one("a[rel=prev] [lang=de]").get_text() == "Regen"
    assert page.select_one("section.series li")["lang"] == "de"
    assert year.select_one(".titles a[lang=de]")["href"] == german.get_absolute_url()


@pytest.mark.django_db
def test_metadata_names_the_language_of_the_post(client):
    post = make_entry(language="de")

    page = visit(client, post.get_absolute_url())

    assert page.html["lang"] == "en"
    assert page.select_one("meta[property='og:locale']")["content"] == "de_DE"
    assert json.loads(page.select_one("script[type='application/ld+json']").string)["inLanguage"] == "de"


@pytest.mark.django_db
def test_an_unknown_locale_is_left_out(client):
    set_site(language="tlh")

    assert visit(client, "/").select("meta[property='og:locale']") == []


@pytest.mark.django_db
def test_feeds_name_the_language_of_a_post(client):
    make_entry(title="Rain", published=NOON)
    make_entry(title="Regen", language="de", published=utc(2024, 6, 9))

    atom = fetch(client).findall("atom:entry", NAMES)
    rss = etree.fromstring(client.get("/rss/everything/").content).findall("channel/item")
    items = fetch_json(client, "/json/everything/")["items"]

    assert [entry.get(XML_LANG) for entry in atom] == ["de", None]
    assert [item.findtext("dc:language", namespaces=NAMES) for item in rss] == ["de", None]
    assert [item.get("language") for item in items] == ["de", None]


@pytest.mark.django_db
def test_changing_the_language_makes_a_revision_but_does_not_notify_readers(admin_client, time_machine):
    post = write(admin_client, "note", language="de")
    time_machine.move_to(post.published + timedelta(hours=1))

    changed = edit(admin_client, post, language="fr")

    assert (post.language, changed.language) == ("de", "fr")
    assert changed.updated == post.updated
    assert [revision.fields["language"] for revision in Revision.objects.order_by("pk")] == ["de", "fr"]


@pytest.mark.django_db
def test_an_invalid_language_code_is_refused():
    post = make_note()
    post.language = "Deutsch!"

    with pytest.raises(ValidationError, match="is not a language code"):
        post.full_clean()


@pytest.mark.django_db
def test_a_revision_from_before_languages_equals_the_same_text():
    post = make_note()
    Revision.record(post)
    [revision] = Revision.objects.all()
    del revision.fields["language"]
    revision.save()

    Revision.record(post)

    assert Revision.objects.count() == 1
