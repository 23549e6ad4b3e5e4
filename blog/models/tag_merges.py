"""Merging tags, and undoing merges."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from .post import Post
from .search_index import SearchDocument
from .site_state import SiteState
from .taggings import Tagging
from .tags import PreviousTagName, Tag, any_of

BATCH = 500  # ids per statement
MAX_POSTS_NAMED = 20


class CannotMerge(Exception):
    """The tags can't be merged. The message, for people, says why."""


class CannotUndo(Exception):
    """The merge can't be undone. The message, for people, says why."""


@dataclass(frozen=True)
class MergePreview:
    """The effects of merging the source tags into the destination tag."""

    sources: list
    destination: Tag

    def kinds(self):
        """Return [{kind, gain, have}]: the numbers of posts that will gain the destination, and that have it.

        Includes drafts.
        """
        affected = Tagging.objects.filter(tag__in=self.sources).values("content_object")
        having = Tagging.objects.filter(tag=self.destination).values("content_object")
        rows = Post.objects.filter(pk__in=affected).order_by().values("kind")
        counts = rows.annotate(all=Count("pk"), have=Count("pk", filter=Q(pk__in=having)))
        numbers = {row["kind"]: {"gain": row["all"] - row["have"], "have": row["have"]} for row in counts}
        return [{"kind": kind, **numbers[name]} for name, kind in Post.kinds().items() if name in numbers]

    def names(self):
        """Return what will redirect to the destination: names, slugs and former names of the sources."""
        former = PreviousTagName.objects.filter(tag__in=self.sources).values_list("name", flat=True)
        own = {name for tag in self.sources for name in (tag.name, tag.slug)}
        return sorted({*former, *own}, key=str.casefold)


