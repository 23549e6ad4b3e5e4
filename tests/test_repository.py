"""The project's files agree with each other: Makefile, pyproject.toml and the pinned requirements."""

import re
import subprocess
import tomllib

import pytest

from tests.helpers.processes import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = ["requirements.txt", "requirements-dev.txt"]


def make_targets():
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return phony[1].split()


def pinned(name):
    text = (ROOT / name).read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def names(requirements):
    return {re.match(r"[A-Za-z0-9-]+", requirement)[0].lower() for requirement in requirements}


def test_make_help_explains_every_target():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert re.findall(r"^make (\w+) +\S", shown, re.MULTILINE) == make_targets()


def test_every_dependency_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text()
    dependencies = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]

    for dependency in dependencies:
        assert re.search(rf'"{re.escape(dependency)}", +# \w+', text), (
            f"pyproject.toml gives no reason for {dependency}."
        )


@pytest.mark.parametrize("file", PINS)
def test_pins_are_exact_and_carry_hashes(file):
    for line in pinned(file):
        assert re.match(r"[\w.-]+==[\w.]+ ", line), line
        assert "--hash=sha256:" in line, line


@pytest.mark.parametrize("file", PINS)
def test_pins_contain_no_index_urls(file):
    text = (ROOT / file).read_text()

    assert "://" not in text
    assert not re.search(r"--(index|extra|find|trusted)", text)


def test_every_dependency_is_pinned():
    runtime = names(PROJECT["project"]["dependencies"])
    development = names(PROJECT["dependency-groups"]["dev"])

    assert runtime <= names(pinned("requirements.txt"))
    assert runtime | development <= names(pinned("requirements-dev.txt"))


def test_both_files_pin_the_same_versions():
    versions = [{line.split()[0] for line in pinned(file)} for file in PINS]

    assert versions[0] <= versions[1]
