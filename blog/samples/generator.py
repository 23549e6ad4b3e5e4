"""Generate an archive of any size for measurements, the same one for the same seed.

The texts are meaningless, but lengths, kinds, tags and gaps between days are distributed as in real archives:
a few words, tags and hosts are everywhere, and most are rare.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import NamedTuple
from uuid import UUID

from django.db import models, transaction

from blog.database.bulk_insert import insert_rows
from blog.models import (
    Blogmark,
    Entry,
    LinkedHost,
    LinkedUrl,
    Note,
    Post,
    Quotation,
    SearchDocument,
    Series,
    SiteState,
    Tag,
    Tagging,
    Word,
)
from blog.models.bulk import bulk_create_posts
from blog.remote import web_urls
from blog.strings import tokenizer

BATCH = 2000
DAYS = 20 * 365
#: The standard deviation of how busy days are (log-normal): with 0, all would be equally busy.
BURSTS = 1.2
#: The size of each pool.
WORDS, RARE_WORDS, PARAGRAPHS, TAGS, HOSTS, PEOPLE = 12_000, 30_000, 4000, 5000, 3000, 800
#: While a series runs, every tenth entry belongs to it.
SERIES, ENTRIES_PER_SERIES, SERIES_INTERVAL = 40, 25, 10


class Share(NamedTuple):
    """How often a kind is written, and how many paragraphs it has: the minimum, and the mean beyond that."""

    weight: int
    min_paragraphs: int
    mean_more: float


SHARES = {
    Blogmark: Share(60, 1, 0.3),
    Entry: Share(20, 3, 7),
    Quotation: Share(13, 1, 0),
    Note: Share(7, 1, 0.5),
}
OTHER_SHARE = Share(5, 1, 0.5)
TAG_COUNTS = (0, 1, 2, 2, 3, 3, 4, 6)
# Cached, since the same few paragraphs contain the same URLs.
host_of, url_key = (lru_cache(maxsize=20_000)(of) for of in (web_urls.host_of, web_urls.url_key))
SYLLABLES = [
    first + second for first in "bdfgklmnprstvwz" for second in ("a", "e", "i", "o", "u", "an", "er")
]


@dataclass(frozen=True)
class Paragraph:
    """A text in all the forms in which a post stores it, and the URLs that it links to."""

    source: str
    html: str
    plain: str
    tokens: str
    words: int
    links: tuple


class ZipfChoice:
    """Random choice by Zipf's law: the item at rank n is chosen in proportion to n ** -exponent."""

    def __init__(self, random, items, exponent=1.0):
        self.random = random
        self.items = list(items)
        self.weights = list(accumulate(rank**-exponent for rank in range(1, len(self.items) + 1)))

    def __call__(self, number=1):
        return self.random.choices(self.items, cum_weights=self.weights, k=number)


