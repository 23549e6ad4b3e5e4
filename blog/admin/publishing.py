"""Publishing many posts at once, or making drafts of them again."""

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

MOST_POSTS = 100


@dataclass(frozen=True)
class Words:
    """What is said in the history of each post, and at the end of so many (`number`)."""

    logged: str
    changed: str
    same: str
    forbidden: str = ngettext_lazy(
        "%(number)d post: you may not change posts of this kind.",
        "%(number)d posts: you may not change posts of this kind.",
        "number",
    )


PUBLISHED = Words(
    logged=_("Published it, with others."),
    changed=ngettext_lazy("Published %(number)d post.", "Published %(number)d posts.", "number"),
    same=ngettext_lazy("%(number)d post: public already.", "%(number)d posts: public already.", "number"),
)
WITHDRAWN = Words(
    logged=_("Made a draft of it, with others."),
    changed=ngettext_lazy("Made drafts of %(number)d post.", "Made drafts of %(number)d posts.", "number"),
    same=ngettext_lazy("%(number)d post: a draft already.", "%(number)d posts: a draft already.", "number"),
)


@admin.action(description=_("Publish selected posts now"), permissions=["change"])
def publish_now(model_admin, request, posts):
    change_all(model_admin, request, posts, publish, PUBLISHED)


@admin.action(description=_("Make selected posts drafts again"), permissions=["change"])
def back_to_draft(model_admin, request, posts):
    change_all(model_admin, request, posts, withdraw, WITHDRAWN)


def publish(post):
    """Give it the time of saving, unless it is one that was public before. Says whether it changes."""
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


def change_all(model_admin, request, posts, change, words):
    """Each by itself, as its form would: one whose slug is taken on its new day does not stop the rest.

    Each is read when it is its turn, and locked: what somebody saves meanwhile is not overwritten.
    """
    chosen = list(posts.order_by("published", "pk").values_list("pk", flat=True)[: MOST_POSTS + 1])
    if len(chosen) > MOST_POSTS:
        text = _("At most %(number)d posts at once.") % {"number": MOST_POSTS}
        model_admin.message_user(request, text, messages.ERROR)
        return
    outcomes = Counter()
    for pk in chosen:
        with transaction.atomic():
            SiteState.lock()
            for post in Post.objects.filter(pk=pk).as_kinds():  # none, if it was deleted meanwhile
                outcomes[outcome(model_admin, request, post, change, words)] += 1
    tell(model_admin, request, outcomes, words)


def outcome(model_admin, request, post, change, words):
    if not request.user.has_perm(f"blog.change_{post.kind}"):
        return "forbidden"
    before = copy(post)
    if not change(post):
        return "same"
    try:
        post.clean()
    except ValidationError as error:
        problem = _("“%(post)s” stays as it was. %(reason)s")
        problem %= {"post": post, "reason": " ".join(error.messages)}
        model_admin.message_user(request, problem, messages.ERROR)
        return "refused"
    Revision.record_former(before)
    post.save()
    Revision.record(post, request.user)
    model_admin.log_change(request, post, str(words.logged))
    return "changed"


def tell(model_admin, request, outcomes, words):
    sentences = {
        "changed": (messages.SUCCESS, words.changed),
        "same": (messages.INFO, words.same),
        "forbidden": (messages.ERROR, words.forbidden),
    }
    for name, (level, sentence) in sentences.items():
        if number := outcomes[name]:
            model_admin.message_user(request, sentence % {"number": number}, level)
