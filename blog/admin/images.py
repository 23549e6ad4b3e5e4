"""Images in the admin: uploading into a text area, and the list of all images."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.forms.widgets import Script
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from blog.images import uploads
from blog.models import Image, Page, Post
from blog.models.images import MAX_ALT_LENGTH

from .endpoints import Endpoint
from .lists import BoundedSearch

#: Bytes allowed for the parts of an upload request besides the file.
MAX_OVERHEAD = 64 * 1024
MAX_USES_SHOWN = 20


class TextWidget(AdminTextareaWidget):
    """A text area that images can be pasted, dropped or chosen into."""

    class Media:
        css = {"all": ["admin-images.css"]}
        js = [Script("admin-images.js", type="module")]

    def get_context(self, name, value, attrs):
        data = {"data-image-upload": reverse("authors:add-image"), "data-image-types": ",".join(mime_types())}
        return super().get_context(name, value, data | (attrs or {}))


def mime_types():
    return [f"image/{name.lower()}" for name in uploads.READABLE_FORMATS]


class ImageEndpoint(Endpoint):
    def demand_permission(self, request):
        if not request.user.has_perm("blog.add_image"):
            raise PermissionDenied


class AddImage(ImageEndpoint):
    """Stores the uploaded file `image` and returns its URLs.

    The size is checked first, from the header: the CSRF check would already read the whole body.
    """

    def dispatch(self, request):
        if int(request.headers.get("Content-Length") or 0) > uploads.MAX_BYTES + MAX_OVERHEAD:
            limit = uploads.MAX_BYTES // 1024**2
            return JsonResponse(
                {"error": _("The image is too large. The limit is %(number)d MB.") % {"number": limit}},
                status=413,
            )
        return super().dispatch(request)

    def post(self, request):
        try:
            file = request.FILES["image"]
        except (KeyError, RequestDataTooBig):
            return JsonResponse({"error": _("The upload contains no image.")}, status=400)
        try:
            image = Image.store_upload(file, request.user)
        except uploads.RejectedImage as error:
            return JsonResponse({"error": str(error)}, status=400)
        created = {
            "url": image.get_absolute_url(),
            "thumbnail": image.thumbnail(),
            "alt": image.alt,
            "describe": reverse("admin:blog_image_describe", args=[image.pk]),
        }
        return JsonResponse(created, status=201)


class DescribeImage(ImageEndpoint):
    """Stores the `alt` text, which is suggested when the image is used again."""

    def post(self, request, pk):
        alt = request.POST.get("alt", "").replace("\x00", "")[:MAX_ALT_LENGTH]
        if not Image.objects.filter(pk=pk).update(alt=alt):
            return JsonResponse({"error": _("This image no longer exists.")}, status=404)
        return JsonResponse({})


class AltFilter(admin.SimpleListFilter):
    title = gettext_lazy("alt text")
    parameter_name = "described"

    def lookups(self, request, model_admin):
        return [("no", pgettext("alt text", "Without")), ("yes", pgettext("alt text", "With"))]

    def queryset(self, request, queryset):
        match self.value():
            case "no":
                return queryset.filter(alt="")
            case "yes":
                return queryset.exclude(alt="")
        return queryset


class ImageForm(forms.ModelForm):
    class Meta:
        widgets = {"alt": forms.Textarea(attrs={"rows": 3})}


@admin.register(Image)
class ImageAdmin(BoundedSearch, admin.ModelAdmin):
    """The list of images. They are uploaded in the text that uses them, so there is no add form."""

    class Media:
        css = {"all": ["admin-images.css"]}

    form = ImageForm
    list_display = ("image_preview", "original_name", "described", "size", "created")
    list_display_links = ("image_preview", "original_name")
    list_filter = (AltFilter, "created")
    search_fields = ("original_name", "alt", "name")
    search_help_text = gettext_lazy("Searches the alt text and the file name.")
    ordering = ("-created", "-id")
    fields = ("shown", "alt", "markdown", "size", "used_in", "author", "created")
    readonly_fields = ("shown", "markdown", "size", "used_in", "author", "created")
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self):
        describe = DescribeImage.as_view()
        return [path("<int:pk>/alt/", describe, name="blog_image_describe"), *super().get_urls()]

    def has_add_permission(self, request):
        return False

    def view_on_site(self, image):
        return image.get_absolute_url()

    def delete_queryset(self, request, queryset):
        """Delete one by one, so that the files are deleted too."""
        for image in queryset:
            image.delete()

    def get_deleted_objects(self, images, request):
        """Also list the posts and pages that use the images and would lose them."""
        objects, counts, forbidden, protected = super().get_deleted_objects(images, request)
        for image in list(images)[:MAX_USES_SHOWN]:
            if uses := uses_of(image):
                objects.append(_("%(image)s is used in") % {"image": image})
                objects.append([change_link(use) for use in uses])
        return objects, counts, forbidden, protected

    @admin.display(description=gettext_lazy("image"))
    def image_preview(self, image):
        text = image.alt or _("%(image)s, without alt text") % {"image": image}
        return format_html('<img class="image-thumbnail" src="{}" alt="{}">', image.thumbnail(), text)

    @admin.display(description=gettext_lazy("image"))
    def shown(self, image):
        text = '<a href="{}"><img class="image-thumbnail" src="{}" alt="{}"></a>'
        return format_html(text, image.get_absolute_url(), image.thumbnail(), image.alt or _("The image"))

    @admin.display(description=gettext_lazy("alt text"), ordering="alt")
    def described(self, image):
        return Truncator(image.alt).words(20) or "-"

    @admin.display(description=gettext_lazy("size"), ordering="bytes")
    def size(self, image):
        size = intcomma(round(image.bytes / 1024))
        return f"{image.width} × {image.height}, {size} KB"

    @admin.display(description=gettext_lazy("in Markdown"))
    def markdown(self, image):
        return format_html("<code>![{}]({})</code>", image.alt, image.get_absolute_url())

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, image):
        return format_html_join("", "<div>{}</div>", ((change_link(use),) for use in uses_of(image))) or "-"


def uses_of(image):
    """The newest posts and pages whose text contains the image's name. Scans all texts."""
    posts = Post.objects.filter(body__contains=image.name).newest_first().only("kind", "headline")
    pages = Page.objects.filter(body__contains=image.name).only("title")
    return [*posts[:MAX_USES_SHOWN], *pages[:MAX_USES_SHOWN]]


def change_link(obj):
    kind = getattr(obj, "kind", "page")
    return format_html('<a href="{}">{}</a>', reverse(f"admin:blog_{kind}_change", args=[obj.pk]), obj)
