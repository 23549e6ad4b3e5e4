"""Whole sites to look at, each in a scratch folder and served as in production.

`archive`: an archive folder, or made-up posts where there is none; `made-up`: only those; `hostile`: what
`tests.helpers.hostile` makes; `empty`: nothing.
"""

import sqlite3
import subprocess
import sys
from contextlib import contextmanager

from tests.helpers.processes import ROOT, collect_static, free_port, process_environment, serving

ARCHIVE = ROOT.parent / "shared" / "archive"
AUTHOR, PASSWORD = "author", "swordfish"
HOSTILE = "from tests.helpers.hostile import make_hostile_site; make_hostile_site()"


MADE_UP = ["generate_posts", "1000"]
#: Where a post was that has been deleted.
GONE = "/2001/Jan/2/gone/"
DELETE = "from tests.factories import *; make_note(slug='gone', published=utc(2001, 1, 2)).delete()"
#: The arguments of the manage.py that fills each.
FILL = {
    "archive": ["import_archive", ARCHIVE] if ARCHIVE.is_dir() else MADE_UP,
    "made-up": MADE_UP,
    "hostile": ["shell", "--verbosity", "0", "--command", HOSTILE],
    "empty": ["check"],
}


@contextmanager
def site(name, folder, **given):
    """The address of the site while it is served. Its data are in the folder; its author can log in.

    It may be given further variables, such as another database than one in the folder.
    """
    environment = process_environment(DATA_DIR=str(folder), DEBUG="false", LOG_LEVEL="ERROR", **given)

    def manage(*arguments, **account):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, env=environment | account, check=True, stdout=subprocess.DEVNULL)

    collect_static(environment)
    manage("migrate")
    manage(*FILL[name])
    manage("shell", "--verbosity", "0", "--command", DELETE)
    account = {"DJANGO_SUPERUSER_USERNAME": AUTHOR, "DJANGO_SUPERUSER_EMAIL": "author@example.com"}
    manage("createsuperuser", "--noinput", **account, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    port = free_port()
    with open(folder / "log", "w") as log, serving(environment, port, log=log):
        yield f"http://127.0.0.1:{port}"


def break_database(folder):
    """From now on every page of the site that needs the database is an error."""
    with sqlite3.connect(folder / "weblog.sqlite3") as database:
        database.execute("ALTER TABLE blog_sitesettings RENAME TO broken")
    database.close()
