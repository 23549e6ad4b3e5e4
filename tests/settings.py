"""Settings for tests, independent of the shell's environment and of .env."""

import atexit
import os
import re
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="weblog-tests-")
atexit.register(_folder.cleanup)

_example = Path(__file__).parent.parent / ".env.example"
for _name in re.findall(r"^(?:# )?([A-Z_]+)=", _example.read_text(), re.MULTILINE):
    os.environ.pop(_name, None)
os.environ |= {
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "a key that is good enough for tests and good for nothing else",
    "DATA_DIR": _folder.name,
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
}

from weblog.settings import *  # noqa: E402

# Fast; tests have no real passwords.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, since a test and its live server can't use separate connections to a database in memory.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder.name}/test.sqlite3"}

# Serve static files from static/ under their own names, without collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
