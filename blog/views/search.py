"""Finding posts by words."""

from django.views.generic import ListView

from blog.models import Post
from blog.search import matching

from .base import PAGE_SIZE


class Search(ListView):
    template_name = "blog/search.html"
    context_object_name = "posts"
    paginate_by = PAGE_SIZE

    @property
    def words(self):
        return self.request.GET.get("q", "").strip()

    def get_queryset(self):
        return matching(Post.objects.published(), self.words).for_lists()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"q": self.words}
