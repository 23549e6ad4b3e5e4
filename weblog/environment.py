"""Read environment variables for settings.py. A malformed value raises an error that says how to fix it."""

import importlib.util
import os
import re
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port

TRUE = {"true", "yes", "on", "1"}
FALSE = {"false", "no", "off", "0"}
CACHES = {
    # scheme: the Python package it needs
    "locmemcache": "django",
    "dummycache": "django",
    "filecache": "django",
    "dbcache": "django",
    "memcache": "pymemcache",
    "pymemcache": "pymemcache",
    "redis": "redis",
    "rediss": "redis",
}

# Every variable that was read. A test compares .env.example with it.
names = set()


def read_file(path):
    """Add the variables of a .env file to the environment, except those that are already set."""
    environ.Env.read_env(path)


def text(name, default=""):
    """Return the variable's value. An empty one counts as unset, because docker compose passes those on."""
    names.add(name)
    return os.environ.get(name, "").strip() or default


def items(name):
    return text(name).replace(",", " ").split()


def flag(name):
    value = text(name, "false")
    if value.lower() not in TRUE | FALSE:
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is neither true nor false: set it to one of them."
        )
    return value.lower() in TRUE


def choice(name, choices, default):
    value = text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of {', '.join(choices)}.")
    return value


def secret(name):
    """Return a secret key, checked as Django's deployment check does: 50 characters, five different ones."""
    value = text(name)
    if len(value) < 50 or len(set(value)) < 5:
        raise ImproperlyConfigured(
            f"{name} is {'too short' if value else 'missing'}: run `make install`, which writes a .env file "
            f"with one, or set it to at least 50 random characters."
        )
    return value


def folder(name, default):
    """Return an absolute path, and create the folder. A relative path starts at the project's folder."""
    path = default.parent / text(name, default.name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} is {str(path)!r}, which can't be created ({error.strerror}): "
            f"set it to a writable folder."
        ) from error
    return path


def site(name):
    """Return the URL of a site, without a trailing slash, and its host, normalized as browsers do."""
    value = text(name)
    if not value:
        return "", ""
    parts = _split(value)
    host = _host(parts) if parts else ""
    if not host or parts.scheme not in {"http", "https"} or parts.path.strip("/") or _has_other_parts(parts):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to the site's scheme and host only, like https://example.com."
        )
    default_port = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in {None, default_port} else ""
    return f"{parts.scheme}://{host}{port}", host


def hub(name, site_url):
    """Return the URL of a WebSub hub, or "". Pings contain absolute URLs, so SITE_URL must be set too."""
    value = text(name)
    parts = _split(value)
    if value and not (parts and parts.hostname and parts.scheme in {"http", "https"}):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to the URL of a hub, like https://hub.example.com/."
        )
    if value and not site_url:
        raise ImproperlyConfigured(f"{name} needs SITE_URL for the URLs of the feeds: set that too.")
    return value


def seconds(name, default):
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,8}", value):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a number of seconds, like {default}.")
    return int(value)


