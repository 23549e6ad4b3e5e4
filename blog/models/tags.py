"""Tags, which post has which, and the names that tags had before."""

from collections import Counter, defaultdict
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, NaturalKeyManager, TagBase

from blog import markup
from blog.database.lookups import InArray
from blog.paths import path_to
from blog.strings import tag_names

from .fields import RenderedField
from .post import Post
from .search_index import SearchDocument, Word
from .site_settings import SiteSettings
from .site_state import SiteState

#: Of so many posts, the newest, the tags that most of them have are the current ones.
LATELY, MOST_CURRENT = 100, 6


def any_of(lookup, values):
    """A condition for any of the values; for none it is never true."""
    return reduce(or_, (Q(**{lookup: value}) for value in values), Q(pk__in=()))


class TagQuerySet(models.QuerySet):
    def delete(self):
        """With their taggings; search forgets their names in the same transaction."""
        with transaction.atomic():
            posts = Tagging.post_ids_with(self.order_by().values("pk"))
            deleted = super().delete()
            SearchDocument.sync_tags(posts)
            self.model.objects.store_current()
        return deleted

    delete.alters_data = True
    delete.queryset_only = True

    def public(self):
        """Those of public posts. No reader learns that there are others."""
        return self.filter(uses__gt=0)

    def by_slugs(self, names):
        """{name: tag} for what an address says: slugs, or else other names of tags.

        A name that no tag ever had is absent. One query, or two if a name is not a slug to the letter.
        """
        found = {tag.slug: tag for tag in self.filter(slug__in=names)}
        others = [name for name in names if name not in found]
        return found | self.by_loose_name(others) if others else found

    def by_loose_name(self, names):
        """{name: tag} for what somebody typed: in any case, the better meaning first. One query.

        Cases: a tag's slug or name; a former name, with spaces or with hyphens. What is too long to be
        a name is not looked for: SQLite would refuse to compare it.
        """
        names = [name for name in names if len(name) <= tag_names.MAX_NAME_LENGTH]
        spellings = {name: {name.lower(), name.lower().replace("-", " ")} for name in names}
        wanted = Q(pk__in=())
        for spelling in set().union(*spellings.values()):
            wanted |= Q(slug__iexact=spelling) | Q(name__iexact=spelling) | Q(former__iexact=spelling)
        tags = list(self.annotate(former=F("previous_names__name")).filter(wanted))
        return {name: tag for name in names if (tag := best_named(tags, name, spellings[name]))}

    def by_name(self, names):
        """{name: tag} for the current names of tags: to the letter, or else in any case. One query.

        By the slug as well, since SQLite compares only the letters of English in any case.
        """
        slugs = {tag_names.tag_slug(name) for name in names} - {""}
        rows = list(self.filter(any_of("name__iexact", names) | Q(slug__in=slugs)).order_by("-pk"))
        exactly, folded = {tag.name: tag for tag in rows}, {tag.name.casefold(): tag for tag in rows}
        found = {name: exactly.get(name) or folded.get(name.casefold()) for name in names}
        return {name: tag for name, tag in found.items() if tag}

    def current_names(self, names):
        """{name: name of now} for the former names of tags among these, which no tag has now. Two queries."""
        found = self.by_name(names) if names else {}
        left = {name.casefold(): name for name in names if name not in found}
        former = PreviousTagName.matching(left.values()).select_related("tag") if left else []
        return {left[row.name.casefold()]: row.tag.name for row in former if row.name.casefold() in left}

    def get_or_create_by_name(self, names):
        """{name: tag} as `by_name()`, with a new tag for each name that none has."""
        found = self.by_name(names)
        missing = {name.casefold(): name for name in names if name not in found}
        made = {folded: self.create(name=name) for folded, name in missing.items()}
        return {name: found.get(name) or made[name.casefold()] for name in names}

    def adjust_counts(self, changes):
        """Count more or fewer posts: {(tag's id, year): number}."""
        by_tag = defaultdict(dict)
        for (tag, year), number in changes.items():
            by_tag[tag][str(year)] = number
        rows = list(self.select_for_update().filter(pk__in=by_tag).order_by("pk"))
        unused = [tag for tag in rows if not tag.uses]
        for tag in rows:
            tag.count(by_tag[tag.pk])
        self._write_counts(rows, unused)

    def with_wrong_counts(self):
        """The tags whose numbers are wrong, each with the right ones as `computed_counts`: {year: posts}."""
        tags = list(self.order_by("name").defer("description", "description_html"))
        public = Tagging.objects.filter(is_public=True, tag__in=self.order_by().values("pk")).order_by()
        counts = defaultdict(dict)
        for tag, year, number in public.values_list("tag", "content_object__day__year").annotate(Count("pk")):
            counts[tag][str(year)] = number
        for tag in tags:
            tag.computed_counts = counts[tag.pk]
        return [tag for tag in tags if tag.counts_differ_from(tag.computed_counts)]

    def recompute_counts(self):
        """Count these tags' posts anew; answers the tags whose numbers were wrong."""
        with transaction.atomic():
            list(self.select_for_update().order_by("pk").values_list("pk"))
            wrong = self.with_wrong_counts()
            unused = [tag for tag in wrong if not tag.uses]
            for tag in wrong:
                tag.counts_by_year, tag.uses = tag.computed_counts, sum(tag.computed_counts.values())
            self._write_counts(wrong, unused)
        return wrong

    def most_used_lately(self):
        """Those that the newest public posts have most often. One query."""
        newest = Post.objects.published().newest_first().values("pk")[:LATELY]
        tags = self.filter(taggings__content_object__in=newest).annotate(lately=Count("pk"))
        return tags.order_by("-lately", "name")[:MOST_CURRENT]

    def store_current(self):
        """Keep with the site settings which those are, for the header of every page. Two queries."""
        current = [[tag.name, tag.slug] for tag in self.model.objects.most_used_lately().only("name", "slug")]
        SiteState.objects.update(current_tags=current)

    def _write_counts(self, tags, unused):
        """Store them. The names of those that were unused may be told from now on."""
        self.bulk_update(tags, ["uses", "counts_by_year"], batch_size=500)
        Word.learn(*(tag.name for tag in unused if tag.uses))
        self.store_current()


