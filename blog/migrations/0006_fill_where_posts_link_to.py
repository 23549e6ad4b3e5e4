"""Writes, for the posts that there are, what saving a post writes of its links since the last migration."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

from blog.remote.web_urls import host_of, key_of
from blog.markup import link_targets

BATCH = 500
OWN = ("blogmark__link_url", "blogmark__via_url", "quotation__source_url")


def fill(apps, schema_editor):
    Link, LinkedAddress, Post = (apps.get_model("blog", name) for name in ("Link", "LinkedAddress", "Post"))
    posts = Post.objects.filter(pk=OuterRef("post"))
    Link.objects.update(
        is_public=Subquery(posts.values("is_counted")), published=Subquery(posts.values("published"))
    )
    last = 0
    while rows := list(Post.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "html", *OWN)[:BATCH]):
        last = rows[-1][0]
        LinkedAddress.objects.bulk_create(
            LinkedAddress(post_id=pk, address=key)
            for pk, html, *own in rows
            for key in sorted({key_of(url) for url in [*link_targets(html), *own] if url} - {""})
        )
        found_at = {pk: host_of(via) for pk, _, _, via, _ in rows if via}
        links = Link.objects.filter(post__in=found_at)
        vias = [pk for pk, post, host in links.values_list("pk", "post", "host") if host == found_at[post]]
        Link.objects.filter(pk__in=vias).update(is_via=True)


class Migration(migrations.Migration):
    dependencies = [("blog", "0005_where_posts_link_to")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
