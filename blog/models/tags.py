"""Tags, which post has which, and the names that tags had before."""

from collections import defaultdict

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from taggit.models import ItemBase, NaturalKeyManager, TagBase

from blog import markup

from .markup_field import RenderedField
from .post import Post
from .site import SiteSettings
from .vocabulary import Word

SLUG_LENGTH = 90  # which leaves room for a number


class TagQuerySet(models.QuerySet):
    def named(self, names):
        """{name: tag} for what an address says: slugs, or else other names of tags.

        A name that no tag ever had is absent. One query, or two if a name is not a slug to the letter.
        """
        found = {tag.slug: tag for tag in self.filter(slug__in=names)}
        others = [name for name in names if name not in found]
        return found | self.loosely_named(others) if others else found

    def loosely_named(self, names):
        """{name: tag} for what somebody typed: in any case, the better meaning first. One query.

        Cases: a tag's slug or name; a former name, with spaces or with hyphens.
        """
        spellings = {name: {name.lower(), name.lower().replace("-", " ")} for name in names}
        wanted = Q()
        for spelling in set().union(*spellings.values()):
            wanted |= Q(slug__iexact=spelling) | Q(name__iexact=spelling) | Q(former__iexact=spelling)
        tags = list(self.annotate(former=F("previous_names__name")).filter(wanted))
        return {name: tag for name in names if (tag := best_named(tags, name, spellings[name]))}

    def adjust(self, changes):
        """Count more or fewer posts: {(tag's id, year): number}."""
        by_tag = defaultdict(dict)
        for (tag, year), number in changes.items():
            by_tag[tag][str(year)] = number
        rows = list(self.select_for_update().filter(pk__in=by_tag).order_by("pk"))
        for tag in rows:
            for year, number in by_tag[tag.pk].items():
                tag.by_year[year] = tag.by_year.get(year, 0) + number
                tag.uses += number
        self.bulk_update(rows, ["uses", "by_year"], batch_size=500)

    def recount(self):
        """Count every tag's posts anew; answers the tags whose numbers were wrong."""
        public = Tagging.objects.filter(is_public=True).order_by()
        rows = public.values_list("tag", "content_object__day__year").annotate(Count("pk"))
        counts = defaultdict(dict)
        for tag, year, number in rows:
            counts[tag][str(year)] = number
        wrong = [tag for tag in self.all() if tag.counts_differ_from(counts[tag.pk])]
        for tag in wrong:
            tag.by_year = counts[tag.pk]
            tag.uses = sum(tag.by_year.values())
        self.bulk_update(wrong, ["uses", "by_year"], batch_size=500)
        return wrong


def best_named(tags, name, spellings):
    """Of these tags, the one that the name means best: to the letter, in another case, formerly."""
    meanings = (
        lambda tag: name in (tag.slug, tag.name),
        lambda tag: name.lower() in (tag.slug.lower(), tag.name.lower()),
        lambda tag: (tag.former or "").lower() in spellings,
    )
    return next((tag for meant in meanings for tag in tags if meant(tag)), None)


class Tag(TagBase):
    description = models.TextField(blank=True, help_text="In Markdown; shown on the tag's page.")
    description_html = RenderedField()
    uses = models.PositiveIntegerField(
        default=0, editable=False, db_index=True, help_text="Public posts that have it; kept, not counted."
    )
    by_year = models.JSONField(default=dict, editable=False, help_text="The same by year.")

    objects = NaturalKeyManager.from_queryset(TagQuerySet)()

    class Meta:
        ordering = ["name"]

    def save(self, *args, **kwargs):
        self.render(SiteSettings.load().markup_options)
        super().save(*args, **kwargs)
        Word.learn(self.name)

    @property
    def has_history(self):
        """Whether it was used in more than one year."""
        return len(self.by_year) > 1

    def counts_differ_from(self, by_year):
        by_year_now = {year: number for year, number in self.by_year.items() if number}
        return (by_year_now, self.uses) != (by_year, sum(by_year.values()))

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
    is_public = models.BooleanField(editable=False)

    natural_key_fields = ["tag", "content_object"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tagging_once")]
        indexes = [
            models.Index(
                "tag",
                "is_public",
                models.F("published").desc(),
                models.F("content_object").desc(),
                name="tagging_timeline",
            )
        ]

    def save(self, *args, **kwargs):
        self.published = self.content_object.published
        self.is_public = self.content_object.is_counted
        super().save(*args, **kwargs)


class PreviousTagName(models.Model):
    """A name that a tag had; its address leads to the tag for ever."""

    name = models.CharField(max_length=100, unique=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="previous_names")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
