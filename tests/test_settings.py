"""Settings come from the environment, default to safe values, and explain malformed ones."""

import json
import re
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.helpers.processes import ROOT, process_environment
from weblog import environment


def run(*arguments, **given):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=process_environment(DJANGO_SETTINGS_MODULE="weblog.settings", **given),
        capture_output=True,
        text=True,
        check=False,
    )


def settings_with(**given):
    script = (
        "import json; from weblog import settings; "
        "to_json = lambda value: sorted(value) if isinstance(value, frozenset) else str(value); "
        "print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()}, default=to_json))"
    )
    return json.loads(run("-c", script, **given).stdout)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("DEBUG", "flase"),
        ("TRUST_PROXY", "2"),
        ("SITE_URL", "example.com"),
        ("SITE_URL", "ftp://example.com"),
        ("SITE_URL", "https://example.com/weblog"),
        ("SITE_URL", "https://example.com?page=1"),
        ("SITE_URL", "https://somebody@example.com"),
        ("SITE_URL", "https://exa mple.com"),
        ("SITE_URL", "https://example..com"),
        ("SITE_URL", "https://example.com:port"),
        ("SITE_URL", "https://[::1"),
        ("DATABASE_URL", "weblog.sqlite3"),
        ("DATABASE_URL", "sqlite://weblog.sqlite3"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "mysql://weblog:swordfish@db/weblog"),
        ("DATABASE_URL", "postgres://weblog:swordfish@db:port/weblog"),
        ("DATABASE_URL", "postgres://weblog:swordfish@db"),
        ("CACHE_URL", "carrier-pigeon://"),
        ("CACHE_URL", "memcache://localhost:11211"),
        ("DATA_DIR", "/dev/null/data"),
        ("BUCKET_ENDPOINT", "s3.example.com"),
        ("BUCKET_ACCESS_KEY", "swordfish"),
        ("LOG_LEVEL", "loud"),
        ("VARNISH_URL", "127.0.0.1:6082"),
        ("VARNISH_URL", "https://127.0.0.1:6082/"),
        ("CLOUDFLARE_ZONE", "swordfish"),
        ("SHARED_MAX_AGE", "a day"),
        ("SHARED_STALE_WHILE_REVALIDATE", "-1"),
    ],
)
def test_a_malformed_value_stops_the_start_with_a_message_that_names_it(name, value):
    process = run("manage.py", "check", **{name: value})

    assert process.returncode == 1
    assert process.stdout == ""
    assert re.fullmatch(rf"{name} .+\b(set|add|write|run|install|start)\b.+\.\n", process.stderr), (
        process.stderr
    )
    assert "swordfish" not in process.stderr


def test_a_missing_and_a_short_secret_key_have_different_messages():
    assert "SECRET_KEY is missing" in run("manage.py", "check", SECRET_KEY="").stderr
    assert "SECRET_KEY is too short" in run("manage.py", "check", SECRET_KEY="short").stderr


