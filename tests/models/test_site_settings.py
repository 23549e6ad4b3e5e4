"""The settings that the author edits."""

import pytest
from django.core.exceptions import ValidationError

from blog.models import SiteSettings
from tests.factories import set_site

pytestmark = pytest.mark.django_db


def test_there_is_one_row_made_when_first_asked_for(django_assert_num_queries):
    SiteSettings.load()

    with django_assert_num_queries(1):
        site = SiteSettings.load()

    assert site.title == "Weblog"
    assert SiteSettings.objects.count() == 1


def test_a_second_row_replaces_the_first():
    SiteSettings.load()

    SiteSettings(title="Another").save()

    assert SiteSettings.objects.get().title == "Another"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("time_zone", "Mars/Olympus", "not the name of a time zone"),
        ("time_zone", "CEST", "not the name of a time zone"),
        ("time_zone", "../UTC", "not the name of a time zone"),
        ("language", "klingon!", "not the code of a language"),
        ("links", "https://example.com", "a name, a space and an address"),
        ("links", "Elsewhere example", "valid URL"),
        ("links", "Elsewhere javascript:alert(1)", "valid URL"),
        ("embed_hosts", "example.com; script-src *", "not a host name"),
        ("embed_hosts", "https://example.com", "not a host name"),
        ("embed_hosts", "*", "not a host name"),
    ],
)
def test_what_the_site_could_not_use_is_refused(field, value, said):
    site = SiteSettings(**{field: value})

    with pytest.raises(ValidationError) as caught:
        site.full_clean()

    assert said in caught.value.message_dict[field][0]


def test_what_an_author_would_write_is_taken():
    site = SiteSettings(
        time_zone="America/Argentina/Buenos_Aires",
        language="pt-br",
        links="A social site https://social.example/@me\n\nCode https://code.example/me",
        embed_hosts="video.example  player.video.example",
    )

    site.full_clean()

    assert site.profile_links == [
        {"label": "A social site", "url": "https://social.example/@me"},
        {"label": "Code", "url": "https://code.example/me"},
    ]


def test_the_footer_is_rendered_when_it_is_written():
    set_site(footer="By *me*.")

    assert "<em>me</em>" in SiteSettings.load().footer_html
