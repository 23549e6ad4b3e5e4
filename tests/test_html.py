"""Pages and the style sheet pass the Nu HTML checker."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tests.helpers.pages import make_pages
from tests.helpers.processes import ROOT

pytestmark = pytest.mark.external

JAR = Path(os.environ.get("VNU_JAR") or ROOT / "var/npm/node_modules/vnu-jar/build/dist/vnu.jar")


def require_checker():
    if JAR.exists() and shutil.which("java"):
        return
    reason = "The Nu HTML checker is not installed: install Java, and npm install --prefix var/npm vnu-jar."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def errors(*arguments):
    """Return a line for each error, with the name of its file."""
    require_checker()
    command = ["java", "-jar", str(JAR), "--exit-zero-always", "--stdout", "--format", "json", *arguments]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        f"{Path(message['url']).name}: {message['message']} {message.get('extract', '')}"
        for message in json.loads(output)["messages"]
        if message["type"] == "error"
    ]


@pytest.mark.django_db
def test_no_page_has_errors(client, rf, tmp_path):
    for name, path in make_pages().items():
        response = client.get(path)
        assert response.status_code == (404 if name == "not found" else 200), path
        (tmp_path / f"{name.replace(' ', '-')}.html").write_bytes(response.content)
    for error in ("400", "403", "410", "500"):
        (tmp_path / f"{error}.html").write_text(render_to_string(f"{error}.html", request=rf.get("/")))

    assert errors(*map(str, sorted(tmp_path.iterdir()))) == []


def test_the_style_sheet_has_no_errors():
    assert errors("--css", str(ROOT / "static/weblog.css")) == []


def test_an_error_is_reported(tmp_path):
    (tmp_path / "page.html").write_text("<!DOCTYPE html><html lang=en><title>A</title><p><b><i>b</b></i>")

    assert "b" in errors(str(tmp_path / "page.html"))[0]
