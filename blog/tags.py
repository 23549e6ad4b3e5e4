"""Which tags an address means, and which posts have them."""

from django.db.models import Count
from django.http import Http404

from blog.models import Post, Tag, Tagging

MOST_TAGS = 5
MOST_RELATED = 10
#: Of how many of its posts a tag's company is counted.
RELATED_TO = 1000


def find_tags(slugs):
    """The tags with these slugs, in their order, and whether the slugs are the tags' own, each once.

    A former name or another case finds the tag too. Raises Http404 for a tag that never was.
    """
    if len(slugs) > MOST_TAGS:
        raise Http404(f"At most {MOST_TAGS} tags can be combined.")
    named = Tag.objects.named(slugs)
    if len(named) < len(set(slugs)):
        raise Http404("There is no such tag.")
    found = list(dict.fromkeys(named[slug] for slug in slugs))
    return found, [tag.slug for tag in found] == slugs


def tagged(tags):
    """The published posts that have all these tags, the newest first out of the index of the first."""
    first, *others = tags
    posts = Post.objects.published().filter(taggings__tag=first, taggings__is_public=True)
    posts = posts.order_by("-taggings__published", "-taggings__content_object")
    for tag in others:
        posts = posts.filter(pk__in=Tagging.objects.filter(tag=tag, is_public=True).values("content_object"))
    return posts


def related_tags(tag):
    """The tags that its newest posts have most often beside it, each with how often as `shared`.

    One query, whose cost `RELATED_TO` bounds.
    """
    newest = Tagging.objects.filter(tag=tag, is_public=True).order_by("-published", "-content_object")
    posts = newest.values("content_object")[:RELATED_TO]
    others = Tag.objects.filter(taggings__content_object__in=posts).exclude(pk=tag.pk)
    return others.annotate(shared=Count("pk")).order_by("-shared", "name")[:MOST_RELATED]
