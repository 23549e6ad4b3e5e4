"""Posts of the kinds that pages list by title."""

from blog.models import Post


def titled_kinds():
    """Return the names of the kinds that are listed by title."""
    return [name for name, kind in Post.kinds().items() if kind.listed_by_title]


def titled_posts():
    """Return the published posts of the kinds that are listed by title."""
    return Post.objects.published().filter(kind__in=titled_kinds())


def recent_titles(number, besides=None):
    """Return the newest of `titled_posts()` except that one, with the fields that a link needs."""
    posts = titled_posts().newest_first().only("headline", "language", "day", "slug")
    if besides is None:
        return posts.followed_by(f"titles-{number}")[:number]
    return posts.exclude(pk=besides.pk).followed_by(f"titles-{number + 1}")[:number]