class TagMerge(models.Model):
    """A record of a merge, with every row that it changed, so that it can be undone.

    The rows are stored as plain values, since the objects may be deleted. A tagging is [id, post, source]:
    the rest of its row is copied from the post. A former name is [id, name, the tag it led to], where None
    stands for a name that the merge created.
    """

    destination = models.ForeignKey(
        Tag, on_delete=models.DO_NOTHING, db_constraint=False, related_name="merges", editable=False
    )
    destination_name = models.CharField(pgettext_lazy("merged", "into"), max_length=100, editable=False)
    sources = models.JSONField(editable=False, help_text="Rows of the merged tags.")
    moved = models.JSONField(editable=False, help_text="Taggings that were moved to the destination.")
    dropped = models.JSONField(
        editable=False, help_text="Taggings that were deleted, since their posts had the destination."
    )
    names = models.JSONField(editable=False, help_text="Former names that redirect to the destination since.")
    merged = models.DateTimeField(gettext_lazy("merged"), default=timezone.now, editable=False)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("merged by"),
    )
    undone = models.DateTimeField(gettext_lazy("undone"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("undone by"),
    )
    not_restored = models.JSONField(default=list, editable=False)

    class Meta:
        ordering = ["-merged", "-pk"]
        verbose_name = pgettext_lazy("noun", "merge")
        verbose_name_plural = pgettext_lazy("noun", "merges")

    def __str__(self):
        return describe_merge(self.source_names, self.destination_name)

    @classmethod
    def merge(cls, sources, destination, by=None):
        """Add the destination to all posts that have a source, delete the sources, and return the record.

        Runs in a transaction, with a few statements per `BATCH` of posts. Changes no dates of posts.
        """
        merge = cls(destination=destination, destination_name=destination.name, merged_by=by)
        with transaction.atomic():
            ids = [tag.pk for tag in sources]
            lock([*ids, destination.pk], Tagging.post_ids_with(ids))
            merge.sources = list(Tag.objects.filter(pk__in=ids).order_by("pk").values())
            merge._refuse_to_merge(sources)
            merge._move_taggings()
            merge._redirect_names()
            Tag.objects.filter(pk__in=merge.source_ids).delete()
            Tag.objects.filter(pk=destination.pk).recompute_counts()
            SearchDocument.sync_tags(merge.posts)
            merge.save(force_insert=True)
        return merge

    def undo(self, by=None):
        """Restore every row that the merge changed, unless it has changed again since.

        `not_restored` then has a sentence about each row that could not be restored. Raises `CannotUndo` if
        nothing can be restored.
        """
        with transaction.atomic():
            lock([self.destination_id], self.posts)
            self.refresh_from_db()
            self._refuse_to_undo()
            Tag.objects.bulk_create(map(tag_from_row, self.sources))
            self.not_restored = [*self._restore_taggings(), *self._restore_names()]
            Tag.objects.filter(pk__in=[*self.source_ids, self.destination_id]).recompute_counts()
            SearchDocument.sync_tags(self.posts)
            self.undone, self.undone_by = timezone.now(), by
            self.save()

    @property
    def source_ids(self):
        return [row["id"] for row in self.sources]

    @property
    def source_names(self):
        return [row["name"] for row in self.sources]

    @property
    def posts(self):
        """The ids of the posts that had a source."""
        return {post for _, post, _ in [*self.moved, *self.dropped]}

    def _refuse_to_merge(self, sources):
        if self.destination_id in self.source_ids:
            raise CannotMerge(gettext("A tag can't be merged into itself."))
        if not sources:
            raise CannotMerge(gettext("Choose at least one tag to merge."))
        existing = Tag.objects.filter(pk__in=[*self.source_ids, self.destination_id]).count()
        if len(self.sources) < len(sources) or existing <= len(self.sources):
            raise CannotMerge(gettext("One of these tags no longer exists."))

    def _move_taggings(self):
        """Move one tagging of each post that lacks the destination to it, and delete the others."""
        rows = Tagging.objects.filter(tag__in=self.source_ids).order_by("pk")
        having = Tagging.objects.filter(
            tag=self.destination, content_object__in=rows.order_by().values("content_object")
        )
        tagged = set(having.values_list("content_object", flat=True))
        self.moved, self.dropped = [], []
        for row in rows.values_list("pk", "content_object", "tag"):
            (self.dropped if row[1] in tagged else self.moved).append(list(row))
            tagged.add(row[1])
        for ids in batches([pk for pk, _, _ in self.moved]):
            Tagging.objects.filter(pk__in=ids).update(tag=self.destination)
        for ids in batches([pk for pk, _, _ in self.dropped]):
            Tagging.objects.filter(pk__in=ids).delete()

    def _redirect_names(self):
        """Redirect the names, slugs and former names of the sources to the destination."""
        own = {row[field].casefold(): row[field] for row in self.sources for field in ("name", "slug")}
        rows = PreviousTagName.objects.filter(
            Q(tag__in=self.source_ids) | any_of("name__iexact", own.values())
        )
        self.names = [list(row) for row in rows.order_by("pk").values_list("pk", "name", "tag")]
        rows.update(tag=self.destination)
        known = {name.casefold() for _, name, _ in self.names}
        known |= {self.destination.name.casefold(), self.destination.slug.casefold()}
        created = PreviousTagName.objects.bulk_create(
            PreviousTagName(name=own[name], tag=self.destination) for name in sorted(own.keys() - known)
        )
        self.names += [[row.pk, row.name, None] for row in created]

    def _refuse_to_undo(self):
        if self.undone:
            raise CannotUndo(gettext("This merge has already been undone."))
        if not Tag.objects.filter(pk=self.destination_id).exists():
            text = gettext(
                "The tag “%(tag)s” no longer exists. "
                "If it has been merged into another tag since, undo that merge first."
            )
            raise CannotUndo(text % {"tag": self.destination_name})
        slugs = [row["slug"] for row in self.sources]
        taken = Tag.objects.filter(any_of("name__iexact", self.source_names) | any_of("slug__iexact", slugs))
        if tag := taken.first():
            text = gettext("There is a new tag “%(tag)s”. Rename or merge it first.")
            raise CannotUndo(text % {"tag": tag})

    def _restore_taggings(self):
        """Restore the taggings of posts that haven't changed since. Yields sentences about the others."""
        current = self._current_taggings()
        moved = {post: pk for pk, post, _ in self.moved}
        intact = {post for post, pk in current.items() if moved.get(post, pk) == pk}
        by_source = defaultdict(list)
        for pk, post, source in self.moved:
            if post in intact:
                by_source[source].append(pk)
        for source, moved_to_it in by_source.items():
            for ids in batches(moved_to_it):
                Tagging.objects.filter(pk__in=ids).update(tag=source)
        write_taggings([row for row in self.dropped if row[1] in intact])
        self._move_to_later_merges(intact & moved.keys())
        return self._describe_unrestored(self.posts - intact)

    def _current_taggings(self):
        """Return {post: its tagging with the destination} for the posts that the merge changed (ids)."""
        taggings = {}
        for posts in batches(sorted(self.posts)):
            rows = Tagging.objects.filter(tag=self.destination_id, content_object__in=posts)
            taggings |= dict(rows.values_list("content_object", "pk"))
        return taggings

    def _move_to_later_merges(self, posts):
        """Keep the destination on posts that a later merge would have given it.

        That merge found the destination there and dropped a tagging. Its record now says that it moved one.
        """
        later = type(self).objects.filter(destination=self.destination_id, undone=None, pk__gt=self.pk)
        for merge in later.order_by("pk"):
            given = {row[1]: row for row in reversed(merge.dropped) if row[1] in posts}
            if given:
                write_taggings([[pk, post, self.destination_id] for pk, post, _ in given.values()])
                merge.moved = sorted([*merge.moved, *given.values()])
                merge.dropped = [row for row in merge.dropped if given.get(row[1]) != row]
                merge.save()
                posts = posts - given.keys()

    def _describe_unrestored(self, posts):
        """Yield sentences about posts whose tags could not be restored."""
        existing = []
        for ids in batches(sorted(posts)):
            existing += Post.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
        titles = Post.objects.filter(pk__in=existing[:MAX_POSTS_NAMED]).values_list("headline", flat=True)
        for title in titles:
            text = gettext("The tags of “%(title)s” have changed since the merge, so they were left alone.")
            yield text % {"title": title}
        if more := len(existing[MAX_POSTS_NAMED:]):
            yield gettext("The same applies to %(number)d more.") % {"number": more}
        if gone := len(posts) - len(existing):
            yield gettext("Posts that have been deleted since the merge: %(number)d.") % {"number": gone}

    def _restore_names(self):
        """Restore where former names redirect. Yields sentences about those that have changed since."""
        rows = PreviousTagName.objects.in_bulk([pk for pk, _, _ in self.names])
        tags = set(Tag.objects.filter(pk__in=[tag for *_, tag in self.names]).values_list("pk", flat=True))
        for pk, name, tag in self.names:
            row = rows.get(pk)
            if row is None or row.tag_id != self.destination_id or tag not in {None, *tags}:
                text = gettext(
                    "The former name “%(name)s” has changed since the merge, so it was left alone."
                )
                yield text % {"name": name}
            elif tag is None:
                row.delete()
            else:
                PreviousTagName.objects.filter(pk=pk).update(tag=tag)


def describe_merge(sources, destination):
    """Return a merge in words, from the names of its tags."""
    names = {"sources": ", ".join(sources), "destination": destination}
    return gettext("%(sources)s into %(destination)s") % names


def tag_from_row(row):
    """Return the tag of a stored row, ignoring columns that tags no longer have."""
    columns = {field.attname for field in Tag._meta.concrete_fields}
    return Tag(**{name: value for name, value in row.items() if name in columns})


def lock(tags, posts):
    """Lock these posts and tags (ids) until the transaction ends.

    Locks posts before tags, in the order of `Post.save()`, to avoid deadlocks.
    """
    SiteState.lock()
    for ids in batches(sorted(posts)):
        list(Post.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    list(Tag.objects.select_for_update().filter(pk__in=tags).order_by("pk").values_list("pk"))


def write_taggings(rows):
    """Insert taggings given as [id, post, tag], with the publication that their posts have now."""
    for batch in batches(rows):
        posts = Post.objects.only("published", "is_counted").in_bulk([post for _, post, _ in batch])
        Tagging.objects.bulk_create(
            Tagging(
                pk=pk,
                content_object=posts[post],
                tag_id=tag,
                published=posts[post].published,
                is_public=posts[post].is_counted,
            )
            for pk, post, tag in batch
        )


def batches(values):
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
