"""Base classes for the JSON endpoints that scripts in the admin's forms call."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class Endpoint(View):
    """An endpoint for staff with the permission that `demand_permission` checks. Never cached.

    Errors are JSON, not redirects to the login page. Authentication is checked before the CSRF token: when
    the session cookie expires the CSRF cookie may be gone too, and the author must see 401, not 403.
    """

    @classonlymethod
    def as_view(cls, **initkwargs):
        return never_cache(csrf_exempt(super().as_view(**initkwargs)))

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return JsonResponse(
                {"error": _("You are logged out. Log in in another window, then try again.")}, status=401
            )
        try:
            if not admin.site.has_permission(request):
                raise PermissionDenied
            self.demand_permission(request)
            return csrf_protect(super().dispatch)(request, *args, **kwargs)
        except PermissionDenied:
            return JsonResponse({"error": _("You don't have permission to do this.")}, status=403)

    def demand_permission(self, request):
        """Raise PermissionDenied unless the user may use the endpoint."""


class PostEndpoint(Endpoint):
    """An endpoint for users who may add or change posts of the admin's kind."""

    model_admin = None

    def demand_permission(self, request):
        if not (
            self.model_admin.has_add_permission(request) or self.model_admin.has_change_permission(request)
        ):
            raise PermissionDenied

    def find_post(self, pk):
        """The post of this kind with the id, or None if there is none or the id is malformed."""
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            return None
        return self.model_admin.model.objects.filter(pk=pk).first()

    def demand_permission_for(self, request, post):
        """Raise PermissionDenied unless the user may change the post, or add one if it is None."""
        may_change = self.model_admin.has_change_permission
        if not (may_change(request, post) if post else self.model_admin.has_add_permission(request)):
            raise PermissionDenied
