"""Tags, which post has which, and the names that tags had before."""

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from taggit.models import ItemBase, NaturalKeyManager, TagBase

from blog import markup

from .markup_field import RenderedField
from .post import Post
from .site import SiteSettings

SLUG_LENGTH = 90  # which leaves room for a number


class TagQuerySet(models.QuerySet):
    def named(self, names):
        """{name: tag} for what somebody typed or an address says: slugs, or else other names.

        A name that no tag ever had is absent. One query, and up to two for each name that is
        not a slug to the letter.
        """
        found = {tag.slug: tag for tag in self.filter(slug__in=names)}
        others = {name: self._otherwise_named(name) for name in names if name not in found}
        return found | {name: tag for name, tag in others.items() if tag}

    def adjust_uses(self, more=(), fewer=()):
        """Count one post more or fewer for these tags (ids)."""
        self.filter(pk__in=more).update(uses=F("uses") + 1)
        self.filter(pk__in=fewer).update(uses=F("uses") - 1)

    def recount_uses(self):
        """Count every tag's uses anew."""
        taggings = Tagging.objects.filter(tag=OuterRef("pk"), is_draft=False).order_by().values("tag")
        counts = Subquery(taggings.annotate(number=Count("pk")).values("number"))
        self.update(uses=Coalesce(counts, 0))

    def _otherwise_named(self, name):
        """By the slug in another case or the name itself; then by a former name."""
        current = self.filter(Q(slug__iexact=name) | Q(name__iexact=name))
        return current.first() or self.filter(previous_names__name__iexact=name).first()


class Tag(TagBase):
    description = models.TextField(blank=True, help_text="In Markdown; shown on the tag's page.")
    description_html = RenderedField()
    uses = models.PositiveIntegerField(
        default=0, editable=False, help_text="Posts that have it and are no drafts, kept rather than counted."
    )

    objects = NaturalKeyManager.from_queryset(TagQuerySet)()

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
