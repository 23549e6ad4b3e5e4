"""The search index: the tokens of each post, and the words for spelling suggestions.

The databases index these rows themselves, SQLite in an FTS5 table that triggers update, PostgreSQL in a
generated `tsvector` column (see the migration). So search finds a row as soon as it is written.
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
        """Return {post id: tokens of its tags}, in the same order on every database."""
        names = defaultdict(list)
        for post, name in self.values_list("pk", "post__taggings__tag__name"):
            names[post].append(name or "")
        return {post: tokenizer.index_text(" ".join(sorted(names[post])), language) for post in names}


class SearchDocument(models.Model):
    """The tokens of a post (see `blog.strings.tokenizer`), and its plain text for passages."""

    post = models.OneToOneField(
        "blog.Post", primary_key=True, on_delete=models.CASCADE, related_name="search_document"
    )
    title = models.TextField()
    tags = models.TextField(default="")
    body = models.TextField()
    by = models.TextField(default="", help_text="Source of a quotation.")
    text = models.TextField()
    month = models.CharField(max_length=6, default="", help_text="Month of the post's day, such as 202406.")

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")

    def __str__(self):
        return self.text[:80]

    @classmethod
    def for_post(cls, post, language, tags=()):
        """Return an unsaved row for a rendered post."""
        plain = markup.plain(post.html)
        details = " ".join(post.search_details())
        return cls(
            post_id=post.pk,
            title=tokenizer.index_text(post.search_title(), language),
            tags=tokenizer.index_text(" ".join(tags), language),
            body=tokenizer.index_text(f"{details} {plain}", language, max_tokens=tokenizer.MAX_TOKENS),
            by=tokenizer.index_text(post.search_author(), language),
            text=plain,
            month=f"{post.day:%Y%m}".zfill(6),
        )

    @classmethod
    def sync(cls, post, language):
        """Insert or update the row of a saved post, except for its tags."""
        row = cls.for_post(post, language)
        values = {name: getattr(row, name) for name in ("title", "body", "by", "text", "month")}
        if not cls.objects.filter(pk=post.pk).update(**values):
            row.save(force_insert=True)

    @classmethod
    def sync_tags(cls, posts):
        """Update the tags of these posts (ids). Runs two queries and an update per `BATCH`."""
        language, posts = SiteState.load().search_language, sorted(posts)
        for start in range(0, len(posts), BATCH):
            rows = cls.objects.filter(pk__in=posts[start : start + BATCH])
            texts = rows.tag_texts(language)
            changed = [row for row in rows.only("tags") if row.tags != texts[row.pk]]
            for row in changed:
                row.tags = texts[row.pk]
            cls.objects.bulk_update(changed, ["tags"])


MIN_WORD_LENGTH = 4
MAX_WORD_LENGTH = 40


def trigrams(word):
    """Return the trigrams of a word, with its beginning and end marked: {"^ca", "cat", "at$"}."""
    marked = f"^{word}$"
    return {marked[n : n + 3] for n in range(len(marked) - 2)}


class Word(models.Model):
    """A word that spelling suggestions may offer: from titles and tag names, folded but not stemmed."""

    word = models.CharField(max_length=MAX_WORD_LENGTH, unique=True)

    def __str__(self):
        return self.word

    @classmethod
    def learn(cls, *texts):
        """Add the words of the texts. Runs one query if none is new."""
        words = {word for word in tokenizer.tokenize(" ".join(texts), language="") if is_spell_checked(word)}
        new = words - set(cls.objects.filter(word__in=words).values_list("word", flat=True))
        if new:
            cls.objects.bulk_create((cls(word=word) for word in new), ignore_conflicts=True)
            added = cls.objects.filter(word__in=new)
            rows = [Trigram(word=row, text=text) for row in added for text in trigrams(row.word)]
            Trigram.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


class Trigram(models.Model):
    """Three consecutive letters of a word."""

    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="trigrams")
    text = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "word"], name="trigram_once")]

    def __str__(self):
        return self.text


def is_spell_checked(word):
    """Return whether spelling suggestions cover this kind of word."""
    return MIN_WORD_LENGTH <= len(word) <= MAX_WORD_LENGTH and word.isalpha()
