"""Publishing many posts at once, or making drafts of them again."""

from collections import Counter
from copy import copy

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from blog.models import Post, Revision, SiteSettings

MOST_POSTS = 100


@admin.action(description="Publish selected posts now", permissions=["change"])
def publish_now(model_admin, request, posts):
    change_all(model_admin, request, posts, publish, "Published", "public already")


@admin.action(description="Make selected posts drafts again", permissions=["change"])
def back_to_draft(model_admin, request, posts):
    change_all(model_admin, request, posts, withdraw, "Made drafts of", "a draft already")


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


def change_all(model_admin, request, posts, change, done, nothing_to_do):
    """Each by itself, as its form would: one whose slug is taken on its new day does not stop the rest.

    Each is read when it is its turn, and locked: what somebody saves meanwhile is not overwritten.
    """
    chosen = list(posts.order_by("published", "pk").values_list("pk", flat=True)[: MOST_POSTS + 1])
    if len(chosen) > MOST_POSTS:
        model_admin.message_user(request, f"At most {MOST_POSTS} posts at once.", messages.ERROR)
        return
    outcomes = Counter()
    for pk in chosen:
        with transaction.atomic():
            SiteSettings.lock()
            for post in Post.objects.filter(pk=pk).as_kinds():  # none, if it was deleted meanwhile
                outcomes[outcome(model_admin, request, post, change, done)] += 1
    tell(model_admin, request, outcomes, done, nothing_to_do)


def outcome(model_admin, request, post, change, done):
    if not request.user.has_perm(f"blog.change_{post.kind}"):
        return "forbidden"
    before = copy(post)
    if not change(post):
        return "same"
    try:
        post.clean()
    except ValidationError as error:
        problem = f"“{post}” stays as it was. {' '.join(error.messages)}"
        model_admin.message_user(request, problem, messages.ERROR)
        return "refused"
    Revision.keep_former(before)
    post.save()
    Revision.keep(post, request.user)
    model_admin.log_change(request, post, f"{done} it, with others.")
    return "changed"


def tell(model_admin, request, outcomes, done, nothing_to_do):
    sentences = {
        "changed": (messages.SUCCESS, f"{done} {{}}."),
        "same": (messages.INFO, f"{{}}: {nothing_to_do}."),
        "forbidden": (messages.ERROR, "{}: you may not change posts of this kind."),
    }
    for name, (level, sentence) in sentences.items():
        if number := outcomes[name]:
            number = "1 post" if number == 1 else f"{number} posts"
            model_admin.message_user(request, sentence.format(number), level)
