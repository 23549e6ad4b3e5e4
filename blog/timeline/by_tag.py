"""Tags by slug or typed text, their posts, and related tags."""

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.http import Http404

from blog.database import reads
from blog.models import Post, PreviousTagName, Tag, Tagging
from blog.strings.tag_names import MAX_NAME_LENGTH, tag_slug

MAX_TAGS = 5
MAX_RELATED = 10
#: Related tags are counted among this many of a tag's newest posts.
RELATED_SAMPLE = 300
MAX_COMPLETIONS = 10


def find_tags(slugs):
    """Return the public tags with these slugs in order of slug, and whether the slugs are exactly theirs.

    Previous names and other cases are found too. Raises Http404 for a tag that no public post has.
    """
    if len(slugs) > MAX_TAGS:
        raise Http404(f"At most {MAX_TAGS} tags can be combined.")
    with reads.followed_by():
        named = Tag.objects.public().by_slugs(slugs)
    reads.depends_on(*keys_of(named.values()))
    if len(named) < len(set(slugs)):
        raise Http404("There is no such tag.")
    found = sorted(set(named.values()), key=lambda tag: tag.slug)
    return found, [tag.slug for tag in found] == slugs


def keys_of(tags):
    """Return the surrogate keys of tags: of their posts, and of their own names, descriptions and counts."""
    return [f"tag-{tag.slug}" for tag in tags]


def tagged(tags, before=None):
    """Return the published posts that have all these tags, newest first, reading the index of the rarest tag.

    With `before`, a publication time and an id, only older ones (see `post_queryset.older_than()`).
    """
    first, *others = rarest_first(tags)
    posts = Post.objects.published_with(first, before)
    for tag in others:
        posts = posts.filter(Exists(Tagging.objects.filter(tag=tag, content_object=OuterRef("pk"))))
    return posts.followed_by(*keys_of(tags))


def tagged_post_ids(tags, *bounds):
    """Return the ids of the same posts in the same order, within bounds, from an index alone."""
    first, *others = rarest_first(tags)
    taggings = Tagging.objects.filter(*bounds, tag=first, is_public=True)
    taggings = taggings.order_by("-published", "-content_object")
    for tag in others:
        other = Tagging.objects.filter(tag=tag, content_object=OuterRef("content_object"))
        taggings = taggings.filter(Exists(other))
    return taggings.values_list("content_object", flat=True).followed_by(*keys_of(tags))


def rarest_first(tags):
    return sorted(tags, key=lambda tag: tag.uses)


def related_tags(tag):
    """Return the tags most often used together with this one. Runs one query, bounded by `RELATED_SAMPLE`.

    Written in SQL because the ORM would need two queries and three times as long, a tenth of a page.
    """
    sql = """
        SELECT tag.id, tag.name, tag.slug, commonest.number
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
    bounds = {"tag": tag.pk, "posts": RELATED_SAMPLE, "most": MAX_RELATED}
    with reads.followed_by(*keys_of([tag])):
        found = sorted(Tag.objects.raw(sql, bounds), key=lambda tag: (-tag.number, tag.name))
    reads.depends_on(*(f"name-{other.slug}" for other in found))
    return found


def completions(text):
    """Return the tags whose name begins with the text, most used first, then those that contain it.

    A previous name that begins with it counts as containing it. Runs one query.
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
    return tags.annotate(is_first=is_first).order_by("-is_first", "-uses", "name")[:MAX_COMPLETIONS]
