"""What scripts of the admin's forms talk to: they are told in JSON what went wrong, not sent to log in."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class Endpoint(View):
    """For staff, and of them for whom `demand_permission` lets pass. Never cached.

    Who is not logged in is told so (401) before the CSRF token is looked at: with the session's cookie,
    that of the token may be gone as well.
    """

    @classonlymethod
    def as_view(cls, **initkwargs):
        return never_cache(csrf_exempt(super().as_view(**initkwargs)))

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return JsonResponse({"error": _("You are logged out. Log in, in another window.")}, status=401)
        try:
            if not admin.site.has_permission(request):
                raise PermissionDenied
            self.demand_permission(request)
            return csrf_protect(super().dispatch)(request, *args, **kwargs)
        except PermissionDenied:
            return JsonResponse({"error": _("You may not do that.")}, status=403)

    def demand_permission(self, request):
        """Raises PermissionDenied."""


class PostEndpoint(Endpoint):
    """For those who may add or change posts of the admin's kind."""

    model_admin = None

    def demand_permission(self, request):
        if not (
            self.model_admin.has_add_permission(request) or self.model_admin.has_change_permission(request)
        ):
            raise PermissionDenied

    def find_post(self, pk):
        """The post of this kind with that id, or None; for an id that is none as well."""
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            return None
        return self.model_admin.model.objects.filter(pk=pk).first()

    def demand_permission_for(self, request, post):
        """To change the post, or to add one if it is None."""
        may_change = self.model_admin.has_change_permission
        if not (may_change(request, post) if post else self.model_admin.has_add_permission(request)):
            raise PermissionDenied
