"""Run the suite on SQLite, and what touches a database on a real PostgreSQL too. Arguments go to pytest.

    python -m tests.run [--check] [PYTEST_ARGUMENT ...]

Exits with 1 if a test failed, or none ran, on either. If PostgreSQL can't be started, says so and how many
tests ran on SQLite only; with CI=true in the environment that fails too. With --check the suite runs on
SQLite only, without slow tests and those that need a browser or another external program.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests import postgresql

PARALLEL = ("-n", "2", "--dist", "worksteal")
WITHOUT_EXTERNAL_PROGRAMS = ("-m", "not external")
QUICK = ("-m", "not external and not slow")
#: What runs on the second database: not what would do the same again.
ON_POSTGRESQL = (*WITHOUT_EXTERNAL_PROGRAMS, "--database-tests")
#: Tests that hold whatever kinds of post exist, with one more: they show what it takes to add one.
WITH_ANOTHER_KIND = (
    "--ds=tests.extra_kind.settings",
    "-k=recipe or finds_nothing",
    "tests/models",
    "tests/views",
    "tests/admin/writing/test_post_form.py",
    "tests/admin/writing/test_capture.py",
    "tests/admin/test_change_lists.py",
    "tests/test_everything_public.py",
    "tests/feeds/test_atom.py",
    "tests/test_microformats.py",
    "tests/test_kinds.py",
)
SQLITE = f"SQLite {sqlite3.sqlite_version}"


@dataclass
class Result:
    database: str
    passed: int
    failed: int
    skipped: int

    @property
    def is_success(self):
        return bool(self.passed and not self.failed)

    def __str__(self):
        verdict = "" if self.is_success else " <- FAILED" if self.failed else " <- NO TEST RAN"
        return f"{self.database}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped{verdict}"


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the PostgreSQL server is stopped too
    if arguments[:1] == ["--check"]:
        results, missing = [run_suite(SQLITE, "", [*QUICK, *arguments[1:]])], ""
    else:
        results, missing = run_on_both(arguments)

    print("", *results, *([missing] if missing else []), sep="\n", flush=True)
    is_ci = os.environ.get("CI", "").lower() == "true"
    return int(not all(result.is_success for result in results) or bool(missing and is_ci))


def run_on_both(arguments):
    """Return the results, and a message if PostgreSQL can't be started."""
    results = [run_suite(SQLITE, "", arguments)]
    if not arguments:
        results.append(run_suite(f"{SQLITE}, with another kind of post", "", WITH_ANOTHER_KIND))
    try:
        with postgresql.server() as url:
            database = f"PostgreSQL {postgresql.version(url)}"
            results.append(run_suite(database, url, [*ON_POSTGRESQL, *arguments]))
    except postgresql.Unavailable as error:
        return results, f"PostgreSQL: not available; {results[0].passed} tests ran on SQLite only ({error})"
    return results, ""


def run_suite(database, url, arguments):
    print(f"\nThe suite on {database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="weblog-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *PARALLEL, f"--junit-xml={report}", *arguments]
        code = subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode
        return count(database, report, code)


def count(database, report, code):
    """Read the counts from pytest's JUnit report. A crash without a failed test counts as one failure."""
    suite = ElementTree.parse(report).find("testsuite").attrib if report.exists() else {}
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    no_tests_collected = 5
    if code not in {0, no_tests_collected}:
        failed = failed or 1
    return Result(database, max(total - failed - skipped, 0), failed, skipped)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
