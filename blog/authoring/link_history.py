"""Earlier posts that link to a URL or its site."""

from blog.models import LinkedUrl, Post
from blog.remote.web_urls import host_of, url_key
from blog.timeline.by_site import MAX_COUNTED_LINKS, newest_links

MAX_EARLIER_POSTS = 10


def earlier_posts(*urls):
    """The newest posts, drafts included, that link to any spelling of any of these URLs."""
    keys = {url_key(url) for url in urls} - {""}
    posts = Post.objects.filter(pk__in=LinkedUrl.objects.filter(url_key__in=keys).values("post"))
    return posts.newest_first().only("kind", "headline", "day", "slug", "is_draft", "published")[
        :MAX_EARLIER_POSTS
    ]


def link_statistics(url):
    """The URL's host, how many published posts link to it (up to `MAX_COUNTED_LINKS`), and the time of the
    latest. Two queries.
    """
    host = host_of(url)
    links = newest_links(host=host)
    last = links.values_list("published", flat=True).first()
    return {"host": host, "number": links[:MAX_COUNTED_LINKS].count(), "last": last}
