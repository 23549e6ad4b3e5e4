"""Pages beside the timeline, and the files that browsers and crawlers request."""

from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView, RedirectView, TemplateView, View

from blog.images import share_card
from blog.models import Page
from blog.models.site_settings import Accent

#: The background of the light theme in weblog.css.
BACKGROUND = "#fefdfa"


class PageDetail(DetailView):
    """A page beside the timeline, such as /about/. Drafts are visible to staff."""

    template_name = "blog/page_detail.html"
    context_object_name = "page"

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.object.is_draft:
            add_never_cache_headers(response)
        return response

    def get_queryset(self):
        return Page.objects.followed_by(f"page-{self.kwargs['slug']}")

    def get_object(self):
        page = super().get_object()
        if page.is_draft and not self.request.user.is_staff:
            raise Http404("There is no such page.")
        return page


class Robots(TemplateView):
    template_name = "robots.txt"
    content_type = "text/plain; charset=utf-8"


class Icon(TemplateView):
    """The site icon in an accent colour. The maskable variant leaves its corners to the platform.

    The accent is part of the URL, so that caches may store the response for good.
    """

    template_name = "icon.svg"
    content_type = "image/svg+xml"
    is_maskable = False

    def get(self, request, accent):
        if accent not in share_card.HUES:
            raise Http404("There is no such accent.")
        response = super().get(request, accent=accent)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def get_context_data(self, **kwargs):
        red, green, blue = share_card.colour(kwargs["accent"])
        return {"colour": f"#{red:02x}{green:02x}{blue:02x}", "rounding": 0 if self.is_maskable else 6}


class Favicon(RedirectView):
    """The icon for pages that don't link one, such as the admin's."""

    def get_redirect_url(self):
        return reverse("icon", args=[self.request.site.accent])


def icons(accent):
    """SVG icons in the accent colour. For the default accent also PNGs, for platforms without SVG support."""
    vector = [("icon", "any"), ("icon-maskable", "maskable")]
    raster = [("192", "any"), ("512", "any"), ("maskable", "maskable")] if accent == Accent.RUST else []
    return [
        {
            "src": reverse(name, args=[accent]),
            "sizes": "any",
            "type": "image/svg+xml",
            "purpose": purpose,
        }
        for name, purpose in vector
    ] + [
        {
            "src": static(f"icon-{name}.png"),
            "sizes": "192x192" if name == "192" else "512x512",
            "type": "image/png",
            "purpose": purpose,
        }
        for name, purpose in raster
    ]


class Manifest(View):
    """The web app manifest (W3C). The installed app is a share target that opens the capture form."""

    def get(self, request):
        site = request.site
        manifest = {
            "id": reverse("home"),
            "name": site.title,
            "short_name": site.title,
            "description": site.tagline,
            "lang": site.language,
            "start_url": reverse("home"),
            "scope": reverse("home"),
            "display": "minimal-ui",
            "background_color": BACKGROUND,
            "theme_color": BACKGROUND,
            "icons": icons(site.accent),
            "share_target": {
                "action": reverse("capture:form"),
                "method": "GET",
                "enctype": "application/x-www-form-urlencoded",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        }
        return JsonResponse(manifest, content_type="application/manifest+json")


class Health(View):
    """The health check: `ok` if the database can be reached."""

    def get(self, request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        response = HttpResponse("ok\n", content_type="text/plain")
        add_never_cache_headers(response)
        return response