def purger():
    """Return the class and options that purge the cache in front, or None without one."""
    varnish, zone, token = text("VARNISH_URL"), text("CLOUDFLARE_ZONE"), text("CLOUDFLARE_TOKEN")
    parts = _split(varnish)
    if varnish and not (parts and parts.hostname and parts.scheme == "http"):
        raise ImproperlyConfigured(
            f"VARNISH_URL is {varnish!r}: set it to the URL that Varnish accepts purges on, like http://127.0.0.1:6082/."
        )
    if bool(zone) != bool(token):
        raise ImproperlyConfigured(
            "CLOUDFLARE_ZONE and CLOUDFLARE_TOKEN belong together: set both or neither."
        )
    if varnish and zone:
        raise ImproperlyConfigured(
            "VARNISH_URL and CLOUDFLARE_ZONE name two caches, but only one can be purged: unset one of them."
        )
    if varnish:
        return {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": varnish}}
    if not zone:
        return None
    if not importlib.util.find_spec("cloudflare"):
        raise ImproperlyConfigured(
            "CLOUDFLARE_ZONE needs the Python package cloudflare: install it, or unset CLOUDFLARE_ZONE."
        )
    return {"BACKEND": "blog.caching.purgers.Cloudflare", "OPTIONS": {"zone": zone, "token": token}}


def database(name, default, base):
    """Return Django's settings for the database. The URL may contain a password, so no message shows it."""
    value = text(name, default)
    if value == "sqlite://:memory:":
        return environ.Env.db_url_config(value)
    parts = _split(value)
    if not parts or parts.scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} names no supported database: "
            f"set it to sqlite:///path/to/file or postgres://user:password@host:5432/name."
        )
    if parts.scheme == "sqlite" and parts.netloc:
        raise ImproperlyConfigured(
            f"{name} has a host name, which SQLite can't use: "
            f"write sqlite:///file with three slashes, or four for an absolute path."
        )
    if len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"{name} names no database: add its name, or the file of SQLite, after the host."
        )

    config = environ.Env.db_url_config(value)
    if parts.scheme == "sqlite":
        config["NAME"] = str(base / config["NAME"])
    elif "host" in config.get("OPTIONS", {}):  # ?host=/folder is how libpq's own URLs name a Unix socket
        config["HOST"] = config["OPTIONS"].pop("host")
    return config


def storage():
    """Return Django's settings for uploaded files: a bucket if one is named, else a folder."""
    bucket, endpoint, region = text("BUCKET_NAME"), text("BUCKET_ENDPOINT"), text("BUCKET_REGION")
    key, secret_key = text("BUCKET_ACCESS_KEY"), text("BUCKET_SECRET_KEY")
    parts = _split(endpoint)
    if endpoint and not (parts and parts.hostname and parts.scheme in {"http", "https"}):
        raise ImproperlyConfigured(
            f"BUCKET_ENDPOINT is {endpoint!r}: set it to the URL of the service, like https://s3.example.com."
        )
    if bool(key) != bool(secret_key):
        raise ImproperlyConfigured(
            "BUCKET_ACCESS_KEY and BUCKET_SECRET_KEY belong together: set both or neither."
        )
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if not all(importlib.util.find_spec(package) for package in ("storages", "boto3")):
        raise ImproperlyConfigured(
            "BUCKET_NAME names a bucket, which needs the Python package django-storages[s3]: "
            "install it, or unset BUCKET_NAME."
        )
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": key or None,
        "secret_key": secret_key or None,
        "signature_version": "s3v4",
        "default_acl": None,  # the bucket's own setting, which is private by default
        "querystring_auth": True,  # URLs are signed, and expire after an hour
        "file_overwrite": True,  # a name always has the same content
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def cache(name, default):
    value = text(name, default)
    parts = _split(value)
    if not parts or parts.scheme not in CACHES:
        known = ", ".join(f"{scheme}://" for scheme in CACHES)
        raise ImproperlyConfigured(
            f"{name} names no supported cache: start it with one of {known}, like {default}."
        )
    package = CACHES[parts.scheme]
    if importlib.util.find_spec(package) is None:
        raise ImproperlyConfigured(
            f"{name} names a {parts.scheme} cache, which needs the Python package {package}: "
            f"install it, or unset {name}."
        )
    return environ.Env.cache_url_config(value)


def response_cache(name, folder, enabled):
    """Return Django's settings for the response cache: in files unless another cache is named."""
    if not enabled:
        text(name)
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    if text(name):
        config = cache(name, "redis://127.0.0.1:6379")
        is_redis = config["BACKEND"].endswith("RedisCache")
        return config | {"BACKEND": "blog.caching.redis_backend.RedisBackend"} if is_redis else config
    return {"BACKEND": "blog.caching.file_backend.FileBackend", "LOCATION": str(folder)}


def _split(url):
    """Split a URL. Returns None for an invalid one, such as one with an impossible port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(parts):
    """Return the host in lower case and ASCII, an IPv6 address in brackets; "" if Django rejects it."""
    host = parts.hostname or ""
    try:
        host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        return ""
    return split_domain_port(host)[0]


def _has_other_parts(parts):
    return parts.query or parts.fragment or parts.username is not None
