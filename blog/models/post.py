"""The timeline: what every kind of post has in common, and which posts are public."""

from datetime import timedelta
from functools import cache, partial
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Min, Q
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog import markup
from blog.paths import path_to

from .authors import store_authors
from .days import Day
from .fields import RenderedField
from .links import Link
from .outbox import HubPing
from .post_kind import PostKind
from .post_queryset import PostQuerySet
from .post_tags import PostTags
from .redirects import FormerPermalink
from .search_index import SearchDocument, Word
from .share_cards import HasShareCard, post_words, remove_card
from .site_settings import SiteSettings, validate_language
from .site_state import SiteState

SLUG_LENGTH = 64
CORRECTION_TIME = timedelta(minutes=10)


class Post(PostKind, HasShareCard):
    """Anything in the timeline. Rows are written as one of the kinds that inherit from it."""

    class Format(models.TextChoices):
        MARKDOWN = markup.Format.MARKDOWN.value, "Markdown"
        HTML = markup.Format.HTML.value, "HTML"
        TEXT = markup.Format.TEXT.value, _("Plain text")

    #: Templates are handed kinds, which are classes: not to be called.
    do_not_call_in_templates = True

    kind = models.CharField(max_length=32, editable=False)
    number = models.PositiveIntegerField(
        editable=False, help_text="Counts the posts of one kind; used in short links."
    )
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False, help_text="Its id in feeds.")
    day = models.DateField(
        editable=False, help_text="The date of publication where the author was; part of the permalink."
    )
    slug = models.SlugField(
        _("slug"),
        max_length=SLUG_LENGTH,
        allow_unicode=True,
        db_index=False,  # nothing asks for a slug without its day
        blank=True,
        help_text=_("The last part of the permalink. Leave empty to have one made."),
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    body = models.TextField(_("body"), blank=True)
    format = models.CharField(_("written in"), max_length=10, choices=Format.choices, default=Format.MARKDOWN)
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        validators=[validate_language],
        help_text=_("Its code, such as en or de, where it is not that of the site."),
    )
    is_draft = models.BooleanField(_("draft"), default=False, help_text=_("Only you can see a draft."))
    published = models.DateTimeField(
        _("published"),
        null=True,
        blank=True,
        help_text=_("Leave empty to publish at the moment of saving; a time to come schedules the post."),
    )
    updated = models.DateTimeField(
        null=True, editable=False, help_text="The last change that readers should know of."
    )
    modified = models.DateTimeField(auto_now=True, help_text="The last change of any field.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        db_index=False,  # it has one with the order
        on_delete=models.SET_NULL,
        related_name="posts",
        verbose_name=_("author"),
        help_text=_("Shown once several people have public posts."),
    )
    byline = models.CharField(
        _("byline"),
        max_length=200,
        blank=True,
        help_text=_("A guest who wrote it, shown in place of the author."),
    )
    series = models.ForeignKey(
        "blog.Series",
        null=True,
        blank=True,
        db_index=False,  # it has one with the order
        on_delete=models.PROTECT,
        related_name="posts",
        verbose_name=_("series"),
    )
    card_image = models.URLField(
        _("card image"),
        max_length=500,
        blank=True,
        help_text=_("A picture to show where the post is shared."),
    )

    is_counted = models.BooleanField(
        default=False, editable=False, help_text="Whether the counts that are kept count it: it is public."
    )
    headline = models.CharField(max_length=500, editable=False)
    html = RenderedField()
    summary_html = RenderedField(help_text="What lists show.")
    description = models.TextField(editable=False, help_text="The first words, as plain text.")
    word_count = models.PositiveIntegerField(editable=False, default=0)
    has_more = models.BooleanField(
        editable=False, default=False, help_text="Whether lists show less than the whole text."
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
            # Each ends with what is left to be asked of a post, so that the post itself need not be read.
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
            # For thousands of ids that search found.
            models.Index("id", "published", "is_draft", "kind", "day", name="post_found"),
            models.Index("published", condition=Q(is_draft=False, is_counted=False), name="post_due"),
            models.Index("modified", condition=Q(is_draft=True), name="post_drafts"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "slug"],
                name="post_day_slug",
                violation_error_message=_("Another post of that day has this slug."),
            ),
            models.UniqueConstraint(fields=["kind", "number"], name="post_kind_number"),
            models.CheckConstraint(
                condition=Q(is_draft=True) | Q(published__isnull=False), name="post_published_or_draft"
            ),
        ]

    def __str__(self):
        return self.headline or self.headline_text()

    def save(self, *, update_fields=None, notify_readers=True, **kwargs):
        """Render the text, date the post, and keep its former permalink working.

        With `notify_readers=False` the change is not worth an update in feed readers (a typing
        error mended): `updated` stays as it was.
        """
        if type(self) is Post:
            raise TypeError("A post is saved as one of its kinds: use post.as_kind().save().")
        if update_fields is not None:
            raise TypeError("A post is saved whole, since what is stored of it depends on all its fields.")
        self.kind = self._meta.model_name
        with transaction.atomic():
            # One save at a time: numbers, slugs and counts follow from what is stored.
            site = SiteState.lock().settings
            stored = self._stored()
            self._date(stored, site, notify_readers)
            self.number = self.number or self._next_number()
            self.slug = self.slug or self.unused_slug(self.day, self.slug_source(), self.pk)
            self._write(stored, site, **kwargs)
            if self.is_counted and not (stored and stored.is_counted and stored.updated == self.updated):
                HubPing.enqueue(self)
            transaction.on_commit(lambda: self.draw_card(site), robust=True)

    def get_absolute_url(self):
        return path_to("post", self.day, self.slug)

    @cached_property
    def shown_tags(self):
        """Its tags by name. Lists read them together (see `for_lists()`)."""
        return self.tags.through.objects.shown_for([self.pk])[self.pk]

    def save_imported(self, site):
        """For imports: as `save()`, but day, times, slug and number stay what they are set to."""
        with transaction.atomic():
            self._write(self._stored(), site)

    def fill_for_preview(self, site):
        """Fill in what `save()` would, as far as the post's page shows it. Nothing is stored."""
        self.kind = self._meta.model_name
        self.number = self.number or 0
        self._date(self._stored(), site, notify_readers=True)
        self.slug = self.slug or self.unused_slug(self.day, self.slug_source(), self.pk)
        self.render(site.markup_options)
        for field in self._meta.get_fields():
            if isinstance(field, RenderedField):
                setattr(self, field.name, field.from_db_value(getattr(self, field.name), None, None))

    def delete(self, *args, **kwargs):
        """Its address answers that it is gone for good."""
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
        """Date a post that is to be published now; refuse an address that another has, naming that post."""
        super().clean()
        self._date_publication()
        if self.published and not 1 < self.published.year < 9999:
            raise ValidationError({"published": _("Choose a year from 2 to 9998.")})
        if not self.slug:
            return
        day = self._day_after(self._stored(), SiteSettings.load())
        other = Post.objects.filter(day=day, slug=self.slug).exclude(pk=self.pk).first()
        if other:
            taken = _("The %(kind)s “%(post)s” is already at %(address)s.")
            names = {"post": other, "kind": other.kind_class.label, "address": other.get_absolute_url()}
            raise ValidationError({"slug": taken % names})

    @classmethod
    @cache
    def kinds(cls):
        """The kinds of post by name, in the order in which lists of kinds show them."""
        return {kind._meta.model_name: kind for kind in Post.__subclasses__()}

    @property
    def kind_class(self):
        return self.kinds()[self.kind]

    @property
    def template(self):
        return f"blog/posts/{self.kind}.html"

    @property
    def is_public(self):
        """The same rule as `PostQuerySet.published()`, for a post at hand."""
        return not self.is_draft and self.published <= timezone.now()

    @property
    def was_updated(self):
        """Whether who read the post when it was new might want to look again."""
        return bool(self.published) and self.updated - self.published > CORRECTION_TIME

    def get_day_url(self):
        return path_to("day", self.day)

    def get_short_url(self):
        return path_to(f"short-{self.kind}", self.number)

    def card_title(self):
        """What stands largest on the card."""
        return self.headline

    def card_lines(self, site):
        return post_words(self, site)

    def needs_card(self):
        return not self.is_draft

    def _store_card_name(self):
        Post.objects.filter(pk=self.pk).update(card=self.card)

    def tag_ids(self):
        return set(self.taggings.values_list("tag", flat=True))

    @classmethod
    def publish_due(cls):
        """Count the scheduled posts whose time has come. One at a time does so.

        Readers see such a post without this, from its minute on: what follows from its
        publication is done here, before the next page is made.
        """
        with transaction.atomic():
            SiteState.lock()
            for post in cls.objects.published().filter(is_counted=False):
                cls.objects.filter(pk=post.pk).update(is_counted=True)
                post.taggings.update(is_public=True)
                post.links.update(is_public=True)
                Word.learn(post.headline, post.title)
                post._count({post.day.year: 1})
                Day.recompute(cls.objects, {post.day})
                HubPing.enqueue(post)
                if post.author_id:
                    store_authors(cls.objects.published())
            SiteState.objects.update(next_due=cls.objects.scheduled().aggregate(due=Min("published"))["due"])

    def as_kind(self):
        """The entry, blogmark, … that this post is. One query, unless it is one already."""
        return self if type(self) is not Post else getattr(self, self.kind)

    def outgoing_urls(self):
        """All addresses that the rendered post leads to."""
        return [*markup.link_targets(self.html), *self.external_urls()]

    def render(self, options):
        """Fill the stored HTML and plain texts from the source. Reading a page never does this."""
        self.html = markup.render(self.body, markup.Format(self.format), options, footnote_prefix=self.slug)
        self.summary_html = markup.for_list(self.summarise(self.html), self.get_absolute_url())
        self.headline = markup.typeset(self.headline_text())
        self.description = markup.description(self.html)
        self.word_count = markup.word_count(self.html)

    def index(self, language):
        """Let search know what the stored post says, and where it links to."""
        SearchDocument.sync(self, language)
        Link.sync(self)

    @classmethod
    def unused_slug(cls, day, text, pk=None):
        """A slug made of the text's first words that no other post of that day has."""
        base = cls.base_slug(text)
        others = Post.objects.filter(day=day, slug__startswith=base).exclude(pk=pk)
        taken = set(others.values_list("slug", flat=True))
        candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
        return next(slug for slug in candidates if slug not in taken)

    @classmethod
    def base_slug(cls, text):
        """The slug that a post with that text gets if it is the first of its day to want it."""
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
        """The post as it stands in the database, or None."""
        return type(self).objects.filter(pk=self.pk).first() if self.pk else None

    def _date(self, stored, site, notify_readers):
        """Set the times that follow from what the author did.

        Cases: a first publication tells its own time; a change of what is public tells now;
        a change before publication, of tags, or one not worth telling, tells nothing new.
        """
        self._date_publication()
        self.day = self._day_after(stored, site)
        if stored is None or not stored.is_public:
            self.updated = self.published
        elif notify_readers and self._reads_differently_from(stored):
            self.updated = timezone.now()
        self.updated = self.published and max(self.updated, self.published)

    def _date_publication(self):
        if not self.is_draft and self.published is None:
            # To the second, as forms show it: else the first edit would move the post by a fraction of one.
            self.published = timezone.now().replace(microsecond=0)

    def _day_after(self, stored, site):
        """The day that the post will have once it is saved.

        It stays what it was unless the time of publication changes: neither a change of the
        site's time zone nor an edit moves an address. A draft without one has today's.
        """
        if stored and stored.published == self.published:
            return stored.day
        return timezone.localdate(self.published, site.tz)

    def _update_counts(self, stored):
        """Let the taggings repeat the publication, and the tags count the post if it is public."""
        self.taggings.update(published=self.published, is_public=self.is_counted)
        was = stored.day.year if stored and stored.is_counted else None
        now = self.day.year if self.is_counted else None
        if (was and stored.author_id) != (now and self.author_id):
            store_authors(Post.objects.published())
        if was != now:
            self._count({year: number for year, number in ((was, -1), (now, 1)) if year})
        if days := {post.day for post in (stored, self) if post and post.is_counted}:
            Day.recompute(Post.objects, days)

    def _count(self, changes):
        """Let the years and the tags count the post: {year: 1 or -1}."""
        SiteState.adjust_counts({(year, self.kind): number for year, number in changes.items()})
        tags = self.tag_ids()
        self.taggings.model.tag_model().objects.adjust_counts(
            {(tag, year): number for tag in tags for year, number in changes.items()}
        )

    def _reads_differently_from(self, stored):
        return any(getattr(self, name) != getattr(stored, name) for name in self.content_fields)

    def _next_number(self):
        numbers = Post.objects.filter(kind=self._meta.model_name).order_by("-number")
        return (numbers.values_list("number", flat=True).first() or 0) + 1
