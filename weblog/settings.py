"""Django's settings. Those that differ between deployments come from the environment: see .env.example."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from csp.constants import NONE, SELF

from . import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

env.read_file(BASE_DIR / env.text("ENV_FILE", ".env"))

# Deployment

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.secret("SECRET_KEY")
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

# The URL of the site without a trailing slash. If empty, absolute URLs use the host of the request.
SITE_URL, site_host = env.site("SITE_URL")

# The site's own host is always allowed, and so are the loopback hosts, for health checks.
ALLOWED_HOSTS = [*LOOPBACK_HOSTS, *env.items("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = []
if SITE_URL:
    ALLOWED_HOSTS.append(site_host)
    CSRF_TRUSTED_ORIGINS.append(SITE_URL)

# The WebSub hub that is pinged when a post is published or updated.
WEBSUB_HUB = env.hub("WEBSUB_HUB", SITE_URL)

# The cache in front that is purged, the seconds for which it may store responses, and the further seconds for
# which it may serve them while it fetches them again.
PURGER = env.purger()
SHARED_MAX_AGE = env.seconds("SHARED_MAX_AGE", default=24 * 60 * 60)
SHARED_STALE_WHILE_REVALIDATE = env.seconds("SHARED_STALE_WHILE_REVALIDATE", default=60)

# The application

INSTALLED_APPS = [
    "taggit",  # before the weblog, which replaces its admin
    "blog",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "blog.feeds.cors.FeedCorsMiddleware",  # first, to cover redirects to HTTPS
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "blog.caching.middleware.CacheMiddleware",
    "blog.middleware.MalformedRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blog.middleware.ContentSecurityPolicyMiddleware",
    "blog.middleware.CurrentSiteMiddleware",
    "blog.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "weblog.urls"
WSGI_APPLICATION = "weblog.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "blog.strings.tag_names.parse"
TAGGIT_STRING_FROM_TAGS = "blog.strings.tag_names.edit_string_for_tags"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context_processors.site",
            ],
            "builtins": ["django.templatetags.i18n"],  # nearly every template has text to translate
        },
    },
]

# Defaults outside of requests. Requests use the language and time zone of the site settings.
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["weblog.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# Data

database = env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'weblog.sqlite3'}", base=BASE_DIR)
if database["ENGINE"] == "django.db.backends.sqlite3":
    database["OPTIONS"] = {
        # A transaction that starts with a read fails if it must wait for a writer before its first write.
        # One that starts as a writer waits.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for another writer
        # WAL lets readers and a writer work at once, and stays consistent without an fsync per commit.
        # A page cache of 16 MiB per connection is enough, since the system caches the file.
        "init_command": (
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
            "PRAGMA cache_size = -16384;"
        ),
    } | database.get("OPTIONS", {})
else:
    database["CONN_HEALTH_CHECKS"] = True
database["CONN_MAX_AGE"] = 60  # seconds; each of the server's few threads keeps one connection
DATABASES = {"default": database}

CACHES = {
    "default": env.cache("CACHE_URL", default="locmemcache://"),
    "responses": env.response_cache("RESPONSE_CACHE_URL", folder=DATA_DIR / "responses", enabled=not DEBUG),
}
# Bytes of cached pages in the memory of each process, in front of the cache that they share.
RESPONSE_CACHE_MEMORY = 0 if "dummy" in CACHES["responses"]["BACKEND"] else 32 * 1024 * 1024

MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"

# The largest post is well under 1 MB; the admin's lists submit a few fields for each row.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Static files belong to the code, not to the data. collectstatic creates them for each release.

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": env.storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security

if env.flag("TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

if SITE_URL.startswith("https:"):
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # health checks use plain HTTP
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"

# The only inline script. It sets the theme before the first paint.
THEME_SCRIPT = sha256((BASE_DIR / "templates/blog/includes/theme.js").read_bytes()).digest()

# No other inline code, and nothing from other hosts except images, audio and video in posts. Frames are
# forbidden here; blog.middleware.ContentSecurityPolicyMiddleware adds the hosts that the author allows.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, f"'sha256-{b64encode(THEME_SCRIPT).decode()}'"],
        "img-src": [SELF, "https:", "http:", "data:"],
        "media-src": [SELF, "https:", "http:", "data:"],
        "frame-src": [NONE],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

CSRF_FAILURE_VIEW = "blog.views.errors.forbidden"

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains, which may belong to others
    "security.W021",  # HSTS preload, a promise for years that only the domain's owner can make
    "security.W019",  # X-Frame-Options SAMEORIGIN, since pages of the site may frame each other
]

# Logging goes to the console, where the process manager collects it.

LOG_LEVEL = env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Without Django's own handlers, which log to the console only with DEBUG.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.request": {"level": "WARNING"},
        "django.db.backends": {"level": "INFO"},  # DEBUG would log every query
    },
}

# The variables read above. They are part of blog.caching.build_fingerprint, since they affect pages.
ENVIRONMENT_VARIABLES = frozenset(env.names)
