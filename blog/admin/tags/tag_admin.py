"""The admin of tags, with their former names, and of series."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import Tag as TaggitTag

from blog.admin.lists import BoundedSearch
from blog.models import Post, PreviousTagName, Series, Tag, Tagging

from .bulk_tagging import BulkTagging
from .clean_up import TagCleanUp
from .merges import MergeTags, and_more, merge_selected, merge_url, post_links
from .tag_field import TagSuggestions

MAX_POSTS_LISTED = 100

admin.site.unregister(TaggitTag)  # unused: the weblog has its own tag model


class TagForm(forms.ModelForm):
    """`Tag.save()` keeps a changed name or slug as a former one."""

    class Meta:
        help_texts = {
            "slug": gettext_lazy("The last part of the address. Leave empty to derive it from the name.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean_name(self):
        name = self.cleaned_data["name"]
        other = Tag.objects.by_name([name]).get(name)
        if other and other != self.instance:
            raise ValidationError(self.duplicate_message(other))
        return name

    def duplicate_message(self, other):
        if self.instance.pk is None:
            return _("The tag “%(tag)s” already exists.") % {"tag": other}
        text = _('The tag “{tag}” already exists. <a href="{merge}">Merge this one into it</a>?')
        return format_html(text, tag=other, merge=merge_url([self.instance, other], into=other))


class PreviousNameInline(admin.TabularInline):
    model = PreviousTagName
    extra = 0


@admin.register(Tag)
class TagAdmin(BoundedSearch, admin.ModelAdmin):
    form = TagForm
    list_display = ("name", "slug", "uses")
    search_fields = ("name", "previous_names__name")
    fields = ("name", "slug", "description")
    inlines = [PreviousNameInline]
    actions = [merge_selected]

    def get_urls(self):
        def tool(name, view):
            view = self.admin_site.admin_view(view.as_view(model_admin=self))
            return path(f"{name.replace('_', '-')}/", view, name=f"blog_tag_{name}")

        return [
            path("suggestions/", TagSuggestions.as_view(), name="blog_tag_suggestions"),
            tool("merge", MergeTags),
            tool("bulk", BulkTagging),
            tool("clean_up", TagCleanUp),
            *super().get_urls(),
        ]

    def view_on_site(self, tag):
        return tag.get_absolute_url()

    def get_queryset(self, request):
        return super().get_queryset(request).defer("description_html")

    def get_deleted_objects(self, tags, request):
        """List the posts that lose a tag, instead of every row to be deleted."""
        posts = Tagging.post_ids_with([tag.pk for tag in tags])
        shown = Post.objects.filter(pk__in=sorted(posts)[-MAX_POSTS_LISTED:]).only("kind", "headline")
        links = post_links(shown.order_by("-pk"))
        more = [and_more(len(posts) - len(links))] if len(posts) > len(links) else []
        objects = [_("Tag: %(tag)s") % {"tag": tag} for tag in tags]
        objects += [_("Posts that lose the tag but are not deleted:"), [*links, *more]] if posts else []
        forbidden = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return objects, {_("tags"): len(tags), _("posts that lose a tag"): len(posts)}, forbidden, []


@admin.register(Series)
class SeriesAdmin(BoundedSearch, admin.ModelAdmin):
    list_display = ("title", "slug", "created")
    search_fields = ("title",)
    fields = ("title", "slug", "summary")
    prepopulated_fields = {"slug": ["title"]}
