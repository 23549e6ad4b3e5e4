"""A database of each release is upgraded, and its public addresses say what they said."""

import json
import subprocess
import sys

import pytest

from tests.helpers.processes import ROOT, process_environment
from tests.helpers.releases import RELEASES, expected, restore


def run(environment, *arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_there_is_a_release_to_upgrade():
    assert "0.1.0" in RELEASES
    assert len(expected("0.1.0")) > 300


@pytest.mark.parametrize("release", RELEASES)
def test_a_database_of_a_release_is_upgraded(release, database_url, tmp_path):
    environment = process_environment(
        DATABASE_URL=database_url,
        DATA_DIR=str(tmp_path),
        DJANGO_SETTINGS_MODULE="weblog.settings",
        DEBUG="true",
    )
    restore(release, environment)

    run(environment, "manage.py", "migrate", "--verbosity", "0")
    run(environment, "manage.py", "recompute_counts", "--check")
    found = json.loads(run(environment, "-m", "tests.helpers.releases", "read"))

    assert {path: said for path, said in found.items() if said != expected(release).get(path)} == {}
    assert expected(release).keys() <= found.keys()
