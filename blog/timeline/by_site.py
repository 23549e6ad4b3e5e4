"""Posts by the sites they link to or credit with a via, and the most linked sites."""

from collections import Counter

from blog.models import LinkedHost

#: Only this many of the newest links are counted for a list of sites, to bound its cost.
MAX_COUNTED_LINKS = 10_000
MAX_SITES = 200


def ids_linking_to(host, **conditions):
    """Return the ids of published posts that link to the host, newest first."""
    return newest_links(host=host, **conditions).values_list("post", flat=True)


def newest_links(host=None, **conditions):
    """Return the public `LinkedHost`s that meet the conditions, newest post first."""
    links = LinkedHost.objects.filter(is_public=True, **conditions).order_by("-published", "-post")
    is_via = conditions.get("is_via")
    if host is None:
        return links.followed_by("vias" if is_via else "links")
    return links.filter(host=host).followed_by(f"{'via' if is_via else 'host'}-{host}")


def sites(**conditions):
    """Return [{"host": …, "number": …}] for the newest links, most frequent first. Runs one query.

    Counted in Python: to group in SQL, a database might read the table row of every link in the index.
    """
    counts = Counter(newest_links(**conditions).values_list("host", flat=True)[:MAX_COUNTED_LINKS])
    commonest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_SITES]
    return [{"host": host, "number": number} for host, number in commonest]


def has_older_links(**conditions):
    """Return whether there are older links than `sites()` counts. Runs one query."""
    return newest_links(**conditions)[MAX_COUNTED_LINKS : MAX_COUNTED_LINKS + 1].exists()
