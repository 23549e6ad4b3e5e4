"""Fills one empty database from an archive folder and measures it. Run by `tests.bench`."""

import json
import logging
import resource
import subprocess
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

from tests.bench import known_items, polls


def main(archive, *parts, report):
    """Measures the parts that are named, or all there are: `polls` and `known items`."""
    django.setup()
    logging.disable()  # each “not found” would be a line
    call_command("migrate", verbosity=0)
    figures = import_archive(archive)
    measured = {"polls": polls.measure, "known items": known_items.measure}
    for part in parts or measured:
        figures |= measured[part]()
    Path(report).write_text(json.dumps(figures))


def import_archive(archive):
    """How fast and in how much memory the command imports, and how fast it finds nothing to do."""
    from blog.models import Post

    seconds = run_import(archive)
    if seconds is None:
        return {}
    of_the_process = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = of_the_process.ru_utime + of_the_process.ru_stime
    posts = Post.objects.count()
    return {
        "posts imported": f"{posts:,}",
        "import": f"{seconds:.1f} s {busy:8.1f} s CPU",
        "posts per second": f"{posts / seconds:,.0f}",
        "peak memory": f"{of_the_process.ru_maxrss / 1024:.0f} MB",
        "second import": f"{run_import(archive):.1f} s",
    }


def run_import(archive):
    """Seconds that the process took, or None where it failed."""
    command = [sys.executable, "manage.py", "import_archive", archive]
    start = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        print(f"The archive was not imported: {process.stderr.strip()}")
        return None
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*sys.argv[1:-1], report=sys.argv[-1])
