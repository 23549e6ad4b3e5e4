"""Which posts link to a site, or found their link there, and which sites those are."""

from collections import Counter

from blog.models import Link

#: How many of the newest links are counted for a list of sites: it bounds what that costs.
MAX_COUNTED_LINKS = 10_000
MAX_SITES = 200


def ids_linking_to(host, **conditions):
    """Of the published posts that link to the host the ids, the newest first out of its index."""
    return newest_links(host=host, **conditions).values_list("post", flat=True)


def newest_links(**conditions):
    return Link.objects.filter(is_public=True, **conditions).order_by("-published", "-post")


def sites(**conditions):
    """[{"host": …, "number": …}] of the newest links of published posts, the commonest first. One query.

    They are counted here: a database might look up every link that it has found in the index once more.
    """
    counts = Counter(newest_links(**conditions).values_list("host", flat=True)[:MAX_COUNTED_LINKS])
    commonest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_SITES]
    return [{"host": host, "number": number} for host, number in commonest]


def has_older_links(**conditions):
    """Whether there are older links, which `sites()` does not count. One query."""
    return newest_links(**conditions)[MAX_COUNTED_LINKS : MAX_COUNTED_LINKS + 1].exists()
