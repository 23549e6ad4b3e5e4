"""What search knows of each post. The databases build their indexes from these rows.

On SQLite triggers keep an FTS5 table in step, on PostgreSQL a generated `tsvector` column:
see the migration. So whatever writes a row here, in whatever transaction, is found at once.
"""

from collections import defaultdict

from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import markup
from blog.strings import tokenizer

from .site_state import SiteState

BATCH = 500


class SearchDocumentQuerySet(models.QuerySet):
    def tag_texts(self, language):
        """{post id: its tags as the row should hold them}, in the same order on every database."""
        names = defaultdict(list)
        for post, name in self.values_list("pk", "post__taggings__tag__name"):
            names[post].append(name or "")
        return {post: tokenizer.index_text(" ".join(sorted(names[post])), language) for post in names}


class SearchDocument(models.Model):
    """The words of a post as tokens (see `blog.strings.tokenizer`), and its plain text for passages."""

    post = models.OneToOneField(
        "blog.Post", primary_key=True, on_delete=models.CASCADE, related_name="search_document"
    )
    title = models.TextField()
    tags = models.TextField(default="")
    body = models.TextField()
    by = models.TextField(default="", help_text="Whose words a quotation is.")
    text = models.TextField()
    month = models.CharField(max_length=6, default="", help_text="The month of its day, such as 202406.")

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")

    def __str__(self):
        return self.text[:80]

    @classmethod
    def for_post(cls, post, language, tags=()):
        """The row for a post that has been rendered, not saved."""
        plain = markup.plain(post.html)
        more = " ".join(post.search_details())
        return cls(
            post_id=post.pk,
            title=tokenizer.index_text(post.search_title(), language),
            tags=tokenizer.index_text(" ".join(tags), language),
            body=tokenizer.index_text(f"{more} {plain}", language, max_tokens=tokenizer.MAX_TOKENS),
            by=tokenizer.index_text(post.search_author(), language),
            text=plain,
            month=f"{post.day:%Y%m}".zfill(6),
        )

    @classmethod
    def sync(cls, post, language):
        """Insert or replace the row of a saved post, except for its tags."""
        row = cls.for_post(post, language)
        values = {name: getattr(row, name) for name in ("title", "body", "by", "text", "month")}
        if not cls.objects.filter(pk=post.pk).update(**values):
            row.save(force_insert=True)

    @classmethod
    def sync_tags(cls, posts):
        """Bring the tags of these posts (ids) up to date. Two queries and an update for each `BATCH`."""
        language, posts = SiteState.load().search_language, sorted(posts)
        for start in range(0, len(posts), BATCH):
            rows = cls.objects.filter(pk__in=posts[start : start + BATCH])
            texts = rows.tag_texts(language)
            changed = [row for row in rows.only("tags") if row.tags != texts[row.pk]]
            for row in changed:
                row.tags = texts[row.pk]
            cls.objects.bulk_update(changed, ["tags"])


SHORTEST_WORD = 4
LONGEST_WORD = 40


def trigrams(word):
    """Its groups of three letters, with its beginning and end marked: {"^ca", "cat", "at$"}."""
    marked = f"^{word}$"
    return {marked[n : n + 3] for n in range(len(marked) - 2)}


class Word(models.Model):
    """A word as it is written in titles, folded but not stemmed."""

    word = models.CharField(max_length=LONGEST_WORD, unique=True)

    def __str__(self):
        return self.word

    @classmethod
    def learn(cls, *texts):
        """Add the words that are new. One query where none is."""
        seen = {word for word in tokenizer.tokenize(" ".join(texts), language="") if is_spell_checked(word)}
        new = seen - set(cls.objects.filter(word__in=seen).values_list("word", flat=True))
        if new:
            cls.objects.bulk_create((cls(word=word) for word in new), ignore_conflicts=True)
            learnt = cls.objects.filter(word__in=new)
            groups = [Trigram(word=row, text=text) for row in learnt for text in trigrams(row.word)]
            Trigram.objects.bulk_create(groups, ignore_conflicts=True, batch_size=2000)


class Trigram(models.Model):
    """A group of three letters that a word has."""

    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="trigrams")
    text = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "word"], name="trigram_once")]

    def __str__(self):
        return self.text


def is_spell_checked(word):
    """Whether the word is one that somebody could mistype and be told of."""
    return SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()
