"""What scripts of the admin's forms talk to: they are told in JSON what went wrong, not sent to log in."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect


class Endpoint(View):
    """For those who may add or change posts of the admin's kind. Never cached.

    Who is not logged in is told so (401) before the CSRF token is looked at: with the session's cookie,
    that of the token may be gone as well.
    """

    model_admin = None

    @method_decorator(never_cache)
    @method_decorator(csrf_exempt)
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return JsonResponse({"error": "You are logged out."}, status=401)
        try:
            self.demand_permission(request)
            return csrf_protect(super().dispatch)(request, *args, **kwargs)
        except PermissionDenied:
            return JsonResponse({"error": "You may not do that."}, status=403)

    def demand_permission(self, request):
        admin = self.model_admin
        is_staff = admin.admin_site.has_permission(request)
        if not is_staff or not (admin.has_add_permission(request) or admin.has_change_permission(request)):
            raise PermissionDenied

    def find_post(self, pk):
        """The post of this kind with that id, or None; for an id that is none as well."""
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            return None
        return self.model_admin.model.objects.filter(pk=pk).first()

    def demand_permission_for(self, request, post):
        """To change the post, or to add one if it is None."""
        admin = self.model_admin
        if not (admin.has_change_permission(request, post) if post else admin.has_add_permission(request)):
            raise PermissionDenied
