"""The tag clean-up: lists of tags that could be merged, with links to their merges."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from blog.authoring.tag_clean_up import same_posts, similar_names, tags_by_name

from .merges import merge_url
from .tools import Tool

GROUPS_PER_PAGE = 50
TAGS_PER_PAGE = 100
MAX_COMPANION_GROUPS = 50


class TagCleanUp(Tool):
    template_name = "admin/blog/tag/clean_up.html"
    title = _("Clean up tags")

    def get_context_data(self, **kwargs):
        """Each list is paginated by itself, so that the page doesn't grow with the number of tags."""
        tags = tags_by_name()
        once = sorted((tag for tag in tags.values() if tag.uses == 1), key=lambda tag: tag.name.casefold())
        alike = self.page("alike", similar_names(tags), GROUPS_PER_PAGE)
        together = same_posts()
        once = self.page("once", once, TAGS_PER_PAGE)
        return super().get_context_data(**kwargs) | {
            "alike": alike,
            "alike_groups": [with_merge(group) for group in alike],
            "together": [with_merge(group) for group in together[:MAX_COMPANION_GROUPS]],
            "number_together": len(together),
            "once": once,
            "once_tags": [{"tag": tag, "merge": merge_url([tag])} for tag in once],
        }

    def page(self, parameter, rows, size):
        return Paginator(rows, size).get_page(self.request.GET.get(parameter))


def with_merge(group):
    names = ", ".join(tag.name for tag in group.tags)
    return {"reason": group.reason, "tags": group.tags, "names": names, "merge": merge_url(group.tags)}
