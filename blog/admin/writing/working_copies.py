"""Endpoints that store unsaved post forms while they are typed, for their author to restore."""

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
MAX_FIELDS = 200
EXCERPT_LENGTH = 80  # characters


class MalformedCopy(ValueError):
    """The request's body is not a working copy."""


def new_token():
    return get_random_string(22)


class WorkingCopies(PostEndpoint):
    """GET lists the author's copies for a form, newest first. POST stores one, sent as JSON."""

    def get(self, request):
        copies = own_copies(request, self.model_admin).filter(
            post=self.find_post(request.GET.get("post", ""))
        )
        return JsonResponse({"copies": [summary(copy) for copy in copies.order_by("-saved", "-pk")]})

    def post(self, request):
        try:
            sent = read_copy(request.body)
        except RequestDataTooBig:
            return JsonResponse({"error": _("The text is too long to be stored.")}, status=413)
        except MalformedCopy:
            return JsonResponse(
                {"error": _("The server could not read the form. Reload the page and try again.")}, status=400
            )
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
    """GET returns the fields of one of the author's copies. DELETE discards it, if it still exists."""

    def get(self, request, token):
        copy = get_object_or_404(own_copies(request, self.model_admin), token=token)
        return JsonResponse(summary(copy) | {"fields": copy.fields, "version": copy.version})

    def delete(self, request, token):
        own_copies(request, self.model_admin).filter(token=token).delete()
        return JsonResponse({})


def own_copies(request, model_admin):
    return WorkingCopy.objects.filter(author=request.user, kind=model_admin.opts.model_name)


def summary(copy):
    longest = max((value for _, value in copy.fields), key=len, default="")
    return {
        "token": copy.token,
        "saved": copy.saved.isoformat(),
        "excerpt": " ".join(longest.split())[:EXCERPT_LENGTH],
    }


def read_copy(body):
    """Parse a copy from JSON. Raises MalformedCopy."""
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
        raise MalformedCopy from error
    if not TOKEN.fullmatch(copy["token"]) or len(fields) > MAX_FIELDS:
        raise MalformedCopy
    return copy


def clean(text):
    """Replace what databases refuse, NUL and unpaired surrogates. Raises MalformedCopy if it isn't text."""
    if not isinstance(text, str):
        raise MalformedCopy
    return text.replace("\0", "").encode(errors="replace").decode()
