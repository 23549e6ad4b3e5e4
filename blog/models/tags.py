"""Tags, with their counts of public posts, and the names that tags had before."""

from collections import Counter, defaultdict
from datetime import UTC
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import NaturalKeyManager, TagBase

from blog import markup
from blog.database.reads import FollowedQuerySet
from blog.paths import path_to
from blog.strings import tag_names

from .fields import RenderedField
from .post import Post
from .search_index import SearchDocument, Word
from .site_settings import SiteSettings
from .site_state import SiteState

#: The current tags are those that most of the newest posts have.
RECENT_POSTS, MAX_CURRENT_TAGS = 100, 6


def any_of(lookup, values):
    """Return a condition that is true for any of the values, and never true if there are none."""
    return reduce(or_, (Q(**{lookup: value}) for value in values), Q(pk__in=()))


class TagQuerySet(FollowedQuerySet):
    def delete(self):
        """Delete the tags and their taggings, and remove their names from the search index."""
        with transaction.atomic():
            posts = self.model.tagging_model().post_ids_with(self.order_by().values("pk"))
            deleted = super().delete()
            SearchDocument.sync_tags(posts)
            self.model.objects.store_current_tags()
        return deleted

    delete.alters_data = True
    delete.queryset_only = True

    def public(self):
        """Return the tags of public posts. Readers must not see the others."""
        return self.filter(uses__gt=0)

    def by_slugs(self, names):
        """Return {name: tag} for names in a URL: slugs, or else other names of tags.

        Names that no tag ever had are left out. Runs one query, or two if a name isn't exactly a slug.
        """
        found = {tag.slug: tag for tag in self.filter(slug__in=names)}
        others = [name for name in names if name not in found]
        return found | self.by_loose_name(others) if others else found

    def by_loose_name(self, names):
        """Return {name: tag} for names as somebody typed them. Runs one query.

        A name matches, ignoring case, a tag's slug, its name, or a former name with spaces or hyphens; the
        better match wins. Longer texts than a name are skipped, since SQLite refuses to compare them.
        """
        names = [name for name in names if len(name) <= tag_names.MAX_NAME_LENGTH]
        spellings = {name: {name.lower(), name.lower().replace("-", " ")} for name in names}
        wanted = Q(pk__in=())
        for spelling in set().union(*spellings.values()):
            wanted |= Q(slug__iexact=spelling) | Q(name__iexact=spelling) | Q(former__iexact=spelling)
        tags = list(self.annotate(former=F("previous_names__name")).filter(wanted))
        return {name: tag for name in names if (tag := best_match(tags, name, spellings[name]))}

    def by_name(self, names):
        """Return {name: tag} for current names of tags: an exact match, or else one that ignores case.

        Also compares slugs, since SQLite ignores the case of ASCII letters only. Runs one query.
        """
        slugs = {tag_names.tag_slug(name) for name in names} - {""}
        rows = list(self.filter(any_of("name__iexact", names) | Q(slug__in=slugs)).order_by("-pk"))
        exact, folded = {tag.name: tag for tag in rows}, {tag.name.casefold(): tag for tag in rows}
        found = {name: exact.get(name) or folded.get(name.casefold()) for name in names}
        return {name: tag for name, tag in found.items() if tag}

    def current_names(self, names):
        """Return {former name: current name} for the names that tags had before. Runs two queries."""
        found = self.by_name(names) if names else {}
        left = {name.casefold(): name for name in names if name not in found}
        former = PreviousTagName.matching(left.values()).select_related("tag") if left else []
        return {left[row.name.casefold()]: row.tag.name for row in former if row.name.casefold() in left}

    def get_or_create_by_name(self, names):
        """Return {name: tag} like `by_name()`, creating the tags that are missing."""
        found = self.by_name(names)
        missing = {name.casefold(): name for name in names if name not in found}
        made = {folded: self.create(name=name) for folded, name in missing.items()}
        return {name: found.get(name) or made[name.casefold()] for name in names}

    def adjust_counts(self, changes):
        """Add to the counts of public posts: {(tag id, year): difference}."""
        by_tag = defaultdict(dict)
        for (tag, year), difference in changes.items():
            by_tag[tag][str(year)] = difference
        rows = list(self.select_for_update().filter(pk__in=by_tag).order_by("pk"))
        unused = [tag for tag in rows if not tag.uses]
        for tag in rows:
            tag.adjust_counts(by_tag[tag.pk])
        self._write_counts(rows, unused)

    def with_wrong_counts(self):
        """Return the tags with wrong counts. Their `computed_counts` are the right ones: {year: number}."""
        tags = list(self.order_by("name").defer("description", "description_html"))
        taggings = self.model.tagging_model().objects.order_by()
        public = taggings.filter(is_public=True, tag__in=self.order_by().values("pk"))
        counts = defaultdict(dict)
        for tag, year, number in public.values_list("tag", "content_object__day__year").annotate(Count("pk")):
            counts[tag][str(year)] = number
        for tag in tags:
            tag.computed_counts = counts[tag.pk]
        return [tag for tag in tags if tag.counts_differ_from(tag.computed_counts)]

    def recompute_counts(self):
        """Recompute the counts of these tags. Returns the tags whose counts were wrong."""
        with transaction.atomic():
            SiteState.lock()
            list(self.select_for_update().order_by("pk").values_list("pk"))
            wrong = self.with_wrong_counts()
            unused = [tag for tag in wrong if not tag.uses]
            for tag in wrong:
                tag.counts_by_year, tag.uses = tag.computed_counts, sum(tag.computed_counts.values())
            self._write_counts(wrong, unused)
            self.store_current_tags()
        return wrong

    def most_used_recently(self):
        """Return the tags that the newest public posts have, most used first. Runs one query."""
        newest = Post.objects.published().newest_first().values("pk")[:RECENT_POSTS]
        tags = self.filter(taggings__content_object__in=newest).annotate(recent_uses=Count("pk"))
        return tags.order_by("-recent_uses", "name")

    def store_current_tags(self):
        """Store the current tags in the site state by name, for the header of every page. Runs three queries.

        One that was current stays until twice as many others are used more, so that they change rarely.
        """
        used = self.model.objects.most_used_recently().only("name", "slug")[: 2 * MAX_CURRENT_TAGS]
        ranking = [[tag.name, tag.slug] for tag in used]
        state = SiteState.load()
        kept = [tag for tag in ranking if tag in state.current_tags]
        current = [*kept, *(tag for tag in ranking if tag not in kept)][:MAX_CURRENT_TAGS]
        today = timezone.now().astimezone(UTC).date()
        if (state.current_tags, state.current_tags_day) != (sorted(current), today):
            SiteState.objects.update(current_tags=sorted(current), current_tags_day=today)

    def store_current_tags_once_a_day(self):
        """Store the current tags, unless those of today are complete and still public.

        Each time they change, all pages have to be rendered again.
        """
        state = SiteState.load()
        slugs = [slug for _, slug in state.current_tags]
        is_today = state.current_tags_day == timezone.now().astimezone(UTC).date()
        is_complete = (
            len(slugs) == MAX_CURRENT_TAGS == self.model.objects.public().filter(slug__in=slugs).count()
        )
        if not (is_today and is_complete):
            self.store_current_tags()

    def _write_counts(self, tags, unused):
        """Store the counts. Search suggests the names of tags that were `unused` from now on."""
        self.bulk_update(tags, ["uses", "counts_by_year"], batch_size=500)
        Word.learn(*(tag.name for tag in unused if tag.uses))
        self.store_current_tags_once_a_day()


