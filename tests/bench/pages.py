"""The pages to measure. Of each type of list, one of the longest."""

from collections import Counter

from django.urls import reverse

DEEP_PAGE = 10_000
#: Search documents to sample words from, and the share of them that contain each word.
SAMPLE_SIZE = 2000
SHARES = {"a word of half the posts": 0.5, "a word of one post in twenty": 0.05, "a rare word": 0.002}


def served_paths():
    """Return {name: path} of the pages to request from a server."""
    names = (
        "home",
        "day",
        "month",
        "year",
        "permalink",
        "tag",
        "search: a word of half the posts",
        "everything",
    )
    return {name: path for name, path in all_paths().items() if name in names}


def all_paths():
    """Return {name: path} of all pages to measure."""
    from blog.models import Day, Post, Tag
    from blog.timeline.page_sizes import PAGE_SIZE

    totals = {day.day: sum(day.counts.values()) for day in Day.objects.all()}
    day = min(
        totals, key=lambda day: abs(totals[day] - PAGE_SIZE)
    )  # as many posts as other lists have on a page
    busiest = max(totals, key=totals.get)
    first, second = Tag.objects.order_by("-uses", "pk")[:2]
    rarest = Tag.objects.public().order_by("uses", "pk")[0]
    deep = min(DEEP_PAGE, -(-first.uses // PAGE_SIZE))
    return {
        "home": reverse("home"),
        "day": reverse("day", args=[day]),
        "month": reverse("month", args=[busiest]),
        "month, last page": reverse("month", args=[busiest]) + "?page=last",
        "year": reverse("year", args=[busiest]),
        "permalink": Post.objects.published().filter(kind="entry").newest_first()[0].get_absolute_url(),
        "listing, last page": reverse("blogmarks") + "?page=last",
        "tag": first.get_absolute_url(),
        f"tag, page {DEEP_PAGE:,} or the last": f"{first.get_absolute_url()}?page={deep}",
        "rare tag": rarest.get_absolute_url(),
        "two tags": reverse("tag", args=[sorted([first.slug, second.slug])]),
        "tags": reverse("tags"),
        **{f"search: {name}": f"{reverse('search')}?q={word}" for name, word in words().items()},
        "search: a tag": f"{reverse('search')}?q=tag:{first.slug}",
        "everything": reverse("feed-everything"),
        "feed of a tag": reverse("feed-tag", args=[[first.slug]]),
        "month of the archive": reverse("feed-month", args=[busiest]),
        "sitemap": reverse("sitemap-index"),
        "part of the sitemap": reverse("sitemap", args=[busiest.year]),
        "sites": reverse("links-index"),
        "site": reverse("links", args=[host()]),
        "series": reverse("series-index"),
        "not found": "/there/is/no/such/page/",
    }


def words():
    from blog.models import SearchDocument

    newest = SearchDocument.objects.order_by("-pk").values_list("body", flat=True)[:SAMPLE_SIZE]
    known = Counter(word for body in newest for word in set(body.split()) if len(word) > 2)
    frequent = sorted(known, key=lambda word: (-known[word], word))
    number = newest.count()
    return {
        name: next((word for word in frequent if known[word] <= share * number), frequent[-1])
        for name, share in SHARES.items()
    }


def host():
    from blog.timeline.by_site import sites

    return sites()[0]["host"]
