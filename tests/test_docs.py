"""The facts stated in README.md, CONTRIBUTING.md and docs/ hold."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.factories import make_timeline
from tests.helpers.processes import ROOT, process_environment
from tests.test_repository import make_targets

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]
}

# Set for one command, and not for the weblog.
OTHER_VARIABLES = {"TEST_DATABASE_URL"}


MOST_LINES_OF_README = 150


def section(page, title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGES[page], re.MULTILINE | re.DOTALL)[1]


def folder_map():
    """{path: description} of the map in docs/architecture.md."""
    block = re.search(r"```text\n(.*?)```", section("docs/architecture.md", "Map of the folders"), re.DOTALL)[
        1
    ]
    return dict(line.split(maxsplit=1) for line in block.splitlines())


def tracked_folders():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {folder.as_posix() for name in listed.stdout.split("\0") if name for folder in Path(name).parents}


def code(page):
    """All that the page sets as code: in blocks and between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", PAGES[page], re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", PAGES[page])])


def test_the_readme_is_short():
    assert PAGES["README.md"].count("\n") <= MOST_LINES_OF_README


def test_the_map_names_every_room():
    folders = tracked_folders()
    rooms = {f for f in folders if re.fullmatch(r"blog/[a-z]+", f)} | {f for f in folders if "/" not in f} - {
        "."
    }
    hidden = {f for f in rooms if f.startswith(".")}

    assert len(rooms) > 20
    assert rooms - hidden == {path.rstrip("/") for path in folder_map()}


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page):
    commands = set(re.findall(r"manage\.py (\w+)", code(page)))
    targets = set(re.findall(r"^make (\w+)", code(page), re.MULTILINE))

    assert commands <= set(get_commands()), f"{page} names commands that manage.py does not have."
    assert targets <= set(make_targets()), f"{page} names targets that the Makefile does not have."


def test_every_command_of_the_weblogs_own_is_explained():
    own = {name for name, app in get_commands().items() if app == "blog"}

    everything = "".join(PAGES.values())

    for name in own:
        assert f"manage.py {name}" in everything, f"No page says what {name} is for."


@pytest.mark.parametrize("page", PAGES)
def test_variables_are_explained_in_the_example(page):
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    of_make = set(re.findall(r"\$\(([A-Z]+)\)", (ROOT / "Makefile").read_text()))
    named = set(re.findall(r"\b[A-Z][A-Z_]+(?==)|^[A-Z]+(?:_[A-Z]+)+$", code(page), re.MULTILINE))

    unknown = named - explained - of_make - OTHER_VARIABLES
    assert not unknown, f"{page} names variables that nothing explains: {', '.join(sorted(unknown))}."


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    folder = (ROOT / page).parent

    for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", PAGES[page]):
        assert (folder / target).exists(), f"{page} links to {target}."


def test_the_followed_request_finds_everything_in_the_files_that_it_links_to():
    text = section("docs/architecture.md", "One request, followed through")
    files = [(ROOT / "docs" / target).read_text() for target in re.findall(r"\]\(([^)]+)\)", text)]

    for name in re.findall(r"`(?:Post\.objects\.)?([A-Za-z_]+)(?:\(\))?`", text):
        assert any(name in file for file in files), f"docs/architecture.md follows a request through {name}."


@pytest.mark.django_db
def test_the_followed_request_takes_as_many_queries_as_it_says(client, django_assert_num_queries):
    number = int(
        re.search(r"(\d+) queries", section("docs/architecture.md", "One request, followed through"))[1]
    )
    make_timeline(12)
    client.get("/2024/Jun/8/")

    with django_assert_num_queries(number):
        assert client.get("/2024/Jun/8/").status_code == 200


def test_the_kind_that_it_adds_works(tmp_path, database_url):
    project = tmp_path / "project"
    made = shutil.ignore_patterns(".git", ".venv", ".env", "var", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, project, ignore=made)
    add_the_kind(project)

    environment = process_environment(
        DATABASE_URL=database_url, DEBUG="true", DJANGO_SETTINGS_MODULE="weblog.settings"
    )
    for arguments in (
        ["manage.py", "makemigrations", "blog"],
        ["manage.py", "migrate"],
        ["manage.py", "setup_weblog"],
        ["-c", VISITS],
    ):
        command = [sys.executable, *arguments]
        process = subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert process.returncode == 0, process.stdout + process.stderr


def add_the_kind(project):
    """Follow docs/add-a-kind.md."""
    steps = re.findall(
        r"^In `([^`]+)`:\n\n```\w+\n(.*?)^```", PAGES["docs/add-a-kind.md"], re.MULTILINE | re.DOTALL
    )
    for path, text in steps:
        file = project / path
        before = f"{file.read_text()}\n\n" if file.exists() else ""
        file.write_text(before + text)
    for path in ("blog/models/__init__.py", "blog/admin/posts.py", "tests/factories.py"):
        file = project / path
        file.write_text(
            re.sub(r"(?m)^(from .* import .*)Blogmark,", r"\1Blogmark, Book,", file.read_text(), count=1)
        )


VISITS = """
import django
django.setup()

from django.contrib.auth.models import User
from django.test import Client
from tests.factories import FACTORIES

book = FACTORIES["book"](title="Emma", tags=["reading"])
client = Client(headers={"host": "localhost"})
permalink = book.get_absolute_url()
lists = ["/", "/books/", "/atom/books/", "/atom/everything/", "/tags/reading/", "/search/?q=Emma"]
for path in [permalink, *lists]:
    response = client.get(path)
    assert response.status_code == 200, path
    assert b"Emma, by Somebody" in response.content, path
assert client.get("/k/2").headers["Location"] == permalink
assert b"Middlemarch" in client.get("/").content
client.force_login(User.objects.get())
assert b"written_by" in client.get("/admin/blog/book/add/").content
"""
