"""The runner of the suite: both databases, honest counts, and no network."""

import socket
from contextlib import contextmanager

import pytest
from pytest_socket import SocketConnectBlockedError

from tests import postgresql, run


def report(folder, tests, failures=0, skipped=0):
    path = folder / "report.xml"
    figures = f'tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"'
    path.write_text(f"<testsuites><testsuite {figures}/></testsuites>")
    return path


@pytest.fixture
def results(monkeypatch):
    """The results that successive runs of the suite return; each run removes one."""
    results = []
    monkeypatch.setattr(run, "run_suite", lambda database, url, arguments: results.pop(0))
    monkeypatch.setattr(run.signal, "signal", lambda *_: None)
    monkeypatch.setattr(postgresql, "version", lambda url: "18.0")
    monkeypatch.delenv("CI", raising=False)
    return results


@pytest.fixture
def _postgresql(monkeypatch):
    @contextmanager
    def server():
        yield "postgres://"

    monkeypatch.setattr(postgresql, "server", server)


@pytest.fixture
def _no_postgresql(monkeypatch):
    @contextmanager
    def server():
        raise postgresql.Unavailable("ImportError: no wheel for this system")
        yield

    monkeypatch.setattr(postgresql, "server", server)


def test_counts_come_from_the_report(tmp_path):
    result = run.count("SQLite 3", report(tmp_path, tests=10, failures=2, skipped=3), code=1)

    assert str(result) == "SQLite 3: 5 passed, 2 failed, 3 skipped <- FAILED"
    assert not result.is_success


def test_a_run_without_tests_is_not_a_success(tmp_path):
    result = run.count("SQLite 3", report(tmp_path, tests=4, skipped=4), code=0)

    assert not result.is_success
    assert "NO TEST RAN" in str(result)


def test_a_crash_counts_as_a_failure(tmp_path):
    assert run.count("SQLite 3", tmp_path / "missing.xml", code=3).failed == 1
    assert run.count("SQLite 3", report(tmp_path, tests=10), code=2).failed == 1


@pytest.mark.usefixtures("_postgresql")
@pytest.mark.parametrize("failing", [None, 0, 1, 2])
def test_every_part_of_the_suite_has_to_pass(results, capsys, failing):
    names = ["SQLite", "SQLite, with another kind of post", "PostgreSQL"]
    results += [run.Result(name, 5, int(number == failing), 0) for number, name in enumerate(names)]

    assert run.main([]) == int(failing is not None)
    assert results == []
    assert capsys.readouterr().out.count("5 passed") == 3


@pytest.mark.usefixtures("_no_postgresql")
@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_missing_postgresql_is_reported(results, capsys, monkeypatch, ci, code):
    monkeypatch.setenv("CI", ci)
    results += [run.Result("SQLite", 5, 0, 0)]

    assert run.main(["-k", "feeds"]) == code
    assert "PostgreSQL: not available; 5 tests ran on SQLite only (ImportError" in capsys.readouterr().out


@pytest.mark.usefixtures("_no_postgresql")
@pytest.mark.parametrize("failed", [0, 1])
def test_a_check_runs_on_sqlite_without_external_programs(results, monkeypatch, failed):
    runs = []

    def run_suite(database, url, arguments):
        runs.append((url, arguments))
        return run.Result(database, 5, failed, 0)

    monkeypatch.setattr(run, "run_suite", run_suite)

    assert run.main(["--check", "-k", "feeds"]) == failed
    assert runs == [("", ["-m", "not external and not slow", "-k", "feeds"])]


def test_tests_cannot_reach_the_network():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))  # reserved for documentation (RFC 5737)
