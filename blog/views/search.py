"""The search page, and suggestions for the search box."""

from django.http import JsonResponse
from django.utils.html import format_html
from django.views.generic import ListView, View

from blog.database.lookups import InArray
from blog.feeds.selections import SearchSelection
from blog.models import Post, SearchDocument
from blog.search.parameters import Parameters
from blog.search.passages import passage
from blog.search.results import MAX_RESULTS, suggest
from blog.search.spelling import correct
from blog.timeline.page_sizes import PAGE_SIZE


class SearchPage(ListView):
    """The results of a search, with facets to narrow it by."""

    template_name = "blog/search.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        self.parameters = Parameters.from_query_dict(self.request.GET)
        self.search = self.parameters.search(self.request.site)
        self.has_query = not self.search.query.is_empty
        return self.search.ids if self.has_query else []

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        search, parameters = self.search, self.parameters
        ids = context["object_list"]
        return context | {
            "q": parameters.value("q", ""),
            "has_query": self.has_query,
            "remarks": search.remarks() if self.has_query else [],
            "max_results": MAX_RESULTS,
            "is_truncated": self.has_query and search.is_truncated,
            "posts": self.posts(ids),
            "pills": parameters.pills(),
            "hidden": parameters.minus("q"),
            "page_query": parameters,
            "orders": parameters.orders(search.order) if search.query.has_words else [],
            "facets": parameters.facets(search) if ids else [],
            "feed": SearchSelection(parameters.minus("sort"), self.request.site) if self.has_query else None,
            "correction": self.correction() if self.has_query and not ids else None,
        }

    def posts(self, ids):
        """The posts in the order of the ids. In a search for words, their summary is the matching passage."""
        posts = {post.pk: post for post in Post.objects.published(InArray("pk", ids)).for_lists()}
        if self.search.query.wanted:
            texts = SearchDocument.objects.filter(InArray("pk", posts)).exclude(text="")
            for pk, text in texts.values_list("pk", "text"):
                shown = passage(text, self.search.query, self.request.site.state.search_language)
                posts[pk].summary_html = format_html('<p class="p-summary">{}</p>', shown)
        return [posts[pk] for pk in ids if pk in posts]

    def correction(self):
        """A corrected spelling that has results, with its URL and their number; else None."""
        text = correct(self.search.query.text)
        if text is None:
            return None
        parameters = Parameters([("q", text), *self.parameters.minus("q")])
        number = len(parameters.search(self.request.site).ids)
        return {"text": text, "url": parameters.url(), "number": number} if number else None


class Suggestions(View):
    """Tags and posts that match what is being typed into the search box, as JSON."""

    def get(self, request):
        tags, posts = suggest(request.GET.get("q", ""), request.site.state.search_language)
        response = JsonResponse(
            {
                "tags": [
                    {"label": tag.name, "url": tag.get_absolute_url(), "number": tag.uses} for tag in tags
                ],
                "posts": [{"label": post.headline, "url": post.get_absolute_url()} for post in posts],
            }
        )
        response["X-Robots-Tag"] = "noindex"
        return response
