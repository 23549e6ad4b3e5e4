"""The timeline by linked site, and by the site where a link was found (via)."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from blog.paths import path_to, redirect_permanently
from blog.remote.web_urls import canonical_host
from blog.timeline.by_site import MAX_COUNTED_LINKS, MAX_SITES, has_older_links, ids_linking_to, sites

from .base import CappedPostList


class SiteIndex(TemplateView):
    """The sites that recent posts link to, with the number of links."""

    template_name = "blog/site_index.html"
    #: The links to count, the page's title, and the URL name of the page for each site.
    conditions = {}
    title = _("Sites linked to")
    view_name = "links"

    def get_context_data(self, **kwargs):
        found = [site | {"path": self.site_path(site["host"])} for site in sites(**self.conditions)]
        return super().get_context_data(**kwargs) | {
            "sites": found,
            "title": self.title,
            "view_name": self.view_name,
            "max_sites": MAX_SITES if len(found) == MAX_SITES else None,
            "max_counted_links": MAX_COUNTED_LINKS if has_older_links(**self.conditions) else None,
        }

    def site_path(self, host):
        """The path of the site's page; None for a host that doesn't fit into a URL."""
        try:
            return path_to(self.view_name, host)
        except NoReverseMatch:
            return None


class SiteArchive(CappedPostList):
    """The posts that link to a site, newest first."""

    template_name = "blog/site_archive.html"
    conditions = {}
    title = _("Posts that link to %(host)s")
    view_name = "links"

    def dispatch(self, request, host):
        if canonical_host(host) != host:
            return redirect_permanently(request, reverse(self.view_name, args=[canonical_host(host)]))
        return super().dispatch(request, host=host)

    def get_queryset(self):
        return ids_linking_to(self.kwargs["host"], **self.conditions)

    def get_title(self):
        return self.title % {"host": self.kwargs["host"]}


class ViaIndex(SiteIndex):
    conditions = {"is_via": True}
    title = _("Found via")
    view_name = "via"


class ViaArchive(SiteArchive):
    conditions = {"is_via": True}
    title = _("Found via %(host)s")
    view_name = "via"
