"""Uploaded images, from a folder or an object store."""

from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from django.views import View

CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
YEAR = 365 * 24 * 60 * 60


class ImageFile(View):
    """An image or a resized copy of one. Names are content hashes, so caches may store it for good.

    Files in a folder are served. For a bucket, readers are redirected to a signed URL that is valid for an
    hour. So image URLs in posts don't depend on the storage, and the bucket can stay private.
    """

    def get(self, request, name):
        if isinstance(default_storage, FileSystemStorage):
            return self.serve(request, name)
        response = HttpResponseRedirect(default_storage.url(name))
        patch_cache_control(response, public=True, max_age=30 * 60)
        return response

    def serve(self, request, name):
        tag = f'"{name}"'
        if tag in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        else:
            response = self.file(name)
        response["ETag"] = tag
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
        return response

    def file(self, name):
        try:
            file = default_storage.open(name)
        except FileNotFoundError as error:
            raise Http404("There is no such image.") from error
        extension = name.rpartition(".")[2]
        return FileResponse(file, content_type=CONTENT_TYPES[extension], filename=name.rpartition("/")[2])
