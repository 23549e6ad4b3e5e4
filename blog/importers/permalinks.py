"""Decide which post gets a permalink when the archive, the weblog or two rows claim the same one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING

from blog.models import ImportedRow, Post
from blog.models.post import SLUG_LENGTH
from blog.samples import sample_posts

if TYPE_CHECKING:
    from .posts import Renderer
    from .table import ParsedRow


class PermalinkClaims:
    """The archive's claims to permalinks. Of several rows that claim one, the first published owns it."""

    def __init__(self) -> None:
        self.claims: dict[tuple[date, str], tuple[datetime, int, int, str]] = {}

    def add(self, table: str, order: int, parsed: ParsedRow) -> None:
        """Add a row's claim. `order` ranks tables, to decide between posts published at the same time."""
        published, slug = parsed.fields["published"], parsed.fields["slug"]
        if slug:
            claim = published, order, parsed.row, f"{table} {parsed.row}"
            permalink = published.date(), slug
            self.claims[permalink] = min(claim, self.claims.get(permalink, claim))

    def owner(self, day: date, slug: str) -> str | None:
        """Return the name of the row that owns the permalink."""
        claim = self.claims.get((day, slug))
        return claim and claim[-1]


class PermalinkRegister:
    """The permalinks of some days that are taken or claimed.

    Cases, for the post of a row and the permalink that it claims:

    * another post has it: the row's post gets the next free one;
    * a sample post has it: the sample moves;
    * another row owns it: as if a post already had it;
    * nobody has it.
    """

    def __init__(
        self,
        days: Iterable[date],
        claims: PermalinkClaims,
        samples: SamplePosts,
        without: int | None = None,
    ) -> None:
        """Run one query. The post with the id `without` does not count."""
        self.claims = claims
        self.samples = samples
        posts = Post.objects.filter(day__in=set(days)).exclude(pk=without)
        self.holders: dict[tuple[date, str], int | str] = {
            (day, slug): pk for day, slug, pk in posts.values_list("day", "slug", "pk")
        }

    def assign(self, post: Post, row: str) -> str | None:
        """Give the post of the row a permalink. Returns the name of who has the claimed one, if another."""
        other = self.other(post.day, post.slug, row)
        if other:
            post.slug = self.unused_slug(post.day, post.slug)
        self.holders[post.day, post.slug] = row
        return other

    def other(self, day: date, slug: str, row: str) -> str | None:
        """Return the name of the post or row that keeps the given row from its permalink."""
        holder = self.holders.get((day, slug))
        if isinstance(holder, int) and holder in self.samples:
            free = self.unused_slug(day, slug)
            self.samples.move(holder, free)
            self.holders[day, free] = holder
        elif holder:
            return holder if isinstance(holder, str) else post_name(holder)
        owner = self.claims.owner(day, slug)
        return owner if owner != row else None

    def unused_slug(self, day: date, slug: str) -> str:
        """Return the slug with the lowest number from 2 that makes it neither taken nor claimed."""
        for number in count(2):
            ending = f"-{number}"
            candidate = slug[: SLUG_LENGTH - len(ending)] + ending
            if (day, candidate) not in self.holders and not self.claims.owner(day, candidate):
                break
        return candidate


def post_name(key: int) -> str:
    record = ImportedRow.objects.filter(post=key).first()
    if record:
        return str(record)
    post = Post.objects.get(pk=key)
    return f"the {post.kind_class.label} “{post.headline}” of this weblog"


class SamplePosts:
    """The sample posts of a new weblog, which give way to imported ones."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.records = ImportedRow.objects.filter(table=sample_posts.TABLE, post__isnull=False)
        self.keys = set(self.records.values_list("post", flat=True))

    def __contains__(self, key: int) -> bool:
        return key in self.keys

    def move(self, key: int, slug: str) -> None:
        """Change the sample's slug, which does not count as an edit by the author."""
        record = self.records.get(post=key)
        sample = Post.objects.get(pk=key).as_kind()
        is_unedited = sample_posts.result_digest(sample) == record.result_digest
        sample.slug = slug
        with self.renderer.rendering():
            sample.save_imported(self.renderer.site)
        if is_unedited:
            record.result_digest = sample_posts.result_digest(sample)
            record.save()

    def renumber(self, key: int, number: int) -> None:
        Post.objects.filter(pk=key).update(number=number)
