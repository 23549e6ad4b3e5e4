"""The admin classes of the kinds of post."""

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import F
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from blog.models import Blogmark, Entry, Note, Post, Quotation, Tag
from blog.search.results import Search, parse

from .images import TextWidget
from .lists import BoundedSearch, NewestPaginator, TagFilter, YearFilter
from .publishing import back_to_draft, publish_now
from .tags.tag_field import TagField
from .writing.post_form import WritingAdmin
from .writing.publish_check import PublishCheckMixin
from .writing.revisions import VersionedForm

PREVIEW_WORDS = 12
#: Rendered HTML, which no page of the admin shows.
DEFERRED_FIELDS = ("html", "summary_html")


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", _("Draft")),
            ("scheduled", pgettext("a post", "Scheduled")),
            ("public", _("Public")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "draft":
                return queryset.drafts()
            case "scheduled":
                return queryset.scheduled()
            case "public":
                return queryset.published()
        return queryset


class PostForm(VersionedForm):
    is_correction = forms.BooleanField(
        label=gettext_lazy("correction only"),
        required=False,
        help_text=gettext_lazy("A minor fix: feed readers won't show the post as updated."),
    )

    def __init__(self, *args, **kwargs):
        """Offer the present author too, who may no longer be staff."""
        super().__init__(*args, **kwargs)
        if "author" in self.fields and self.instance.author_id:
            authors = self.fields["author"]
            authors.queryset |= get_user_model().objects.filter(pk=self.instance.author_id)


class PostAdmin(PublishCheckMixin, BoundedSearch, WritingAdmin):
    """The base admin class of all kinds. Subclasses name the fields of their kind."""

    form = PostForm
    own_fields = ()
    required_fields = ()
    body_label = gettext_lazy("Text")

    list_display = ("name", "tag_list", "state", "published")
    list_filter = (StateFilter, TagFilter, YearFilter, "series")
    actions = [publish_now, back_to_draft]
    paginator = NewestPaginator
    ordering = (F("published").desc(nulls_first=True), "-id")
    search_fields = ("headline",)
    search_help_text = gettext_lazy("Searches the title and the text.")
    list_per_page = 50
    show_full_result_count = False
    save_on_top = True

    def get_fieldsets(self, request, obj=None):
        publication = ["is_draft", "published", *(["is_correction"] if obj and obj.is_public else [])]
        details = ["slug", "series", "author", "byline", "card_image", "language", "format"]
        return [
            (None, {"fields": [*self.own_fields, "tags"]}),
            (_("Publication"), {"fields": publication}),
            (_("Details"), {"fields": details, "classes": ["collapse"]}),
        ]

    def formfield_for_dbfield(self, field, request, **kwargs):
        if field.name == "body":
            kwargs["label"] = self.body_label
            kwargs["help_text"] = _("Markdown or HTML.")
            kwargs["widget"] = TextWidget
        if field.name in self.required_fields:
            kwargs["required"] = True
        if field.name == "tags":
            kwargs["form_class"] = TagField
        if isinstance(field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if field.name == "author":
            kwargs["queryset"] = get_user_model().objects.filter(is_staff=True).order_by("username")
        formfield = super().formfield_for_dbfield(field, request, **kwargs)
        if isinstance(field, models.DateTimeField):
            for widget, name in zip(formfield.widget.widgets, (_("date"), _("time")), strict=True):
                widget.attrs["aria-label"] = f"{formfield.label}: {name}"  # Django labels neither input
        return formfield

    def get_queryset(self, request):
        """Filter on `kind` too, so that the database uses the index on it instead of joining first."""
        posts = super().get_queryset(request).defer(*DEFERRED_FIELDS).prefetch_related("tags")
        return posts if self.model is Post else posts.filter(kind=self.model._meta.model_name)

    def get_search_results(self, request, queryset, search_term):
        """The newest matching posts, as many as the public search shows at most."""
        query = parse(search_term, request.site.state.search_language)
        if query.is_empty:
            return queryset, False
        ids = Search(queryset, query, visible_tags=Tag.objects.all()).ids
        return queryset.filter(pk__in=ids), False

    def get_ordering(self, request):
        """Order a year's posts by day, to match the index."""
        return ("-day", "-published", "-id") if "year" in request.GET else self.ordering

    def save_model(self, request, obj, form, change):
        if not change and obj.author is None:
            obj.author = request.user
        obj.save(notify_readers=not form.cleaned_data.get("is_correction"))

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(description=gettext_lazy("title or opening words"), ordering="headline")
    def name(self, post):
        preview = "" if post.title else Truncator(post.description).words(PREVIEW_WORDS)
        return format_html('{} <span class="quiet">{}</span>', post.headline, preview)

    @admin.display(description=gettext_lazy("tags"))
    def tag_list(self, post):
        return ", ".join(tag.name for tag in post.tags.all())

    @admin.display(description=gettext_lazy("state"), ordering="is_draft")
    def state(self, post):
        if post.is_draft:
            return _("Draft")
        if not post.is_public:
            return pgettext("a post", "Scheduled")
        return format_html('<a href="{}">{}</a>', post.get_absolute_url(), _("Public"))


@admin.register(Entry)
class EntryAdmin(PostAdmin):
    own_fields = ("title", "body")
    required_fields = ("title",)


@admin.register(Blogmark)
class BlogmarkAdmin(PostAdmin):
    own_fields = ("link_url", "link_title", "body", "via_url", "via_title")
    body_label = gettext_lazy("Commentary")


@admin.register(Quotation)
class QuotationAdmin(PostAdmin):
    own_fields = ("body", "source", "source_url", "context")
    required_fields = ("body",)
    body_label = gettext_lazy("Quotation")


@admin.register(Note)
class NoteAdmin(PostAdmin):
    own_fields = ("title", "body")
    required_fields = ("body",)
