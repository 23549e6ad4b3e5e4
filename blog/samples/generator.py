"""Makes up an archive of any size, the same for the same seed: for measuring, and for looking at full pages.

The texts mean nothing. But their lengths, their kinds, their tags and the days between them are spread as in
archives that have grown: few words are everywhere and most are rare, and so it is with tags and with hosts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from uuid import UUID

from django.db import transaction

from blog.database.bulk_insert import insert_rows
from blog.models import (
    Blogmark,
    Entry,
    Link,
    LinkedUrl,
    Note,
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
#: How unlike each other the days are: 0 would make all of them as busy.
BURSTS = 1.2
#: How many of each there are to choose from.
WORDS, RARE_WORDS, PARAGRAPHS, TAGS, HOSTS, PEOPLE = 12_000, 30_000, 4000, 5000, 3000, 800
#: A series has every tenth of the entries that are written while it goes on.
SERIES, ENTRIES_OF_SERIES, EVERY = 40, 25, 10
#: The kinds, how often each is written, and of how many paragraphs: the least, and what is usual beyond that.
SHARES = {Blogmark: (60, 1, 0.3), Entry: (20, 3, 7), Quotation: (13, 1, 0), Note: (7, 1, 0.5)}
NUMBERS_OF_TAGS = (0, 1, 2, 2, 3, 3, 4, 6)
# The same few paragraphs lead to the same addresses.
host_of, url_key = (lru_cache(maxsize=20_000)(of) for of in (web_urls.host_of, web_urls.url_key))
SYLLABLES = [
    first + second for first in "bdfgklmnprstvwz" for second in ("a", "e", "i", "o", "u", "an", "er")
]


@dataclass(frozen=True)
class Paragraph:
    """A text in all the forms in which a post keeps it, and where it links to."""

    source: str
    html: str
    plain: str
    tokens: str
    words: int
    links: tuple


class Chooser:
    """Chooses from what there is: the first most often, and the further on, the less.

    With a slope of 1 the second half as often as the first and the third a third as often; with a
    steeper one most of them are rare.
    """

    def __init__(self, random, items, slope=1.0):
        self.random = random
        self.items = list(items)
        self.weights = list(accumulate(place**-slope for place in range(1, len(self.items) + 1)))

    def __call__(self, number=1):
        return self.random.choices(self.items, cum_weights=self.weights, k=number)


class Generator:
    """Posts that end yesterday, the oldest first. Counts are left to `recompute_counts`."""

    def __init__(self, seed, language, now):
        self.random = Random(seed)
        self.language = language
        self.today = datetime.combine(now.astimezone(UTC), time(), UTC)
        self.rare_words = [self.word() + self.word() for _ in range(RARE_WORDS)]
        self.words = Chooser(self.random, dict.fromkeys(self.word() for _ in range(WORDS)))
        self.hosts = Chooser(self.random, (f"{self.word()}{n}.example" for n in range(HOSTS)))
        self.people = Chooser(self.random, (f"{self.word()} {self.word()}".title() for _ in range(PEOPLE)))
        self.paragraphs = [self.paragraph() for _ in range(PARAGRAPHS)]

    def word(self):
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((1, 2, 2, 3))))

    def sentence(self, least=3, most=18):
        return " ".join(self.words(self.random.randint(least, most))).capitalize()

    def title(self):
        """One word of it stands in hardly any other post."""
        return f"{self.sentence(1, 8)} {self.random.choice(self.rare_words)}"

    def paragraph(self):
        """Some text, of which one time in four the first words are a link."""
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
        """As `words.index_text()` would have it, of a text of nothing but plain letters."""
        return " ".join(tokenizer.stem(word, self.language) for word in text.lower().replace(".", "").split())

    def make_tags(self):
        """What is not there yet of the tags."""
        names = [f"{self.word()}-{n}" for n in range(TAGS)]
        Tag.objects.bulk_create(
            (Tag(name=name, slug=name) for name in names), ignore_conflicts=True, batch_size=BATCH
        )
        pks = dict(Tag.objects.filter(slug__regex="-[0-9]+$").values_list("name", "pk"))
        told = ((name, tokenizer.index_text(name, self.language), pks[name]) for name in names)
        self.tags = Chooser(self.random, told, slope=1.25)

    def make_series(self):
        """What is not there yet of the series."""
        rows = [Series(title=f"{self.sentence(2, 4)} {n}", slug=f"made-up-{n}") for n in range(SERIES)]
        Series.objects.bulk_create(rows, ignore_conflicts=True)
        made = Series.objects.filter(slug__startswith="made-up-").order_by("pk")
        self.series = list(made.values_list("pk", flat=True))

    def moments(self, number):
        """As many moments of the last years, in their order, the days more or less busy."""
        midnights = [self.today - timedelta(days) for days in range(DAYS, 0, -1)]
        busy = list(accumulate(self.random.lognormvariate(0, BURSTS) for _ in midnights))
        chosen = sorted(self.random.choices(midnights, cum_weights=busy, k=number))
        return sorted(midnight + timedelta(seconds=self.random.randrange(86400)) for midnight in chosen)

    def post(self, kind, number, published):
        """One that is rendered and dated, and its paragraphs."""
        _, least, beyond = SHARES[kind]
        length = least + int(self.random.expovariate(1 / beyond)) if beyond else least
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
        if kind is Blogmark:
            [host, via] = self.hosts(2)
            found = {"via_url": f"https://{via}/", "via_title": via} if self.random.random() < 0.3 else {}
            return {"link_url": f"https://{host}/{title.split()[0].lower()}", "link_title": title, **found}
        if kind is Quotation:
            [host], [person] = self.hosts(), self.people()
            return {"source": person, "source_url": f"https://{host}/", "context": title}
        return {"title": title, "series_id": self.series_of(number)} if kind is Entry else {}

    def series_of(self, number):
        place, rest = divmod(number, EVERY)
        which = place // ENTRIES_OF_SERIES
        return self.series[which] if not rest and which < len(self.series) else None

    def write(self, moments, numbers):
        """One transaction. `numbers`: the last one of each kind, which goes up."""
        kinds = self.random.choices(list(SHARES), [share for share, *_ in SHARES.values()], k=len(moments))
        made = {kind: [] for kind in SHARES}
        for kind, published in zip(kinds, moments, strict=True):
            numbers[kind] += 1
            made[kind].append(self.post(kind, numbers[kind], published))
        with transaction.atomic():
            SiteState.lock()
            for posts in filter(None, made.values()):
                self.write_kind(posts)

    def write_kind(self, made):
        """The posts of one kind with all that belongs to them."""
        posts = [post for post, _ in made]
        bulk_create_posts(posts)
        tags = [sorted(set(self.tags(self.random.choice(NUMBERS_OF_TAGS)))) for _ in posts]
        insert_rows(Tagging, (row for pair in zip(posts, tags, strict=True) for row in taggings(*pair)))
        insert_rows(SearchDocument, (self.document(*each) for each in zip(made, tags, strict=True)))
        insert_rows(Link, (row for each in made for row in links(*each)))
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


def links(post, paragraphs):
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
