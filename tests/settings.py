"""The project's settings as the tests need them: the same whatever the shell and the .env file say."""

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

# Fast, and no place for real passwords.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# In a file: in memory, a test and the server that it talks to would share a connection or refuse each other.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder.name}/test.sqlite3"}

# Static files under their own names, from where they are written: nothing to collect first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
