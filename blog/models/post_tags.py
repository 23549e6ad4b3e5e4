"""`post.tags`: django-taggit's manager, extended to update counts and the search index.

Overrides methods of taggit that are undocumented; tests/database/test_contracts.py fails if they change.
"""

from django.db import transaction
from taggit.managers import _TaggableManager

from .search_index import SearchDocument
from .site_state import SiteState


class PostTags(_TaggableManager):
    """The manager behind `post.tags`. Updates counts and search in the transaction of each change."""

    def add(self, *args, **kwargs):
        self._change(super().add, *args, **kwargs)

    def remove(self, *args, **kwargs):
        self._change(super().remove, *args, **kwargs)

    def clear(self):
        self._change(super().clear)

    def get_prefetch_querysets(self, *args, **kwargs):
        """Prefetch only the columns that the admin's lists show."""
        tags, *rest = super().get_prefetch_querysets(*args, **kwargs)
        return tags.only("name", "slug"), *rest

    def _to_tag_model_instances(self, tags, tag_kwargs):
        """Find or create the tags with one query for all names, instead of one for each."""
        names = [tag for tag in tags if isinstance(tag, str)]
        found = self.through.tag_model().objects.get_or_create_by_name(names) if names else {}
        tags = [found[tag] if isinstance(tag, str) else tag for tag in tags]
        return super()._to_tag_model_instances(tags, tag_kwargs)

    def _change(self, change, *args, **kwargs):
        post = self.instance
        tags = self.through.tag_model().objects
        with transaction.atomic():
            SiteState.lock()
            old = post.tag_ids()
            change(*args, **kwargs)
            new = post.tag_ids()
            if old == new:
                return
            is_counted, day = type(post).objects.values_list("is_counted", "day").get(pk=post.pk)
            if is_counted:
                year = day.year
                tags.adjust_counts({(tag, year): 1 if tag in new else -1 for tag in new ^ old})
            SearchDocument.sync_tags([post.pk])