def test_manage_py_without_django_explains_how_to_install_it():
    process = subprocess.run(
        [sys.executable, "-S", "manage.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert process.returncode == 1
    assert "make install" in process.stderr
    assert "Traceback" not in process.stderr


def test_defaults_are_safe():
    settings = settings_with()

    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert settings["SITE_URL"] == ""
    assert "SECURE_PROXY_SSL_HEADER" not in settings
    assert settings["DATABASES"]["default"]["NAME"] == str(ROOT / "var" / "weblog.sqlite3")


def test_uploads_go_to_a_folder_unless_a_bucket_is_named(monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: name)
    assert environment.storage() == {"BACKEND": "django.core.files.storage.FileSystemStorage"}

    monkeypatch.setenv("BUCKET_NAME", "boats")
    monkeypatch.setenv("BUCKET_ENDPOINT", "https://s3.example.com")
    monkeypatch.setenv("BUCKET_ACCESS_KEY", "key")
    monkeypatch.setenv("BUCKET_SECRET_KEY", "swordfish")
    storage = environment.storage()

    options = storage["OPTIONS"]
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert (options["bucket_name"], options["endpoint_url"]) == ("boats", "https://s3.example.com")
    assert (options["access_key"], options["secret_key"]) == ("key", "swordfish")
    assert (options["default_acl"], options["querystring_auth"]) == (None, True)


def test_a_bucket_needs_a_package(monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("BUCKET_NAME", "boats")

    with pytest.raises(
        ImproperlyConfigured, match=r"django-storages\[s3\]: install it, or unset BUCKET_NAME"
    ):
        environment.storage()


def test_a_cache_in_front_is_purged_if_it_is_named(monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: name)
    assert environment.purger() is None

    monkeypatch.setenv("VARNISH_URL", "http://127.0.0.1:6082/")
    assert environment.purger() == {
        "BACKEND": "blog.caching.purgers.Varnish",
        "OPTIONS": {"url": "http://127.0.0.1:6082/"},
    }

    monkeypatch.setenv("CLOUDFLARE_ZONE", "z1")
    monkeypatch.setenv("CLOUDFLARE_TOKEN", "t1")
    with pytest.raises(ImproperlyConfigured, match="unset one of them"):
        environment.purger()

    monkeypatch.delenv("VARNISH_URL")
    assert environment.purger() == {
        "BACKEND": "blog.caching.purgers.Cloudflare",
        "OPTIONS": {"zone": "z1", "token": "t1"},
    }


def test_cloudflare_needs_a_package(monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("CLOUDFLARE_ZONE", "z1")
    monkeypatch.setenv("CLOUDFLARE_TOKEN", "t1")

    with pytest.raises(ImproperlyConfigured, match="package cloudflare: install it, or unset"):
        environment.purger()


def test_an_https_site_is_served_over_https_only():
    settings = settings_with(SITE_URL="https://Example.com:443/", TRUST_PROXY="true")

    assert settings["SITE_URL"] == "https://example.com"
    assert "example.com" in settings["ALLOWED_HOSTS"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://example.com"]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SECURE_HSTS_SECONDS"] > 0
    assert settings["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


@pytest.mark.parametrize(
    ("value", "url", "host"),
    [
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
        ("http://[::1]:80", "http://[::1]", "[::1]"),
        ("https://bücher.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_the_url_of_the_site_is_normalized_as_browsers_do(monkeypatch, value, url, host):
    monkeypatch.setenv("SITE_URL", value)

    assert environment.site("SITE_URL") == (url, host)


def test_allowed_hosts_are_added_to_the_loopback_hosts():
    hosts = settings_with(SITE_URL="https://example.com", ALLOWED_HOSTS="www.example.com, example.org")

    assert hosts["ALLOWED_HOSTS"][3:] == ["www.example.com", "example.org", "example.com"]


def test_postgresql_connections_are_persistent():
    database = settings_with(DATABASE_URL="postgres://weblog:p%40ss@db:5433/blog?sslmode=require")[
        "DATABASES"
    ]

    assert database["default"] == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "blog",
        "USER": "weblog",
        "PASSWORD": "p@ss",
        "HOST": "db",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def test_postgresql_may_use_a_unix_socket_as_in_urls_of_libpq():
    database = settings_with(DATABASE_URL="postgresql://postgres:@/blog?host=/run/postgresql")["DATABASES"]

    assert database["default"]["HOST"] == "/run/postgresql"


def test_sqlite_runs_in_wal_mode(tmp_path):
    script = (
        "import django; django.setup(); from django.db import connection\n"
        "for name in ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout']:\n"
        "    print(connection.cursor().execute(f'PRAGMA {name}').fetchone()[0])"
    )

    process = run("-c", script, DATABASE_URL=f"sqlite:///{tmp_path}/weblog.sqlite3")

    assert process.stdout.split() == ["wal", "1", "1", "20000"]


def test_a_relative_database_path_starts_at_the_project():
    database = settings_with(DATABASE_URL="sqlite:///var/other.sqlite3")["DATABASES"]["default"]

    assert database["NAME"] == str(ROOT / "var" / "other.sqlite3")


def test_the_environment_overrides_the_file(tmp_path):
    file = tmp_path / "env"
    file.write_text("LOG_LEVEL=ERROR\nALLOWED_HOSTS=file.example\n")

    settings = settings_with(ENV_FILE=str(file), LOG_LEVEL="debug")

    assert settings["LOG_LEVEL"] == "DEBUG"
    assert "file.example" in settings["ALLOWED_HOSTS"]


def test_the_example_has_every_variable_and_no_other():
    only_for_compose = {"POSTGRES_PASSWORD", "EXTRA_PACKAGES"}

    assert set(example()) == environment.names | only_for_compose


def test_the_example_explains_every_variable():
    for name, comment in example().items():
        assert len(comment.split()) >= 3, f".env.example does not explain {name}."


def test_the_example_states_the_defaults():
    assert settings_with(ENV_FILE=".env.example") == settings_with()


def example():
    """Return the names in .env.example with the comment above each."""
    comments, names = [], {}
    for line in (ROOT / ".env.example").read_text().splitlines():
        if match := re.match(r"(?:# )?([A-Z_]+)=", line):
            names[match[1]] = " ".join(comments)
        comments = [*comments, line.removeprefix("# ")] if line.startswith("# ") and not match else []
    return names
