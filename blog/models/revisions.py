"""What a post said after each change of it, and who changed it."""

from datetime import UTC, datetime
from hashlib import sha256
from json import dumps

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .post import Post
from .series import Series
from .site_state import SiteState
from .tags import Tag

#: What restoring a revision leaves as it is: where the post stands, and who can see it.
STANDING = {"slug", "published", "is_draft"}


def author_fields(kind):
    """The columns that an author fills in."""
    return [
        field
        for field in kind._meta.concrete_fields
        if field.editable and not field.primary_key and not field.auto_created
    ]


def written(post, tags=None):
    """What the author wrote of a post, as JSON has it: a value for each field, and the names of its tags.

    Two saves that a reader could not tell apart give the same. One query, unless the tags are given.
    """
    if tags is None:
        tags = post.taggings.values_list("tag__name", flat=True).order_by()
    fields = {field.name: plain(field.value_from_object(post)) for field in author_fields(type(post))}
    return fields | {"tags": sorted(tags)}


def plain(value):
    """A value as JSON has it; times in UTC, and lines that end alike whatever browser sent them."""
    if isinstance(value, datetime):
        # A form may hold a time at either end of the calendar, which UTC does not have.
        return (value.astimezone(UTC) if 1 < value.year < 9999 else value).isoformat()
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def version_of(post):
    """Tells one state of a post from another; a tag stays the same when it is renamed. One query."""
    state = written(post, tags=[]) | {"tags": sorted(post.tag_ids())}
    return sha256(dumps(state, sort_keys=True).encode()).hexdigest()[:32]


class Revision(models.Model):
    """What the author had written of a post at one time. Nobody is named where no form was used."""

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
        """Keep what is written of the post now, unless the latest revision says the same.

        A column that posts did not have when that was kept counts as empty.
        """
        fields = written(post)
        latest = cls.objects.filter(post=post).order_by("-pk").first()
        if latest is None or dict.fromkeys(fields, "") | latest.fields != fields:
            cls.objects.create(
                post_id=post.pk, author=author, created=created or timezone.now(), fields=fields
            )

    @classmethod
    def record_former(cls, post):
        """Keep what the post said before a change, if something else than its form had changed it."""
        cls.record(post, created=post.modified)

    def restore(self, author):
        """Save the post with these words and tags again, where and as visible as it is now."""
        with transaction.atomic():
            SiteState.lock()
            post = Post.objects.get(pk=self.post_id).as_kind()
            self.record_former(post)
            for field in author_fields(type(post)):
                if field.name in self.fields and field.name not in STANDING:
                    setattr(post, field.attname, field.to_python(self.fields[field.name]))
            if not Series.objects.filter(pk=post.series_id).exists():
                post.series_id = None
            post.save()
            now = Tag.objects.current_names(self.fields["tags"])
            post.tags.set([now.get(name, name) for name in self.fields["tags"]])
            self.record(post, author)
        return post
