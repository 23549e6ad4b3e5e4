"""The history of posts: their content after each change, and who made it."""

from datetime import UTC, datetime
from hashlib import sha256
from json import dumps

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .post import Post
from .site_state import SiteState
from .tags import Tag

#: Fields that restoring a revision leaves alone: they decide where the post is and who can see it.
NOT_RESTORED = {"slug", "published", "is_draft"}


def author_fields(kind):
    """Return the columns that authors fill in."""
    return [
        field
        for field in kind._meta.concrete_fields
        if field.editable and not field.primary_key and not field.auto_created
    ]


def snapshot(post, tags=None):
    """Return the content of a post as JSON values: a value for each field that authors fill in, and the tag
    names.

    Saves that change nothing give equal snapshots. Runs one query, unless the tags are given.
    """
    if tags is None:
        tags = post.taggings.values_list("tag__name", flat=True).order_by()
    fields = {field.name: to_json(field.value_from_object(post)) for field in author_fields(type(post))}
    return fields | {"tags": sorted(tags)}


def defaults(kind):
    """Return the content of a post of this kind of which nothing has been filled in."""
    return {field.name: to_json(field.get_default()) for field in author_fields(kind)}


def to_json(value):
    """Convert a field's value to JSON: times to UTC, and line ends to \\n, whatever the browser sent."""
    if isinstance(value, datetime):
        # Times at either end of the calendar may not exist in UTC.
        return (value.astimezone(UTC) if 1 < value.year < 9999 else value).isoformat()
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def version_of(post):
    """Return a digest of a post's content, in which renamed tags count as the same. Runs one query."""
    state = snapshot(post, tags=[]) | {"tags": sorted(post.tag_ids())}
    return sha256(dumps(state, sort_keys=True).encode()).hexdigest()[:32]


class Revision(models.Model):
    """A snapshot of a post. It has no author if the change wasn't made in a form."""

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="revisions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created = models.DateTimeField(default=timezone.now)
    fields = models.JSONField()

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")

    def __str__(self):
        return f"{self.post} ({self.created:%Y-%m-%d %H:%M})"

    @classmethod
    def record(cls, post, author=None, created=None):
        """Store the content of the post, unless it equals the latest revision.

        Columns that were added to posts since that revision count as having their default in it.
        """
        fields = snapshot(post)
        latest = cls.objects.filter(post=post).order_by("-pk").first()
        if latest is None or defaults(type(post)) | latest.fields != fields:
            cls.objects.create(
                post_id=post.pk, author=author, created=created or timezone.now(), fields=fields
            )

    @classmethod
    def record_former(cls, post):
        """Store the content before a change, in case something other than the form had changed it."""
        cls.record(post, created=post.modified)

    def restore(self, author):
        """Save the post with this content and these tags, leaving its permalink and visibility alone."""
        with transaction.atomic():
            SiteState.lock()
            post = Post.objects.get(pk=self.post_id).as_kind()
            self.record_former(post)
            for field in author_fields(type(post)):
                if field.name in self.fields and field.name not in NOT_RESTORED:
                    setattr(post, field.attname, self._value_of(field))
            post.save()
            current = Tag.objects.current_names(self.fields["tags"])
            post.tags.set([current.get(name, name) for name in self.fields["tags"]])
            self.record(post, author)
        return post

    def _value_of(self, field):
        """Return the field's value, or None if it is a series or author that has been deleted since."""
        value = field.to_python(self.fields[field.name])
        if field.is_relation and not field.related_model._default_manager.filter(pk=value).exists():
            return None
        return value
