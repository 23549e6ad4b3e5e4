"""What an author may want to tidy among the tags."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext as _

from blog.models import Tag, Tagging
from blog.strings.similar_names import Reason, near_duplicates

OFTEN_ENOUGH = 3
#: Of so many tags at most the posts are compared.
MOST_COMPARED = 200


@dataclass(frozen=True)
class TagGroup:
    """Tags that may be one, and why; the most used first."""

    reason: str
    tags: list

    @property
    def uses(self):
        return sum(tag.uses for tag in self.tags)


def tags_by_name():
    """{name: tag} for all tags, without their descriptions. One query."""
    return {tag.name: tag for tag in Tag.objects.only("name", "slug", "uses")}


def nearly_the_same(tags):
    """Groups of tags whose names are nearly the same, of {name: tag}; by reason, then by use. No query."""
    groups = near_duplicates(tags)
    weeds = [
        (
            list(Reason).index(group.reason),
            TagGroup(group.reason.label, most_used_first(map(tags.get, group.names))),
        )
        for group in groups
    ]
    return [found for rank, found in sorted(weeds, key=lambda ranked: (ranked[0], -ranked[1].uses))]


def always_together():
    """Groups of tags that the same posts have, three and more, drafts too. Three queries.

    What adds up to the same for two tags may be the same posts; only of those the posts are compared.
    """
    sums = (
        Tagging.objects.order_by()
        .values("tag")
        .annotate(
            number=Count("pk"),
            sum=Sum("content_object"),
            first=Min("content_object"),
            last=Max("content_object"),
        )
    )
    alike = defaultdict(list)
    for row in sums.filter(number__gte=OFTEN_ENOUGH):
        alike[row["number"], row["sum"], row["first"], row["last"]].append(row["tag"])
    candidates = [tag for group in alike.values() if len(group) > 1 for tag in group][:MOST_COMPARED]
    tags = Tag.objects.only("name", "slug", "uses").in_bulk(candidates)
    by_posts = defaultdict(list)
    for pk, posts in posts_by_tag(candidates).items():
        by_posts[posts].append(tags[pk])
    return [
        TagGroup(_("Always together, on %(number)d posts") % {"number": len(posts)}, most_used_first(group))
        for posts, group in sorted(by_posts.items(), key=lambda item: -len(item[0]))
        if len(group) > 1
    ]


def posts_by_tag(tags):
    """{tag id: the ids of its posts}"""
    posts = defaultdict(set)
    for tag, post in Tagging.objects.filter(tag__in=tags).values_list("tag", "content_object"):
        posts[tag].add(post)
    return {tag: frozenset(ids) for tag, ids in posts.items()}


def most_used_first(tags):
    return sorted(tags, key=lambda tag: (-tag.uses, tag.name))
