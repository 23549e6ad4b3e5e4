"""What a web server loads to serve the weblog."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weblog.settings")

application = get_wsgi_application()
