"""Putting tags on, or taking them from, many of the posts that a search finds, or all of them."""

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
#: Of which there can be thousands of posts.
MOST_TAGS = 10

REMOVED = ngettext_lazy(
    "Removed %(tags)s from %(shown)s post.", "Removed %(tags)s from %(shown)s posts.", "number"
)
ADDED = ngettext_lazy("Added %(tags)s to %(shown)s post.", "Added %(tags)s to %(shown)s posts.", "number")
HAD = ngettext_lazy("%(shown)s post had it already.", "%(shown)s posts had it already.", "number")


class BulkForm(forms.Form):
    """Tags for posts: for those that are selected of these, or with `is_all` for all that were found."""

    is_all = forms.BooleanField(required=False)
    posts = RowsField(
        Post.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("One of the posts is not there any more."),
        },
    )
    tags = TagField(label=gettext_lazy("Tags"), error_messages={"required": gettext_lazy("Say which tags.")})
    action = forms.ChoiceField(choices=[("add", "Add"), ("remove", "Remove")])

    def __init__(self, *args, posts, found, may_make_tags, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["posts"].queryset = posts.only("pk")
        self.found, self.may_make_tags = found, may_make_tags

    def clean_posts(self):
        if self.cleaned_data["is_all"]:
            return self.found
        posts = [post.pk for post in self.cleaned_data["posts"][: PAGE_SIZE + 1]]
        if not posts:
            raise ValidationError(_("Select the posts."))
        if len(posts) > PAGE_SIZE:
            text = _("At most %(number)d posts at once, unless it is all that were found.")
            raise ValidationError(text % {"number": PAGE_SIZE})
        return posts

    def clean_tags(self):
        if len(self.cleaned_data["tags"]) > MOST_TAGS:
            raise ValidationError(_("At most %(number)d tags at once.") % {"number": MOST_TAGS})
        return self.cleaned_data["tags"]

    def clean(self):
        """Who takes a tag away that is not there has probably mistyped it; not everybody may make one."""
        cleaned = super().clean()
        must_exist = {"remove": True, "add": not self.may_make_tags}
        if must_exist.get(cleaned.get("action")) and (names := cleaned.get("tags")):
            self.called = Tag.objects.by_name(names)
            for name in names:
                if name not in self.called:
                    self.add_error("tags", _("There is no tag “%(name)s”.") % {"name": name})
        return cleaned

    def save(self):
        """All or nothing. Gives a sentence about what was changed."""
        posts, names = self.cleaned_data["posts"], self.cleaned_data["tags"]
        with transaction.atomic():
            if self.cleaned_data["action"] == "remove":
                changed = Tagging.objects.detach(posts, [tag.pk for tag in self.called.values()])
                return told(REMOVED, changed, names)
            tags = {tag.pk for tag in Tag.objects.get_or_create_by_name(names).values()}
            changed = Tagging.objects.attach(posts, tags)
        had = len(posts) - changed
        return " ".join([told(ADDED, changed, names), *([told(HAD, had)] if had else [])])


def told(sentence, number, names=()):
    quoted = ", ".join(_("“%(text)s”") % {"text": name} for name in names)
    return sentence % {"number": number, "shown": intcomma(number), "tags": quoted}


class BulkTagging(Tool):
    """Finds and changes only posts of the kinds that the author may change."""

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
        may_make_tags = self.request.user.has_perm("blog.add_tag")
        return BulkForm(data, posts=self.all_posts, found=self.search.ids, may_make_tags=may_make_tags)

    def post(self, request):
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, form.save())
        return HttpResponseRedirect(request.get_full_path())

    def get_context_data(self, **kwargs):
        """What the parameters of the search page find, drafts and scheduled posts too."""
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
        """The posts in the order of the ids, with their tags. Two queries."""
        fields = ("kind", "headline", "day", "slug", "is_draft", "published")
        posts = Post.objects.only(*fields).prefetch_related("tags").in_bulk(ids)
        return [posts[pk] for pk in ids]
