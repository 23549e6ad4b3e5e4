"""What every template may use."""

from django.utils.functional import SimpleLazyObject

from blog.archive import years
from blog.models import Post, SiteSettings


def site(request):
    """`site`: the site settings; `kinds`: for the navigation; `archive_years`: queried only where used."""
    return {
        "site": getattr(request, "site", None) or SiteSettings.load(),
        "kinds": Post.kinds().values(),
        "archive_years": SimpleLazyObject(years),
    }
