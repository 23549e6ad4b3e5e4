"""The name of what makes pages: another one whenever code, templates, packages or settings are others."""

import os
from hashlib import blake2b

import django
from django.conf import settings

SUFFIXES = {".py", ".html", ".txt", ".css", ".js", ".svg", ".mo"}
OTHERS = {"var", "tests", "docs"}


def files(root):
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and folder.name not in OTHERS and not folder.name.startswith("."):
            yield from sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    yield from sorted(root.glob("requirements*.txt"))


def compute():
    digest = blake2b(django.__version__.encode(), digest_size=8)
    for path in files(settings.BASE_DIR):
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    for variable in sorted(settings.ENVIRONMENT_VARIABLES):
        digest.update(f"{variable}={os.environ.get(variable, '')}".encode())
    return digest.hexdigest()


FINGERPRINT = compute()
