"""Which posts link to a site, or found their link there, and which sites those are."""

from collections import Counter

from blog.addresses import host_of, key_of
from blog.models import Link, LinkedAddress, Post

#: How many of the newest links are counted for a list of sites: it bounds what that costs.
MOST_COUNTED = 10_000
MOST_SITES = 200
MOST_EARLIER = 10


def ids_linking_to(host, **conditions):
    """Of the published posts that link to the host the ids, the newest first out of its index."""
    return newest_links(host=host, **conditions).values_list("post", flat=True)


def newest_links(**conditions):
    return Link.objects.filter(is_public=True, **conditions).order_by("-published", "-post")


def sites(**conditions):
    """[{"host": …, "number": …}] of the newest links of published posts, the commonest first. One query.

    They are counted here: a database might look up every link that it has found in the index once more.
    """
    counts = Counter(newest_links(**conditions).values_list("host", flat=True)[:MOST_COUNTED])
    commonest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_SITES]
    return [{"host": host, "number": number} for host, number in commonest]


def sites_leave_out(**conditions):
    """Whether there are older links, which `sites()` does not count. One query."""
    return newest_links(**conditions)[MOST_COUNTED : MOST_COUNTED + 1].exists()


def earlier_posts(*urls):
    """The newest posts that link to any of these addresses, however they are written; drafts too."""
    keys = {key_of(url) for url in urls} - {""}
    posts = Post.objects.filter(pk__in=LinkedAddress.objects.filter(address__in=keys).values("post"))
    return posts.newest_first().only("kind", "headline", "day", "slug", "is_draft", "published")[
        :MOST_EARLIER
    ]


def how_often(url):
    """The site of the address, how many published posts link to it (up to `MOST_COUNTED`), and when the last
    one did. Two queries.
    """
    host = host_of(url)
    links = newest_links(host=host)
    last = links.values_list("published", flat=True).first()
    return {"host": host, "number": links[:MOST_COUNTED].count(), "last": last}
