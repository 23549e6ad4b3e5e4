"""The rows that connect posts with tags."""

from collections import Counter, defaultdict
from typing import NamedTuple

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, NaturalKeyManager

from blog.database.lookups import InArray
from blog.database.reads import FollowedQuerySet

from .post import Post
from .search_index import SearchDocument
from .site_state import SiteState
from .tags import Tag


class ShownTag(NamedTuple):
    """The part of a tag that pages and feeds show with a post."""

    name: str
    slug: str


class TaggingQuerySet(FollowedQuerySet):
    def shown_for(self, posts):
        """Return {post id: [ShownTag, …]}, ordered by name, for these posts (ids). Runs one query.

        A post without tags has an empty list.
        """
        found = defaultdict(list)
        rows = self.filter(InArray("content_object", posts)).order_by("tag__name")
        for post, *tag in rows.values_list("content_object", "tag__name", "tag__slug"):
            found[post].append(ShownTag(*tag))
        return found

    def attach(self, posts, tags):
        """Add all the tags to all the posts (both ids). Returns how many posts didn't have all of them.

        The number of statements depends on the number of posts only through the batches of the search index.
        """
        with transaction.atomic():
            SiteState.lock()
            found = Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk")
            existing = set(
                self.filter(content_object__in=posts, tag__in=tags).values_list("content_object", "tag")
            )
            new = [
                Tagging(tag_id=tag, content_object=post, published=post.published, is_public=post.is_counted)
                for post in found.only("published", "is_counted", "day")
                for tag in tags
                if (post.pk, tag) not in existing
            ]
            self.bulk_create(new)
            return update_counts_for(new, 1)

    def detach(self, posts, tags):
        """Remove the tags from the posts (both ids). Returns how many posts had any of them."""
        with transaction.atomic():
            SiteState.lock()
            list(Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk").only("pk"))
            rows = self.filter(content_object__in=posts, tag__in=tags)
            removed = list(
                rows.select_related("content_object").only("tag", "is_public", "content_object__day")
            )
            rows.delete()
            return update_counts_for(removed, -1)

    def out_of_sync(self):
        """Return the taggings whose copy of their post's publication is wrong."""
        published = F("content_object__published")
        one_is_null = Q(published__isnull=True) ^ Q(content_object__published__isnull=True)
        differs = Q(published__lt=published) | Q(published__gt=published) | one_is_null
        return self.filter(differs | ~Q(is_public=F("content_object__is_counted")))

    def sync_publication(self):
        """Copy the publication of their posts again. Returns the number of taggings."""
        posts = Post.objects.filter(pk=OuterRef("content_object"))
        return self.update(
            is_public=Subquery(posts.values("is_counted")), published=Subquery(posts.values("published"))
        )


class Tagging(ItemBase):
    """One tag of one post.

    Has copies of the post's publication time and visibility, kept up to date by `Post.save()`, so that one
    index yields the public posts of a tag in timeline order.
    """

    # These columns need no index of their own: the constraint and the index below begin with them.
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, db_index=False, related_name="taggings")
    content_object = models.ForeignKey(
        Post, on_delete=models.CASCADE, db_index=False, related_name="taggings", verbose_name=_("post")
    )
    published = models.DateTimeField(null=True, editable=False)
    is_public = models.BooleanField(editable=False)

    natural_key_fields = ["tag", "content_object"]
    objects = NaturalKeyManager.from_queryset(TaggingQuerySet)()

    class Meta:
        verbose_name = _("tagging")
        verbose_name_plural = _("taggings")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tagging_once")]
        indexes = [
            models.Index(
                "tag",
                models.F("published").desc(),
                models.F("content_object").desc(),
                "is_public",
                name="tagging_timeline",
            )
        ]

    def save(self, *args, **kwargs):
        self.published = self.content_object.published
        self.is_public = self.content_object.is_counted
        super().save(*args, **kwargs)

    @classmethod
    def post_ids_with(cls, tags):
        """Return the ids of the posts that have any of these tags (ids)."""
        return set(cls.objects.filter(tag__in=tags).order_by().values_list("content_object", flat=True))


def update_counts_for(taggings, difference):
    """Update counts and the search index for taggings that were added (1) or removed (-1).

    Returns the number of their posts.
    """
    changes = Counter()
    for tagging in taggings:
        if tagging.is_public:
            changes[tagging.tag_id, tagging.content_object.day.year] += difference
    Tag.objects.adjust_counts(changes)
    posts = {tagging.content_object_id for tagging in taggings}
    SearchDocument.sync_tags(posts)
    return len(posts)
