"""Actions that publish selected posts or turn them back into drafts."""

from collections import Counter
from copy import copy
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from blog.models import Post, Revision, SiteState

MAX_POSTS = 100


@dataclass(frozen=True)
class Messages:
    """The entry for each post's history, and the summary messages for a `number` of posts."""

    history: str
    changed: str
    unchanged: str
    forbidden: str = ngettext_lazy(
        "%(number)d post was skipped: you don't have permission to change posts of its kind.",
        "%(number)d posts were skipped: you don't have permission to change posts of their kinds.",
        "number",
    )


PUBLISHED = Messages(
    history=_("Published with an action on several posts."),
    changed=ngettext_lazy("Published %(number)d post.", "Published %(number)d posts.", "number"),
    unchanged=ngettext_lazy(
        "%(number)d post was already public.", "%(number)d posts were already public.", "number"
    ),
)
WITHDRAWN = Messages(
    history=_("Turned back into a draft with an action on several posts."),
    changed=ngettext_lazy(
        "Turned %(number)d post back into a draft.",
        "Turned %(number)d posts back into drafts.",
        "number",
    ),
    unchanged=ngettext_lazy(
        "%(number)d post was already a draft.", "%(number)d posts were already drafts.", "number"
    ),
)


@admin.action(description=_("Publish selected posts now"), permissions=["change"])
def publish_now(model_admin, request, posts):
    change_all(model_admin, request, posts, publish, PUBLISHED)


@admin.action(description=_("Turn selected posts back into drafts"), permissions=["change"])
def back_to_draft(model_admin, request, posts):
    change_all(model_admin, request, posts, withdraw, WITHDRAWN)


def publish(post):
    """Make the post public, now if its time is still to come. Returns whether that changes it."""
    if post.is_public:
        return False
    post.is_draft = False
    if post.published and post.published > timezone.now():
        post.published = None
    return True


def withdraw(post):
    if post.is_draft:
        return False
    post.is_draft = True
    return True


def change_all(model_admin, request, posts, change, texts):
    """Apply `change` to each post in its own transaction, so that one taken slug doesn't stop the rest.

    Each post is locked and read just before its change, so that nobody else's save is overwritten.
    """
    chosen = list(posts.order_by("published", "pk").values_list("pk", flat=True)[: MAX_POSTS + 1])
    if len(chosen) > MAX_POSTS:
        text = _("Select at most %(number)d posts at a time.") % {"number": MAX_POSTS}
        model_admin.message_user(request, text, messages.ERROR)
        return
    outcomes = Counter()
    for pk in chosen:
        with transaction.atomic():
            SiteState.lock()
            for post in Post.objects.filter(pk=pk).as_kinds():  # empty if it was deleted meanwhile
                outcomes[change_one(model_admin, request, post, change, texts)] += 1
    report(model_admin, request, outcomes, texts)


def change_one(model_admin, request, post, change, texts):
    if not request.user.has_perm(f"blog.change_{post.kind}"):
        return "forbidden"
    before = copy(post)
    if not change(post):
        return "unchanged"
    try:
        post.clean()
    except ValidationError as error:
        problem = _("“%(post)s” was not changed. %(reason)s")
        problem %= {"post": post, "reason": " ".join(error.messages)}
        model_admin.message_user(request, problem, messages.ERROR)
        return "invalid"
    Revision.record_former(before)
    post.save()
    Revision.record(post, request.user)
    model_admin.log_change(request, post, str(texts.history))
    return "changed"


def report(model_admin, request, outcomes, texts):
    summaries = {
        "changed": (messages.SUCCESS, texts.changed),
        "unchanged": (messages.INFO, texts.unchanged),
        "forbidden": (messages.ERROR, texts.forbidden),
    }
    for outcome, (level, text) in summaries.items():
        if number := outcomes[outcome]:
            model_admin.message_user(request, text % {"number": number}, level)
