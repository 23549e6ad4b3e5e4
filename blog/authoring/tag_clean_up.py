"""Finds tags that an author may want to merge."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext as _

from blog.models import Tag, Tagging
from blog.strings.similar_names import Reason, near_duplicates

#: Tags with fewer posts than this share them by chance.
MIN_SHARED_POSTS = 3
#: The posts of at most this many tags are compared.
MAX_COMPARED = 200


@dataclass(frozen=True)
class TagGroup:
    """Tags that may mean the same, most used first, and the reason."""

    reason: str
    tags: list

    @property
    def uses(self):
        return sum(tag.uses for tag in self.tags)


def tags_by_name():
    """{name: tag} of all tags, without their descriptions. One query."""
    return {tag.name: tag for tag in Tag.objects.only("name", "slug", "uses")}


def similar_names(tags):
    """Groups of tags with similar names, from {name: tag}. Sorted by reason, then by use. No query."""
    ranked = [
        (
            list(Reason).index(group.reason),
            TagGroup(group.reason.label, most_used_first(map(tags.get, group.names))),
        )
        for group in near_duplicates(tags)
    ]
    return [group for rank, group in sorted(ranked, key=lambda pair: (pair[0], -pair[1].uses))]


def same_posts():
    """Groups of tags on exactly the same posts, drafts included, if there are enough. Three queries.

    Candidates have equal counts, sums, minima and maxima of post ids. Only their posts are compared.
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
    by_sums = defaultdict(list)
    for row in sums.filter(number__gte=MIN_SHARED_POSTS):
        by_sums[row["number"], row["sum"], row["first"], row["last"]].append(row["tag"])
    candidates = [tag for group in by_sums.values() if len(group) > 1 for tag in group][:MAX_COMPARED]
    tags = Tag.objects.only("name", "slug", "uses").in_bulk(candidates)
    by_posts = defaultdict(list)
    for pk, posts in posts_by_tag(candidates).items():
        by_posts[posts].append(tags[pk])
    return [
        TagGroup(_("On the same %(number)d posts") % {"number": len(posts)}, most_used_first(group))
        for posts, group in sorted(by_posts.items(), key=lambda item: -len(item[0]))
        if len(group) > 1
    ]


def posts_by_tag(tags):
    """{tag id: frozenset of post ids}"""
    posts = defaultdict(set)
    for tag, post in Tagging.objects.filter(tag__in=tags).values_list("tag", "content_object"):
        posts[tag].add(post)
    return {tag: frozenset(ids) for tag, ids in posts.items()}


def most_used_first(tags):
    return sorted(tags, key=lambda tag: (-tag.uses, tag.name))
