"""What tests of tags compare: the stored rows, and the counts made anew."""

from collections import Counter, defaultdict

from blog.models import Day, Post, PreviousTagName, SearchDocument, SiteState, Tag, Tagging
from blog.search.results import Search, parse
from blog.strings.tokenizer import tokenize


def rows_of(*models):
    """Every row of the models, to the last column: {model: [row]}."""
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def tag_rows():
    """All that tags are made of, and the dates of the posts, which nothing about tags changes."""
    return rows_of(Tag, Tagging, PreviousTagName, SearchDocument, Post)


def names_by_post():
    """{post id: the names of its tags} as one query sees them."""
    names = {pk: set() for pk in Post.objects.values_list("pk", flat=True)}
    for post, name in Tagging.objects.values_list("content_object", "tag__name"):
        names[post].add(name)
    return names


def found_by(text):
    """The ids of the published posts that a search finds which may name every tag."""
    return set(Search(Post.objects.published(), parse(text), visible_tags=Tag.objects.all()).ids)


def assert_counts_match():
    """What is kept about tags is what counting and reading everything anew gives."""
    public = {post.pk: post.day.year for post in Post.objects.all() if post.is_public}
    for tagging in Tagging.objects.select_related("content_object"):
        assert tagging.is_public == (tagging.content_object_id in public)
        assert tagging.published == tagging.content_object.published

    kept, counted = Day.objects.in_bulk(), Day.computed(Post.objects.filter(pk__in=public))
    assert kept.keys() == counted.keys()
    assert all(kept[day].matches(counted[day]) for day in kept)

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
    assert SiteState.load().current_tags == [[tag.name, tag.slug] for tag in Tag.objects.most_used_recently()]
    assert not Tag.objects.with_wrong_counts()
    assert not Tagging.objects.out_of_sync().exists()
