"""Where the forms of posts ask what may have been forgotten, before they are sent."""

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

    With it come the `pk` of a post that is stored already, and the `referrer` if there was one. Of a post
    that is public already, it tells only what its change brings: a typing error is mended without more ado.
    """

    def post(self, request):
        try:
            values = read(request.body)
        except ValueError:
            return JsonResponse({"error": _("This is not the content of a form.")}, status=400)
        stored = self.find_post(values.get("pk", ""))
        public = as_it_is(stored) if stored and stored.is_public else None
        draft = draft_of(self.model_admin.model, values, request.site, stored, public)
        known = {(point.message, point.words) for point in findings(public)} if public else set()
        found = [point for point in findings(draft) if (point.message, point.words) not in known]
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


def as_it_is(post):
    """What readers see of it already."""
    return Draft(type(post), {field.name: getattr(post, field.name) for field in texts_of(post)})


def texts_of(post):
    texts = models.CharField | models.TextField
    return [field for field in post._meta.concrete_fields if field.editable and isinstance(field, texts)]


def draft_of(kind, values, site, stored=None, public=None):
    """Five queries at most, and a look at the links that are not `public` already."""
    tags = tuple(tag_names.parse(values.get("tags", "")))
    taken_by, unused_slug = slug_facts(stored or kind(), values, site)
    known = frozenset()
    if tags:
        known = frozenset(Tag.objects.values_list("name", flat=True)) | frozenset(
            PreviousTagName.objects.values_list("name", flat=True)
        )
    known_addresses = {url for _, url in public.addresses} if public else set()
    addresses = {url: None for _, url in Draft(kind, values).addresses if url not in known_addresses}
    facts = Facts(
        tags=known,
        taken_by=taken_by,
        unused_slug=unused_slug,
        referrer=values.get("referrer", ""),
        link_problems=link_check.check(addresses),
    )
    return Draft(kind, values, tags, facts)


def slug_facts(stored, values, site):
    """The post at the address that this one would have, in words, and a slug that is free."""
    kind = type(stored)
    post = filled(copy(stored), values)
    post.day = day_of(stored, moment(values, site), site)
    typed = post.slug[:SLUG_LENGTH]
    text = typed or post.slug_source()
    slug = typed or kind.base_slug(text)
    other = Post.objects.filter(day=post.day, slug=slug).exclude(pk=post.pk).first()
    if not other:
        return "", ""
    return _("The %(kind)s “%(post)s”") % {"post": other, "kind": other.kind_class.label}, kind.unused_slug(
        post.day, text, post.pk
    )


def filled(post, values):
    """The post with the texts that were typed."""
    for field in texts_of(post):
        if field.name in values:
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
    if stored.published and published:
        same = stored.published.replace(microsecond=0) == published
        return stored.day if same else timezone.localdate(published, site.tz)
    return timezone.localdate(published or timezone.now(), site.tz)
