"""Where posts link to: the hosts, as readers would compare them."""

from urllib.parse import urlsplit

from django.db import models

from blog import markup

LONGEST_HOST = 253


class Link(models.Model):
    """One host that a post links to."""

    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="links")
    host = models.CharField(max_length=LONGEST_HOST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["host", "post"], name="link_once")]

    def __str__(self):
        return self.host

    @classmethod
    def of(cls, post):
        """The rows for a post that has been rendered."""
        hosts = {host_of(url) for url in [*markup.link_targets(post.html), *post.outside_links()]}
        return [cls(post_id=post.pk, host=host) for host in sorted(hosts - {""})]

    @classmethod
    def write(cls, post):
        """Replace the rows of a saved post. Writes only what has changed."""
        wanted = {row.host: row for row in cls.of(post)}
        stored = set(cls.objects.filter(post=post).values_list("host", flat=True))
        if gone := stored - wanted.keys():
            cls.objects.filter(post=post, host__in=gone).delete()
        cls.objects.bulk_create(row for host, row in wanted.items() if host not in stored)


def host_of(url):
    """The host in lower case, without `www.`; empty for an address that is not on the web."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    return host.removeprefix("www.")[:LONGEST_HOST]