def best_named(tags, name, spellings):
    """Of these tags, the one that the name means best: to the letter, in another case, formerly."""
    meanings = (
        lambda tag: name in (tag.slug, tag.name),
        lambda tag: name.lower() in (tag.slug.lower(), tag.name.lower()),
        lambda tag: (tag.former or "").lower() in spellings,
    )
    return next((tag for meant in meanings for tag in tags if meant(tag)), None)


class Tag(TagBase):
    #: What its author decides. The counts are kept by what changes the taggings.
    own_fields = ("name", "slug", "description", "description_html")

    description = models.TextField(
        _("description"), blank=True, help_text=_("In Markdown; shown on the tag's page.")
    )
    description_html = RenderedField()
    uses = models.PositiveIntegerField(
        _("uses"),
        default=0,
        editable=False,
        db_index=True,
        help_text="Public posts that have it; kept, not counted.",
    )
    counts_by_year = models.JSONField(default=dict, editable=False, help_text="The same by year.")

    objects = NaturalKeyManager.from_queryset(TagQuerySet)()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def save(self, **kwargs):
        """A name or slug that the tag leaves goes on leading to it, and search learns a public name."""
        self.render(SiteSettings.load().markup_options)
        with transaction.atomic():
            if self._state.adding:
                super().save(**kwargs)
            else:
                self._save_changes(**kwargs)
            if self.uses:
                Word.learn(self.name)

    def get_absolute_url(self):
        return path_to("tag", self.slug)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            posts = Tagging.post_ids_with([self.pk])
            deleted = super().delete(*args, **kwargs)
            SearchDocument.sync_tags(posts)
            type(self).objects.store_current()
        return deleted

    def clean(self):
        """Refuse a name that cannot work, and a name or slug that another tag has in another case."""
        super().clean()
        tag_names.validate(self.name)
        for field in ("name", "slug"):
            value = getattr(self, field)
            others = type(self).objects.exclude(pk=self.pk).filter(**{f"{field}__iexact": value})
            if value and (other := others.first()):
                taken = {
                    "name": _("The tag “%(tag)s” has this name."),
                    "slug": _("The tag “%(tag)s” has this slug."),
                }
                raise ValidationError({field: taken[field] % {"tag": other}}, code="taken")

    def rename(self, name, slug=""):
        """Save it under this name. Without a slug it gets the one that the name makes."""
        self.name, self.slug = name, slug
        self.save()

    def counts_differ_from(self, by_year):
        return (self.counts_by_year, self.uses) != (by_year, sum(by_year.values()))

    def count(self, changes):
        """Add {year: number of posts} to the numbers. Years without posts are left out of them."""
        by_year = Counter(self.counts_by_year)
        by_year.update(changes)
        self.counts_by_year = {year: number for year, number in by_year.items() if number}
        self.uses = sum(self.counts_by_year.values())

    def render(self, options):
        self.description_html = markup.render(self.description, markup.Format.MARKDOWN, options)

    def unused_slug(self):
        """The slug that the name makes, with a number where another tag has it."""
        base = self.slugify(self.name)
        others = type(self).objects.filter(slug__startswith=base).exclude(pk=self.pk)
        taken = set(others.values_list("slug", flat=True))
        candidates = [base, *(self.slugify(self.name, n) for n in range(1, len(taken) + 1))]
        return next(slug for slug in candidates if slug not in taken)

    def slugify(self, tag, i=None):
        slug = tag_names.tag_slug(tag) or "tag"
        return slug if i is None else f"{slug}_{i}"

    def _save_changes(self, **kwargs):
        stored = type(self).objects.select_for_update().get(pk=self.pk)
        self.slug = self.slug or self.unused_slug()
        super().save(**kwargs | {"update_fields": self.own_fields})
        PreviousTagName.record_rename(stored, self)
        type(self).objects.store_current()
        if stored.name != self.name:
            SearchDocument.sync_tags(Tagging.post_ids_with([self.pk]))


