"""The admin, and the weblog at the root."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from blog.admin.images import AddImage

# Views for the scripts of the admin's pages, besides the lists and forms of models.
author_urls = [
    path("images/add/", AddImage.as_view(), name="add-image"),
    path("words.js", JavaScriptCatalog.as_view(packages=["blog"]), name="words"),
]

urlpatterns = [
    path("admin/capture/", include("blog.admin.writing.capture")),
    path("admin/", include((author_urls, "authors"))),
    path("admin/", admin.site.urls),
    path("", include("blog.urls")),
]

handler400 = "blog.views.errors.bad_request"
handler403 = "blog.views.errors.forbidden"
handler404 = "blog.views.errors.not_found"
