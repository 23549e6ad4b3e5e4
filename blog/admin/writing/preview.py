"""The page of a post as it would be if what is typed were saved."""

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
    """Answers a form as it stands with the page that it makes, and with what saving it would do.

    What is only half typed breaks nothing: a text is shown as far as it goes, and anything else that is
    not valid yet as it was before.
    """

    def post(self, request):
        post = self.find_post(request.POST.get("post", ""))
        self.demand_permission_for(request, post)
        was_public = post is not None and post.is_public
        unsaved = self.unsaved(request, post)
        html = PreviewPage.of(unsaved, request)
        return JsonResponse({"html": html, "outcome": outcome(unsaved, was_public)})

    def unsaved(self, request, post):
        names = flatten_fieldsets(self.model_admin.get_fieldsets(request, post))
        form_class = self.model_admin.get_form(request, post, change=post is not None, fields=names)
        form = form_class(request.POST, instance=post)
        form.is_valid()
        for name in form.errors.keys() & form.fields.keys():
            if is_text(form.fields[name]):
                setattr(form.instance, name, str(form.data.get(form.add_prefix(name), "")).strip())
        form.instance.fill_for_preview(request.site)
        form.instance.pk = form.instance.pk or 0  # the posts beside it are asked for by it
        names = form.cleaned_data.get("tags", [])
        form.instance.shown_tags = tags_named(names)
        return form.instance


class PreviewPage(PostDetail):
    """The public page of a post, made for whoever is looking at it already."""

    @classmethod
    def of(cls, post, request):
        page = cls()
        page.setup(request)
        page.object = post
        return render_to_string(page.template_name, page.get_context_data(), request)


def is_text(field):
    return type(field) is forms.CharField


def tags_named(names):
    """Tags as saving would give them, without making those that are new."""
    found = Tag.objects.by_name(names) if names else {}
    tags = [found.get(name) or Tag(name=name) for name in names]
    for tag in tags:
        tag.slug = tag.slug or tag.slugify(tag.name)
    return tags


def outcome(post, was_public):
    """What will become of the post when it is saved, in a sentence with the site's time."""
    if post.is_draft:
        if was_public:
            return _("Saving makes it a draft again: readers do not see it.")
        return _("Saving keeps it as a draft: readers do not see it.")
    published = localtime(post.published)
    told = {
        "when": date_format(published, f"l, {get_format('DATETIME_FORMAT')}"),
        "zone": published.tzname(),
        "wait": timeuntil(post.published),
    }
    if not post.is_public:
        return _("It will appear by itself on %(when)s (%(zone)s), in %(wait)s.") % told
    if was_public:
        return _("It is public, dated %(when)s.") % told
    return _("Saving makes it public, dated %(when)s.") % told
