"""What every template may use."""

from blog.models import Post, SiteSettings


def site(request):
    """`site`: the site settings; `kinds`: for the navigation."""
    return {"site": getattr(request, "site", None) or SiteSettings.load(), "kinds": Post.kinds().values()}
