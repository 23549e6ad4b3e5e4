"""Which tags an address means, and which posts have them."""

from django.http import Http404

from blog.models import Post, Tag

MOST_TAGS = 5


def find_tags(slugs):
    """The tags with these slugs, in their order, and whether the slugs are the tags' own.

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
    """The published posts that have all these tags."""
    posts = Post.objects.published()
    for tag in tags:
        posts = posts.filter(taggings__tag=tag)
    return posts
