"""Import an archive folder into an empty database and measure it. Run by `tests.bench`."""

import json
import logging
import resource
import subprocess
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command

from tests.bench import day, known_items, polls


def main(archive, *parts, report):
    """Measure the import, and the named parts or all of them: `polls`, `known items` and `day`."""
    django.setup()
    logging.disable()  # one line per 404
    call_command("migrate", verbosity=0)
    figures = import_archive(archive)
    measures = {"polls": polls.measure, "known items": known_items.measure, "day": day.measure}
    for part in parts or measures:
        figures |= measures[part]()
    Path(report).write_text(json.dumps(figures))


def import_archive(archive):
    """Measure time and memory of an import, and the time of a second one, which changes nothing."""
    from blog.models import Post

    seconds = run_import(archive)
    if seconds is None:
        return {}
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = usage.ru_utime + usage.ru_stime
    posts = Post.objects.count()
    return {
        "posts imported": f"{posts:,}",
        "import": f"{seconds:.1f} s {busy:8.1f} s CPU",
        "posts per second": f"{posts / seconds:,.0f}",
        "peak memory": f"{usage.ru_maxrss / 1024:.0f} MB",
        "second import": f"{run_import(archive):.1f} s",
    }


def run_import(archive):
    """Return the seconds that the command took, or None if it failed."""
    command = [sys.executable, "manage.py", "import_archive", archive]
    start = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        print(f"The import failed: {process.stderr.strip()}")
        return None
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*sys.argv[1:-1], report=sys.argv[-1])
