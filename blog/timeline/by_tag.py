"""Which tags an address or an author means, and which posts have them."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import Http404

from blog.models import Post, PreviousTagName, Tag, Tagging
from blog.strings.tag_names import MAX_NAME_LENGTH, tag_slug

MOST_TAGS = 5
MOST_RELATED = 10
#: Of how many of its posts a tag's company is counted.
RELATED_TO = 300
MOST_COMPLETIONS = 10


def find_tags(slugs):
    """The public tags with these slugs, from A to Z, and whether the slugs are just theirs in that order.

    A former name or another case finds the tag too. Raises Http404 for a tag that no public post has.
    """
    if len(slugs) > MOST_TAGS:
        raise Http404(f"At most {MOST_TAGS} tags can be combined.")
    named = Tag.objects.public().by_slugs(slugs)
    if len(named) < len(set(slugs)):
        raise Http404("There is no such tag.")
    found = sorted(set(named.values()), key=lambda tag: tag.slug)
    return found, [tag.slug for tag in found] == slugs


def tagged(tags, before=None):
    """The published posts that have all these tags, the newest first out of the index of the rarest.

    With a place (see `timeline.after`) only those after it.
    """
    first, *others = rarest_first(tags)
    posts = Post.objects.published_with(first, before)
    for tag in others:
        posts = posts.filter(Exists(Tagging.objects.filter(tag=tag, content_object=OuterRef("pk"))))
    return posts


def tagged_post_ids(tags, *bounds):
    """Of the same posts, in the same order, the ids within the bounds: no table of posts is read for them."""
    first, *others = rarest_first(tags)
    taggings = Tagging.objects.filter(*bounds, tag=first, is_public=True)
    taggings = taggings.order_by("-published", "-content_object")
    for tag in others:
        other = Tagging.objects.filter(tag=tag, content_object=OuterRef("content_object"))
        taggings = taggings.filter(Exists(other))
    return taggings.values_list("content_object", flat=True)


def rarest_first(tags):
    return sorted(tags, key=lambda tag: tag.uses)


def related_tags(tag):
    """The tags that its newest posts have most often beside it. One query, which `RELATED_TO` bounds.

    In SQL, since the same in Django's terms takes two queries and three times as long, a tenth of a page.
    """
    sql = """
        SELECT tag.id, tag.name, tag.slug, tag.uses, commonest.number
        FROM (
            SELECT other.tag_id, COUNT(*) AS number
            FROM (
                SELECT content_object_id FROM blog_tagging
                WHERE tag_id = %(tag)s AND is_public
                ORDER BY published DESC, content_object_id DESC LIMIT %(posts)s
            ) AS newest
            JOIN blog_tagging AS other
                ON other.content_object_id = newest.content_object_id AND other.tag_id <> %(tag)s
            GROUP BY other.tag_id
            ORDER BY number DESC, other.tag_id LIMIT %(most)s
        ) AS commonest
        JOIN blog_tag AS tag ON tag.id = commonest.tag_id
    """
    bounds = {"tag": tag.pk, "posts": RELATED_TO, "most": MOST_RELATED}
    return sorted(Tag.objects.raw(sql, bounds), key=lambda tag: (-tag.number, tag.name))


def completions(text):
    """The tags that somebody may be typing the name of: those that begin with it, the most used first,
    then those that have it in the name, or begin with it in a former one. One query.
    """
    text = text.replace("\x00", "").strip()[:MAX_NAME_LENGTH]
    if not text:
        return []
    begins = Q(name__istartswith=text)
    if slug := tag_slug(text):
        begins |= Q(slug__startswith=slug)
    former = PreviousTagName.objects.filter(tag=OuterRef("pk"), name__istartswith=text)
    tags = Tag.objects.filter(begins | Q(name__icontains=text) | Exists(former)).only("name", "uses")
    is_first = ExpressionWrapper(begins, output_field=BooleanField())
    return tags.annotate(is_first=is_first).order_by("-is_first", "-uses", "name")[:MOST_COMPLETIONS]
