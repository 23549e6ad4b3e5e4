"""Posts of the kinds that pages list by title."""

from blog.models import Post


def titled_kinds():
    """Return the names of the kinds that are listed by title."""
    return [name for name, kind in Post.kinds().items() if kind.listed_by_title]


def titled_posts():
    """Return the published posts of the kinds that are listed by title."""
    return Post.objects.published().filter(kind__in=titled_kinds())


def recent_titles():
    """Return `titled_posts()` newest first, with only the fields that a link to a post needs."""
    return titled_posts().newest_first().only("headline", "language", "day", "slug")
