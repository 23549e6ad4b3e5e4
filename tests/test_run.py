"""The suite runs on both databases, says so, and cannot pass without having run."""

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
def suites(monkeypatch):
    """The results that the suites are to have; what main() ran is removed from it."""
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


def test_a_report_is_counted(tmp_path):
    result = run.count("SQLite 3", report(tmp_path, tests=10, failures=2, skipped=3), code=1)

    assert str(result) == "SQLite 3: 5 passed, 2 failed, 3 skipped <- FAILED"
    assert not result.good


def test_a_run_without_tests_is_no_success(tmp_path):
    result = run.count("SQLite 3", report(tmp_path, tests=4, skipped=4), code=0)

    assert not result.good
    assert "NO TEST RAN" in str(result)


def test_a_run_that_breaks_off_is_a_failure(tmp_path):
    assert run.count("SQLite 3", tmp_path / "missing.xml", code=3).failed == 1
    assert run.count("SQLite 3", report(tmp_path, tests=10), code=2).failed == 1


@pytest.mark.usefixtures("_postgresql")
@pytest.mark.parametrize("failing", [None, 0, 1])
def test_it_succeeds_only_on_both_databases(suites, capsys, failing):
    suites += [
        run.Result(name, 5, int(number == failing), 0) for number, name in enumerate(["SQLite", "PostgreSQL"])
    ]

    assert run.main([]) == int(failing is not None)
    assert suites == []
    assert capsys.readouterr().out.count("5 passed") == 2


@pytest.mark.usefixtures("_no_postgresql")
@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_it_says_that_postgresql_was_left_out(suites, capsys, monkeypatch, ci, code):
    monkeypatch.setenv("CI", ci)
    suites += [run.Result("SQLite", 5, 0, 0)]

    assert run.main([]) == code
    assert "PostgreSQL: left out, 5 tests did not run on it (ImportError" in capsys.readouterr().out


def test_no_test_reaches_the_network():
    with pytest.raises(SocketConnectBlockedError), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))  # an address that RFC 5737 keeps for documentation
