"""The capture form: turns a web page into a post in a few keystrokes."""

from dataclasses import asdict, replace

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.generic import TemplateView

from blog.admin.endpoints import Endpoint
from blog.admin.images import TextWidget
from blog.admin.tags.tag_field import TagField
from blog.authoring.capture import Capture, as_markdown, capturable_kinds, carry, compose, kinds_for
from blog.authoring.link_history import earlier_posts, link_statistics
from blog.authoring.publish_check import findings
from blog.models import Post, Revision
from blog.remote import link_check
from blog.remote.fetching import FetchError, fetch
from blog.remote.page_metadata import PageMetadata
from blog.remote.web_urls import url_key

from .publish_check import make_draft, read_values

#: Fields that the form hides for kinds that don't use them. The others help to compose the text of any kind.
OPTIONAL_FIELDS = ("author", "context", "via_url", "via_title")


def web_url_field(**kwargs):
    return forms.URLField(assume_scheme="https", max_length=2000, required=False, **kwargs)


class CaptureForm(forms.Form):
    """One form for all kinds. The kind's `capture_rules` say which fields it needs and what they become."""

    url = web_url_field(label=gettext_lazy("Address"))
    title = forms.CharField(max_length=500, required=False, label=gettext_lazy("Title"))
    author = forms.CharField(
        max_length=255,
        required=False,
        label=gettext_lazy("Who said it"),
        error_messages={"required": gettext_lazy("Name the author or the page that is quoted.")},
    )
    context = forms.CharField(
        max_length=255,
        required=False,
        label=gettext_lazy("Context"),
        help_text=gettext_lazy("Where or when it was said."),
    )
    text = forms.CharField(widget=TextWidget(attrs={"rows": 8}), required=False, label=gettext_lazy("Text"))
    tags = TagField(required=False, label=gettext_lazy("Tags"))
    via_url = web_url_field(label=gettext_lazy("Via"), help_text=gettext_lazy("Where you found it."))
    via_title = forms.CharField(max_length=500, required=False, label=gettext_lazy("Title of the via"))

    # What the form was opened with, so that the text can be recomposed when the kind changes.
    selection = forms.CharField(widget=forms.HiddenInput, required=False)
    shown_as = forms.CharField(widget=forms.HiddenInput, required=False)
    popup = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.model = Post.kinds()[kind]
        self.rules = self.model.capture_rules
        for name in self.rules.required:
            self.fields[name].required = name not in self.rules.fallbacks
        self.fields["text"].widget.attrs["data-publish-check"] = reverse("capture:check")

    def clean(self):
        cleaned = super().clean()
        for name, other in self.rules.fallbacks.items():
            cleaned[name] = cleaned.get(name) or cleaned.get(other, "")[: self.fields[name].max_length]
            if name in self.rules.required and not cleaned[name] and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    @transaction.atomic
    def save(self, author, is_draft):
        post = self.model(is_draft=is_draft, author=author, **self.values())
        post.save()
        post.tags.add(*self.cleaned_data["tags"])
        Revision.record(post, author)
        return post

    def values(self):
        return {name: self.cleaned_data[source] for name, source in self.rules.fields.items()}

    def findings(self, site):
        """Findings of the publish check for a valid form, limited to those that can be fixed in it.

        Leaves out that the page itself may be dead: the form has already reported that it couldn't be read.
        """
        draft = make_draft(self.model, self.values() | {"tags": self.data.get("tags", "")}, site)
        own = {**self.rules.fields, "tags": "tags"}
        for finding in findings(draft):
            is_dead_page = finding.excerpt and finding.excerpt == self.cleaned_data["url"] and not finding.fix
            if finding.field in own and not is_dead_page:
                fix = finding.fix and replace(finding.fix, field=own[finding.fix.field])
                yield replace(finding, field=own[finding.field], fix=fix)


class CapturePage(TemplateView):
    """A page of the admin for users who may add a post of a kind that can be captured."""

    def dispatch(self, request, *args, **kwargs):
        self.kinds = kinds_for(request.user)
        if not self.kinds:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request) | kwargs


