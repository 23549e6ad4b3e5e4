"""Merging tags: choosing them, previewing the effect, the records of past merges, and undoing one."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from blog.admin.lists import BoundedSearch
from blog.models import CannotMerge, CannotUndo, MergePreview, Post, Tag, TagMerge
from blog.models.tag_merges import describe_merge

from .tag_field import TagField
from .tools import RowsField, Tool

MAX_TAGS = 50
MAX_POSTS_LISTED = 100


def merge_url(tags, into=None):
    """The URL of the preview of merging these tags, into the most used one by default."""
    query = [("tag", tag.pk) for tag in tags] + ([("into", into.pk)] if into else [])
    return f"{reverse('admin:blog_tag_merge')}?{urlencode(query)}"


class MergeForm(forms.Form):
    """The tags to merge: by id, from links, or by name, as typed."""

    tag = RowsField(Tag.objects.order_by("-uses", "name"), required=False, widget=forms.MultipleHiddenInput)
    names = TagField(label=gettext_lazy("Tags"), required=False)
    into = forms.ModelChoiceField(Tag.objects.all(), required=False)

    def clean_tag(self):
        return list(self.cleaned_data["tag"][: MAX_TAGS + 1])

    def clean_names(self):
        names = self.cleaned_data["names"]
        found = Tag.objects.by_name(names) if names else {}
        if unknown := [name for name in names if name not in found]:
            raise ValidationError(
                [gettext("There is no tag “%(name)s”.") % {"name": name} for name in unknown]
            )
        return list(found.values())

    def clean(self):
        cleaned = super().clean()
        tags = set(cleaned.get("tag", [])) | set(cleaned.get("names", []))
        if len(tags) > MAX_TAGS:
            text = gettext("You can merge at most %(number)d tags at once.")
            raise ValidationError(text % {"number": MAX_TAGS})
        self.tags = sorted(tags, key=lambda tag: (-tag.uses, tag.name))
        return cleaned

    @property
    def is_complete(self):
        """True if there are at least two tags and the destination is one of them."""
        return self.is_valid() and len(self.tags) > 1 and self.cleaned_data["into"] in self.tags

    @property
    def destination(self):
        into = self.cleaned_data["into"]
        return into if into in self.tags else next(iter(self.tags), None)

    @property
    def sources(self):
        return [tag for tag in self.tags if tag != self.destination]


class MergeTags(Tool):
    template_name = "admin/blog/tag/merge.html"
    title = gettext_lazy("Merge tags")

    def get_context_data(self, **kwargs):
        form = MergeForm(self.request.GET)
        tags = form.tags if form.is_valid() else []
        chooser = form if form.errors else MergeForm(initial={"names": tags})
        context = super().get_context_data(**kwargs) | {"form": chooser, "tags": tags}
        if len(tags) > 1:
            preview = MergePreview(form.sources, form.destination)
            context |= {
                "heading": describe_merge([tag.name for tag in form.sources], form.destination.name),
                "preview": preview,
                "kinds": preview.kinds(),
                "names": preview.names(),
            }
        return context

    def post(self, request):
        """Merge, and redirect to the record of the merge, so that a reload doesn't merge again."""
        if not self.model_admin.has_delete_permission(request):
            raise PermissionDenied
        form = MergeForm(request.POST)
        try:
            if not form.is_complete:
                raise CannotMerge(gettext("At least one of these tags no longer exists."))
            merge = TagMerge.merge(form.sources, form.destination, by=request.user)
        except CannotMerge as error:
            messages.error(request, f"{error} {gettext('Nothing was merged.')}")
            return HttpResponseRedirect(reverse("admin:blog_tag_merge"))
        self.model_admin.log_change(
            request, form.destination, gettext("Merged: %(merge)s.") % {"merge": merge}
        )
        messages.success(request, summary(merge))
        return HttpResponseRedirect(reverse("admin:blog_tagmerge_change", args=[merge.pk]))


