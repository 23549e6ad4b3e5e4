"""Which tags an address means, and which posts have them."""

from django.db.models import Q
from django.http import Http404

from blog.models import Post, Tag

MOST_TAGS = 5


def find_tags(slugs):
    """The tags with these slugs, in their order, and whether the slugs are the tags' own, each once.

    A former name or another case finds the tag too. Raises Http404 for a tag that never was.
    """
    if len(slugs) > MOST_TAGS:
        raise Http404(f"At most {MOST_TAGS} tags can be combined.")
    tags = {tag.slug: tag for tag in Tag.objects.filter(slug__in=slugs)}
    found = list(dict.fromkeys(tags.get(slug) or find_tag_by_other_name(slug) for slug in slugs))
    return found, [tag.slug for tag in found] == slugs


def find_tag_by_other_name(slug):
    former = Q(previous_names__name__iexact=slug) | Q(previous_names__name__iexact=slug.replace("-", " "))
    tag = Tag.objects.filter(slug__iexact=slug).first() or Tag.objects.filter(former).first()
    if tag is None:
        raise Http404("There is no such tag.")
    return tag


def tagged(tags):
    """The published posts that have all these tags."""
    posts = Post.objects.published()
    for tag in tags:
        posts = posts.filter(taggings__tag=tag)
    return posts
