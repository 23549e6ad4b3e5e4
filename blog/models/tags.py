"""Tags, which post has which, and the names that tags had before."""

from django.db import models
from django.urls import reverse
from taggit.models import ItemBase, TagBase

from blog import markup

from .markup_field import RenderedField
from .post import Post
from .site import SiteSettings

SLUG_LENGTH = 90  # which leaves room for a number


class Tag(TagBase):
    description = models.TextField(blank=True, help_text="In Markdown; shown on the tag's page.")
    description_html = RenderedField()

    class Meta:
        ordering = ["name"]

    def save(self, *args, **kwargs):
        self.render(SiteSettings.load().markup_options)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])

    def render(self, options):
        self.description_html = markup.render(self.description, markup.Format.MARKDOWN, options)

    def slugify(self, tag, i=None):
        """As taggit does it, but C++ and C# keep their names apart from C, and no name goes without."""
        slug = super().slugify(tag.replace("+", " plus ").replace("#", " sharp "))
        slug = slug[:SLUG_LENGTH].strip("-_") or "tag"
        return slug if i is None else f"{slug}_{i}"


class Tagging(ItemBase):
    """One tag of one post.

    It repeats the post's publication, so that the posts of a tag come out of one index in
    the order in which they are shown. `Post.save()` keeps it so.
    """

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    content_object = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="taggings", verbose_name="post"
    )
    published = models.DateTimeField(null=True, editable=False)
    is_draft = models.BooleanField(editable=False)

    natural_key_fields = ["tag", "content_object"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tagging_once")]
        indexes = [
            models.Index(
                "tag",
                "is_draft",
                models.F("published").desc(),
                models.F("content_object").desc(),
                name="tagging_timeline",
            )
        ]

    def save(self, *args, **kwargs):
        self.published = self.content_object.published
        self.is_draft = self.content_object.is_draft
        super().save(*args, **kwargs)


class PreviousTagName(models.Model):
    """A name that a tag had; its address leads to the tag for ever."""

    name = models.CharField(max_length=100, unique=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="previous_names")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
