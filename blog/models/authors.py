"""Authors of public posts, stored so that pages can name them without a query."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from .site_state import SiteState


def display_name(user):
    return user.get_full_name() or user.get_username()


def author_name(post, site):
    """Return the name to show as a post's author: its guest, its author where there are several, or the
    site's.
    """
    author = site.state.author_of(post)
    return post.byline or (author["name"] if author else site.author_name)


def authors_of(posts):
    """Return {"user id": {"username": …, "name": …}} of the authors of these posts, by id. Runs one query."""
    users = get_user_model().objects.filter(Exists(posts.filter(author=OuterRef("pk")))).order_by("pk")
    return {str(u.pk): {"username": u.get_username(), "name": display_name(u)} for u in users}


def store_authors(posts):
    """Store the authors of these posts, all the public ones, in the site state. A single author isn't stored.

    Runs two queries, or three if they changed.
    """
    found = authors_of(posts)
    authors = found if len(found) > 1 else {}
    if SiteState.load().authors != authors:
        SiteState.objects.update(authors=authors)
