"""Share cards, and when posts and the site get one."""

import re
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from blog.images import share_card
from blog.models import Post, SiteState
from blog.models.site_settings import Accent
from tests.factories import FACTORIES, make_entry, make_note, make_quotation, set_site, utc
from tests.helpers.processes import ROOT


def open_card(post):
    post = Post.objects.get(pk=post.pk)
    with default_storage.open(post.card) as file:
        return Image.open(BytesIO(file.read()))


@pytest.mark.parametrize(
    "title", ["Rain", "words " * 200, "Donaudampfschifffahrtsgesellschaft" * 9, "Ünïcödé — “quoted”", "x", ""]
)
def test_a_card_is_drawn_for_any_title(title):
    image = Image.open(BytesIO(share_card.draw(title, "Entry · 8 June 2024", "A weblog")))

    assert (image.format, image.size) == ("PNG", (1200, 630))


def test_no_card_is_drawn_for_characters_that_no_font_has():
    assert share_card.draw("\U0010fffc") is None


def test_long_words_are_broken_and_no_text_is_lost():
    path = share_card.font_for("a")
    face = share_card.font(path, 40)

    lines = share_card.wrap("so many words " * 9 + "x" * 200, face, 500)

    assert max(face.getlength(line) for line in lines) <= 500
    assert "".join(lines).replace(" ", "") == "somanywords" * 9 + "x" * 200


def test_accents_have_the_hues_of_the_style_sheet():
    styles = (ROOT / "static/weblog.css").read_text()
    hues = {name: int(hue) for name, hue in re.findall(r'\[data-accent="(\w+)"\] {\s*--hue: (\d+);', styles)}
    hues |= {"rust": int(re.search(r":root {[^}]*--hue: (\d+);", styles)[1]), "ink": None}

    assert set(Accent) == set(share_card.HUES)
    assert hues == share_card.HUES
    assert len({share_card.colour(accent) for accent in Accent}) == len(Accent)


@pytest.mark.django_db
class TestPosts:
    def test_a_public_post_gets_a_card_when_it_is_saved(self, django_capture_on_commit_callbacks):
        for make in FACTORIES.values():
            with django_capture_on_commit_callbacks(execute=True):
                post = make()

            assert open_card(post).size == (1200, 630)

    def test_a_draft_gets_a_card_when_it_is_published(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            post = make_entry(is_draft=True)
        assert Post.objects.get().card == ""

        post.is_draft = False
        with django_capture_on_commit_callbacks(execute=True):
            post.save()

        assert open_card(post)

    def test_a_new_title_replaces_the_card(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            post = make_entry()
        first = post.card
        with django_capture_on_commit_callbacks(execute=True):
            post.body = "Only the text."
            post.save()
        assert post.card == first

        post.title = "Another"
        with django_capture_on_commit_callbacks(execute=True):
            post.save()

        assert post.card != first
        assert open_card(post)
        assert not default_storage.exists(first)

    def test_deleting_a_post_deletes_its_card(self, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            post = make_entry()
        card = post.card

        with django_capture_on_commit_callbacks(execute=True):
            post.delete()

        assert not default_storage.exists(card)

    def test_a_post_is_saved_even_if_drawing_its_card_fails(
        self, django_capture_on_commit_callbacks, monkeypatch, caplog
    ):
        monkeypatch.setattr(share_card, "draw", lambda *words, **options: 1 / 0)

        with django_capture_on_commit_callbacks(execute=True):
            post = make_entry()

        assert Post.objects.get(pk=post.pk).card == ""
        assert "division by zero" in caplog.text

    def test_a_card_shows_the_title_the_kind_and_the_date(self):
        site = set_site(title="A weblog")
        day = utc(2024, 6, 8)

        shown = [
            post.card_lines(site)[:2]
            for post in (
                make_entry(title="Rain", published=day),
                make_quotation(body="To *be*.", source="Ada", published=day),
                make_note(body="Some [words](/).", published=day),
                make_note(title="Wind", published=day),
            )
        ]

        assert shown == [
            ("Rain", "Entry · 8 June 2024"),
            ("“To be.”", "Quotation · 8 June 2024"),
            ("Some words.", "Note · 8 June 2024"),
            ("Wind", "Note · 8 June 2024"),
        ]


@pytest.mark.django_db
def test_draw_cards_draws_missing_and_outdated_cards(capsys):
    posts = [make() for make in FACTORIES.values()]
    make_entry(is_draft=True)

    call_command("draw_cards")
    call_command("draw_cards")
    set_site(accent="blue")
    call_command("draw_cards")

    assert capsys.readouterr().out.splitlines() == ["5 cards drawn.", "0 cards drawn.", "5 cards drawn."]
    assert all(open_card(post) for post in posts)
    assert default_storage.exists(SiteState.load().card)
