"""Makes up an archive of any size, the same for the same seed: for measuring, and for looking at full pages.

The texts mean nothing. But their lengths, their kinds, their tags and the days between them are spread as in
archives that have grown: few words are everywhere and most are rare, and so it is with tags and with hosts.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils.html import escape

from blog import words
from blog.importers.bulk import bulk_create_posts
from blog.models import (
    Blogmark,
    Entry,
    Link,
    LinkedAddress,
    Note,
    Quotation,
    SearchDocument,
    SiteSettings,
    Tag,
    Tagging,
    Word,
)

BATCH = 1000
YEARS = 20
#: How many of each there are to choose from.
WORDS, PARAGRAPHS, TAGS, HOSTS, PEOPLE = 12_000, 4000, 5000, 3000, 800
#: The kinds, how often each is written, and of how many paragraphs: the least, and what is usual beyond that.
SHARES = {Blogmark: (60, 1, 0.3), Entry: (20, 3, 7), Quotation: (13, 1, 0), Note: (7, 1, 0.5)}
SYLLABLES = [
    first + second for first in "bdfgklmnprstvwz" for second in ("a", "e", "i", "o", "u", "an", "er")
]


@dataclass(frozen=True)
class Paragraph:
    """A text in all the forms in which a post keeps it."""

    source: str
    html: str
    tokens: str
    words: int


class Chooser:
    """Chooses from what there is: the second half as often as the first, the third a third as often."""

    def __init__(self, random, items):
        self.random = random
        self.items = list(items)
        self.weights = list(accumulate(1 / place for place in range(1, len(self.items) + 1)))

    def __call__(self, number=1):
        return self.random.choices(self.items, cum_weights=self.weights, k=number)


class Generator:
    """Posts that end today, the oldest first. Counts are left to `recount`."""

    def __init__(self, seed, language, now):
        self.random = Random(seed)
        self.language = language
        self.now = now.astimezone(UTC).replace(microsecond=0)
        lexicon = dict.fromkeys(self.word() for _ in range(WORDS))
        self.words = Chooser(self.random, lexicon)
        self.paragraphs = [self.paragraph() for _ in range(PARAGRAPHS)]
        self.hosts = Chooser(self.random, (f"{self.word()}{n}.example" for n in range(HOSTS)))
        self.people = Chooser(self.random, (f"{self.word()} {self.word()}".title() for _ in range(PEOPLE)))

    def word(self):
        return "".join(self.random.choices(SYLLABLES, k=self.random.choice((1, 2, 2, 3))))

    def sentence(self, least=3, most=18):
        return " ".join(self.words(self.random.randint(least, most))).capitalize()

    def paragraph(self):
        text = ". ".join(self.sentence() for _ in range(self.random.randint(1, 6))) + "."
        return Paragraph(
            source=text,
            html=f"<p>{escape(text)}</p>",
            tokens=words.index_text(text, self.language, most=words.MOST_TOKENS),
            words=len(text.split()),
        )

    def make_tags(self):
        """What is not there yet of the tags."""
        names = [f"{self.word()}-{n}" for n in range(TAGS)]
        Tag.objects.bulk_create(
            (Tag(name=name, slug=name) for name in names), ignore_conflicts=True, batch_size=BATCH
        )
        pks = dict(Tag.objects.filter(name__in=names[: BATCH // 2]).values_list("name", "pk"))
        for start in range(BATCH // 2, TAGS, BATCH // 2):
            some = names[start : start + BATCH // 2]
            pks |= dict(Tag.objects.filter(name__in=some).values_list("name", "pk"))
        self.tags = Chooser(self.random, ((name, pks[name]) for name in names))

    def moments(self, number):
        """As many moments of the last years, in their order, the days more or less busy."""
        start = self.now - timedelta(days=365.25 * YEARS)
        seconds = int((self.now - start).total_seconds())
        return [start + timedelta(seconds=at) for at in sorted(self.random.choices(range(seconds), k=number))]

    def post(self, kind, number, published):
        """One that is rendered and dated, and the tokens of its body."""
        _, least, beyond = SHARES[kind]
        length = least + int(self.random.expovariate(1 / beyond)) if beyond else least
        paragraphs = self.random.choices(self.paragraphs, k=length)
        title = self.sentence(2, 9)
        post = kind(
            kind=kind._meta.model_name,
            number=number,
            uuid=UUID(int=self.random.getrandbits(128), version=4),
            day=published.date(),
            slug=f"{title.lower().replace(' ', '-')[:60]}-{number}",
            published=published,
            updated=published,
            body="\n\n".join(paragraph.source for paragraph in paragraphs),
            html=markup_of(paragraphs),
            description=paragraphs[0].source[:200],
            word_count=sum(paragraph.words for paragraph in paragraphs),
            **self.own_fields(kind, title),
        )
        post.headline = post.headline_text()[:500]
        post.summary_html = post.html if length <= 3 else markup_of(paragraphs[:1])
        post.has_more = length > 3
        return post, paragraphs

    def own_fields(self, kind, title):
        if kind is Blogmark:
            [host, via] = self.hosts(2)
            found = {"via_url": f"https://{via}/", "via_title": via} if self.random.random() < 0.3 else {}
            return {"link_url": f"https://{host}/{title.split()[0].lower()}", "link_title": title, **found}
        if kind is Quotation:
            [host], [person] = self.hosts(), self.people()
            return {"source": person, "source_url": f"https://{host}/", "context": title}
        return {"title": title} if kind is Entry else {}

    def document(self, post, paragraphs, names):
        return SearchDocument(
            post_id=post.pk,
            title=words.index_text(post.search_title(), self.language),
            tags=words.index_text(" ".join(sorted(names)), self.language),
            body=" ".join(paragraph.tokens for paragraph in paragraphs),
            by=words.index_text(post.search_author(), self.language),
            text=" ".join(paragraph.source for paragraph in paragraphs),
        )

    def write(self, moments, numbers):
        """One transaction. `numbers`: the last one of each kind, which goes up."""
        kinds = self.random.choices(list(SHARES), [share for share, *_ in SHARES.values()], k=len(moments))
        made = {kind: [] for kind in SHARES}
        for kind, published in zip(kinds, moments, strict=True):
            numbers[kind] += 1
            made[kind].append(self.post(kind, numbers[kind], published))
        with transaction.atomic():
            SiteSettings.lock()
            for posts in filter(None, made.values()):
                self.write_kind(posts)

    def write_kind(self, made):
        posts = [post for post, _ in made]
        bulk_create_posts(posts)
        tags = [set(self.tags(self.random.choice((0, 1, 2, 2, 3, 3, 4, 6)))) for _ in posts]
        Tagging.objects.bulk_create(
            Tagging(content_object_id=post.pk, tag_id=tag, published=post.published, is_public=True)
            for post, chosen in zip(posts, tags, strict=True)
            for _, tag in sorted(chosen)
        )
        SearchDocument.objects.bulk_create(
            self.document(post, paragraphs, [name for name, _ in chosen])
            for (post, paragraphs), chosen in zip(made, tags, strict=True)
        )
        Link.objects.bulk_create(link for post in posts for link in Link.of(post))
        LinkedAddress.objects.bulk_create(row for post in posts for row in LinkedAddress.of(post))
        Word.learn(*(text for post in posts[::50] for text in (post.headline, post.title)))


def markup_of(paragraphs):
    return "\n".join(paragraph.html for paragraph in paragraphs)
