"""Where the forms of posts ask what may have been forgotten, before they are sent."""

import json
from dataclasses import asdict
from datetime import datetime

from django import forms
from django.db import models
from django.forms.widgets import Script
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils import timezone

from blog import link_check, tag_names
from blog.models import Post, PreviousTagName, Tag
from blog.models.post import SLUG_LENGTH
from blog.publish_check import Draft, Facts, points

from .endpoint import PostEndpoint


class Checked:
    """Gives the forms of a kind of post the check."""

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
    """Takes the form as JSON, {field: what was typed}, and answers with the points.

    With it come the `pk` of a post that is stored already, and the `referrer` if there was one.
    """

    def post(self, request):
        try:
            values = read(request.body)
        except ValueError:
            return JsonResponse({"error": "This is not the content of a form."}, status=400)
        found = points(draft_of(self.model_admin.model, values, request.site))
        return JsonResponse({"points": [asdict(point) for point in found]})


def read(body):
    """Raises ValueError."""
    values = json.loads(body)
    if not isinstance(values, dict):
        raise ValueError("not an object")
    return {name: storable(value) for name, value in values.items() if isinstance(value, str)}


def storable(text):
    """Without what no database takes: NUL, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def draft_of(kind, values, site):
    """Six queries at most, and a look at the links."""
    tags = tuple(tag_names.parse(values.get("tags", "")))
    taken_by, free_slug = slug_facts(kind, values, site)
    known = frozenset()
    if tags:
        known = frozenset(Tag.objects.values_list("name", flat=True)) | frozenset(
            PreviousTagName.objects.values_list("name", flat=True)
        )
    addresses = Draft(kind, values).addresses
    facts = Facts(
        tags=known,
        taken_by=taken_by,
        free_slug=free_slug,
        referrer=values.get("referrer", ""),
        troubles=link_check.check([url for _, url in addresses]),
    )
    return Draft(kind, values, tags, facts)


def slug_facts(kind, values, site):
    """The post at the address that this one would have, in words, and a slug that is free."""
    pk = values.get("pk", "")
    stored = kind.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) <= 18 else None
    post = filled(stored or kind(), values)
    post.day = day_of(stored, moment(values, site), site)
    typed = post.slug[:SLUG_LENGTH]
    text = typed or post.slug_source()
    slug = typed or kind.wanted_slug(text)
    other = Post.objects.filter(day=post.day, slug=slug).exclude(pk=post.pk).first()
    if not other:
        return "", ""
    return f"The {other.kind_class.label} “{other}”", kind.free_slug(post.day, text, post.pk)


def filled(post, values):
    """The post with the texts that were typed."""
    for field in post._meta.concrete_fields:
        if field.editable and field.name in values and isinstance(field, models.CharField | models.TextField):
            setattr(post, field.name, values[field.name].strip())
    return post


def moment(values, site):
    """When the post is to be published, in the time of the site; None for what is no time."""
    try:
        typed = datetime.fromisoformat(f"{values.get('published_0', '')} {values.get('published_1', '')}")
    except ValueError:
        return None
    return typed.replace(tzinfo=site.tz)


def day_of(stored, published, site):
    """As saving the post would have it: an unchanged time moves no post to another day."""
    if stored and stored.published and published:
        same = stored.published.replace(microsecond=0) == published
        return stored.day if same else timezone.localdate(published, site.tz)
    return timezone.localdate(published or timezone.now(), site.tz)
