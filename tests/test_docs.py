"""The documentation agrees with the code: links, commands, variables, folders, tiers, queries, examples."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import django.contrib.admin
import pytest
from django.core.management import get_commands

from tests.factories import make_note, make_timeline, utc
from tests.helpers.processes import ROOT, process_environment
from tests.test_repository import make_targets

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
}
BLOG_SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "blog").rglob("*.py")))
ARCHITECTURE = "docs/architecture.md"
REQUEST = "One request, followed through"
MAX_README_LINES = 150
#: Variables of tests and of tools, which the settings don't read.
OTHER_VARIABLES = {"TEST_DATABASE_URL"}

#: Former names of commands and variables, which CHANGELOG.md mentions.
RENAMED = {"recount", "PAGE_CACHE_URL", "SHARED_STALE", "EXTRAS"}

each_page = pytest.mark.parametrize("page", PAGES)


def section(page, title):
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGES[page], re.MULTILINE | re.DOTALL)[1]


def folder_map():
    """Return {path: description} of the map in docs/architecture.md."""
    [block] = re.findall(r"```text\n(.*?)```", section(ARCHITECTURE, "Map of the folders"), re.DOTALL)
    return dict(line.split(maxsplit=1) for line in block.splitlines())


def tracked_folders():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {folder.as_posix() for name in listed.stdout.split("\0") if name for folder in Path(name).parents}


def code(page):
    """Return all code of a page, from blocks and between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", PAGES[page], re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", PAGES[page])])


def anchors(page):
    """Return the fragments that GitHub gives a page's headings."""
    titles = re.findall(r"^#+ (.+)$", PAGES[page], re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_readme_is_short():
    assert PAGES["README.md"].count("\n") <= MAX_README_LINES


def test_the_readme_links_to_every_page():
    linked = set(re.findall(r"\]\(([^)]+\.md)\)", PAGES["README.md"]))

    assert PAGES.keys() - {"README.md"} == linked


def test_the_map_names_every_folder_and_room():
    folders = tracked_folders()
    rooms = {folder for folder in folders if re.fullmatch(r"blog/[a-z]+", folder)}
    at_the_top = {folder for folder in folders if re.fullmatch(r"[^/.]+", folder)}

    assert len(rooms) > 15
    assert rooms | at_the_top == {path.rstrip("/") for path in folder_map()}


def test_every_folder_of_the_map_has_a_description():
    assert all(len(description) > 10 for description in folder_map().values())


def test_the_tiers_are_those_of_the_linter():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    rows = re.findall(r"^\| \d+ \| ([^|]+) \|", section(ARCHITECTURE, "Tiers"), re.MULTILINE)

    documented = [set(re.findall(r"`(\w+)`", row)) for row in rows]
    assert documented == [set(re.findall(r"\w+", layer)) for layer in layers]


@each_page
def test_commands_exist(page):
    commands = set(re.findall(r"manage\.py (\w+)", code(page)))
    targets = set(re.findall(r"^make (\w+)", code(page), re.MULTILINE))
    if page == "CHANGELOG.md":
        commands -= RENAMED

    assert commands <= set(get_commands()), f"{page} names commands that manage.py does not have."
    assert targets <= set(make_targets()), f"{page} names targets that the Makefile does not have."


@each_page
def test_modules_to_run_exist(page):
    for module in re.findall(r"python -m (tests\.[\w.]+)", code(page)):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), (
            f"{page} runs {module}, which does not exist."
        )


def test_every_command_of_the_weblog_is_explained():
    own = {name for name, app in get_commands().items() if app == "blog"}
    everything = "".join(PAGES.values())

    for name in own:
        assert f"manage.py {name}" in everything, f"No page explains {name}."


def test_every_make_target_for_contributors_is_explained():
    explained = "".join(code(page) for page in PAGES)

    for target in set(make_targets()) - {"clean"}:
        assert f"make {target}" in explained, f"No page explains make {target}."


@each_page
def test_variables_are_explained_in_the_example(page):
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    of_make = set(re.findall(r"\$\(([A-Z]+)\)", (ROOT / "Makefile").read_text()))
    named = set(re.findall(r"\b[A-Z][A-Z_]+(?==)|^[A-Z]+(?:_[A-Z]+)+$", code(page), re.MULTILINE))
    if page == "CHANGELOG.md":
        named -= RENAMED

    constants = {name for name in named if re.search(rf"^{name} = ", BLOG_SOURCE, re.MULTILINE)}

    unknown = named - explained - of_make - constants - OTHER_VARIABLES
    assert not unknown, f"{page} names variables that .env.example does not: {', '.join(sorted(unknown))}."


@each_page
def test_relative_links_lead_to_files_and_headings(page):
    folder = (ROOT / page).parent

    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", PAGES[page]):
        path, _, fragment = target.partition("#")
        file = (folder / path).resolve() if path else ROOT / page
        assert file.exists(), f"{page} links to {target}."
        if fragment:
            assert fragment in anchors(file.relative_to(ROOT).as_posix()), f"{page} links to {target}."


def test_labels_in_the_page_for_authors_exist():
    bold = set(re.findall(r"\*\*([^*]+)\*\*", PAGES["docs/writing.md"]))
    labels = {text for text in bold if not text.endswith(".") and not re.match(r"Ctrl|Alt", text)}
    sources = [path for folder in ("blog", "templates", "static") for path in (ROOT / folder).rglob("*.*")]
    django_admin = Path(django.contrib.admin.__file__).parent / "templates"
    texts = [path.read_text().lower() for path in sources if path.suffix in {".py", ".html", ".js"}]
    texts += [path.read_text().lower() for path in django_admin.rglob("*.html")]

    assert len(labels) > 10
    assert [label for label in sorted(labels) if not any(label.lower() in text for text in texts)] == []


def test_the_files_linked_in_the_request_contain_the_names_in_it():
    text = section(ARCHITECTURE, REQUEST)
    files = [(ROOT / "docs" / target).read_text() for target in re.findall(r"\]\(([^)]+)\)", text)]

    for name in re.findall(r"`(?:Post\.objects\.)?([A-Za-z_]+)(?:\(\))?`", text):
        assert any(name in file for file in files), f"docs/architecture.md names {name}."


@pytest.mark.django_db
def test_the_request_takes_the_number_of_queries_it_says(client, django_assert_num_queries):
    numbers = r"takes (\d+) queries, plus (\d+) if .* months"
    base, for_other_months = map(
        int, re.search(numbers, section(ARCHITECTURE, REQUEST).replace("\n", " ")).groups()
    )
    make_timeline(12)
    client.get("/2024/Jun/8/")

    with django_assert_num_queries(base + for_other_months):
        client.get("/2024/Jun/8/")

    for day in (7, 9):
        make_note(published=utc(2024, 6, day))
    client.get("/2024/Jun/8/")
    with django_assert_num_queries(base):
        assert client.get("/2024/Jun/8/").status_code == 200


def test_the_example_kind_works(tmp_path, database_url):
    project = tmp_path / "project"
    generated = shutil.ignore_patterns(
        ".git", ".venv", ".env", "var", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, project, ignore=generated)
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
            re.sub(r"(?m)^(from .* import .*|    )Blogmark,", r"\1Blogmark, Book,", file.read_text(), count=1)
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
assert client.get("/k/1").headers["Location"] == permalink
client.force_login(User.objects.get())
assert b"written_by" in client.get("/admin/blog/book/add/").content
"""