def best_match(tags, name, spellings):
    """Return the tag that matches the name best: exactly, ignoring case, or by a former name. Else None."""
    rules = (
        lambda tag: name in (tag.slug, tag.name),
        lambda tag: name.lower() in (tag.slug.lower(), tag.name.lower()),
        lambda tag: (tag.former or "").lower() in spellings,
    )
    return next((tag for matches in rules for tag in tags if matches(tag)), None)


class Tag(TagBase):
    #: The fields that authors edit. Changes of taggings update the others.
    own_fields = ("name", "slug", "description", "description_html")

    description = models.TextField(
        _("description"), blank=True, help_text=_("In Markdown. Shown on the tag's page.")
    )
    description_html = RenderedField()
    uses = models.PositiveIntegerField(
        _("uses"),
        default=0,
        editable=False,
        db_index=True,
        help_text="Number of public posts with this tag.",
    )
    counts_by_year = models.JSONField(
        default=dict, editable=False, help_text='Public posts with this tag by year: {"2024": 3}.'
    )

    objects = NaturalKeyManager.from_queryset(TagQuerySet)()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def save(self, **kwargs):
        """Also redirect from a former name or slug, and let search suggest the name of a public tag."""
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
            posts = self.tagging_model().post_ids_with([self.pk])
            deleted = super().delete(*args, **kwargs)
            SearchDocument.sync_tags(posts)
            type(self).objects.store_current_tags()
        return deleted

    def clean(self):
        """Refuse unusable names, and a name or slug that another tag has, ignoring case."""
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

    @classmethod
    def tagging_model(cls):
        """Return `Tagging`, whose module imports this one."""
        return cls._meta.get_field("taggings").related_model

    def rename(self, name, slug=""):
        """Save the tag under a new name, and under the slug made from it if none is given."""
        self.name, self.slug = name, slug
        self.save()

    def counts_differ_from(self, counts):
        return (self.counts_by_year, self.uses) != (counts, sum(counts.values()))

    def adjust_counts(self, changes):
        """Add to the counts of public posts: {year: difference}. Years without posts are left out."""
        counts = Counter(self.counts_by_year)
        counts.update(changes)
        self.counts_by_year = {year: number for year, number in counts.items() if number}
        self.uses = sum(self.counts_by_year.values())

    def render(self, options):
        self.description_html = markup.render(self.description, markup.Format.MARKDOWN, options)

    def unused_slug(self):
        """Make a slug from the name, with a number if another tag has that slug."""
        base = self.slugify(self.name)
        others = type(self).objects.filter(slug__startswith=base).exclude(pk=self.pk)
        taken = set(others.values_list("slug", flat=True))
        candidates = [base, *(self.slugify(self.name, n) for n in range(1, len(taken) + 1))]
        return next(slug for slug in candidates if slug not in taken)

    def slugify(self, tag, i=None):
        slug = tag_names.tag_slug(tag) or "tag"
        return slug if i is None else f"{slug}_{i}"

    def _save_changes(self, **kwargs):
        SiteState.lock()
        stored = type(self).objects.select_for_update().get(pk=self.pk)
        self.slug = self.slug or self.unused_slug()
        super().save(**kwargs | {"update_fields": self.own_fields})
        PreviousTagName.record_rename(stored, self)
        type(self).objects.store_current_tags()
        if stored.name != self.name:
            SearchDocument.sync_tags(self.tagging_model().post_ids_with([self.pk]))


class PreviousTagName(models.Model):
    """A former name or slug of a tag. Its URL redirects to the tag, unless another tag has the name now."""

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
        """Record the names that the tag no longer has, and delete those that it has again."""
        current = {name.casefold() for name in (tag.name, tag.slug)}
        left = {name.casefold(): name for name in (stored.name, stored.slug)}
        if left.keys() == current:
            return
        cls.matching([tag.name, tag.slug]).delete()
        for name in left.keys() - current:
            cls.record(left[name], tag)

    @classmethod
    def record(cls, name, tag):
        """Redirect this name to the tag, wherever it led before."""
        if not cls.matching([name]).update(tag=tag):
            cls.objects.create(name=name, tag=tag)

    @classmethod
    def matching(cls, names):
        """Return the rows with these names, ignoring case."""
        return cls.objects.filter(any_of("name__iexact", names))
