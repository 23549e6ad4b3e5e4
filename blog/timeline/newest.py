"""How many of the newest posts each page and feed shows, and lists of recent titles."""

from blog.models import Post

#: Titles listed beside the home page, and beside a post.
HOME_TITLES = 10
PERMALINK_TITLES = 3
#: Posts in a feed, and in one document of its archive.
FEED_SIZE = 30
ARCHIVE_SIZE = 100


def titled_kinds():
    """Return the names of the kinds that are listed by title."""
    return [name for name, kind in Post.kinds().items() if kind.listed_by_title]


def titled_posts():
    """Return the published posts of the kinds that are listed by title."""
    return Post.objects.published().filter(kind__in=titled_kinds())


def recent_titles():
    """Return `titled_posts()` newest first, with only the fields that a link to a post needs."""
    return titled_posts().newest_first().only("headline", "language", "day", "slug")
