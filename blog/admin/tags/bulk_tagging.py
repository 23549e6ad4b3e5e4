"""The tool that adds tags to, or removes them from, many posts found by a search."""

from django import forms
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from blog.models import Post, Tag, Tagging
from blog.search.parameters import Parameters

from .tag_field import TagField
from .tools import RowsField, Tool

PAGE_SIZE = 100
#: Each can affect thousands of posts.
MAX_TAGS = 10

REMOVED = ngettext_lazy(
    "Removed %(tags)s from %(shown)s post.", "Removed %(tags)s from %(shown)s posts.", "number"
)
ADDED = ngettext_lazy("Added %(tags)s to %(shown)s post.", "Added %(tags)s to %(shown)s posts.", "number")
UNCHANGED = ngettext_lazy(
    "%(shown)s post was already tagged.", "%(shown)s posts were already tagged.", "number"
)


class BulkForm(forms.Form):
    """The tags, and the posts to change: the selected ones, or with `is_all` every one that was found."""

    is_all = forms.BooleanField(required=False)
    posts = RowsField(
        Post.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("One of the selected posts no longer exists. Search again."),
        },
    )
    tags = TagField(
        label=gettext_lazy("Tags"), error_messages={"required": gettext_lazy("Enter at least one tag.")}
    )
    action = forms.ChoiceField(choices=[("add", "Add"), ("remove", "Remove")])

    def __init__(self, *args, posts, found, may_add_tags, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["posts"].queryset = posts.only("pk")
        self.found, self.may_add_tags = found, may_add_tags

    def clean_posts(self):
        if self.cleaned_data["is_all"]:
            return self.found
        posts = [post.pk for post in self.cleaned_data["posts"][: PAGE_SIZE + 1]]
        if not posts:
            raise ValidationError(_("Select at least one post."))
        if len(posts) > PAGE_SIZE:
            text = _("Select at most %(number)d posts, or all that were found.")
            raise ValidationError(text % {"number": PAGE_SIZE})
        return posts

    def clean_tags(self):
        if len(self.cleaned_data["tags"]) > MAX_TAGS:
            raise ValidationError(_("Enter at most %(number)d tags at a time.") % {"number": MAX_TAGS})
        return self.cleaned_data["tags"]

    def clean(self):
        """Require existing tags when removing, and when the user may not add tags."""
        cleaned = super().clean()
        must_exist = {"remove": True, "add": not self.may_add_tags}
        if must_exist.get(cleaned.get("action")) and (names := cleaned.get("tags")):
            self.existing_tags = Tag.objects.by_name(names)
            for name in names:
                if name not in self.existing_tags:
                    self.add_error("tags", _("There is no tag “%(name)s”.") % {"name": name})
        return cleaned

    def save(self):
        """Change all posts or none, and return a message that says how many."""
        posts, names = self.cleaned_data["posts"], self.cleaned_data["tags"]
        with transaction.atomic():
            if self.cleaned_data["action"] == "remove":
                changed = Tagging.objects.detach(posts, [tag.pk for tag in self.existing_tags.values()])
                return summary(REMOVED, changed, names)
            tags = {tag.pk for tag in Tag.objects.get_or_create_by_name(names).values()}
            changed = Tagging.objects.attach(posts, tags)
        unchanged = len(posts) - changed
        return " ".join(
            [summary(ADDED, changed, names), *([summary(UNCHANGED, unchanged)] if unchanged else [])]
        )


def summary(text, number, names=()):
    quoted = ", ".join(_("“%(text)s”") % {"text": name} for name in names)
    return text % {"number": number, "shown": intcomma(number), "tags": quoted}


class BulkTagging(Tool):
    """Finds and changes only posts of kinds that the user may change."""

    template_name = "admin/blog/tag/bulk.html"
    title = gettext_lazy("Tag many posts")

    def dispatch(self, request):
        kinds = [name for name in Post.kinds() if request.user.has_perm(f"blog.change_{name}")]
        if not kinds:
            raise PermissionDenied
        self.all_posts = Post.objects.filter(kind__in=kinds)
        self.parameters = Parameters.from_query_dict(request.GET)
        self.search = self.parameters.search(request.site, self.all_posts, visible_tags=Tag.objects.all())
        return super().dispatch(request)

    def get(self, request):
        return self.render_to_response(self.get_context_data(form=self.form()))

    def form(self, data=None):
        may_add_tags = self.request.user.has_perm("blog.add_tag")
        return BulkForm(data, posts=self.all_posts, found=self.search.ids, may_add_tags=may_add_tags)

    def post(self, request):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, form.save())
        return HttpResponseRedirect(request.get_full_path())

    def get_context_data(self, **kwargs):
        """Takes the parameters of the search page, and also finds drafts and scheduled posts."""
        parameters, search = self.parameters, self.search
        page = Paginator(search.ids, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "q": parameters.value("q", ""),
            "hidden": parameters.minus("q"),
            "pills": parameters.pills("admin:blog_tag_bulk"),
            "remarks": search.remarks(),
            "is_cut": search.is_truncated,
            "page": page,
            "pages": [
                (number, parameters.plus("page", number).url("admin:blog_tag_bulk"))
                for number in page.paginator.get_elided_page_range(page.number, on_each_side=2)
                if isinstance(number, int)
            ],
            "posts": self.posts(list(page)),
            "selected": set(self.request.POST.getlist("posts")),
            "is_all": "is_all" in self.request.POST,
        }

    def posts(self, ids):
        """The posts with their tags, in the order of the ids. Two queries."""
        fields = ("kind", "headline", "day", "slug", "is_draft", "published")
        posts = Post.objects.only(*fields).prefetch_related("tags").in_bulk(ids)
        return [posts[pk] for pk in ids]
