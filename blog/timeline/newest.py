"""How many of the newest posts each page and feed shows."""

from blog.models import Post

#: Entries listed beside the home page, and beside a post.
RECENT_ENTRIES = 10
OTHER_ENTRIES = 3
#: Posts in a feed, and in one document of its archive.
FEED_SIZE = 30
ARCHIVE_SIZE = 100


def recent_titles(kind):
    """Published posts of a kind with what it takes to link to them, the newest first."""
    posts = Post.objects.published().filter(kind=kind).newest_first()
    return posts.only("headline", "language", "day", "slug")
