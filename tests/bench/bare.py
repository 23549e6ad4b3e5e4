"""The least that Django can serve: what every page costs before it does anything."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("Hello."))]