def summary(merge):
    gained, had = len(merge.moved), len(merge.posts) - len(merge.moved)
    numbers = {"merge": merge, "gained": intcomma(gained), "had": intcomma(had)}
    return (
        gettext("Merged %(merge)s. Posts that got the tag: %(gained)s. Posts that already had it: %(had)s.")
        % numbers
    )


@admin.register(TagMerge)
class TagMergeAdmin(BoundedSearch, admin.ModelAdmin):
    """Read-only records of merges, with a button to undo each."""

    class Media:
        css = {"all": ["admin-tags.css"]}

    change_form_template = "admin/blog/tagmerge/change_form.html"
    list_display = ("merge", "merged", "merged_by", "undone")
    search_fields = ("destination_name",)
    fields = (
        *("merge", "merged", "merged_by", "moved_posts", "dropped_posts", "former_names"),
        *("undone", "undone_by", "undo_problems"),
    )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        merges = super().get_queryset(request).select_related("merged_by", "undone_by")
        return merges.defer("moved", "dropped", "names")

    def get_urls(self):
        undo = self.admin_site.admin_view(require_POST(self.undo))
        return [path("<int:pk>/undo/", undo, name="blog_tagmerge_undo"), *super().get_urls()]

    def undo(self, request, pk):
        if not request.user.has_perms(["blog.change_tag", "blog.delete_tag"]):
            raise PermissionDenied
        merge = get_object_or_404(TagMerge, pk=pk)
        try:
            merge.undo(by=request.user)
        except CannotUndo as error:
            messages.error(request, f"{error} {gettext('Nothing was changed.')}")
        else:
            text = gettext("Undone: %(merge)s. The tags and their posts are as they were before.")
            if merge.not_restored:
                text = gettext("Undone: %(merge)s. Some things could not be restored:")
            messages.success(request, text % {"merge": merge})
            for sentence in merge.not_restored:
                messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("admin:blog_tagmerge_change", args=[pk]))

    @admin.display(description=pgettext_lazy("noun", "merge"))
    def merge(self, merge):
        return str(merge)

    @admin.display(description=gettext_lazy("posts that got the tag"))
    def moved_posts(self, merge):
        return post_list({post for _, post, _ in merge.moved})

    @admin.display(description=gettext_lazy("posts that already had the tag"))
    def dropped_posts(self, merge):
        return post_list(merge.posts - {post for _, post, _ in merge.moved})

    @admin.display(description=gettext_lazy("former names"))
    def former_names(self, merge):
        return ", ".join(name for _, name, _ in merge.names) or "-"

    @admin.display(description=gettext_lazy("not restored"))
    def undo_problems(self, merge):
        return format_html_join(" ", "<p>{}</p>", ((sentence,) for sentence in merge.not_restored)) or "-"


def post_list(ids):
    """An HTML list of links to the posts' forms, limited to the newest."""
    posts = Post.objects.filter(pk__in=sorted(ids)[-MAX_POSTS_LISTED:]).order_by("-pk")
    rows = post_links(posts.only("kind", "headline"))
    if len(ids) > len(rows):
        rows.append(and_more(len(ids) - len(rows)))
    items = format_html_join("", "<li>{}</li>", zip(rows))
    return format_html('<ul class="tag-posts">{}</ul>', items) if rows else "-"


def and_more(number):
    return gettext("and %(number)s more") % {"number": intcomma(number)}


def post_links(posts):
    """The kind and linked title of each post, leading to its form."""
    return [
        format_html(
            '{}: <a href="{}">{}</a>',
            post.kind_class.label,
            reverse(f"admin:blog_{post.kind}_change", args=[post.pk]),
            post.headline,
        )
        for post in posts
    ]


@admin.action(description=gettext_lazy("Merge selected tags…"), permissions=["change", "delete"])
def merge_selected(model_admin, request, tags):
    tags = list(tags.order_by("-uses", "name")[: MAX_TAGS + 1])
    if not 2 <= len(tags) <= MAX_TAGS:
        text = gettext("Select between 2 and %(number)d tags to merge.") % {"number": MAX_TAGS}
        model_admin.message_user(request, text, messages.ERROR)
        return None
    return HttpResponseRedirect(merge_url(tags))
