"""Stored counts and the search index stay right, whatever happens to posts and tags."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from blog.models import CannotUndo, Post, SiteState, Tag, Tagging, TagMerge
from tests.factories import FACTORIES, make_note, make_tag, utc
from tests.helpers.tagging import assert_counts_match, found_by

NAMES = ["ant", "bee", "cat", "cats", "sea salt", "Größe", "c++"]
STEPS = 60

pytestmark = pytest.mark.django_db


class Walk:
    """A random but reproducible sequence of changes to a few posts and tags."""

    def __init__(self, seed, clock):
        self.random, self.clock = Random(seed), clock
        self.actions = [name for name in sorted(dir(self)) if name.startswith("do_")]
        self.number = 0

    def step(self):
        self.number += 1
        action = self.random.choice(self.actions)
        getattr(self, action)()
        if SiteState.load().has_due_posts:
            Post.publish_due()
        return action

    def moment(self):
        """Return a time within some years, rounded to the hour so that some times repeat."""
        return timezone.now().replace(minute=0) + timedelta(hours=self.random.randrange(-20_000, 200))

    def some(self, model, limit=1):
        rows = list(model.objects.order_by("pk"))
        return self.random.sample(rows, min(len(rows), self.random.randint(1, limit)))

    def names(self):
        return self.random.sample(NAMES, self.random.randint(1, 3))

    def post(self):
        for post in self.some(Post):
            return post.as_kind()
        return make_note(body=f"One {self.number}.")

    def do_write(self):
        make = self.random.choice(list(FACTORIES.values()))
        make(tags=self.names(), published=self.moment(), is_draft=self.random.random() < 0.3)

    do_write_more = do_write

    def do_publish_or_unpublish(self):
        post = self.post()
        post.is_draft = not post.is_draft
        post.save()

    def do_change_the_date(self):
        post = self.post()
        post.published = self.moment()
        post.save()

    def do_schedule(self):
        post = self.post()
        post.is_draft, post.published = False, timezone.now() + timedelta(hours=self.random.randint(1, 48))
        post.save()

    def do_wait(self):
        self.clock.shift(timedelta(hours=self.random.randint(1, 72)))

    def do_tag(self):
        self.post().tags.add(*self.names())

    def do_untag(self):
        self.post().tags.remove(*self.names())

    def do_set_tags(self):
        self.post().tags.set(self.names())

    def do_tag_many(self):
        tags = Tag.objects.get_or_create_by_name(self.names()).values()
        Tagging.objects.attach([post.pk for post in self.some(Post, 5)], [tag.pk for tag in tags])

    def do_untag_many(self):
        Tagging.objects.detach(
            [post.pk for post in self.some(Post, 5)], [tag.pk for tag in self.some(Tag, 2)]
        )

    def do_rename(self):
        for tag in self.some(Tag):
            name = self.random.choice([f"tag {self.number}", *NAMES])
            if not Tag.objects.exclude(pk=tag.pk).filter(name__iexact=name).exists():
                tag.rename(name)

    def do_save_a_tag_that_was_read_before(self):
        for tag in self.some(Tag):
            self.do_tag()
            tag.description = f"As of {self.number}."
            tag.save()

    def do_merge(self):
        first, *others = self.some(Tag, 3) or [None]
        if others:
            TagMerge.merge(others, first)

    do_merge_more = do_merge

    def do_undo(self):
        for merge in self.some(TagMerge):
            try:
                merge.undo()
            except CannotUndo:
                self.do_merge()

    def do_delete_a_post(self):
        self.post().delete()

    def do_delete_a_tag(self):
        for tag in self.some(Tag):
            tag.delete()


@pytest.mark.parametrize("seed", range(6))
def test_counts_and_search_are_right_after_every_step(seed, time_machine):
    time_machine.move_to(utc(2024, 6, 8, 9), tick=False)
    walk = Walk(seed, time_machine)

    for _ in range(STEPS):
        action = walk.step()
        try:
            assert_counts_match()
        except AssertionError as error:
            raise AssertionError(f"After step {walk.number}, {action}: {error}") from error


def test_years_without_posts_are_not_stored():
    post = make_note(tags=["sea"], published=utc(2020, 1, 1))

    post.published = utc(2021, 1, 1)
    post.save()

    assert Tag.objects.get().counts_by_year == {"2021": 1}


def test_recomputing_corrects_wrong_counts_only():
    make_note(tags=["ant", "bee"], published=utc(2020, 1, 1))
    Tag.objects.filter(name="ant").update(uses=7, counts_by_year={"2020": 6, "2019": 1})

    wrong = Tag.objects.recompute_counts()

    assert [tag.name for tag in wrong] == ["ant"]
    assert_counts_match()


def test_recomputing_some_tags_leaves_the_others_alone():
    make_note(tags=["ant", "bee"])
    Tag.objects.update(uses=7)

    Tag.objects.filter(name="ant").recompute_counts()

    assert dict(Tag.objects.values_list("name", "uses")) == {"ant": 1, "bee": 7}


def test_taggings_out_of_sync_are_found_and_corrected():
    make_note(tags=["ant"], published=utc(2020, 1, 1))
    make_note(tags=["bee"], is_draft=True)
    Tagging.objects.filter(tag__name="ant").update(published=None, is_public=False)
    Tagging.objects.filter(tag__name="bee").update(published=utc(2020, 1, 1))

    assert Tagging.objects.out_of_sync().sync_publication() == 2

    assert not Tagging.objects.out_of_sync().exists()
    assert_counts_match()


# Many posts at once


def test_attaching_tags_to_many_posts_runs_few_queries(django_assert_max_num_queries):
    posts = [make_note(tags=["ant"][: n % 2], published=utc(2020 + n % 3, 1, 1)).pk for n in range(40)]
    ant, bee = Tag.objects.get(name="ant"), make_tag("bee")

    with django_assert_max_num_queries(16):
        changed = Tagging.objects.attach(posts, [ant.pk, bee.pk])

    assert changed == 40
    assert (Tag.objects.get(name="ant").uses, Tag.objects.get(name="bee").uses) == (40, 40)
    assert found_by("bee") == set(posts)
    assert_counts_match()


def test_only_posts_without_the_tag_are_counted_as_changed():
    having, other = make_note(tags=["ant"]), make_note()

    assert Tagging.objects.attach([having.pk, other.pk], [Tag.objects.get().pk]) == 1
    assert Tagging.objects.detach([having.pk, other.pk], [Tag.objects.get().pk]) == 2
    assert Tagging.objects.detach([having.pk], [Tag.objects.get().pk]) == 0


def test_deleted_posts_are_skipped():
    ant = make_tag("ant")

    assert Tagging.objects.attach([4000], [ant.pk]) == 0
