"""The live preview: a post's page as it would be if the form were saved now."""

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format, get_format
from django.utils.timesince import timeuntil
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from blog.admin.endpoints import PostEndpoint
from blog.models import Tag
from blog.views.permalinks import PostDetail


class Preview(PostEndpoint):
    """Takes the form and returns the HTML of the page and a sentence on what saving would do.

    Invalid text fields are shown as typed. Other invalid fields keep their stored value.
    """

    def post(self, request):
        post = self.find_post(request.POST.get("post", ""))
        self.demand_permission_for(request, post)
        was_public = post is not None and post.is_public
        unsaved = self.unsaved_post(request, post)
        html = PreviewPage.render(unsaved, request)
        return JsonResponse({"html": html, "outcome": describe_outcome(unsaved, was_public)})

    def unsaved_post(self, request, post):
        names = flatten_fieldsets(self.model_admin.get_fieldsets(request, post))
        form_class = self.model_admin.get_form(request, post, change=post is not None, fields=names)
        form = form_class(request.POST, instance=post)
        form.is_valid()
        for name in form.errors.keys() & form.fields.keys():
            if is_text(form.fields[name]):
                setattr(form.instance, name, str(form.data.get(form.add_prefix(name), "")).strip())
        if post is None and form.instance.author is None:
            form.instance.author = request.user
        form.instance.fill_for_preview(request.site)
        form.instance.pk = form.instance.pk or 0  # the queries for its neighbours compare ids
        names = form.cleaned_data.get("tags", [])
        form.instance.shown_tags = tags_named(names)
        return form.instance


class PreviewPage(PostDetail):
    """The public page of a post, rendered from an unsaved instance."""

    @classmethod
    def render(cls, post, request):
        page = cls()
        page.setup(request)
        page.object = post
        return render_to_string(page.template_name, page.get_context_data(), request)


def is_text(field):
    return type(field) is forms.CharField


def tags_named(names):
    """The tags that saving would set. New ones are not stored."""
    found = Tag.objects.by_name(names) if names else {}
    tags = [found.get(name) or Tag(name=name) for name in names]
    for tag in tags:
        tag.slug = tag.slug or tag.slugify(tag.name)
    return tags


def describe_outcome(post, was_public):
    """A sentence on what saving will do to the post, with the time in the site's time zone."""
    if post.is_draft:
        if was_public:
            return _("Saving turns this back into a draft, hidden from readers.")
        return _("Saving keeps this as a draft, hidden from readers.")
    published = localtime(post.published)
    values = {
        "when": date_format(published, f"l, {get_format('DATETIME_FORMAT')}"),
        "zone": published.tzname(),
        "wait": timeuntil(post.published),
    }
    if not post.is_public:
        return _("This will be published on %(when)s (%(zone)s), in %(wait)s.") % values
    if was_public:
        return _("This is public, dated %(when)s.") % values
    return _("Saving publishes this, dated %(when)s.") % values
