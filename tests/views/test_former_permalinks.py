"""Former permalinks of moved and deleted posts."""

import pytest

from blog.models import FormerPermalink
from tests.factories import FACTORIES, make_entry, make_note, utc
from tests.helpers.browsing import text, visit

pytestmark = pytest.mark.django_db

NOON = utc(2024, 6, 8)


def move(post, **fields):
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_new_slug_leaves_a_redirect(client, kind):
    post = FACTORIES[kind](slug="rain", published=NOON)

    move(post, slug="sunshine")

    response = client.get("/2024/Jun/8/rain/")
    assert response.status_code == 301
    assert response["Location"] == "/2024/Jun/8/sunshine/"


def test_a_new_day_leaves_a_redirect(client):
    post = make_entry(slug="rain", published=NOON)

    move(post, published=utc(2023, 1, 2))

    assert client.get("/2024/Jun/8/rain/")["Location"] == "/2023/Jan/2/rain/"


def test_after_several_moves_every_former_permalink_redirects_directly(client):
    post = make_entry(slug="a", published=NOON)
    for slug in ("b", "c"):
        move(post, slug=slug)
    move(post, published=utc(2024, 6, 9))

    for slug in ("a", "b", "c"):
        assert client.get(f"/2024/Jun/8/{slug}/")["Location"] == "/2024/Jun/9/c/"


def test_a_post_can_move_back(client):
    post = make_entry(slug="a", published=NOON)
    move(post, slug="b")
    move(post, slug="a")

    visit(client, "/2024/Jun/8/a/")
    assert client.get("/2024/Jun/8/b/")["Location"] == "/2024/Jun/8/a/"


def test_another_spelling_of_a_former_permalink_finds_the_post_too(client):
    move(make_entry(slug="rain", published=NOON), slug="sunshine")

    response = client.get("/2024/jun/08/rain/", follow=True)

    assert response.status_code == 200


def test_a_new_post_can_take_over_a_former_permalink(client):
    move(make_entry(slug="rain", published=NOON), slug="sunshine")

    post = make_note(slug="rain", title="Rain again", published=NOON)

    assert text(visit(client, post.get_absolute_url()).h1) == "Rain again"


def test_a_draft_moves_without_a_trace(client):
    post = make_entry(slug="secret", is_draft=True, published=NOON)

    move(post, slug="open", is_draft=False)

    visit(client, "/2024/Jun/8/secret/", status=404)
    assert not FormerPermalink.objects.exists()


def test_a_former_permalink_of_a_post_that_is_a_draft_again_leaks_nothing(client):
    post = make_entry(slug="rain", published=NOON)
    move(post, slug="sunshine")
    move(post, is_draft=True, slug="secret")

    for slug in ("rain", "sunshine", "secret"):
        response = client.get(f"/2024/Jun/8/{slug}/")
        assert response.status_code == 404
        assert slug == "secret" or b"secret" not in response.content


def test_a_post_that_moves_while_it_is_a_draft_again_is_found_once_published(client):
    post = make_entry(slug="rain", published=NOON)
    move(post, is_draft=True)
    move(post, slug="sunshine")

    visit(client, "/2024/Jun/8/rain/", status=404)

    move(post, is_draft=False)

    assert client.get("/2024/Jun/8/rain/")["Location"] == "/2024/Jun/8/sunshine/"


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_deleted_post_is_gone_at_all_its_permalinks(client, kind):
    post = FACTORIES[kind](slug="rain", published=NOON)
    move(post, slug="sunshine")

    post.delete()

    for slug in ("rain", "sunshine"):
        page = visit(client, f"/2024/Jun/8/{slug}/", status=410)
        assert "gone" in text(page.h1)
        assert page.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_deleted_draft_is_not_found(client):
    make_entry(slug="secret", is_draft=True, published=NOON).delete()

    visit(client, "/2024/Jun/8/secret/", status=404)


def test_the_permalink_of_a_deleted_post_can_be_used_again(client):
    make_entry(slug="rain", published=NOON).delete()

    make_note(slug="rain", published=NOON)

    visit(client, "/2024/Jun/8/rain/")
