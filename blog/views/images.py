"""The author's pictures, from wherever the storage keeps them."""

from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from django.views import View

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
YEAR = 365 * 24 * 60 * 60


class ImageFile(View):
    """A picture or one of its copies. What a name stands for never changes, so caches may keep it.

    From a folder it is served; from a bucket it is fetched by the reader, whom a redirect sends there. So
    the texts name the same address whatever the storage is, and a bucket can stay closed to strangers: the
    address in it that Django-storages makes is signed, and good for an hour.
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
            raise Http404("There is no such picture.") from error
        ending = name.rpartition(".")[2]
        return FileResponse(file, content_type=TYPES[ending], filename=name.rpartition("/")[2])
