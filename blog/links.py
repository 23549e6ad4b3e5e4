"""Which posts link to a site, or found their link there, and which sites those are."""

from django.db.models import Count, Max

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
    """[{"host": …, "number": …}] of the newest links of published posts, the commonest first. One query."""
    counted = Link.objects.filter(pk__in=newest_links(**conditions).values("pk")[:MOST_COUNTED])
    return counted.values("host").annotate(number=Count("pk")).order_by("-number", "host")[:MOST_SITES]


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
    """The site of the address, how many published posts link to it, and when the last one did. One query."""
    host = host_of(url)
    found = Link.objects.filter(host=host, is_public=True).aggregate(
        number=Count("pk"), last=Max("published")
    )
    return {"host": host, **found}
