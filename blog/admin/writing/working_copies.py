"""Keeps what is typed into the form of a post while it is typed, and gives it back to who typed it."""

import json
import re
from datetime import timedelta

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from blog.admin.endpoints import PostEndpoint
from blog.models import WorkingCopy

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
MOST_FIELDS = 200
WORDS = 80  # characters by which an author knows a text again


class Malformed(ValueError):
    """What was sent is no working copy."""


def new_token():
    return get_random_string(22)


class WorkingCopies(PostEndpoint):
    """GET lists the author's copies for a form, the newest first; POST keeps one, as JSON."""

    def get(self, request):
        copies = own_copies(request, self.model_admin).filter(
            post=self.find_post(request.GET.get("post", ""))
        )
        return JsonResponse({"copies": [listed(copy) for copy in copies.order_by("-saved", "-pk")]})

    def post(self, request):
        try:
            sent = read(request.body)
        except RequestDataTooBig:
            return JsonResponse({"error": _("This is too long to be kept.")}, status=413)
        except Malformed:
            return JsonResponse({"error": _("This is not the text of a form.")}, status=400)
        post = self.find_post(sent["post"])
        self.demand_permission_for(request, post)
        with transaction.atomic():
            copies = WorkingCopy.objects.select_for_update().filter(author=request.user)
            saved = timezone.now() - timedelta(seconds=sent["age"])
            if not copies.filter(token=sent["token"], saved__gt=saved).exists():
                WorkingCopy.objects.update_or_create(
                    author=request.user,
                    token=sent["token"],
                    defaults={
                        "kind": self.model_admin.opts.model_name,
                        "post": post,
                        "fields": sent["fields"],
                        "version": sent["version"],
                        "saved": saved,
                    },
                )
            WorkingCopy.prune(request.user)
        return JsonResponse({"saved": saved.isoformat()})


class OneWorkingCopy(PostEndpoint):
    """GET gives a copy's fields to its author; DELETE discards it, and is right if it is gone already."""

    def get(self, request, token):
        copy = get_object_or_404(own_copies(request, self.model_admin), token=token)
        return JsonResponse(listed(copy) | {"fields": copy.fields, "version": copy.version})

    def delete(self, request, token):
        own_copies(request, self.model_admin).filter(token=token).delete()
        return JsonResponse({})


def own_copies(request, model_admin):
    return WorkingCopy.objects.filter(author=request.user, kind=model_admin.opts.model_name)


def listed(copy):
    longest = max((value for _, value in copy.fields), key=len, default="")
    return {"token": copy.token, "saved": copy.saved.isoformat(), "words": " ".join(longest.split())[:WORDS]}


def read(body):
    """The copy in the JSON. Raises Malformed."""
    try:
        sent = json.loads(body)
        fields = [(clean(name), clean(value)) for name, value in sent["fields"]]
        copy = {
            "token": str(sent["token"]),
            "post": clean(sent.get("post") or ""),
            "version": clean(sent.get("version") or "")[:64],
            "age": min(max(0.0, float(sent.get("age") or 0)), 10.0**8),
            "fields": fields,
        }
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise Malformed from error
    if not TOKEN.fullmatch(copy["token"]) or len(fields) > MOST_FIELDS:
        raise Malformed
    return copy


def clean(text):
    """Without what a database refuses: NUL and halves of characters."""
    if not isinstance(text, str):
        raise Malformed
    return text.replace("\0", "").encode(errors="replace").decode()
