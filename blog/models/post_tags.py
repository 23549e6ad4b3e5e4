"""`post.tags`, as django-taggit gives it, with what follows from a change."""

from django.db import transaction
from taggit.managers import _TaggableManager

from .search_index import SearchDocument
from .site_state import SiteState


class PostTags(_TaggableManager):
    """`post.tags`: what changes it brings search and counts up to date in the same transaction."""

    def add(self, *args, **kwargs):
        self._change(super().add, *args, **kwargs)

    def remove(self, *args, **kwargs):
        self._change(super().remove, *args, **kwargs)

    def clear(self):
        self._change(super().clear)

    def get_prefetch_querysets(self, *args, **kwargs):
        """For many posts only what the admin's lists show: the names, and where they lead."""
        tags, *rest = super().get_prefetch_querysets(*args, **kwargs)
        return tags.only("name", "slug"), *rest

    def _to_tag_model_instances(self, tags, tag_kwargs):
        """As taggit's, with one query for all the names instead of one for each."""
        names = [tag for tag in tags if isinstance(tag, str)]
        found = self.through.tag_model().objects.get_or_create_by_name(names) if names else {}
        tags = [found[tag] if isinstance(tag, str) else tag for tag in tags]
        return super()._to_tag_model_instances(tags, tag_kwargs)

    def _change(self, change, *args, **kwargs):
        post = self.instance
        tags = self.through.tag_model().objects
        with transaction.atomic():
            SiteState.lock()
            before = post.tag_ids()
            change(*args, **kwargs)
            after = post.tag_ids()
            if before == after:
                return
            is_counted, day = type(post).objects.values_list("is_counted", "day").get(pk=post.pk)
            if is_counted:
                year = day.year
                tags.adjust_counts({(tag, year): 1 if tag in after else -1 for tag in after ^ before})
            SearchDocument.sync_tags([post.pk])
