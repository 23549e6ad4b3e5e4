"""Middleware of the weblog, besides that of feeds and of caching."""

from urllib.parse import urlsplit

from csp.constants import NONE
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from blog.caching.response_cache import REQUEST_VERSION
from blog.database import reads
from blog.models import Post, Redirect, SiteSettings, current_settings


class SiteRequest(HttpRequest):
    """The type of requests that have passed `CurrentSiteMiddleware`."""

    site: SiteSettings


class MalformedRequestMiddleware:
    """Handle malformed URLs, so that no view has to.

    Rejects NUL characters, which PostgreSQL rejects in queries. Redirects a query string with `&amp;`, copied
    from a page's source, to the one with `&`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path or "\x00" in query or "%00" in query:
            raise BadRequest("The URL contains a NUL character.")
        if request.method == "GET" and "&amp" in query:
            repaired = query.replace("&amp%3B", "&").replace("&amp;", "&")
            if repaired != query:
                # Without this, `//host/` would redirect to another site.
                path = escape_leading_slashes(escape_uri_path(request.path))
                return HttpResponseRedirect(f"{path}?{repaired}")
        return self.get_response(request)


class CurrentSiteMiddleware:
    """Set `request.site` to the site settings, and activate the site's time zone and language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A change of the settings affects every page. The state notes what is read of it.
        with reads.followed_by():
            request.site = current_settings()
            if request.site.state.has_due_posts:
                Post.publish_due()
                request.site = current_settings()
        request.META[REQUEST_VERSION] = request.site.state.version
        with timezone.override(request.site.tz), translation.override(request.site.language):
            return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Add the hosts whose frames the author allows to the policy of the settings."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        hosts = request.site.embed_hosts.split() if hasattr(request, "site") else []
        parts.replace = {
            **(parts.replace or {}),
            "frame-src": [f"https://{host}" for host in hosts] or [NONE],
        }
        return parts


class RedirectMiddleware:
    """Redirect other hosts to the site, and unknown paths to the author's targets.

    Only those requests query the table of redirects.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.site_host = urlsplit(settings.SITE_URL).netloc

    def __call__(self, request):
        host = request.get_host()
        if self.site_host and host != self.site_host and request.path != "/healthz":
            target = self.find_target([host], request) or settings.SITE_URL + request.get_full_path()
            return HttpResponsePermanentRedirect(target)
        response = self.get_response(request)
        if response.status_code == 404:
            target = self.find_target(["", host], request)
            return HttpResponsePermanentRedirect(target) if target else response
        return response

    def find_target(self, domains, request):
        """Return the target of the path, else that of `*` with the path appended, else None.

        The query string is appended to a target that has neither a query nor a fragment.
        """
        path = request.path.lstrip("/")
        found = Redirect.objects.filter(domain__in=domains, path__in=[path[:500], "*"])
        targets = {redirect.path: redirect.target for redirect in found}
        query = request.META.get("QUERY_STRING")
        if path in targets:
            target = targets[path]
            return f"{target}?{query}" if query and not {"?", "#"} & set(target) else target
        if "*" in targets:
            return escape_leading_slashes(targets["*"].rstrip("/") + request.get_full_path())
        return None
