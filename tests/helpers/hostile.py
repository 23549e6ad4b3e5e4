"""A stress-test site: content that is too long, too wide, too many or too short for any layout."""

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

LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 8
LONG_TITLE = ("A title that says everything twice and then some more. " * 6)[:300]
LONG_URL = f"https://example.com/{'long/' * 60}?{'and=so&' * 30}on"
TAGS = [f"tag-{n}" for n in range(39)] + ["a-tag-whose-name-" * 4 + "is-long"]
LINE = "words and words"
WIDE = f"""{LONG_WORD}

{LONG_URL} and <{LONG_URL}>

```python
x = "{"and so on " * 30}"
```

| {" | ".join(f"Column {n}" for n in range(12))} |
|{"---|" * 12}
| {" | ".join(LINE for _ in range(12))} |

## {LONG_TITLE[:120]} `{LONG_WORD[:60]}`

### A heading right after a heading

![A very wide image](/static/icon-512.png "{LONG_TITLE[:200]}")

<p><img src="/static/icon-512.png" alt="As wide as it says" width="3000" height="40"></p>

> {LONG_WORD}
>
> > | {LONG_WORD[:40]} | {LONG_WORD[:40]} |
> > |---|---|
> > | `{LONG_WORD[:80]}` | {LINE} |

{"".join(f"{'    ' * depth}- {depth}: {LINE}{chr(10)}" for depth in range(7))}
1000. A number of four figures
1001. {LONG_WORD[:60]}

<details><summary>{LONG_TITLE[:150]}</summary><pre>{"and so on " * 30}</pre></details>

<dl><dt>{LONG_WORD[:80]}</dt><dd>{LONG_WORD[:80]}</dd></dl>

A sentence with a footnote.[^1] And <kbd>Ctrl</kbd>+<kbd>{LONG_WORD[:50]}</kbd>, `{LONG_WORD}`.

[^1]: {LONG_WORD} {LONG_URL}
"""
RIGHT_TO_LEFT = """<div dir="rtl" lang="ar">
<p>هذه فقرة من اليمين إلى اليسار، فيها <a href="https://example.com/">رابط</a> وكلمة Django بينها.</p>
<blockquote><p>كلام شخص آخر.</p></blockquote>
<ul><li>واحد</li><li>اثنان</li></ul>
</div>

שלום עולם, and words of English in the same line.
"""
NEWEST = utc(2024, 6, 8, 20)


def make_hostile_site():
    """Create the site and return {type of page: path}. There are years without posts between its posts."""
    set_site(title=LONG_TITLE[:190], tagline=LONG_TITLE[:190], footer=LONG_WORD, licence=LONG_TITLE[:150])
    series = make_series(title=LONG_TITLE[:200], slug="long", summary=f"{LONG_WORD}\n\n{LINE * 60}")
    make_tag("tag-1", description=WIDE)
    make_note(body=WIDE, title=LONG_WORD, published=utc(2003, 1, 1))
    make_timeline(9, start=utc(2019, 12, 31), body="One.")
    make_timeline(40, start=NEWEST - timedelta(days=2), tags=TAGS[:3], series=series)
    posts = {
        "one word": make_entry(title="One", body="One.", tags=["x"]),
        "long word": make_entry(title=LONG_WORD, body="", series=series, tags=TAGS[:1]),
        "right to left": make_note(title="مدونة عن الروابط", body=RIGHT_TO_LEFT),
        "link without commentary": make_blogmark(link_title="X", body=""),
        "one-word quotation": make_quotation(body="Yes.", source="I", context="*once*"),
        "long lines": make_note(body=LONG_WORD, tags=TAGS),
        "note": make_note(body=WIDE, title=LONG_TITLE[:255], tags=TAGS, byline=LONG_WORD[:100]),
        "quotation": make_quotation(
            body=WIDE, source=LONG_WORD[:255], source_url=LONG_URL, context=LONG_TITLE[:200], tags=TAGS
        ),
        "link": make_blogmark(
            link_url=f"https://{'sub.' * 15}example.com/{LONG_WORD}",
            link_title=LONG_TITLE,
            body=WIDE,
            via_url=LONG_URL,
            via_title=LONG_WORD,
            tags=TAGS,
        ),
        "entry": make_entry(title=LONG_TITLE, body=WIDE, tags=TAGS, series=series),
    }
    for minute, post in enumerate(posts.values()):
        post.published = NEWEST + timedelta(minutes=minute)
        post.save()
    page = make_page(title=LONG_TITLE[:200], slug="long", body=WIDE)
    return {name: post.get_absolute_url() for name, post in posts.items()} | {
        "home": "/",
        "year": "/2024/",
        "year with one post": "/2003/",
        "month": "/2024/Jun/",
        "day": "/2024/Jun/8/",
        "entries": "/entries/",
        "links": "/blogmarks/",
        "quotations": "/quotations/",
        "notes": "/notes/",
        "tags": "/tags/",
        "tag": "/tags/tag-1/",
        "two tags": "/tags/tag-1+tag-2/",
        "all series": "/series/",
        "series": "/series/long/",
        "sites": "/links/",
        "feeds": "/feeds/",
        "results": "/search/?q=words",
        "no results": f"/search/?q={LONG_WORD}",
        "page": page.get_absolute_url(),
        "not found": f"/{LONG_WORD}/",
    }
