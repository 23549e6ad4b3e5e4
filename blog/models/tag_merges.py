"""Merging tags into one, and taking that back."""

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
from .tags import PreviousTagName, Tag, Tagging, any_of

#: How many ids one statement names.
BATCH = 500
MOST_POSTS_NAMED = 20


class CannotMerge(Exception):
    """Says in a sentence why these tags cannot be merged."""


class CannotUndo(Exception):
    """Says in a sentence what stands in the way."""


@dataclass(frozen=True)
class MergePreview:
    """What would happen if the sources were merged into the destination (tags)."""

    sources: list
    destination: Tag

    def kinds(self):
        """[{kind, gain, have}]: how many posts of each kind, drafts too, will gain the tag or have it."""
        affected = Tagging.objects.filter(tag__in=self.sources).values("content_object")
        having = Tagging.objects.filter(tag=self.destination).values("content_object")
        rows = Post.objects.filter(pk__in=affected).order_by().values("kind")
        counts = rows.annotate(all=Count("pk"), have=Count("pk", filter=Q(pk__in=having)))
        numbers = {row["kind"]: {"gain": row["all"] - row["have"], "have": row["have"]} for row in counts}
        return [{"kind": kind, **numbers[name]} for name, kind in Post.kinds().items() if name in numbers]

    def names(self):
        """The names that will lead to the destination: the former ones of the sources, and their own."""
        former = PreviousTagName.objects.filter(tag__in=self.sources).values_list("name", flat=True)
        own = {name for tag in self.sources for name in (tag.name, tag.slug)}
        return sorted({*former, *own}, key=str.casefold)


