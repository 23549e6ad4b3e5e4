"""Variables that every template can use."""

from blog.models import Post, SiteSettings


def site(request):
    """Add `site`, the site settings, and `kinds`, the kinds of post for the navigation."""
    return {"site": getattr(request, "site", None) or SiteSettings.load(), "kinds": Post.kinds().values()}
