"""A post's permalink, and the URLs that redirect to it."""

from datetime import date

from django.http import Http404, HttpResponseGone, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView, View

from blog.database import reads
from blog.models import FormerPermalink, Post
from blog.paths import redirect_permanently
from blog.timeline.page_sizes import PERMALINK_TITLES
from blog.timeline.titles import recent_titles

from .base import CanonicalPath


class PostDetail(CanonicalPath, DetailView):
    """A post. Before it is published, only staff can see it."""

    template_name = "blog/post_detail.html"
    context_object_name = "post"

    def get(self, request, *args, **kwargs):
        self.object = self.find_post()
        if self.object is None:
            return self.former_permalink()
        if not self.object.is_public and not request.user.is_staff:
            raise Http404("There is no such post.")
        response = self.render_to_response(self.get_context_data())
        if not self.object.is_public:
            add_never_cache_headers(response)
        return response

    def find_post(self):
        posts = Post.objects.filter(day=self.kwargs["date"], slug=self.kwargs["slug"])
        return posts.followed_by().in_full().first()

    def former_permalink(self):
        former = get_object_or_404(
            FormerPermalink.objects.select_related("post"), day=self.kwargs["date"], slug=self.kwargs["slug"]
        )
        if former.post is None:
            return render(self.request, "410.html", status=HttpResponseGone.status_code)
        if not former.post.is_public:
            raise Http404("There is no such post.")
        return redirect_permanently(self.request, former.post.get_absolute_url())

    def get_context_data(self, **kwargs):
        previous, following = self.neighbours()
        return super().get_context_data(**kwargs) | {
            "recent_titles": recent_titles(PERMALINK_TITLES, besides=self.object),
            "series_posts": self.series_posts(),
            "previous": previous,
            "next": following,
        }

    def neighbours(self):
        if not self.object.is_public:
            return None, None
        return Post.objects.published().neighbours(self.object)

    def series_posts(self):
        if not self.object.series_id:
            return []
        posts = Post.objects.published().filter(series=self.object.series_id).select_related("series")
        shown = ("headline", "language", "day", "slug", "series__title", "series__slug")
        found = list(posts.newest_first().reverse().only(*shown).followed_by())
        reads.depends_on(*{f"series-{post.series.slug}" for post in found})
        return found


class ShortLink(View):
    """Redirects a short link such as `/e/12` to the post of that kind and number."""

    kind = None

    def get(self, request, number):
        posts = Post.objects.published().filter(kind=self.kind._meta.model_name, number=number)
        return redirect_permanently(request, get_object_or_404(posts).get_absolute_url())


class NumericArchive(View):
    """Redirects the numeric URLs of older weblogs (`/archive/2003/11/23/slug`) to the day or the post."""

    def get(self, request, year, month, day, slug=None):
        try:
            posts = Post.objects.published().filter(day=date(year, month, day))
        except (OverflowError, ValueError) as error:
            raise Http404("There is no such day.") from error
        post = get_object_or_404(posts, slug=slug) if slug else posts.first()
        if post is None:
            raise Http404("Nothing was posted that day.")
        return redirect_permanently(request, post.get_absolute_url() if slug else post.get_day_url())


class DraftPreview(PostDetail):
    """An unpublished post, for anyone who has the secret URL. Not to be cached or indexed.

    Redirects to the permalink once the post is public.
    """

    def get(self, request, *args, **kwargs):
        self.object = self.find_post()
        if self.object is None:
            raise Http404("There is no such draft.")
        if self.object.is_public:
            response = HttpResponseRedirect(self.object.get_absolute_url())
        else:
            response = self.render_to_response(self.get_context_data() | {"is_shared": True})
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def find_post(self):
        posts = Post.objects.filter(preview_link__token=self.kwargs["token"])
        return posts.in_full().first()
