"""The build fingerprint: a hash of everything but content that pages are made from.

Pages cached by an older build are never found again, since their keys contain its fingerprint.
"""

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import django
from django.conf import settings

SUFFIXES = {".py", ".html", ".txt", ".css", ".js", ".svg", ".mo"}
SKIPPED_FOLDERS = {"var", "tests", "docs"}


def source_files(root: Path) -> Iterator[Path]:
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and folder.name not in SKIPPED_FOLDERS and not folder.name.startswith("."):
            yield from sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    yield from sorted(root.glob("requirements*.txt"))


def compute() -> str:
    """Hash Django's version, the code, templates and pinned packages, and the environment variables."""
    digest = blake2b(django.__version__.encode(), digest_size=8)
    for path in source_files(settings.BASE_DIR):
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    for variable in sorted(settings.ENVIRONMENT_VARIABLES):
        digest.update(f"{variable}={os.environ.get(variable, '')}".encode())
    return digest.hexdigest()


FINGERPRINT = compute()
