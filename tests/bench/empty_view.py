"""An empty Django view: the lower bound of what a page costs. URL configuration and settings in one."""

from django.http import HttpResponse
from django.urls import path

from weblog.settings import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "tests.bench.empty_view"

urlpatterns = [path("", lambda request: HttpResponse("Hello."))]
