"""Whole sites for screenshots and Lighthouse, each in a scratch folder and served as in production.

`archive` has the posts of an archive folder, or generated ones if there is none; `generated` only those;
`hostile` those of `tests.helpers.hostile`; `empty` none.
"""

import sqlite3
import subprocess
import sys
from contextlib import contextmanager

from tests.helpers.processes import ROOT, collect_static, free_port, process_environment, serving

ARCHIVE = ROOT.parent / "shared" / "archive"
AUTHOR, PASSWORD = "author", "swordfish"
HOSTILE_SITE = "from tests.helpers.hostile import make_hostile_site; make_hostile_site()"


GENERATE = ["generate_posts", "1000"]
#: The address of a deleted post.
GONE_PATH = "/2001/Jan/2/gone/"
DELETE_POST = "from tests.factories import *; make_note(slug='gone', published=utc(2001, 1, 2)).delete()"
#: The arguments of manage.py that create each site's content.
SITES = {
    "archive": ["import_archive", ARCHIVE] if ARCHIVE.is_dir() else GENERATE,
    "generated": GENERATE,
    "hostile": ["shell", "--verbosity", "0", "--command", HOSTILE_SITE],
    "empty": ["check"],
}


@contextmanager
def serve_site(name, folder, **overrides):
    """Create and serve a site whose data is in the folder, with an author's account. Yields its URL.

    `overrides` are environment variables, such as another DATABASE_URL.
    """
    environment = process_environment(DATA_DIR=str(folder), DEBUG="false", LOG_LEVEL="ERROR", **overrides)

    def manage(*arguments, **account):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, env=environment | account, check=True, stdout=subprocess.DEVNULL)

    collect_static(environment)
    manage("migrate")
    manage(*SITES[name])
    manage("shell", "--verbosity", "0", "--command", DELETE_POST)
    account = {"DJANGO_SUPERUSER_USERNAME": AUTHOR, "DJANGO_SUPERUSER_EMAIL": "author@example.com"}
    manage("createsuperuser", "--noinput", **account, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    port = free_port()
    with open(folder / "log", "w") as log, serving(environment, port, log=log):
        yield f"http://127.0.0.1:{port}"


def break_database(folder):
    """Make every page that needs the database fail, by renaming a table."""
    with sqlite3.connect(folder / "weblog.sqlite3") as database:
        database.execute("ALTER TABLE blog_sitesettings RENAME TO broken")
    database.close()
