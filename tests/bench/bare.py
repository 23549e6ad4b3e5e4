"""The least that Django can serve: what every page costs before it does anything.

Its addresses, and its settings where a web server loads it.
"""

from django.http import HttpResponse
from django.urls import path

from weblog.settings import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "tests.bench.bare"

urlpatterns = [path("", lambda request: HttpResponse("Hello."))]
