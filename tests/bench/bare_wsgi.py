"""Serves the least that Django can serve, with nothing of ours around it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.bare"
application = get_wsgi_application()
