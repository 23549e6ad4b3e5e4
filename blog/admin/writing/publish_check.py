"""The endpoint that runs the publish check for the post forms, and the facts that the checks need."""

import json
from copy import copy
from dataclasses import asdict
from datetime import datetime

from django import forms
from django.db import models
from django.forms.widgets import Script
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.admin.endpoints import PostEndpoint
from blog.authoring.publish_check import Draft, Facts, findings
from blog.models import Post, PreviousTagName, Tag
from blog.models.post import SLUG_LENGTH
from blog.remote import link_check
from blog.strings import tag_names


class PublishCheckMixin:
    """For a ModelAdmin of posts: runs the publish check before its form is submitted."""

    @property
    def media(self):
        script = Script("admin-publish-check.js", type="module")
        return super().media + forms.Media(css={"all": ["admin-publish-check.css"]}, js=[script])

    def get_urls(self):
        name = f"blog_{self.opts.model_name}_check"
        return [path("check/", PublishCheck.as_view(model_admin=self), name=name), *super().get_urls()]

    def formfield_for_dbfield(self, field, request, **kwargs):
        formfield = super().formfield_for_dbfield(field, request, **kwargs)
        if field.name == "body":
            url = reverse(f"admin:blog_{self.opts.model_name}_check")
            formfield.widget.attrs["data-publish-check"] = url
        return formfield


class PublishCheck(PostEndpoint):
    """Takes the form as JSON, {field: typed value}, and returns the findings.

    The JSON also has the `pk` of a stored post, and the `referrer` if there is one. For a post that is
    already public, only findings that the change introduces are returned, so that fixing a typo doesn't
    raise old ones.
    """

    def post(self, request):
        try:
            values = read_values(request.body)
        except ValueError:
            return JsonResponse(
                {"error": _("The server could not read the form. Reload the page and try again.")}, status=400
            )
        stored = self.find_post(values.get("pk", ""))
        public = draft_as_stored(stored) if stored and stored.is_public else None
        draft = make_draft(self.model_admin.model, values, request.site, stored, public)
        old = {(finding.message, finding.excerpt) for finding in findings(public)} if public else set()
        new = [finding for finding in findings(draft) if (finding.message, finding.excerpt) not in old]
        return JsonResponse({"findings": [asdict(finding) for finding in new]})


def read_values(body):
    """Parse {field: text} from JSON. Raises ValueError."""
    values = json.loads(body)
    if not isinstance(values, dict):
        raise ValueError("not an object")
    return {name: storable(value) for name, value in values.items() if isinstance(value, str)}


def storable(text):
    """Remove what no database stores: NUL and unpaired surrogates."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def draft_as_stored(post):
    return Draft(type(post), {field.name: getattr(post, field.name) for field in text_fields(post)})


def text_fields(post):
    types = models.CharField | models.TextField
    return [field for field in post._meta.concrete_fields if field.editable and isinstance(field, types)]


def make_draft(kind, values, site, stored=None, public=None):
    """A draft with its facts. Runs at most five queries, and fetches links that `public` doesn't have yet."""
    tags = tuple(tag_names.parse(values.get("tags", "")))
    taken_by, unused_slug = slug_facts(stored or kind(), values, site)
    existing = frozenset()
    if tags:
        existing = frozenset(Tag.objects.values_list("name", flat=True)) | frozenset(
            PreviousTagName.objects.values_list("name", flat=True)
        )
    checked = {url for _, url in public.urls} if public else set()
    urls = {url: None for _, url in Draft(kind, values).urls if url not in checked}
    facts = Facts(
        tags=existing,
        taken_by=taken_by,
        unused_slug=unused_slug,
        referrer=values.get("referrer", ""),
        link_problems=link_check.check(urls),
    )
    return Draft(kind, values, tags, facts)


def slug_facts(stored, values, site):
    """Describe the post that already has this permalink, and give an unused slug. Empty if it is free."""
    kind = type(stored)
    post = fill_text_fields(copy(stored), values)
    post.day = publication_day(stored, publication_time(values, site), site)
    typed = post.slug[:SLUG_LENGTH]
    text = typed or post.slug_source()
    slug = typed or kind.base_slug(text)
    other = Post.objects.filter(day=post.day, slug=slug).exclude(pk=post.pk).first()
    if not other:
        return "", ""
    taken_by = _("The %(kind)s “%(post)s”") % {"post": other, "kind": other.kind_class.label}
    return taken_by, kind.unused_slug(post.day, text, post.pk)


def fill_text_fields(post, values):
    for field in text_fields(post):
        if field.name in values:
            setattr(post, field.name, values[field.name].strip())
    return post


def publication_time(values, site):
    """The typed publication time in the site's time zone, or None if it isn't valid."""
    try:
        typed = datetime.fromisoformat(f"{values.get('published_0', '')} {values.get('published_1', '')}")
    except ValueError:
        return None
    return typed.replace(tzinfo=site.tz)


def publication_day(stored, published, site):
    """The day that saving would store. A post whose time is unchanged keeps its day."""
    if stored.published and published:
        is_unchanged = stored.published.replace(microsecond=0) == published
        return stored.day if is_unchanged else timezone.localdate(published, site.tz)
    return timezone.localdate(published or timezone.now(), site.tz)
