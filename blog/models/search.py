"""What search knows of each post. The databases build their indexes from these rows.

On SQLite triggers keep an FTS5 table in step, on PostgreSQL a generated `tsvector` column:
see the migration. So whatever writes a row here, in whatever transaction, is found at once.
"""

from django.db import models

from blog import markup, words

from .site import SiteSettings


class SearchDocument(models.Model):
    """The words of a post as tokens (see `blog.words`), and its plain text for passages."""

    post = models.OneToOneField(
        "blog.Post", primary_key=True, on_delete=models.CASCADE, related_name="search_document"
    )
    title = models.TextField()
    tags = models.TextField(default="")
    body = models.TextField()
    by = models.TextField(default="", help_text="Whose words a quotation is.")
    text = models.TextField()

    def __str__(self):
        return self.text[:80]

    @classmethod
    def of(cls, post, language, tags=()):
        """The row for a post that has been rendered, not saved."""
        plain = markup.plain(post.html)
        more = " ".join(post.search_details())
        return cls(
            post_id=post.pk,
            title=words.index_text(post.search_title(), language),
            tags=words.index_text(" ".join(tags), language),
            body=words.index_text(f"{more} {plain}", language, most=words.MOST_TOKENS),
            by=words.index_text(post.search_author(), language),
            text=plain,
        )

    @classmethod
    def write(cls, post, language):
        """Insert or replace the row of a saved post, except for its tags."""
        row = cls.of(post, language)
        values = {name: getattr(row, name) for name in ("title", "body", "by", "text")}
        if not cls.objects.filter(pk=post.pk).update(**values):
            row.save(force_insert=True)

    @classmethod
    def write_tags(cls, posts):
        """Bring the tags of these posts (ids) up to date. Two queries and one update a batch."""
        language = SiteSettings.load().language
        rows = cls.objects.filter(pk__in=posts).defer("body", "text").prefetch_related("post__tags")
        for row in rows:
            row.tags = words.index_text(" ".join(tag.name for tag in row.post.tags.all()), language)
        cls.objects.bulk_update(rows, ["tags"], batch_size=500)
