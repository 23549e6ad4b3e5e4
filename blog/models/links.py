"""The hosts and URLs that posts link to, normalised for comparison."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from blog.database.reads import FollowedQuerySet
from blog.remote.web_urls import MAX_HOST_LENGTH, MAX_KEY_LENGTH, host_of, url_key

NEWEST = F("published").desc(), F("post").desc()
IS_PUBLIC = Q(is_public=True)


class LinkedHost(models.Model):
    """A host that a post links to.

    Has copies of the post's publication time and visibility, kept up to date by `Post.save()`, so that one
    index yields the public posts that link to a host in timeline order.
    """

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="linked_hosts")
    host = models.CharField(max_length=MAX_HOST_LENGTH)
    is_via = models.BooleanField(default=False, help_text="Whether it is the host of the post's via link.")
    published = models.DateTimeField(null=True, editable=False)
    is_public = models.BooleanField(default=False, editable=False)

    objects = FollowedQuerySet.as_manager()

    class Meta:
        verbose_name = _("linked host")
        verbose_name_plural = _("linked hosts")
        constraints = [models.UniqueConstraint(fields=["host", "post"], name="linked_host_once")]
        # Django writes `WHERE is_public`, which SQLite matches with the condition of an index but not with a
        # column in it.
        indexes = [
            models.Index(*columns, condition=condition, name=name)
            for name, columns, condition in (
                ("linked_host_timeline", ("host", *NEWEST, "is_public"), None),
                ("linked_host_newest", (*NEWEST, "host"), IS_PUBLIC),
                ("via_timeline", ("host", *NEWEST), IS_PUBLIC & Q(is_via=True)),
                ("via_newest", (*NEWEST, "host"), IS_PUBLIC & Q(is_via=True)),
            )
        ]

    def __str__(self):
        return self.host

    @classmethod
    def for_post(cls, post):
        """Return unsaved rows for a rendered post."""
        via = host_of(post.get_via_url())
        hosts = {host_of(url) for url in post.outgoing_urls()}
        return [
            cls(
                post_id=post.pk,
                host=host,
                is_via=host == via,
                published=post.published,
                is_public=post.is_counted,
            )
            for host in sorted(hosts - {""})
        ]

    @classmethod
    def sync(cls, post):
        """Update the rows of a saved post, and its `LinkedUrl`s. Writes only the differences."""
        wanted = {row.host: row for row in cls.for_post(post)}
        with transaction.atomic():
            rows = cls.objects.filter(post=post)
            stored = {row.host: row for row in rows}
            if gone := stored.keys() - wanted.keys():
                rows.filter(host__in=gone).delete()
            changed = [
                host for host in wanted.keys() & stored.keys() if not stored[host].matches(wanted[host])
            ]
            for host in changed:
                wanted[host].pk = stored[host].pk
            cls.objects.bulk_update([wanted[host] for host in changed], ["is_via", "published", "is_public"])
            cls.objects.bulk_create(row for host, row in wanted.items() if host not in stored)
            LinkedUrl.sync(post)

    def matches(self, other):
        return (self.is_via, self.published, self.is_public) == (
            other.is_via,
            other.published,
            other.is_public,
        )


class LinkedUrl(models.Model):
    """A URL that a post links to, as normalised by `blog.remote.web_urls.url_key()`."""

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="linked_urls")
    url_key = models.CharField(max_length=MAX_KEY_LENGTH)

    class Meta:
        verbose_name = _("linked URL")
        verbose_name_plural = _("linked URLs")
        constraints = [models.UniqueConstraint(fields=["url_key", "post"], name="linked_url_once")]

    def __str__(self):
        return self.url_key

    @classmethod
    def for_post(cls, post):
        """Return unsaved rows for a rendered post."""
        keys = {url_key(url) for url in post.outgoing_urls()}
        return [cls(post_id=post.pk, url_key=key) for key in sorted(keys - {""})]

    @classmethod
    def sync(cls, post):
        wanted = {row.url_key: row for row in cls.for_post(post)}
        rows = cls.objects.filter(post=post)
        stored = set(rows.values_list("url_key", flat=True))
        if gone := stored - wanted.keys():
            rows.filter(url_key__in=gone).delete()
        cls.objects.bulk_create(row for key, row in wanted.items() if key not in stored)
