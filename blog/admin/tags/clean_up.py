"""A list of what may be tidied among the tags, each with the way to its merge."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from blog.authoring.tag_clean_up import always_together, nearly_the_same, tags_by_name

from .merges import merge_url
from .tools import Tool

GROUPS_A_PAGE = 50
TAGS_A_PAGE = 100
MOST_COMPANIONS = 50


class TagCleanUp(Tool):
    template_name = "admin/blog/tag/clean_up.html"
    title = _("Tidy tags")

    def get_context_data(self, **kwargs):
        """Each list has a page of its own, so that no answer grows with the number of tags."""
        tags = tags_by_name()
        once = sorted((tag for tag in tags.values() if tag.uses == 1), key=lambda tag: tag.name.casefold())
        alike = self.page("alike", nearly_the_same(tags), GROUPS_A_PAGE)
        together = always_together()
        once = self.page("once", once, TAGS_A_PAGE)
        return super().get_context_data(**kwargs) | {
            "alike": alike,
            "alike_groups": [with_merge(group) for group in alike],
            "together": [with_merge(group) for group in together[:MOST_COMPANIONS]],
            "number_together": len(together),
            "once": once,
            "once_tags": [{"tag": tag, "merge": merge_url([tag])} for tag in once],
        }

    def page(self, parameter, rows, size):
        return Paginator(rows, size).get_page(self.request.GET.get(parameter))


def with_merge(group):
    names = ", ".join(tag.name for tag in group.tags)
    return {"reason": group.reason, "tags": group.tags, "names": names, "merge": merge_url(group.tags)}
