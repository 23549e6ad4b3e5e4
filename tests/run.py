"""Runs the whole suite twice, on SQLite and on a real PostgreSQL. Arguments go to pytest, both times.

Fails if a test failed on either, or if no test ran on either. Where there is no PostgreSQL to be had,
it says so and counts what ran on SQLite; with CI=true in the environment that fails too.
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

IN_PARALLEL = ("-n", "2", "--dist", "worksteal")


@dataclass
class Result:
    database: str
    passed: int
    failed: int
    skipped: int

    @property
    def good(self):
        return self.passed and not self.failed

    def __str__(self):
        verdict = "" if self.good else " <- FAILED" if self.failed else " <- NO TEST RAN"
        return f"{self.database}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped{verdict}"


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is stopped then, too
    results = [run_suite(f"SQLite {sqlite3.sqlite_version}", "", arguments)]
    missing = ""
    try:
        with postgresql.server() as url:
            results.append(run_suite(f"PostgreSQL {postgresql.version(url)}", url, arguments))
    except postgresql.Unavailable as error:
        missing = f"PostgreSQL: left out, {results[0].passed} tests did not run on it ({error})"

    print("", *results, *([missing] if missing else []), sep="\n", flush=True)
    required = os.environ.get("CI", "").lower() == "true"
    return 0 if all(result.good for result in results) and not (missing and required) else 1


def run_suite(database, url, arguments):
    print(f"\nThe suite on {database}", flush=True)
    with tempfile.TemporaryDirectory(prefix="weblog-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *IN_PARALLEL, f"--junit-xml={report}", *arguments]
        code = subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode
        return count(database, report, code)


def count(database, report, code):
    """Figures from pytest's report. A run that ended badly without naming a failure counts as one."""
    suite = ElementTree.parse(report).find("testsuite").attrib if report.exists() else {}
    total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    no_test_collected = 5
    if code not in {0, no_test_collected}:
        failed = failed or 1
    return Result(database, max(total - failed - skipped, 0), failed, skipped)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
