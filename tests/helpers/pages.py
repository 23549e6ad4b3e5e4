"""A page of every type, whose posts use every kind of markup."""

from datetime import timedelta

from tests.factories import (
    make_blogmark,
    make_entry,
    make_note,
    make_page,
    make_quotation,
    make_series,
    make_tag,
    make_timeline,
    set_site,
    utc,
)

BODY = """First *words* with [a link](https://example.com/a?b=1&c=2), `code`, and a footnote.[^1]

## A heading

```python
def double(x):
    # Twice as much
    return "x" * 2  # and a line that is so long that it has to be scrolled on every screen there is
```

| Left | Right |
|------|------:|
| a    |     1 |

- one
    - two

> Somebody's words.

![An image](/static/icon-192.png "Its caption")

<details><summary>More</summary><p>Hidden.</p></details>

<iframe src="https://player.example.com/1" title="A film" width="560" height="315"></iframe>

<image-gallery>
<img src="/static/icon-512.png" alt="One"><img src="/static/icon-maskable.png" alt="Two">
</image-gallery>

<dl><dt>Term</dt><dd>Meaning</dd></dl>

<p><kbd>Ctrl</kbd>, H<sub>2</sub>O, <abbr title="HyperText">HT</abbr>, <mark>marked</mark>.</p>

[^1]: The note, with `code`.
"""


def make_pages():
    """Create about fifty posts and return {type of page: path}."""
    set_site(
        title="Rain & wind",
        tagline="Of weather",
        footer="Made *by hand*.",
        licence="CC BY 4.0",
        links="Code https://code.example.com/me",
        fediverse="@ada@social.example.com",
        embed_hosts="player.example.com",
    )
    series = make_series(title="Insects & others", slug="insects", summary="All of *them*.")
    make_tag("sea", description="All *water*.")
    noon = utc(2024, 6, 8)
    tags = ["sea", "land", "two words"]
    posts = {
        "entry": make_entry(title="Rain & <wind>", body=BODY, tags=tags, series=series, published=noon),
        "link": make_blogmark(
            link_url="https://example.com/a?b=1&c=2",
            link_title="A & B",
            body=BODY,
            via_url="https://example.org/",
            via_title='"Via"',
            tags=tags,
            published=noon + timedelta(hours=1),
        ),
        "quotation": make_quotation(
            body="Somebody's words.\n\nTwo of them.",
            source="Ada & Co",
            source_url="https://example.com/ada",
            context="in *a talk*",
            tags=tags,
            published=noon + timedelta(hours=2),
        ),
        "quotation without source": make_quotation(published=noon + timedelta(hours=3)),
        "note": make_note(body=BODY, tags=tags, published=noon + timedelta(hours=4)),
        "note with title": make_note(title="A note", byline="A guest", published=noon + timedelta(hours=5)),
    }
    posts["note"].body += "\nMore.\n"
    posts["note"].save()
    make_timeline(44, start=utc(2022, 1, 1), step=timedelta(days=3))
    page = make_page(title="A page", body=BODY)
    return {name: post.get_absolute_url() for name, post in posts.items()} | {
        "home": "/",
        "year": "/2024/",
        "another year": "/2022/",
        "month": "/2024/Jun/",
        "day": "/2024/Jun/8/",
        "entries": "/entries/",
        "links": "/blogmarks/",
        "quotations": "/quotations/",
        "notes": "/notes/",
        "tags": "/tags/",
        "tag": "/tags/sea/",
        "two tags": "/tags/land+sea/",
        "long tag": "/tags/ant/",
        "all series": "/series/",
        "series": "/series/insects/",
        "linked sites": "/links/",
        "linked site": "/links/example.com/",
        "via sites": "/via/",
        "via": "/via/example.org/",
        "search": "/search/",
        "results": "/search/?q=words&tag=sea",
        "no results": "/search/?q=xyzzyplugh",
        "page": page.get_absolute_url(),
        "feeds": "/feeds/",
        "not found": "/2024/no-such-page/",
    }
