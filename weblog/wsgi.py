"""What a web server loads to serve the weblog."""

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

# Of these Django has to be set up already.
from blog.caching.response_cache import ResponseCache
from blog.feeds.subscribers import SubscriberCounter

application = SubscriberCounter(ResponseCache(django))

# What is loaded stays. Looking through it for garbage would hold up a request for 50 ms each time.
gc.collect()
gc.freeze()
