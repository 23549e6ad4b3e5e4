"""Which posts, in which order, and each as the kind that it is."""

from django.db import models
from django.db.models.query import ModelIterable
from django.utils import timezone


class KindIterable(ModelIterable):
    """Yields each row as the kind of post it is, from the children joined by `as_kinds()`."""

    def __iter__(self):
        return (getattr(post, post.kind) for post in super().__iter__())


class PostQuerySet(models.QuerySet):
    def published(self):
        """What everybody may see now. Nothing else in the project decides this for a list."""
        return self.filter(is_draft=False, published__lte=timezone.now())

    def waiting(self):
        """What will be published when its time comes."""
        return self.filter(is_draft=False, published__gt=timezone.now())

    def drafts(self):
        return self.filter(is_draft=True)

    def newest_first(self):
        """By publication time, then by id: imported posts often share a time."""
        return self.order_by("-published", "-pk")

    def as_kinds(self):
        """Yield entries, blogmarks, … instead of plain posts, in the same single query."""
        posts = self.select_related(*self.model.kinds())
        posts._iterable_class = KindIterable
        return posts

    def for_lists(self):
        """Two queries, whatever the kinds: the posts without their whole texts, and their tags."""
        return self._in_order().as_kinds().defer("body", "html").prefetch_related("tags")

    def in_full(self):
        """As `for_lists()`, with the rendered text: for feeds and permalinks."""
        return self._in_order().as_kinds().defer("body", "summary_html").prefetch_related("tags")

    def _in_order(self):
        return self if self.ordered else self.newest_first()
