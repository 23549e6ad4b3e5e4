"""The capture form: from a page of the web to a link, a quotation or a note in a few keys."""

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
from blog.authoring.capture import Capture, as_markdown, carry, compose
from blog.authoring.link_history import earlier_posts, link_statistics
from blog.authoring.publish_check import findings
from blog.models import Blogmark, Note, Post, Quotation, Revision
from blog.remote import link_check
from blog.remote.fetching import FetchError, fetch
from blog.remote.page_metadata import PageMetadata
from blog.remote.web_urls import url_key

from .publish_check import make_draft, read_values


def address_field(**kwargs):
    return forms.URLField(assume_scheme="https", max_length=2000, required=False, **kwargs)


class CaptureForm(forms.Form):
    """What all kinds are made of. A kind says what of it it needs, and which of its fields are made of it."""

    model = None
    needed = ()
    made_of = {}

    url = address_field(label=gettext_lazy("Address"))
    title = forms.CharField(max_length=500, required=False, label=gettext_lazy("Title"))
    author = forms.CharField(max_length=255, required=False, label=gettext_lazy("Whose words"))
    context = forms.CharField(
        max_length=255,
        required=False,
        label=gettext_lazy("Context"),
        help_text=gettext_lazy("Where or when it was said."),
    )
    text = forms.CharField(widget=TextWidget(attrs={"rows": 8}), required=False, label=gettext_lazy("Text"))
    tags = TagField(required=False, label=gettext_lazy("Tags"))
    via_url = address_field(label=gettext_lazy("Via"), help_text=gettext_lazy("Where you found it."))
    via_title = forms.CharField(max_length=500, required=False, label=gettext_lazy("Title of via"))

    # What the page said when the form was opened, for a change of the kind.
    selection = forms.CharField(widget=forms.HiddenInput, required=False)
    shown_as = forms.CharField(widget=forms.HiddenInput, required=False)
    popup = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].required = True
        self.fields["text"].widget.attrs["data-publish-check"] = reverse("capture:check")

    @transaction.atomic
    def save(self, author, is_draft):
        post = self.model(is_draft=is_draft, author=author, **self.values())
        post.save()
        post.tags.add(*self.cleaned_data["tags"])
        Revision.record(post, author)
        return post

    def values(self):
        return {name: self.cleaned_data[own] for name, own in self.made_of.items()}

    def findings(self, site):
        """What may be forgotten in a valid form, as far as it can be mended in it.

        Not that the page itself may be dead: it lies before the author, and whether it was read is said.
        """
        draft = make_draft(self.model, self.values() | {"tags": self.data.get("tags", "")}, site)
        own = self.made_of | {"tags": "tags"}
        for finding in findings(draft):
            is_dead_page = finding.excerpt and finding.excerpt == self.cleaned_data["url"] and not finding.fix
            if finding.field in own and not is_dead_page:
                fix = finding.fix and replace(finding.fix, field=own[finding.fix.field])
                yield replace(finding, field=own[finding.field], fix=fix)


class LinkForm(CaptureForm):
    model = Blogmark
    needed = ("url", "title")
    made_of = {
        "link_url": "url",
        "link_title": "title",
        "body": "text",
        "via_url": "via_url",
        "via_title": "via_title",
    }


class QuotationForm(CaptureForm):
    model = Quotation
    needed = ("text",)
    made_of = {"body": "text", "source": "author", "source_url": "url", "context": "context"}

    def clean(self):
        """Where no author is known, the words are those of the page."""
        cleaned = super().clean()
        cleaned["author"] = cleaned.get("author") or cleaned.get("title", "")[:255]
        if not cleaned["author"] and "author" not in self.errors:
            self.add_error("author", _("Say whose words these are."))
        return cleaned


class NoteForm(CaptureForm):
    model = Note
    needed = ("text",)
    made_of = {"body": "text"}


FORMS = {form.model._meta.model_name: form for form in (LinkForm, QuotationForm, NoteForm)}


def kinds_for(user):
    """The names of the kinds that the user may capture as."""
    return [name for name in FORMS if user.has_perm(f"blog.add_{name}")]