class Generator:
    """Generates posts up to yesterday, oldest first. Run `recompute_counts` afterwards."""

    def __init__(self, seed, language, now):
        self.random = Random(seed)
        self.language = language
        self.today = datetime.combine(now.astimezone(UTC), time(), UTC)
        self.rare_words = [self.word() + self.word() for _ in range(RARE_WORDS)]
        self.words = ZipfChoice(self.random, dict.fromkeys(self.word() for _ in range(WORDS)))
        self.hosts = ZipfChoice(self.random, (f"{self.word()}{n}.example" for n in range(HOSTS)))
        self.people = ZipfChoice(self.random, (f"{self.word()} {self.word()}".title() for _ in range(PEOPLE)))
        self.paragraphs = [self.paragraph() for _ in range(PARAGRAPHS)]

    def word(self):
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((1, 2, 2, 3))))

    def sentence(self, least=3, most=18):
        return " ".join(self.words(self.random.randint(least, most))).capitalize()

    def title(self):
        """Generate a title with one rare word."""
        return f"{self.sentence(1, 8)} {self.random.choice(self.rare_words)}"

    def paragraph(self):
        """Generate a paragraph. One in four begins with a link."""
        text = ". ".join(self.sentence() for _ in range(self.random.randint(1, 6))) + "."
        source, html, links = text, text, ()
        if self.random.random() < 0.25:
            *beginning, rest = text.split(" ", 2)
            first = " ".join(beginning)
            address = f"https://{self.hosts()[0]}/{'-'.join(beginning).lower()}"
            source, html, links = (
                f"[{first}]({address}) {rest}",
                f'<a href="{address}">{first}</a> {rest}',
                (address,),
            )
        return Paragraph(source, f"<p>{html}</p>", text, self.tokens(text), len(text.split()), links)

    def tokens(self, text):
        """Return what `tokenizer.index_text()` would, for a text of plain letters only."""
        return " ".join(tokenizer.stem(word, self.language) for word in text.lower().replace(".", "").split())

    def make_tags(self):
        """Create the tags that do not exist yet."""
        names = [f"{self.word()}-{n}" for n in range(TAGS)]
        Tag.objects.bulk_create(
            (Tag(name=name, slug=name) for name in names), ignore_conflicts=True, batch_size=BATCH
        )
        pks = dict(Tag.objects.filter(slug__regex="-[0-9]+$").values_list("name", "pk"))
        rows = ((name, tokenizer.index_text(name, self.language), pks[name]) for name in names)
        self.tags = ZipfChoice(self.random, rows, exponent=1.25)

    def make_series(self):
        """Create the series that do not exist yet."""
        rows = [Series(title=f"{self.sentence(2, 4)} {n}", slug=f"made-up-{n}") for n in range(SERIES)]
        Series.objects.bulk_create(rows, ignore_conflicts=True)
        made = Series.objects.filter(slug__startswith="made-up-").order_by("pk")
        self.series = list(made.values_list("pk", flat=True))

    def moments(self, number):
        """Return `number` times of publication in order, spread over busy and quiet days."""
        midnights = [self.today - timedelta(days) for days in range(DAYS, 0, -1)]
        busy = list(accumulate(self.random.lognormvariate(0, BURSTS) for _ in midnights))
        chosen = sorted(self.random.choices(midnights, cum_weights=busy, k=number))
        return sorted(midnight + timedelta(seconds=self.random.randrange(86400)) for midnight in chosen)

    def post(self, kind, number, published):
        """Generate a rendered post. Returns it and its paragraphs."""
        share = share_of(kind)
        length = share.min_paragraphs
        if share.mean_more:
            length += int(self.random.expovariate(1 / share.mean_more))
        paragraphs = self.random.choices(self.paragraphs, k=length)
        title = self.title()
        post = kind(
            kind=kind._meta.model_name,
            number=number,
            uuid=UUID(int=self.random.getrandbits(128), version=4),
            day=published.date(),
            slug=f"{title.lower().replace(' ', '-')[:50]}-{number}",
            published=published,
            updated=published,
            body="\n\n".join(paragraph.source for paragraph in paragraphs),
            html=markup_of(paragraphs),
            description=paragraphs[0].plain[:200],
            word_count=sum(paragraph.words for paragraph in paragraphs),
            **self.own_fields(kind, title, number),
        )
        post.headline = post.headline_text()[:500]
        post.summary_html = post.html if length <= 3 else markup_of(paragraphs[:1])
        post.has_more = length > 3
        return post, paragraphs

    def own_fields(self, kind, title, number):
        """Return the title and the kind's own fields; for kinds not named here, the required ones."""
        if kind is Blogmark:
            [host, via] = self.hosts(2)
            found = {"via_url": f"https://{via}/", "via_title": via} if self.random.random() < 0.3 else {}
            return {"link_url": f"https://{host}/{title.split()[0].lower()}", "link_title": title, **found}
        if kind is Quotation:
            [host], [person] = self.hosts(), self.people()
            return {"source": person, "source_url": f"https://{host}/", "context": title}
        if kind is Entry:
            return {"title": title, "series_id": self.series_of(number)}
        values = {field.name: self.value_for(field, title) for field in required_fields(kind)}
        return values | ({"title": title} if kind.listed_by_title else {})

    def value_for(self, field, title):
        """Return a value for a field of any type that a kind is likely to require."""
        match field:
            case models.URLField():
                return f"https://{self.hosts()[0]}/"
            case models.CharField() if field.choices:
                return self.random.choice(field.flatchoices)[0]
            case models.CharField() | models.TextField():
                return title[: field.max_length]
            case models.DateTimeField():
                return self.today
            case models.DateField():
                return self.today.date()
            case models.IntegerField():
                return 1
        raise NotImplementedError(f"No value for {field}: give it a default, or `blank=True`.")

    def series_of(self, number):
        nth, rest = divmod(number, SERIES_INTERVAL)
        which = nth // ENTRIES_PER_SERIES
        return self.series[which] if not rest and which < len(self.series) else None

    def write(self, moments, numbers):
        """Write posts of these times in one transaction. Advances `numbers`, the last number of each kind."""
        kinds = list(numbers)
        made = {kind: [] for kind in kinds}
        weights = [share_of(kind).weight for kind in kinds]
        chosen = self.random.choices(kinds, weights, k=len(moments))
        for kind, published in zip(chosen, moments, strict=True):
            numbers[kind] += 1
            made[kind].append(self.post(kind, numbers[kind], published))
        with transaction.atomic():
            SiteState.lock()
            for posts in filter(None, made.values()):
                self.write_kind(posts)

    def write_kind(self, made):
        """Write posts of one kind, and the rows that depend on them."""
        posts = [post for post, _ in made]
        bulk_create_posts(posts)
        tags = [sorted(set(self.tags(self.random.choice(TAG_COUNTS)))) for _ in posts]
        insert_rows(Tagging, (row for pair in zip(posts, tags, strict=True) for row in taggings(*pair)))
        insert_rows(SearchDocument, (self.document(*each) for each in zip(made, tags, strict=True)))
        insert_rows(LinkedHost, (row for each in made for row in linked_hosts(*each)))
        insert_rows(LinkedUrl, (row for each in made for row in linked_urls(*each)))
        Word.learn(*(text for post in posts[::50] for text in (post.headline, post.title)))

    def document(self, made, tags):
        post, paragraphs = made
        details = tokenizer.index_text(" ".join(post.search_details()), self.language)
        return {
            "post_id": post.pk,
            "title": tokenizer.index_text(post.search_title(), self.language),
            "tags": " ".join(tokens for _, tokens, _ in tags),
            "body": " ".join([details, *(paragraph.tokens for paragraph in paragraphs)]).strip(),
            "by": tokenizer.index_text(post.search_author(), self.language),
            "text": " ".join(paragraph.plain for paragraph in paragraphs),
            "month": f"{post.day:%Y%m}",
        }


