"""The timeline: the table of all posts, whatever their kind."""

from functools import cache, partial
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Min, Q
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog import markup
from blog.database import reads
from blog.paths import path_to

from .authors import store_authors
from .days import Day
from .fields import RenderedField
from .links import LinkedHost
from .outbox import HubPing
from .post_kind import PostKind
from .post_queryset import PostQuerySet
from .post_tags import PostTags
from .publication import Publication
from .redirects import FormerPermalink
from .search_index import SearchDocument, Word
from .share_cards import HasShareCard, post_card_lines, remove_card
from .site_settings import SiteSettings, validate_language
from .site_state import SiteState

SLUG_LENGTH = 64


class Post(PostKind, HasShareCard, Publication):
    """A post of any kind. Only the kinds that inherit from this model can be saved."""

    class Format(models.TextChoices):
        MARKDOWN = markup.Format.MARKDOWN.value, "Markdown"
        HTML = markup.Format.HTML.value, "HTML"
        TEXT = markup.Format.TEXT.value, _("Plain text")

    #: Templates get kinds, which are classes, as variables.
    do_not_call_in_templates = True

    kind = models.CharField(max_length=32, editable=False)
    number = models.PositiveIntegerField(
        editable=False, help_text="Serial number within the kind; part of short links."
    )
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="Id in feeds.")
    slug = models.SlugField(
        _("slug"),
        max_length=SLUG_LENGTH,
        allow_unicode=True,
        db_index=False,  # no query has a slug without a day
        blank=True,
        help_text=_("Last part of the permalink. Leave empty to make one from the title or text."),
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    body = models.TextField(_("body"), blank=True)
    format = models.CharField(_("written in"), max_length=10, choices=Format.choices, default=Format.MARKDOWN)
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        validators=[validate_language],
        help_text=_("Language code, such as en or de, if it isn't the language of the site."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,  # the index post_author serves
        on_delete=models.SET_NULL,
        related_name="posts",
        verbose_name=_("author"),
        help_text=_("Shown once several people have public posts."),
    )
    byline = models.CharField(
        _("byline"),
        max_length=200,
        blank=True,
        help_text=_("Name of a guest author, shown instead of the author."),
    )
    series = models.ForeignKey(
        "blog.Series",
        null=True,
        blank=True,
        db_index=False,  # the index post_series serves
        on_delete=models.PROTECT,
        related_name="posts",
        verbose_name=_("series"),
    )
    card_image = models.URLField(
        _("card image"),
        max_length=500,
        blank=True,
        help_text=_("Address of an image to show where the post is shared."),
    )

    is_counted = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether stored counts include the post. Follows is_public once publish_due() has run.",
    )
    headline = models.CharField(max_length=500, editable=False)
    html = RenderedField()
    summary_html = RenderedField(help_text="HTML for lists.")
    description = models.TextField(editable=False, help_text="First words of the text, without markup.")
    word_count = models.PositiveIntegerField(editable=False, default=0)
    has_more = models.BooleanField(
        editable=False, default=False, help_text="Whether lists show only an excerpt."
    )

    objects = PostQuerySet.as_manager()
    tags = TaggableManager(
        through="blog.Tagging",
        manager=PostTags,
        blank=True,
        ordering=["name"],
        verbose_name=_("tags"),
        help_text=_("Separated by commas."),
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = [
            # Each ends with the other columns that its queries read, so that it covers them.
            models.Index(F("published").desc(), F("id").desc(), "is_draft", name="post_timeline"),
            models.Index("kind", F("published").desc(), F("id").desc(), "day", "is_draft", name="post_kind"),
            models.Index(
                "series", "published", "id", "is_draft", condition=Q(series__isnull=False), name="post_series"
            ),
            models.Index(
                "author",
                F("published").desc(),
                F("id").desc(),
                "is_draft",
                condition=Q(author__isnull=False),
                name="post_author",
            ),
            models.Index("day", "published", "id", "kind", "is_draft", name="post_day"),
            # Covers queries for thousands of ids that a search found.
            models.Index("id", "published", "is_draft", "kind", "day", name="post_found"),
            models.Index("published", condition=Q(is_draft=False, is_counted=False), name="post_due"),
            models.Index("modified", condition=Q(is_draft=True), name="post_drafts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "slug"],
                name="post_day_slug",
                violation_error_message=_("Another post of that day already has this slug."),
            ),
            models.UniqueConstraint(fields=["kind", "number"], name="post_kind_number"),
            models.CheckConstraint(
                condition=Q(is_draft=True) | Q(published__isnull=False), name="post_published_or_draft"
            ),
        ]

    def __str__(self):
        return self.headline or self.headline_text()

    def save(self, *, update_fields=None, notify_readers=True, **kwargs):
        """Render, date, number and index the post, and keep its former permalink working.

        With `notify_readers=False`, for small corrections, `updated` stays as it was, so that feed readers
        don't show the post again.
        """
        if type(self) is Post:
            raise TypeError("Save a post as its kind: post.as_kind().save().")
        if update_fields is not None:
            raise TypeError("Save the whole post: its stored HTML and counts depend on all fields.")
        self.kind = self._meta.model_name
        with transaction.atomic():
            # One save at a time: numbers, slugs and counts depend on the other posts.
            site = SiteState.lock().settings
            stored = self._stored()
            self.set_dates(stored, site, notify_readers)
            self.number = self.number or self._next_number()
            self.slug = self.slug or self.unused_slug(self.day, self.slug_source(), self.pk)
            self._write(stored, site, **kwargs)
            if self.is_counted and not (stored and stored.is_counted and stored.updated == self.updated):
                HubPing.enqueue(self)
            transaction.on_commit(lambda: self.draw_card(site), robust=True)

    def get_absolute_url(self):
        return path_to("post", self.day, self.slug)

    @classmethod
    def from_db(cls, db, field_names, values):
        """Also note that the response depends on the post: on its title, or on all if its text was loaded."""
        post = super().from_db(db, field_names, values)
        is_whole = not post.__dict__.keys().isdisjoint({"html", "summary_html"})
        reads.depends_on(f"{'post' if is_whole else 'title'}-{post.__dict__.get(cls._meta.pk.attname)}")
        return post

    @cached_property
    def shown_tags(self):
        """Tags by name, as `ShownTag`s. Lists load those of all their posts at once (see `for_lists()`)."""
        return self.tags.through.objects.shown_for([self.pk])[self.pk]

    def save_imported(self, site):
        """Save an imported post: like `save()`, but with the day, times, slug and number it came with."""
        with transaction.atomic():
            self._write(self._stored(), site)

    def fill_for_preview(self, site):
        """Set the fields that `save()` would set and the post's page shows, without storing anything."""
        self.kind = self._meta.model_name
        self.number = self.number or 0
        self.set_dates(self._stored(), site, notify_readers=True)
        self.slug = self.slug or self.unused_slug(self.day, self.slug_source(), self.pk)
        self.render(site.markup_options)
        for field in self._meta.get_fields():
            if isinstance(field, RenderedField):
                setattr(self, field.name, markup.trusted(getattr(self, field.name)))

    def delete(self, *args, **kwargs):
        """Delete the post and its share card. Its permalink responds with 410 Gone from now on."""
        with transaction.atomic():
            SiteState.lock()
            FormerPermalink.record_deletion(self)
            self.tags.clear()
            if stored := self._stored():
                SiteState.adjust_counts({(stored.day.year, stored.kind): -1} if stored.is_counted else {})
            transaction.on_commit(partial(remove_card, self.card), robust=True)
            deleted = super().delete(*args, **kwargs)
            if stored and stored.is_counted:
                Day.recompute(Post.objects, {stored.day})
                if stored.author_id:
                    store_authors(Post.objects.published())
            return deleted

    def clean(self):
        """Also refuse the permalink of another post, with a message that names that post."""
        super().clean()
        if not self.slug:
            return
        day = self.next_day(self._stored(), SiteSettings.load())
        other = Post.objects.filter(day=day, slug=self.slug).exclude(pk=self.pk).first()
        if other:
            taken = _("The %(kind)s “%(post)s” is already at %(address)s.")
            names = {"post": other, "kind": other.kind_class.label, "address": other.get_absolute_url()}
            raise ValidationError({"slug": taken % names})

    @classmethod
    @cache
    def kinds(cls):
        """Return {model name: class} of all kinds, in the order that lists of kinds use."""
        return {kind._meta.model_name: kind for kind in Post.__subclasses__()}

    @property
    def kind_class(self):
        return self.kinds()[self.kind]

    @property
    def template(self):
        return f"blog/posts/{self.kind}.html"

    def get_day_url(self):
        return path_to("day", self.day)

    def get_short_url(self):
        return path_to(f"short-{self.kind}", self.number)

    def card_title(self):
        """Return the text in the largest type on the share card."""
        return self.headline

    def card_lines(self, site):
        return post_card_lines(self, site)

    def needs_card(self):
        return not self.is_draft

    def _store_card_name(self):
        Post.objects.filter(pk=self.pk).update(card=self.card)

    def tag_ids(self):
        return set(self.taggings.values_list("tag", flat=True))

    @classmethod
    def publish_due(cls):
        """Count the scheduled posts that have become due, and announce them.

        Readers see a due post even if this hasn't run yet, but counts don't include it. The lock lets one
        process run it at a time.
        """
        with transaction.atomic():
            SiteState.lock()
            for post in cls.objects.published().filter(is_counted=False):
                cls.objects.filter(pk=post.pk).update(is_counted=True)
                post.taggings.update(is_public=True)
                post.linked_hosts.update(is_public=True)
                Word.learn(post.headline, post.title)
                post._count({post.day.year: 1})
                Day.recompute(cls.objects, {post.day})
                HubPing.enqueue(post)
                if post.author_id:
                    store_authors(cls.objects.published())
            SiteState.objects.update(next_due=cls.objects.scheduled().aggregate(due=Min("published"))["due"])

    def as_kind(self):
        """Return the entry, blogmark, … that this post is. Runs one query, or none if it is one already."""
        return self if type(self) is not Post else getattr(self, self.kind)

    def outgoing_urls(self):
        """Return all URLs that the rendered post links to."""
        return [*markup.link_targets(self.html), *self.external_urls()]

    def render(self, options):
        """Fill the stored HTML and plain texts from the source. Only writing does this, never reading."""
        self.html = markup.render(self.body, markup.Format(self.format), options, footnote_prefix=self.slug)
        self.summary_html = markup.for_list(self.summarise(self.html), self.get_absolute_url())
        self.headline = markup.typeset(self.headline_text())
        self.description = markup.description(self.html)
        self.word_count = markup.word_count(self.html)

    def index(self, language):
        """Update the search index and the linked hosts and URLs of a saved post."""
        SearchDocument.sync(self, language)
        LinkedHost.sync(self)

    @classmethod
    def unused_slug(cls, day, text, pk=None):
        """Make a slug from the first words of a text, unique among the posts of that day."""
        base = cls.base_slug(text)
        others = Post.objects.filter(day=day, slug__startswith=base).exclude(pk=pk)
        taken = set(others.values_list("slug", flat=True))
        candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
        return next(slug for slug in candidates if slug not in taken)

    @classmethod
    def base_slug(cls, text):
        """Make a slug from the first words of a text, whatever other posts have."""
        words = slugify(text, allow_unicode=True).split("-")[:8]
        return "-".join(words)[: SLUG_LENGTH - 6].strip("-_") or cls._meta.model_name

    def _write(self, stored, site, **kwargs):
        self.is_counted = self.is_public
        with translation.override(site.language):
            self.render(site.markup_options)
        super().save(**kwargs)
        self._update_counts(stored)
        self.index(site.state.search_language)
        FormerPermalink.record_move(stored, self)
        if self.is_counted:
            Word.learn(self.headline, self.title)
        elif not self.is_draft:
            SiteState.schedule_release(self.published)

    def _stored(self):
        """Return the post as it is in the database, or None."""
        return type(self).objects.filter(pk=self.pk).first() if self.pk else None

    def _update_counts(self, stored):
        """Update the taggings, and the counts of years, days and tags, after a save."""
        self.taggings.update(published=self.published, is_public=self.is_counted)
        old_year = stored.day.year if stored and stored.is_counted else None
        new_year = self.day.year if self.is_counted else None
        if (stored.author_id if old_year else None) != (self.author_id if new_year else None):
            store_authors(Post.objects.published())
        if old_year != new_year:
            self._count({year: change for year, change in ((old_year, -1), (new_year, 1)) if year})
        if days := {post.day for post in (stored, self) if post and post.is_counted}:
            Day.recompute(Post.objects, days)

    def _count(self, changes):
        """Add the post to the counts of years and of its tags, or remove it: {year: 1 or -1}."""
        SiteState.adjust_counts({(year, self.kind): number for year, number in changes.items()})
        tags = self.tag_ids()
        self.taggings.model.tag_model().objects.adjust_counts(
            {(tag, year): number for tag in tags for year, number in changes.items()}
        )

    def _next_number(self):
        numbers = Post.objects.filter(kind=self._meta.model_name).order_by("-number")
        return (numbers.values_list("number", flat=True).first() or 0) + 1
