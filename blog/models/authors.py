"""Authors of public posts, stored so that pages can name them without a query."""

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef

from .site_state import SiteState


def display_name(user):
    return user.get_full_name() or user.get_username()


def author_name(post, site):
    """Return the name to show as a post's author: its guest, else its author where a site has several, else
    the site's author.
    """
    author = site.state.author_of(post)
    return post.byline or (author["name"] if author else site.author_name)


def multiple_authors(posts):
    """Return the authors of these posts as {"user id": {"username": …, "name": …}}, or {} for fewer than two.

    Runs one query.
    """
    users = get_user_model().objects.filter(Exists(posts.filter(author=OuterRef("pk")))).order_by("pk")
    authors = {str(user.pk): {"username": user.get_username(), "name": display_name(user)} for user in users}
    return authors if len(authors) > 1 else {}


def store_authors(posts):
    """Store the authors of all the public posts in the site state.

    Runs two queries, or three if the authors have changed.
    """
    authors = multiple_authors(posts)
    if SiteState.load().authors != authors:
        SiteState.objects.update(authors=authors)
