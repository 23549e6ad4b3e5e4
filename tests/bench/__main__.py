"""Measure pages on both databases and print tables.

`make bench` generates archives of 10,000 posts; `make bench ARGS="10000 100000 1000000"` of these sizes.
`make bench ARGS=DIR` imports an archive folder instead, and measures the import, searches and feed polls.
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from tests import postgresql
from tests.bench import tables
from tests.bench.served import WRK
from tests.helpers.processes import ROOT, process_environment

SIZES = ["10000"]


def main(arguments, *parts):
    """Measure archives of these sizes, or a folder: all parts of `tests.bench.archive`, or those named."""
    manage("collectstatic", "--noinput", "--verbosity", "0")
    print(machine(), flush=True)
    folders = [word for word in arguments if not word.isdecimal()]
    if parts or folders:
        archive = Path(folders[0] if folders else ROOT.parent / "shared" / "archive").resolve()
        results = on_each_database("tests.bench.archive", str(archive), *parts)
        print(tables.by_database(results))
        return
    results = {}
    for size in map(int, arguments or SIZES):
        results[size] = on_each_database("tests.bench.scale", str(size), RESPONSE_CACHE_URL="dummycache://")
        for database, figures in results[size].items():
            print(f"\n### {size:,} posts, {database}\n\n{tables.archive_tables(figures)}", flush=True)
    if len(results) > 1:
        print(f"\n### By size\n\n{tables.growth_tables(results)}")


def machine():
    """Describe the hardware and software that the figures depend on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("django", "granian", "psycopg")
    libraries = ", ".join(f"{name.capitalize()} {version(name)}" for name in names)
    load = "wrk" if WRK else "threads of Python"
    return (
        f"{os.cpu_count()} cores of {model}, {memory:.0f} GB of memory; Python {platform.python_version()}, "
        f"{libraries}; requests from {load}"
    )


def manage(*arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=process_environment(), check=True)


def on_each_database(module, *arguments, **environment):
    """Run the module on an empty database of each system. Returns {database: figures}."""
    results = {}
    with tempfile.TemporaryDirectory(prefix="weblog-bench-") as folder:
        url = f"sqlite:///{folder}/weblog.sqlite3"
        results[f"SQLite {sqlite3.sqlite_version}"] = measure(url, folder, module, *arguments, **environment)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="weblog-bench-") as folder,
            postgresql.server() as server,
            postgresql.scratch_database(server) as url,
        ):
            name = f"PostgreSQL {postgresql.version(server)}"
            results[name] = measure(url, folder, module, *arguments, **environment)
    except postgresql.Unavailable as error:
        print(f"PostgreSQL is not available: {error}")
    return results


def measure(url, folder, module, *arguments, **environment):
    """Return the figures of one database, from a process of its own because of its settings."""
    with tempfile.NamedTemporaryFile("r") as report:
        command = [sys.executable, "-m", module, *arguments, report.name]
        settings = process_environment(
            DATABASE_URL=url,
            DATA_DIR=folder,
            DJANGO_SETTINGS_MODULE="weblog.settings",
            LOG_LEVEL="ERROR",
            **environment,
        )
        subprocess.run(command, cwd=ROOT, env=settings, check=True)
        return json.load(report)


if __name__ == "__main__":
    main(sys.argv[1:])