class CaptureView(CapturePage):
    template_name = "admin/blog/capture/form.html"

    def get(self, request):
        capture = Capture.from_query(request.GET)
        kind = self.allowed_kind(request.GET.get("kind"), capture.default_kind(self.kinds))
        initial = {
            "url": capture.url,
            "title": capture.title,
            "author": capture.author,
            "via_url": capture.via,
            "text": capture.text_for(kind),
            "selection": as_markdown(capture.text),
            "shown_as": kind,
            "popup": "1" if request.GET.get("popup") else "",
        }
        history = link_history(capture.url, capture.canonical)
        return self.show(CaptureForm(kind, initial=initial), kind, capture, **history)

    def post(self, request):
        kind = self.allowed_kind(request.POST.get("kind"), next(iter(self.kinds)))
        data = request.POST.copy()
        self.recompose_text(data, kind)
        form = CaptureForm(kind, data)
        if not form.is_valid():
            capture = Capture.from_query(data)
            return self.show(form, kind, capture, **link_history(capture.url, capture.canonical))
        post = form.save(request.user, is_draft=data.get("save") == "draft")
        admin.site.get_model_admin(type(post)).log_addition(request, post, _("Captured."))
        done = reverse("capture:done", args=[post.pk])
        return HttpResponseRedirect(f"{done}?popup=1" if data.get("popup") else done)

    def allowed_kind(self, kind, default):
        return kind if kind in self.kinds else default

    def recompose_text(self, data, kind):
        """Adapt the text to a changed kind, as the form's script does in a browser that runs it."""
        page = {name: data.get(name, "") for name in ("selection", "url", "title")}
        shown_as = self.allowed_kind(data.get("shown_as"), kind)
        text = data.get("text", "").replace("\r\n", "\n")
        page["selection"] = page["selection"].replace("\r\n", "\n")
        old, new = (compose(self.kinds[name].capture_rules.style, **page) for name in (shown_as, kind))
        data["text"] = carry(text, old, new)
        data["shown_as"] = kind

    def show(self, form, kind, capture, **context):
        context |= {
            "form": form,
            "kinds": [
                {
                    "name": name,
                    "label": model.label,
                    "key": number,
                    "is_chosen": name == kind,
                    "style": model.capture_rules.style.value,
                    "unused": [
                        field for field in OPTIONAL_FIELDS if field not in model.capture_rules.fields.values()
                    ],
                }
                for number, (name, model) in enumerate(self.kinds.items(), 1)
            ],
            "capture": capture,
            "title": _("Capture"),
            "is_popup": bool(form["popup"].value()),
        }
        return self.render_to_response(self.get_context_data(**context))


class LoggedOut(CaptureView):
    """Shows what was submitted after the session expired, ready to send again. Reveals nothing else."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.kinds = capturable_kinds()

    def dispatch(self, request):
        kind = self.allowed_kind(request.POST.get("kind"), next(iter(self.kinds)))
        data = request.POST.copy()
        self.recompose_text(data, kind)
        return self.show(CaptureForm(kind, initial=data.dict()), kind, Capture(), is_logged_out=True)


def link_history(url, *others):
    """Template context: earlier posts that link to any of the URLs, and figures on the first one's site."""
    if not url_key(url):
        return {}
    return {"earlier": earlier_posts(url, *others), "site_links": link_statistics(url)}


class Done(CapturePage):
    """Links to the new post. In a popup, its script closes the window."""

    template_name = "admin/blog/capture/done.html"

    def get_context_data(self, pk):
        post = get_object_or_404(Post.objects.filter(kind__in=list(self.kinds)), pk=pk)
        is_popup = bool(self.request.GET.get("popup"))
        title = _("Saved as a draft") if post.is_draft else pgettext("it is", "Published")
        return super().get_context_data(post=post, title=title, is_popup=is_popup)


class CaptureEndpoint(Endpoint):
    """A JSON endpoint of the form's script. Subclasses define `respond(query)`."""

    def demand_permission(self, request):
        if not kinds_for(request.user):
            raise PermissionDenied

    def get(self, request):
        return JsonResponse(self.respond(request.GET))


class Check(Endpoint):
    """Runs the publish check on a form sent as JSON. Returns no findings for an invalid form."""

    def post(self, request):
        try:
            values = read_values(request.body)
        except ValueError:
            message = _("The server could not read the form. Reload the page and try again.")
            return JsonResponse({"error": message}, status=400)
        if values.get("kind") not in kinds_for(request.user):
            raise PermissionDenied
        form = CaptureForm(values["kind"], values)
        found = form.findings(request.site) if form.is_valid() else []
        return JsonResponse({"findings": [asdict(finding) for finding in found]})


class FetchPage(CaptureEndpoint):
    """Returns a page's metadata, or the problem with fetching it."""

    def respond(self, query):
        url = query.get("url", "").strip()
        try:
            response = fetch(url)
        except FetchError as error:
            link_check.record(url, error)
            return {"problem": str(error)}
        link_check.record(url, response)
        metadata = asdict(PageMetadata.from_response(response))
        canonical = metadata["canonical"] or response.url
        return metadata | {"canonical": canonical if url_key(canonical) != url_key(url) else ""}


class EarlierPosts(CaptureEndpoint):
    """Returns the HTML fragment that lists earlier posts about the page."""

    def respond(self, query):
        context = link_history(query.get("url", ""), query.get("canonical", ""))
        return {"html": render_to_string("admin/blog/capture/earlier.html", context, self.request)}


form_for_authors = admin.site.admin_view(CaptureView.as_view())


@never_cache
@csrf_protect
def capture_form(request):
    """Require a login to show the form, but never discard one submitted after the session expired."""
    if request.method == "POST" and not admin.site.has_permission(request):
        return LoggedOut.as_view()(request)
    return form_for_authors(request)


app_name = "capture"
urlpatterns = [
    path("", capture_form, name="form"),
    path("fetch/", FetchPage.as_view(), name="fetch"),
    path("check/", Check.as_view(), name="check"),
    path("earlier/", EarlierPosts.as_view(), name="earlier"),
    path("done/<int:pk>/", admin.site.admin_view(Done.as_view()), name="done"),
]
