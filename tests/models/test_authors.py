"""The stored authors of public posts: filled once there are several, and kept up to date."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import Post, SiteState
from blog.models.authors import author_name, store_authors
from tests.factories import FACTORIES, make_note, saving_in_bulk, set_site, utc
from tests.helpers.browsing import submit

pytestmark = pytest.mark.django_db

ADA, BOB = {"username": "ada", "name": "Ada Lovelace"}, {"username": "bob", "name": "bob"}


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create(username="ada", first_name="Ada", last_name="Lovelace")


@pytest.fixture
def bob(django_user_model):
    return django_user_model.objects.create(username="bob")


@pytest.fixture
def both(ada, bob):
    """A public post by each. Returns what the site state has of their authors."""
    make_note(author=ada)
    make_note(author=bob)
    return {str(ada.pk): ADA, str(bob.pk): BOB}


def stored():
    return SiteState.load().authors


def test_a_single_author_is_not_stored(ada):
    make_note(author=ada)
    make_note()

    assert stored() == {}


def test_several_authors_are_stored_with_full_names_or_usernames(both):
    assert stored() == both


@pytest.mark.parametrize("kind", FACTORIES)
def test_posts_of_every_kind_have_authors(kind, ada, bob):
    FACTORIES[kind](author=ada)
    FACTORIES[kind](author=bob)

    assert [author["username"] for author in stored().values()] == ["ada", "bob"]


@pytest.mark.parametrize("fields", [{"is_draft": True}, {"published": utc(2999, 1, 1)}])
def test_an_author_without_public_posts_is_not_stored(fields, ada, bob):
    make_note(author=ada)
    make_note(author=bob, **fields)

    assert stored() == {}


def test_an_author_is_stored_when_a_draft_is_published_and_removed_when_it_is_withdrawn(ada, bob):
    make_note(author=ada)
    post = make_note(author=bob, is_draft=True)

    post.is_draft = False
    post.save()
    assert len(stored()) == 2

    post.is_draft = True
    post.save()
    assert stored() == {}


def test_an_author_is_stored_when_a_scheduled_post_is_published(ada, bob, time_machine):
    time_machine.move_to(utc(2024, 6, 8))
    make_note(author=ada, published=utc(2024, 6, 7))
    make_note(author=bob, published=utc(2024, 6, 9))

    time_machine.move_to(utc(2024, 6, 10))
    Post.publish_due()

    assert len(stored()) == 2


def test_a_post_can_change_its_author(ada, bob):
    post, _ = make_note(author=ada), make_note(author=ada)

    post.author = bob
    post.save()
    assert len(stored()) == 2

    post.author = None
    post.save()
    assert stored() == {}


def test_an_author_is_removed_with_the_last_post(ada, bob):
    make_note(author=ada)
    first, last = make_note(author=bob), make_note(author=bob)

    first.delete()
    assert len(stored()) == 2

    last.delete()
    assert stored() == {}


def test_an_imported_post_has_an_author(ada, bob):
    make_note(author=ada)
    post = make_note()

    post.author = bob
    post.save_imported(set_site())

    assert len(stored()) == 2


def test_posts_saved_in_bulk_have_authors(ada, bob):
    with saving_in_bulk():
        make_note(author=ada)
        make_note(author=bob)

    assert len(stored()) == 2


# Names


def test_the_site_names_the_only_author(ada):
    post = make_note(author=ada)

    assert author_name(post, set_site(author_name="The site")) == "The site"
    assert SiteState.load().author_of(post) is None


def test_a_post_names_its_author_if_there_are_several(ada, both):
    site = set_site(author_name="The site")

    assert author_name(make_note(author=ada), site) == "Ada Lovelace"
    assert author_name(make_note(author=ada, byline="A guest"), site) == "A guest"
    assert author_name(make_note(), site) == "The site"


def test_naming_an_author_runs_no_query(ada, both, django_assert_num_queries):
    site, post = set_site(), make_note(author=ada)

    with django_assert_num_queries(0):
        assert author_name(post, site) == "Ada Lovelace"


# Accounts


def test_renaming_a_user_in_the_admin_renames_the_author(admin_client, bob, both):
    path = reverse("admin:auth_user_change", args=[bob.pk])

    response = submit(admin_client, path, "#user_form", first_name="Bob", last_name="Ross", username="ross")

    assert response.status_code == 302
    assert stored() == both | {str(bob.pk): {"username": "ross", "name": "Bob Ross"}}


def test_deleting_a_user_in_the_admin_leaves_the_posts_without_an_author(admin_client, bob, both):
    response = admin_client.post(reverse("admin:auth_user_delete", args=[bob.pk]), {"post": "yes"})

    assert response.status_code == 302
    assert stored() == {}
    assert Post.objects.published().filter(author=None).count() == 1


def test_deleting_selected_users_in_the_admin_removes_the_authors(admin_client, ada, bob, both):
    data = {"action": "delete_selected", "_selected_action": [ada.pk, bob.pk], "post": "yes"}

    response = admin_client.post(reverse("admin:auth_user_changelist"), data)

    assert response.status_code == 302
    assert stored() == {}
    assert Post.objects.published().count() == 2


# Repairs and costs


def test_recompute_counts_reports_and_repairs_the_authors(both, capsys):
    SiteState.objects.update(authors={"1": {"username": "nobody", "name": "Nobody"}})

    with pytest.raises(CommandError):
        call_command("recompute_counts", "--check")
    assert "1 list of authors was out of date" in capsys.readouterr().out
    assert len(stored()) == 1

    call_command("recompute_counts")
    assert "1 list of authors was out of date" in capsys.readouterr().out
    assert stored() == both

    call_command("recompute_counts", "--check")


def test_storing_unchanged_authors_writes_nothing(both, django_assert_num_queries):
    with django_assert_num_queries(2):
        store_authors(Post.objects.published())


def test_saving_a_post_again_does_not_look_for_authors(ada, both):
    post = make_note(author=ada)

    with CaptureQueriesContext(connection) as captured:
        post.save()

    assert [query["sql"] for query in captured if 'FROM "auth_user"' in query["sql"]] == []