class TagMerge(models.Model):
    """A merge that was done, with every row that it changed: what it takes to undo it.

    The rows are kept as plain values, since they may go. A tagging is [id, post, source]: the rest
    of its row repeats the post. A former name is [id, name, tag that it led to], or None where the
    merge made it.
    """

    destination = models.ForeignKey(
        Tag, on_delete=models.DO_NOTHING, db_constraint=False, related_name="merges", editable=False
    )
    destination_name = models.CharField(pgettext_lazy("merged", "into"), max_length=100, editable=False)
    sources = models.JSONField(editable=False, help_text="The rows of the tags that were merged.")
    moved = models.JSONField(editable=False, help_text="Taggings that the destination took over.")
    dropped = models.JSONField(editable=False, help_text="Taggings of posts that had the destination.")
    names = models.JSONField(editable=False, help_text="Former names that lead to the destination since.")
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
        """Give the destination to all posts that have a source, and delete the sources (tags).

        All of it or nothing; answers the record. No date of a post changes. The number of
        statements grows by a few for each `BATCH` of posts.
        """
        merge = cls(destination=destination, destination_name=destination.name, merged_by=by)
        with transaction.atomic():
            ids = [tag.pk for tag in sources]
            lock([*ids, destination.pk], Tagging.post_ids_with(ids))
            merge.sources = list(Tag.objects.filter(pk__in=ids).order_by("pk").values())
            merge._refuse_to_merge(sources)
            merge._move_taggings()
            merge._lead_names_on()
            Tag.objects.filter(pk__in=merge.source_ids).delete()
            Tag.objects.filter(pk=destination.pk).recompute_counts()
            SearchDocument.sync_tags(merge.posts)
            merge.save(force_insert=True)
        return merge

    def undo(self, by=None):
        """Put back every row that the merge changed, unless it was changed again since.

        What stays as it is then is said in `not_restored`, in sentences. Raises `CannotUndo`
        where nothing can be put back.
        """
        with transaction.atomic():
            lock([self.destination_id], self.posts)
            self.refresh_from_db()
            self._refuse_to_undo()
            Tag.objects.bulk_create(map(tag_of, self.sources))
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
            raise CannotMerge(gettext("A tag cannot be merged into itself."))
        if not sources:
            raise CannotMerge(gettext("There is nothing to merge."))
        there = Tag.objects.filter(pk__in=[*self.source_ids, self.destination_id]).count()
        if len(self.sources) < len(sources) or there <= len(self.sources):
            raise CannotMerge(gettext("One of these tags is not there any more."))

    def _move_taggings(self):
        """Of a post without the destination the first tagging moves to it; all others go."""
        rows = Tagging.objects.filter(tag__in=self.source_ids).order_by("pk")
        having = Tagging.objects.filter(
            tag=self.destination, content_object__in=rows.order_by().values("content_object")
        )
        done = set(having.values_list("content_object", flat=True))
        self.moved, self.dropped = [], []
        for row in rows.values_list("pk", "content_object", "tag"):
            (self.dropped if row[1] in done else self.moved).append(list(row))
            done.add(row[1])
        for ids in batches([pk for pk, _, _ in self.moved]):
            Tagging.objects.filter(pk__in=ids).update(tag=self.destination)
        for ids in batches([pk for pk, _, _ in self.dropped]):
            Tagging.objects.filter(pk__in=ids).delete()

    def _lead_names_on(self):
        """The sources' names, and all that led to them, lead to the destination."""
        own = {row[field].casefold(): row[field] for row in self.sources for field in ("name", "slug")}
        rows = PreviousTagName.objects.filter(
            Q(tag__in=self.source_ids) | any_of("name__iexact", own.values())
        )
        self.names = [list(row) for row in rows.order_by("pk").values_list("pk", "name", "tag")]
        rows.update(tag=self.destination)
        known = {name.casefold() for _, name, _ in self.names}
        known |= {self.destination.name.casefold(), self.destination.slug.casefold()}
        made = PreviousTagName.objects.bulk_create(
            PreviousTagName(name=own[name], tag=self.destination) for name in sorted(own.keys() - known)
        )
        self.names += [[row.pk, row.name, None] for row in made]

    def _refuse_to_undo(self):
        if self.undone:
            raise CannotUndo(gettext("This merge has been undone already."))
        if not Tag.objects.filter(pk=self.destination_id).exists():
            text = gettext(
                "There is no tag “%(tag)s” any more. "
                "If it was merged into another one since, undo that merge first."
            )
            raise CannotUndo(text % {"tag": self.destination_name})
        slugs = [row["slug"] for row in self.sources]
        taken = Tag.objects.filter(any_of("name__iexact", self.source_names) | any_of("slug__iexact", slugs))
        if tag := taken.first():
            text = gettext("There is a tag “%(tag)s” again: rename it or merge it first.")
            raise CannotUndo(text % {"tag": tag})

    def _restore_taggings(self):
        """Where the post still is as the merge left it. Yields sentences about the others."""
        now = self._taggings_now()
        moved = {post: pk for pk, post, _ in self.moved}
        intact = {post for post, pk in now.items() if moved.get(post, pk) == pk}
        by_source = defaultdict(list)
        for pk, post, source in self.moved:
            if post in intact:
                by_source[source].append(pk)
        for source, moved_to_it in by_source.items():
            for ids in batches(moved_to_it):
                Tagging.objects.filter(pk__in=ids).update(tag=source)
        write_taggings([row for row in self.dropped if row[1] in intact])
        self._hand_over(intact & moved.keys())
        return self._sentences(self.posts - intact)

    def _taggings_now(self):
        """{post: its tagging with the destination}, of the posts that the merge changed."""
        now = {}
        for posts in batches(sorted(self.posts)):
            rows = Tagging.objects.filter(tag=self.destination_id, content_object__in=posts)
            now |= dict(rows.values_list("content_object", "pk"))
        return now

    def _hand_over(self, posts):
        """Of the posts that lose the destination, those that a later merge gave it too keep it.

        That merge found it there and dropped a tagging, which it now has moved instead.
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

    def _sentences(self, posts):
        """About posts that could not be given back their tags."""
        there = []
        for ids in batches(sorted(posts)):
            there += Post.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
        titles = Post.objects.filter(pk__in=there[:MOST_POSTS_NAMED]).values_list("headline", flat=True)
        for title in titles:
            text = gettext("“%(title)s” has been tagged otherwise since, and stays as it is.")
            yield text % {"title": title}
        if more := len(there[MOST_POSTS_NAMED:]):
            yield gettext("The same goes for %(number)d more.") % {"number": more}
        if gone := len(posts) - len(there):
            yield gettext("Deleted since: %(number)d of the posts.") % {"number": gone}

    def _restore_names(self):
        """To where they led before. Yields sentences about those that lead elsewhere since."""
        rows = PreviousTagName.objects.in_bulk([pk for pk, _, _ in self.names])
        tags = set(Tag.objects.filter(pk__in=[tag for *_, tag in self.names]).values_list("pk", flat=True))
        for pk, name, tag in self.names:
            row = rows.get(pk)
            if row is None or row.tag_id != self.destination_id or tag not in {None, *tags}:
                text = gettext("The former name “%(name)s” has been changed since, and stays as it is.")
                yield text % {"name": name}
            elif tag is None:
                row.delete()
            else:
                PreviousTagName.objects.filter(pk=pk).update(tag=tag)


def describe_merge(sources, destination):
    """A merge by the names of its tags."""
    names = {"sources": ", ".join(sources), "destination": destination}
    return gettext("%(sources)s into %(destination)s") % names


def tag_of(row):
    """The tag of a stored row, as far as tags have these columns still."""
    columns = {field.attname for field in Tag._meta.concrete_fields}
    return Tag(**{name: value for name, value in row.items() if name in columns})


def lock(tags, posts):
    """Keep saves of these posts, and other changes of these tags, out until the transaction ends.

    Posts come before tags, as in `Post.save()`, or each could wait for the other.
    """
    SiteState.lock()
    for ids in batches(sorted(posts)):
        list(Post.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    list(Tag.objects.select_for_update().filter(pk__in=tags).order_by("pk").values_list("pk"))


def write_taggings(rows):
    """Insert taggings with their ids: [id, post, tag] each. They repeat what their posts say now."""
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
