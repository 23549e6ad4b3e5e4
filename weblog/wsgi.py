"""The WSGI application: Django within the response cache and the subscriber counter."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weblog.settings")

try:
    django = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(str(error))

# These need Django to be set up.
from blog.caching.response_cache import ResponseCache
from blog.feeds.subscribers import SubscriberCounter

application = SubscriberCounter(ResponseCache(django))

# Keep everything loaded so far out of garbage collection, which would delay a request by 50 ms each time.
gc.collect()
gc.freeze()
