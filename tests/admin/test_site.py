"""Site settings, pages, redirects, tags and series in the admin."""

import pytest
from django.urls import reverse

from blog.models import Page, Redirect, Series, SiteSettings, Tag
from tests.factories import make_entry, make_note, make_tag
from tests.helpers.browsing import fill_in, parse, submit, text, texts, visit

pytestmark = pytest.mark.django_db


def change_site(client, **typed):
    path = reverse("admin:blog_sitesettings_change", args=[SiteSettings.load().pk])
    return submit(client, path, form="#sitesettings_form", **typed)


def test_site_settings_show_on_public_pages(admin_client, client):
    response = change_site(admin_client, title="Tom & Jerry", author_name="J.", footer="By *hand*.")

    assert response.status_code == 302
    page = visit(client, "/")
    assert page.title.get_text() == "Tom & Jerry"
    assert "By hand." in text(page.footer)


def test_the_list_redirects_to_the_only_settings(admin_client):
    response = admin_client.get(reverse("admin:blog_sitesettings_changelist"), follow=True)

    assert response.redirect_chain == [(reverse("admin:blog_sitesettings_change", args=[1]), 302)]


@pytest.mark.parametrize("url", ["admin:blog_sitesettings_add", "admin:blog_sitesettings_delete"])
def test_site_settings_cannot_be_added_or_deleted(admin_client, url):
    SiteSettings.load()

    path = reverse(url, args=[1] if url.endswith("delete") else [])

    assert admin_client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("time_zone", "Mars/Olympus"),
        ("language", "no language"),
        ("links", "no address"),
        ("embed_hosts", "https://example.com/"),
    ],
)
def test_an_invalid_setting_is_refused_at_its_field(admin_client, field, typed):
    response = change_site(admin_client, **{field: typed})

    assert texts(parse(response), f".field-{field} .errorlist li")
    assert getattr(SiteSettings.load(), field) != typed


def test_a_page_can_be_added(admin_client, client):
    submit(
        admin_client, reverse("admin:blog_page_add"), form="#page_form",
        title="Colophon", slug="colophon", body="Made *by hand*.",
    )  # fmt: skip

    assert texts(visit(client, "/colophon/"), "main em") == ["by hand"]


@pytest.mark.parametrize("slug", ["about", "entries", "admin", "2024"])
def test_a_page_cannot_have_a_reserved_slug(admin_client, slug):
    response = submit(
        admin_client, reverse("admin:blog_page_add"), form="#page_form", title="Mine", slug=slug, body="Text."
    )

    assert texts(parse(response), ".field-slug .errorlist li")
    assert not Page.objects.filter(title="Mine").exists()


def test_a_redirect_can_be_added(admin_client, client):
    submit(
        admin_client,
        reverse("admin:blog_redirect_add"),
        form="#redirect_form",
        path="old.html",
        target="/about/",
    )

    assert client.get("/old.html")["Location"] == "/about/"


def test_a_path_has_only_one_redirect(admin_client):
    for _ in range(2):
        response = submit(
            admin_client, reverse("admin:blog_redirect_add"), form="#redirect_form", path="old", target="/"
        )

    assert texts(parse(response), ".errorlist li")
    assert Redirect.objects.count() == 1


def test_the_path_of_a_redirect_may_start_with_a_slash(admin_client, client):
    submit(
        admin_client, reverse("admin:blog_redirect_add"), form="#redirect_form",
        path="/old.html", target="https://example.com",
    )  # fmt: skip

    assert client.get("/old.html")["Location"] == "https://example.com"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("old", "javascript:alert(1)"),
        ("old", "//example.com/"),
        ("old", "new page"),
        ("old", "new"),
        ("old/", "/old/"),
        ("*", "/"),
    ],
)
def test_an_invalid_or_circular_redirect_is_refused(admin_client, path, target):
    response = submit(
        admin_client, reverse("admin:blog_redirect_add"), form="#redirect_form", path=path, target=target
    )

    assert texts(parse(response), ".field-target .errorlist li")
    assert not Redirect.objects.exists()


def test_a_tag_can_get_a_description_and_former_names(admin_client, client):
    make_note(tags=["sea"])
    path = reverse("admin:blog_tag_change", args=[Tag.objects.get().pk])
    [form] = visit(admin_client, path).select("#tag_form")
    added = {"previous_names-TOTAL_FORMS": "1", "previous_names-0-name": "ocean"}

    admin_client.post(path, fill_in(form, description="Salt *water*.") | added)

    assert texts(visit(client, "/tags/sea/"), "main em") == ["water"]
    assert client.get("/tags/ocean/")["Location"] == "/tags/sea/"


def test_deleting_a_tag_deletes_no_post(admin_client, client):
    post = make_entry(tags=["sea"])
    path = reverse("admin:blog_tag_delete", args=[Tag.objects.get().pk])

    submit(admin_client, path, form="#content form")

    assert not Tag.objects.exists()
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_series_with_posts_cannot_be_deleted(admin_client):
    submit(admin_client, reverse("admin:blog_series_add"), form="#series_form", title="The sea", slug="sea")
    series = Series.objects.get()
    make_note(series=series)

    page = visit(admin_client, reverse("admin:blog_series_delete", args=[series.pk]))

    assert "protected" in text(page.select_one("#content"))


@pytest.mark.parametrize("name", ["tag", "series", "page", "redirect"])
def test_every_list_can_be_searched(admin_client, name):
    make_tag("sea")

    path = reverse(f"admin:blog_{name}_changelist")

    visit(admin_client, path)
    visit(admin_client, f"{path}?q=sea")


def test_a_change_of_language_warns_that_search_must_be_rebuilt(admin_client):
    path = reverse("admin:blog_sitesettings_change", args=[1])

    change_site(admin_client, language="de")

    warning = "Search still uses the language “en”. Run the command rebuild_search to switch it."
    assert warning in texts(visit(admin_client, path), ".messagelist li")
