"""What the weblog has already posted about an address or its site, drafts included."""

from blog.models import LinkedUrl, Post
from blog.remote.web_urls import host_of, url_key
from blog.timeline.by_site import MAX_COUNTED_LINKS, newest_links

MOST_EARLIER = 10


def earlier_posts(*urls):
    """The newest posts that link to any of these addresses, however they are written; drafts too."""
    keys = {url_key(url) for url in urls} - {""}
    posts = Post.objects.filter(pk__in=LinkedUrl.objects.filter(url_key__in=keys).values("post"))
    return posts.newest_first().only("kind", "headline", "day", "slug", "is_draft", "published")[
        :MOST_EARLIER
    ]


def link_statistics(url):
    """The site of the address, how many published posts link to it (up to `MAX_COUNTED_LINKS`), and when the
    last one did. Two queries.
    """
    host = host_of(url)
    links = newest_links(host=host)
    last = links.values_list("published", flat=True).first()
    return {"host": host, "number": links[:MAX_COUNTED_LINKS].count(), "last": last}
