"""The server stops and restarts while an author types."""

import subprocess
import sys

import pytest

from tests.browser.conftest import browser_window, log_in
from tests.helpers.processes import ROOT, free_port, process_environment, serving


@pytest.fixture
def weblog(tmp_path, database_url):
    """The environment of a weblog with an author, not yet running."""
    environment = process_environment(
        DATABASE_URL=database_url, DATA_DIR=str(tmp_path / "data"), DEBUG="true"
    )
    account = {"DJANGO_SUPERUSER_PASSWORD": "swordfish"}
    for command in (
        ["migrate", "--verbosity", "0"],
        ["createsuperuser", "--noinput", "--username", "author", "--email", "author@example.com"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment | account, check=True
        )
    return environment


def test_no_text_is_lost_when_the_server_restarts(weblog, tmp_path):
    port = free_port()
    with browser_window(f"http://127.0.0.1:{port}", tmp_path / "chromium") as window:
        page = window.pages[0]
        with serving(weblog, port):
            log_in(page)
            page.goto("/admin/blog/note/add/")
            page.get_by_label("Text:", exact=True).fill("Typed before it stopped")
            page.locator("#writing-state").get_by_text("Unsaved changes stored on the server").wait_for()

        page.locator("#id_body").press_sequentially(", and after.")
        page.locator("#writing-state").get_by_text("Can't reach the server.").wait_for()
        page.get_by_role("button", name="Save", exact=True).first.click()
        page.get_by_text("It will be saved as soon as possible.").wait_for()

        with serving(weblog, port):
            page.locator(".messagelist .success").wait_for()
            page.goto("/")
            assert page.locator(".e-content").all_inner_texts() == ["Typed before it stopped, and after."]
