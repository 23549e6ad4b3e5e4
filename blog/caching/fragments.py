"""Posts as lists show them, remembered by each process.

After any change of the site all its pages are rendered anew, and nearly all of their posts are as they were.
A post in a list is a third of what such a page takes.
"""

from functools import lru_cache
from typing import Any

from django.template import Context, Template
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from blog.models import Post, SiteSettings

#: Each takes some 9 KB.
MOST_REMEMBERED = 1000


class Item:
    """A post in a list. Two are equal if they look alike: if all that was read of them is equal, what the
    site's author decides, and the options.

    So the template is given these and nothing of the request. What it shows besides is not looked at: fields
    that lists do not read (see `blog.models.post_queryset`), rows that the post refers to, counts of the
    site. It has to be noted of the post when that is read, as tags are.
    """

    def __init__(self, post: Post, site: SiteSettings, **options: Any) -> None:
        self.template: Template = get_template("blog/includes/post.html").template  # type: ignore[attr-defined]
        self.context: dict[str, Any] | None = {"post": post, "site": site, **options}
        self.hash = hash((post.pk, *options.values()))
        around = get_language(), timezone.get_current_timezone_name()
        self.looks = (
            self.template,
            type(post),
            read_of(post),
            site.fingerprint,
            site.state.authors,
            around,
            options,
        )

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and self.looks == other.looks


def read_of(instance: Post) -> dict[str, Any]:
    """What was read of it, by field, and whatever else was noted of it."""
    return {name: value for name, value in vars(instance).items() if name != "_state"}


@lru_cache(maxsize=MOST_REMEMBERED)
def render(item: Item) -> SafeString:
    html = item.template.render(Context(item.context))
    item.context = None  # the item is remembered as well, and needs no more than how it looks
    return html
