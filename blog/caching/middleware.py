"""What answers say to the caches between the weblog and its readers."""

from django.conf import settings

from . import purgers
from .cached_page import CACHE_CONTROL
from .purge_worker import purge_thread
from .response_cache import is_personal, is_public, may_be_kept
from .site_version import NO_VERSION, REQUEST_VERSION
from .surrogate_keys import collect_posts, keys_for, watch_posts

PRIVATE = "private, max-age=0, must-revalidate"
SAFE = {"GET", "HEAD", "OPTIONS"}


class SharedCacheMiddleware:
    """Lets a cache in front keep what it can be told to forget, with the names for that.

    All others have to ask each time, whatever the answer is: left to themselves, they would keep even what
    was not found.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.purger = purgers.configured()
        if self.purger:
            watch_posts()
            purge_thread.start()

    def __call__(self, request):
        with collect_posts() as loaded:
            response = self.get_response(request)
        is_private = is_personal(request.META) or response.cookies
        response.setdefault("Cache-Control", PRIVATE if is_private else CACHE_CONTROL)
        if self.purger and is_public(request.META) and may_be_kept(response):
            self.share(request, response, loaded)
        if self.purger and request.method not in SAFE:
            purge_thread.start()
        return response

    def share(self, request, response, loaded):
        """A feed of which a hub is told asks for itself not to be kept."""
        names = keys_for(request, response, loaded)
        is_known = request.META.get(REQUEST_VERSION, NO_VERSION) != NO_VERSION
        if names and is_known and "s-maxage" not in response["Cache-Control"]:
            response[self.purger.header] = self.purger.separator.join(names)
            response["Cache-Control"] += (
                f", s-maxage={settings.SHARED_MAX_AGE}, stale-while-revalidate={settings.SHARED_STALE}"
            )