class ShownTag(NamedTuple):
    """What pages and feeds show of a post's tag."""

    name: str
    slug: str


class TaggingQuerySet(models.QuerySet):
    def shown_for(self, posts):
        """{id: its tags as they are shown, by name} of these posts (ids). One query.

        A post without any has an empty list.
        """
        found = defaultdict(list)
        rows = self.filter(InArray("content_object", posts)).order_by("tag__name")
        for post, *tag in rows.values_list("content_object", "tag__name", "tag__slug"):
            found[post].append(ShownTag(*tag))
        return found

    def attach(self, posts, tags):
        """Put the tags on the posts (ids); answers how many posts did not have them all.

        The number of statements is the same for all posts up to a batch of search's.
        """
        with transaction.atomic():
            found = Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk")
            there = set(
                self.filter(content_object__in=posts, tag__in=tags).values_list("content_object", "tag")
            )
            new = [
                Tagging(tag_id=tag, content_object=post, published=post.published, is_public=post.is_counted)
                for post in found.only("published", "is_counted", "day")
                for tag in tags
                if (post.pk, tag) not in there
            ]
            self.bulk_create(new)
            return update_counts_for(new, 1)

    def detach(self, posts, tags):
        """Take the tags from the posts (ids); answers how many posts had any."""
        with transaction.atomic():
            list(Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk").only("pk"))
            rows = self.filter(content_object__in=posts, tag__in=tags)
            gone = list(rows.select_related("content_object").only("tag", "is_public", "content_object__day"))
            rows.delete()
            return update_counts_for(gone, -1)

    def out_of_sync(self):
        """Those that do not repeat what their post says of its publication."""
        theirs = F("content_object__published")
        either_is_empty = Q(published__isnull=True) ^ Q(content_object__published__isnull=True)
        is_other = Q(published__lt=theirs) | Q(published__gt=theirs) | either_is_empty
        return self.filter(is_other | ~Q(is_public=F("content_object__is_counted")))

    def sync_publication(self):
        """Let them repeat it again; answers how many there were."""
        posts = Post.objects.filter(pk=OuterRef("content_object"))
        return self.update(
            is_public=Subquery(posts.values("is_counted")), published=Subquery(posts.values("published"))
        )


class Tagging(ItemBase):
    """One tag of one post.

    It repeats the post's publication, so that the posts of a tag come out of one index in
    the order in which they are shown. `Post.save()` keeps it so.
    """

    # Without indexes of their own: the two below begin with them.
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, db_index=False, related_name="taggings")
    content_object = models.ForeignKey(
        Post, on_delete=models.CASCADE, db_index=False, related_name="taggings", verbose_name=_("post")
    )
    published = models.DateTimeField(null=True, editable=False)
    is_public = models.BooleanField(editable=False)

    natural_key_fields = ["tag", "content_object"]
    objects = NaturalKeyManager.from_queryset(TaggingQuerySet)()

    class Meta:
        verbose_name = _("tagging")
        verbose_name_plural = _("taggings")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tagging_once")]
        indexes = [
            models.Index(
                "tag",
                models.F("published").desc(),
                models.F("content_object").desc(),
                "is_public",
                name="tagging_timeline",
            )
        ]

    def save(self, *args, **kwargs):
        self.published = self.content_object.published
        self.is_public = self.content_object.is_counted
        super().save(*args, **kwargs)

    @classmethod
    def post_ids_with(cls, tags):
        """The ids of the posts that have any of these tags (ids)."""
        return set(cls.objects.filter(tag__in=tags).order_by().values_list("content_object", flat=True))


def update_counts_for(taggings, number):
    """Let counts and search follow these taggings, which came (1) or went (-1); answers of how many posts."""
    changes = Counter()
    for tagging in taggings:
        if tagging.is_public:
            changes[tagging.tag_id, tagging.content_object.day.year] += number
    Tag.objects.adjust_counts(changes)
    posts = {tagging.content_object_id for tagging in taggings}
    SearchDocument.sync_tags(posts)
    return len(posts)


class PreviousTagName(models.Model):
    """A name or slug that a tag had; its address leads to the tag for ever.

    A tag that has the name now wins over it.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="previous_names")

    class Meta:
        verbose_name = _("previous tag name")
        verbose_name_plural = _("previous tag names")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @classmethod
    def record_rename(cls, stored, tag):
        """Note the names that the tag leaves, and forget those that are its own now."""
        current = {name.casefold() for name in (tag.name, tag.slug)}
        left = {name.casefold(): name for name in (stored.name, stored.slug)}
        if left.keys() == current:
            return
        cls.matching([tag.name, tag.slug]).delete()
        for name in left.keys() - current:
            cls.record(left[name], tag)

    @classmethod
    def record(cls, name, tag):
        """From now on this name leads to that tag, wherever it led before."""
        if not cls.matching([name]).update(tag=tag):
            cls.objects.create(name=name, tag=tag)

    @classmethod
    def matching(cls, names):
        """The rows with these names, in any case."""
        return cls.objects.filter(any_of("name__iexact", names))
