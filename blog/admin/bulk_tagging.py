"""Putting tags on, or taking them from, many of the posts that a search finds."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect

from blog.models import Post, Tag, Tagging
from blog.search.parameters import Parameters

from .tag_field import TagField
from .tools import RowsField, Tool

PAGE_SIZE = 100


class BulkForm(forms.Form):
    posts = RowsField(
        Post.objects.only("pk"),
        error_messages={
            "required": "Select the posts.",
            "invalid_choice": "One of the posts is not there any more.",
        },
    )
    tags = TagField(error_messages={"required": "Say which tags."})
    action = forms.ChoiceField(choices=[("add", "Add"), ("remove", "Remove")])

    def clean_posts(self):
        posts = [post.pk for post in self.cleaned_data["posts"][: PAGE_SIZE + 1]]
        if len(posts) > PAGE_SIZE:
            raise ValidationError(f"At most {PAGE_SIZE} posts at once.")
        return posts

    def clean(self):
        """Who takes a tag away that is not there has probably mistyped it."""
        cleaned = super().clean()
        if cleaned.get("action") == "remove" and (names := cleaned.get("tags")):
            self.found = Tag.objects.called(names)
            for name in names:
                if name not in self.found:
                    self.add_error("tags", f"There is no tag “{name}”.")
        return cleaned

    def save(self):
        """All or nothing. Gives a sentence about what was changed."""
        posts, names = self.cleaned_data["posts"], self.cleaned_data["tags"]
        with transaction.atomic():
            if self.cleaned_data["action"] == "remove":
                changed = Tagging.objects.detach(posts, [tag.pk for tag in self.found.values()])
                return f"Removed {quoted(names)} from {posts_in_words(changed)}."
            tags = {tag.pk for tag in Tag.objects.obtain(names).values()}
            changed = Tagging.objects.attach(posts, tags)
        had = f" {posts_in_words(len(posts) - changed)} had it already." if changed < len(posts) else ""
        return f"Added {quoted(names)} to {posts_in_words(changed)}.{had}"


def quoted(names):
    return ", ".join(f"“{name}”" for name in names)


def posts_in_words(number):
    return f"{number} post" if number == 1 else f"{number} posts"


class BulkTagging(Tool):
    template_name = "admin/blog/tag/bulk.html"
    title = "Tag many posts"

    def get(self, request):
        return self.render_to_response(self.get_context_data(form=BulkForm()))

    def post(self, request):
        form = BulkForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, form.save())
        return HttpResponseRedirect(request.get_full_path())

    def get_context_data(self, **kwargs):
        """What the parameters of the search page find, drafts and scheduled posts too."""
        parameters = Parameters.of(self.request.GET)
        search = parameters.search(self.request.site, Post.objects.all())
        page = Paginator(search.ids, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "q": parameters.value("q", ""),
            "hidden": parameters.minus("q"),
            "pills": parameters.pills("admin:blog_tag_bulk"),
            "remarks": search.remarks(),
            "is_cut": search.is_cut,
            "page": page,
            "pages": [
                (number, parameters.plus("page", number).url("admin:blog_tag_bulk"))
                for number in page.paginator.get_elided_page_range(page.number, on_each_side=2)
                if isinstance(number, int)
            ],
            "posts": self.posts(list(page)),
            "selected": set(self.request.POST.getlist("posts")),
        }

    def posts(self, ids):
        """The posts in the order of the ids, with their tags. Two queries."""
        fields = ("kind", "headline", "day", "slug", "is_draft", "published")
        posts = Post.objects.only(*fields).prefetch_related("tags").in_bulk(ids)
        return [posts[pk] for pk in ids]
