"""Reads the environment for settings.py. A malformed value stops the start with what to do about it."""

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

# Every variable that was asked for, so that a test can hold .env.example against it.
names = set()


def read_file(path):
    """Adds the variables of a .env file to the environment, but for those that are set already."""
    environ.Env.read_env(path)


def text(name, default=""):
    """An empty variable counts as unset: docker compose passes those on."""
    names.add(name)
    return os.environ.get(name, "").strip() or default


def words(name):
    return text(name).replace(",", " ").split()


def flag(name):
    value = text(name, "false")
    if value.lower() not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}, which is neither: set it to true or false.")
    return value.lower() in TRUE


def choice(name, choices, default):
    value = text(name, default).upper()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of {', '.join(choices)}.")
    return value


def secret(name):
    """Django's own measure of a good key: 50 characters, not all the same."""
    value = text(name)
    if len(value) < 50 or len(set(value)) < 5:
        raise ImproperlyConfigured(
            f"{name} is {'too short' if value else 'missing'}: run `make install`, which writes a .env file "
            f"with one, or set it to at least 50 random characters."
        )
    return value


def folder(name, default):
    """An absolute path, made if it does not exist yet. A relative one is taken from the project's folder."""
    path = default.parent / text(name, default.name)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name} is {str(path)!r}, which cannot be made ({error.strerror}): "
            f"set it to a folder that can be written."
        ) from error
    return path


def site(name):
    """A site's URL, without a slash at the end, and its host, as browsers write them; empty where unset."""
    value = text(name)
    if not value:
        return "", ""
    parts = _split(value)
    host = _host(parts) if parts else ""
    if not host or parts.scheme not in {"http", "https"} or parts.path.strip("/") or _has_more(parts):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to the site's scheme and host and nothing more, like https://example.com."
        )
    usual_port = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in {None, usual_port} else ""
    return f"{parts.scheme}://{host}{port}", host


def hub(name, site_url):
    """The address of a WebSub hub, or nothing. It is told of absolute addresses, outside any request."""
    value = text(name)
    parts = _split(value)
    if value and not (parts and parts.hostname and parts.scheme in {"http", "https"}):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: set it to the address of a hub, like https://hub.example.com/."
        )
    if value and not site_url:
        raise ImproperlyConfigured(f"{name} needs SITE_URL, by which the hub knows the feeds: set that too.")
    return value


def seconds(name, default):
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,8}", value):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a number of seconds, like {default}.")
    return int(value)


def purger():
    """Which cache in front can be told to forget pages, as a class and what it needs; None without one."""
    varnish, zone, token = text("VARNISH_URL"), text("CLOUDFLARE_ZONE"), text("CLOUDFLARE_TOKEN")
    parts = _split(varnish)
    if varnish and not (parts and parts.hostname and parts.scheme == "http"):
        raise ImproperlyConfigured(
            f"VARNISH_URL is {varnish!r}: set it to the address of Varnish itself, like http://127.0.0.1:6081/."
        )
    if bool(zone) != bool(token):
        raise ImproperlyConfigured("CLOUDFLARE_ZONE and CLOUDFLARE_TOKEN belong together: set both or none.")
    if varnish and zone:
        raise ImproperlyConfigured(
            "VARNISH_URL and CLOUDFLARE_ZONE name two caches, and only one can be told: unset one of them."
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
    """Django's settings for one database. The URL may hold a password, so no message repeats it."""
    value = text(name, default)
    if value == "sqlite://:memory:":
        return environ.Env.db_url_config(value)
    parts = _split(value)
    if not parts or parts.scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"{name} names no database that is supported: "
            f"set it to sqlite:///path/to/file or postgres://user:password@host:5432/name."
        )
    if parts.scheme == "sqlite" and parts.netloc:
        raise ImproperlyConfigured(
            f"{name} has a host name, which SQLite cannot use: "
            f"write sqlite:///file with three slashes, or four for an absolute path."
        )
    if len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"{name} does not say which database: add its name, or SQLite's file, after the host."
        )

    config = environ.Env.db_url_config(value)
    if parts.scheme == "sqlite":
        config["NAME"] = str(base / config["NAME"])
    elif "host" in config.get("OPTIONS", {}):  # ?host=/folder is how libpq's own URLs name a Unix socket
        config["HOST"] = config["OPTIONS"].pop("host")
    return config


def storage():
    """Django's settings for what authors upload: a bucket if one is named, else a folder."""
    bucket, endpoint, region = text("BUCKET_NAME"), text("BUCKET_ENDPOINT"), text("BUCKET_REGION")
    key, secret_key = text("BUCKET_ACCESS_KEY"), text("BUCKET_SECRET_KEY")
    parts = _split(endpoint)
    if endpoint and not (parts and parts.hostname and parts.scheme in {"http", "https"}):
        raise ImproperlyConfigured(
            f"BUCKET_ENDPOINT is {endpoint!r}: set it to the address of the service, like https://s3.example.com."
        )
    if bool(key) != bool(secret_key):
        raise ImproperlyConfigured(
            "BUCKET_ACCESS_KEY and BUCKET_SECRET_KEY belong together: set both or none."
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
        "default_acl": None,  # what the bucket says, which is private unless somebody opened it
        "querystring_auth": True,  # addresses are signed, and good for an hour
        "file_overwrite": True,  # a name never stands for another content
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def cache(name, default):
    value = text(name, default)
    parts = _split(value)
    if not parts or parts.scheme not in CACHES:
        known = ", ".join(f"{scheme}://" for scheme in CACHES)
        raise ImproperlyConfigured(
            f"{name} names no cache that is supported: start it with one of {known}, like {default}."
        )
    package = CACHES[parts.scheme]
    if importlib.util.find_spec(package) is None:
        raise ImproperlyConfigured(
            f"{name} names a {parts.scheme} cache, which needs the Python package {package}: "
            f"install it, or unset {name}."
        )
    return environ.Env.cache_url_config(value)


def response_cache(name, folder, is_on):
    """Django's settings for the cache of pages: in files unless another is named."""
    if not is_on:
        text(name)
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    if text(name):
        named = cache(name, "redis://127.0.0.1:6379")
        is_redis = named["BACKEND"].endswith("RedisCache")
        return named | {"BACKEND": "blog.caching.redis_backend.RedisBackend"} if is_redis else named
    return {"BACKEND": "blog.caching.file_backend.FileBackend", "LOCATION": str(folder)}


def _split(url):
    """None for what is no URL at all, such as one with an impossible port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host(parts):
    """In lower case, in ASCII, an IPv6 address in brackets; empty where Django would serve no such host."""
    host = parts.hostname or ""
    try:
        host = f"[{host}]" if ":" in host else host.encode("idna").decode()
    except UnicodeError:
        return ""
    return split_domain_port(host)[0]


def _has_more(parts):
    return parts.query or parts.fragment or parts.username is not None
