"""Measures both databases, one after the other, and prints one table.

`make bench ARGS=DIR` imports another archive folder than ../shared/archive.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests import postgresql
from tests.processes import ROOT, variables

ARCHIVE = ROOT.parent / "shared" / "archive"


def main(arguments, *parts):
    """Measures these parts (see `tests.bench.measure`), or everything."""
    archive = Path(arguments[0] if arguments else ARCHIVE).resolve()
    manage("collectstatic", "--noinput", "--verbosity", "0")
    results = {}
    with tempfile.TemporaryDirectory(prefix="weblog-bench-") as folder:
        results[f"SQLite {sqlite3.sqlite_version}"] = measure(
            f"sqlite:///{folder}/weblog.sqlite3", archive, *parts
        )
    try:
        with postgresql.server() as server, postgresql.scratch_database(server) as url:
            results[f"PostgreSQL {postgresql.version(server)}"] = measure(url, archive, *parts)
    except postgresql.Unavailable as error:
        print(f"PostgreSQL is left out: {error}")
    print(f"\nPython {sys.version.split()[0]}, {os.cpu_count()} processors; {archive}; median times\n")
    print(table(results))


def manage(*arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=variables(), check=True)


def measure(url, archive, *parts):
    """Figures by name, in a process of its own, since settings hold for one."""
    print(f"Measuring {urlsplit(url).scheme} ...", flush=True)
    with tempfile.NamedTemporaryFile("r") as report:
        command = [sys.executable, "-m", "tests.bench.measure", str(archive), report.name, *parts]
        environment = variables(DATABASE_URL=url, DJANGO_SETTINGS_MODULE="weblog.settings", LOG_LEVEL="ERROR")
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        return json.load(report)


def table(results):
    """A line for each figure, a column for each database: names to the left, figures to the right."""
    names = list(dict.fromkeys(name for figures in results.values() for name in figures))
    rows = [[name, *(figures.get(name, "") for figures in results.values())] for name in names]
    lines = [["", *results], *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(aligned(line, widths) for line in lines)


def aligned(line, widths):
    return "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()


if __name__ == "__main__":
    main(sys.argv[1:])
