"""Helpers for tests of tags: snapshots of rows, and a check of stored counts."""

from collections import Counter, defaultdict

from blog.models import Day, Post, PreviousTagName, SearchDocument, SiteState, Tag, Tagging
from blog.models.tags import MAX_CURRENT_TAGS
from blog.search.results import Search, parse
from blog.strings.tokenizer import tokenize


def rows_of(*models):
    """Return all rows and columns of the models, {model: [row]}."""
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def tag_rows():
    """Return the rows about tags, and the posts, whose dates no change of tags affects."""
    return rows_of(Tag, Tagging, PreviousTagName, SearchDocument, Post)


def names_by_post():
    """Return {post id: names of its tags}. Runs two queries."""
    names = {pk: set() for pk in Post.objects.values_list("pk", flat=True)}
    for post, name in Tagging.objects.values_list("content_object", "tag__name"):
        names[post].add(name)
    return names


def found_by(text):
    """Return the ids of the published posts that a search finds. It may name every tag."""
    return set(Search(Post.objects.published(), parse(text), visible_tags=Tag.objects.all()).ids)


def assert_counts_match():
    """Assert that all stored counts and search data equal those computed from the posts."""
    public = {post.pk: post.day.year for post in Post.objects.all() if post.is_public}
    for tagging in Tagging.objects.select_related("content_object"):
        assert tagging.is_public == (tagging.content_object_id in public)
        assert tagging.published == tagging.content_object.published

    stored, computed = Day.objects.in_bulk(), Day.computed(Post.objects.filter(pk__in=public))
    assert stored.keys() == computed.keys()
    assert all(stored[day].matches(computed[day]) for day in stored)

    kinds = defaultdict(Counter)
    for post in Post.objects.filter(pk__in=public):
        kinds[str(post.day.year)][post.kind] += 1
    assert SiteState.load().counts_by_year == kinds

    names = names_by_post()
    for tag in Tag.objects.all():
        with_it = {post for post in names if tag.name in names[post]}
        years = Counter(str(public[post]) for post in with_it if post in public)
        assert (tag.counts_by_year, tag.uses) == (dict(years), sum(years.values())), tag
        assert found_by(f'tag:"{tag.name}"') == with_it & public.keys(), tag
    for document in SearchDocument.objects.all():
        words = {word for name in names[document.pk] for word in tokenize(name)}
        assert set(document.tags.split()) == words
    current = SiteState.load().current_tags
    assert all(Tag.objects.public().filter(name=name, slug=slug).exists() for name, slug in current)
    if len(current) < MAX_CURRENT_TAGS:  # a full list stays for the day
        assert current == sorted([tag.name, tag.slug] for tag in Tag.objects.most_used_recently())
    assert not Tag.objects.with_wrong_counts()
    assert not Tagging.objects.out_of_sync().exists()
