"""The settings that the author edits."""

import pytest
from django.core.exceptions import ValidationError

from blog.caching.triggers import NO_VERSION
from blog.models import SiteSettings, SiteState, current_settings
from tests.factories import make_note, set_site, utc

pytestmark = pytest.mark.django_db


def test_the_row_is_created_on_first_use(django_assert_num_queries):
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
    ("field", "value", "message"),
    [
        ("time_zone", "Mars/Olympus", "is not a time zone"),
        ("time_zone", "CEST", "is not a time zone"),
        ("time_zone", "../UTC", "is not a time zone"),
        ("language", "klingon!", "is not a language code"),
        ("links", "https://example.com", "a name, a space and a URL"),
        ("links", "Elsewhere example", "valid URL"),
        ("links", "Elsewhere javascript:alert(1)", "valid URL"),
        ("embed_hosts", "example.com; script-src *", "not a host name"),
        ("embed_hosts", "https://example.com", "not a host name"),
        ("embed_hosts", "*", "not a host name"),
    ],
)
def test_invalid_settings_are_refused(field, value, message):
    site = SiteSettings(**{field: value})

    with pytest.raises(ValidationError) as caught:
        site.full_clean()

    assert message in caught.value.message_dict[field][0]


def test_valid_settings_are_accepted():
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


def test_the_footer_is_rendered_when_it_is_saved():
    set_site(footer="By *me*.")

    assert "<em>me</em>" in SiteSettings.load().footer_html


def test_settings_are_created_if_there_are_none():
    SiteSettings.objects.all().delete()

    assert SiteSettings.load().title == "Weblog"


def test_settings_and_state_are_loaded_with_one_query(django_assert_num_queries):
    set_site(title="A")

    with django_assert_num_queries(1):
        site = SiteSettings.load()
        assert (site.title, site.state.counts_by_year) == ("A", {})


def test_the_settings_are_shared_until_something_changes(django_assert_num_queries):
    set_site(title="A")
    before = current_settings()

    with django_assert_num_queries(1):
        assert current_settings() is before

    assert before.title == "A"


@pytest.mark.parametrize(
    "change",
    [
        lambda: set_site(title="B"),
        lambda: make_note(),
        lambda: SiteSettings.objects.update(footer_html="<p>By hand</p>"),
        lambda: SiteState.objects.update(next_due=utc(2999, 1, 1)),
        lambda: SiteState.objects.update(search_language="de"),
    ],
)
def test_the_settings_are_read_again_after_any_change(change):
    set_site(title="A")
    before = current_settings()

    change()

    assert current_settings() is not before
    assert current_settings().title == SiteSettings.load().title
    assert vars(current_settings().state).keys() == vars(SiteState.load()).keys()
    for field in SiteState._meta.concrete_fields:
        assert getattr(current_settings().state, field.attname) == getattr(SiteState.load(), field.attname)


def test_the_settings_are_read_each_time_while_there_are_no_triggers():
    set_site(title="A")
    SiteState.objects.update(version=NO_VERSION)

    assert current_settings() is not current_settings()