class CapturePage(TemplateView):
    """A page of the admin for those who may add a post of any of these kinds."""

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
        capture = Capture.of(request.GET)
        kind = self.chosen(request.GET.get("kind"), self.kinds[0] if capture.url else self.kinds[-1])
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
        earlier = before(capture.url, capture.canonical)
        return self.show(FORMS[kind](initial=initial), kind, capture, **earlier)

    def post(self, request):
        kind = self.chosen(request.POST.get("kind"), self.kinds[0])
        data = request.POST.copy()
        self.carry_text(data, kind)
        form = FORMS[kind](data)
        if not form.is_valid():
            capture = Capture.of(data)
            return self.show(form, kind, capture, **before(capture.url, capture.canonical))
        post = form.save(request.user, is_draft=data.get("save") == "draft")
        admin.site.get_model_admin(type(post)).log_addition(request, post, _("Captured."))
        done = reverse("capture:done", args=[post.pk])
        return HttpResponseRedirect(f"{done}?popup=1" if data.get("popup") else done)

    def chosen(self, kind, default):
        return kind if kind in self.kinds else default

    def carry_text(self, data, kind):
        """Where no script has done so, the text follows the kind."""
        page = {name: data.get(name, "") for name in ("selection", "url", "title")}
        shown_as = self.chosen(data.get("shown_as"), kind)
        text = data.get("text", "").replace("\r\n", "\n")
        page["selection"] = page["selection"].replace("\r\n", "\n")
        data["text"] = carry(text, compose(shown_as, **page), compose(kind, **page))
        data["shown_as"] = kind

    def show(self, form, kind, capture, **context):
        kinds = [
            {"name": name, "label": FORMS[name].model.label, "key": number, "is_chosen": name == kind}
            for number, name in enumerate(self.kinds, 1)
        ]
        context |= {
            "form": form,
            "kinds": kinds,
            "capture": capture,
            "title": _("Capture"),
            "is_popup": bool(form["popup"].value()),
        }
        return self.render_to_response(self.get_context_data(**context))


class LoggedOut(CaptureView):
    """What was sent after the login has expired, in a form to send again; it tells nothing else."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.kinds = list(FORMS)

    def dispatch(self, request):
        kind = self.chosen(request.POST.get("kind"), self.kinds[0])
        data = request.POST.copy()
        self.carry_text(data, kind)
        return self.show(FORMS[kind](initial=data.dict()), kind, Capture(), is_logged_out=True)


def before(url, *others):
    """What is known of earlier links to the address, or to others of the same page, and to its site."""
    return (
        {"earlier": earlier_posts(url, *others), "site_links": link_statistics(url)} if url_key(url) else {}
    )


class Done(CapturePage):
    """Says where the post is. A popup closes."""

    template_name = "admin/blog/capture/done.html"

    def get_context_data(self, pk):
        post = get_object_or_404(Post.objects.filter(kind__in=self.kinds), pk=pk)
        is_popup = bool(self.request.GET.get("popup"))
        title = _("Saved as a draft") if post.is_draft else pgettext("it is", "Published")
        return super().get_context_data(post=post, title=title, is_popup=is_popup)


class CaptureEndpoint(Endpoint):
    """What the form's script asks, answered as JSON."""

    def demand_permission(self, request):
        if not kinds_for(request.user):
            raise PermissionDenied

    def get(self, request):
        return JsonResponse(self.answer(request.GET))


class Check(Endpoint):
    """What may have been forgotten, of a form as JSON. What is not valid yet, saving says."""

    def post(self, request):
        kinds = kinds_for(request.user)
        try:
            values = read_values(request.body)
        except ValueError:
            return JsonResponse({"error": _("This is not the content of a form.")}, status=400)
        if values.get("kind") not in kinds:
            raise PermissionDenied
        form = FORMS[values["kind"]](values)
        found = form.findings(request.site) if form.is_valid() else []
        return JsonResponse({"findings": [asdict(finding) for finding in found]})


class Fetched(CaptureEndpoint):
    """What a page says of itself, or the problem there was with it."""

    def answer(self, query):
        url = query.get("url", "").strip()
        try:
            answer = fetch(url)
        except FetchError as error:
            link_check.record(url, error)
            return {"problem": str(error)}
        link_check.record(url, answer)
        facts = asdict(PageMetadata.from_response(answer))
        other = facts["canonical"] or answer.url
        return facts | {"canonical": other if url_key(other) != url_key(url) else ""}


class Earlier(CaptureEndpoint):
    """The part of the page that tells of earlier links."""

    def answer(self, query):
        context = before(query.get("url", ""), query.get("canonical", ""))
        return {"html": render_to_string("admin/blog/capture/earlier.html", context, self.request)}


form_for_authors = admin.site.admin_view(CaptureView.as_view())


@never_cache
@csrf_protect
def capture_form(request):
    """Who has to log in to see the form does so first. Who has been logged out since keeps what she typed."""
    if request.method == "POST" and not admin.site.has_permission(request):
        return LoggedOut.as_view()(request)
    return form_for_authors(request)


app_name = "capture"
urlpatterns = [
    path("", capture_form, name="form"),
    path("fetch/", Fetched.as_view(), name="fetch"),
    path("check/", Check.as_view(), name="check"),
    path("earlier/", Earlier.as_view(), name="earlier"),
    path("done/<int:pk>/", admin.site.admin_view(Done.as_view()), name="done"),
]