def kinds():
    """Return all kinds of post, those with a share first, in a stable order."""
    return list(dict.fromkeys([*SHARES, *Post.kinds().values()]))


def share_of(kind):
    return SHARES.get(kind, OTHER_SHARE)


def required_fields(kind):
    """Return the kind's own fields that need a value."""
    own = [field for field in kind._meta.local_concrete_fields if field.editable and not field.primary_key]
    return [field for field in own if not (field.blank or field.null or field.has_default())]


def taggings(post, tags):
    for _, _, pk in tags:
        yield {
            "tag_id": pk,
            "content_object_id": post.pk,
            "published": post.published,
            "is_public": True,
        }


def linked(post, paragraphs):
    inside = (address for paragraph in paragraphs for address in paragraph.links)
    return {*inside, *filter(None, post.external_urls())}


def linked_hosts(post, paragraphs):
    via = host_of(post.get_via_url())
    for host in sorted(set(map(host_of, linked(post, paragraphs)))):
        yield {
            "post_id": post.pk,
            "host": host,
            "is_via": host == via,
            "published": post.published,
            "is_public": True,
        }


def linked_urls(post, paragraphs):
    for key in sorted(set(map(url_key, linked(post, paragraphs)))):
        yield {"post_id": post.pk, "url_key": key}


def markup_of(paragraphs):
    return "\n".join(paragraph.html for paragraph in paragraphs)
