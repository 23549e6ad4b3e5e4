"""Fixtures for tests in a real browser."""

import os
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from blog.models import Page
from blog.remote.fetching import Response
from tests.browser.screenshots import LAUNCH

# With the rule for target sizes (WCAG 2.2, 2.5.8), which is off by default.
RUN_AXE = "axe.run({ rules: { 'target-size': { enabled: true } } }).then(result => result.violations)"


@pytest.hookimpl(tryfirst=True)  # before pytest applies -m
def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.external)


@pytest.fixture
def browser_errors():
    """Collects errors and warnings, failed requests, and requests to other sites."""
    return []


@pytest.fixture
def page(transactional_db, live_server, browser_errors, tmp_path, monkeypatch):
    """A browser page whose URLs are relative to the live server."""
    # A migration creates this page, but tests with a live server flush the database.
    Page.objects.get_or_create(slug="about", defaults={"title": "About", "body": "Text."})
    # The link check finds every link alive without asking other sites.
    monkeypatch.setattr("blog.remote.link_check.fetch", lambda url: Response(url, "text/html", b""))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop in this thread
    with browser_window(live_server.url, tmp_path / "chromium") as window:
        listen(window, live_server.url, browser_errors)
        yield window.pages[0]
        connections.close_all()  # inside the event loop the test had its own


@contextmanager
def browser_window(root, folder):
    require_chromium()
    with sync_playwright() as playwright:
        window = playwright.chromium.launch_persistent_context(
            folder, base_url=root, locale="en", timezone_id="UTC", **LAUNCH
        )
        window.set_default_timeout(60_000)
        yield window
        window.close()


@pytest.fixture
def author(page, django_user_model):
    """The page of a logged-in author."""
    django_user_model.objects.create_superuser("author", password="swordfish")
    log_in(page)
    return page


def log_in(page):
    page.goto("/admin/")
    page.get_by_label("Username").fill("author")
    page.get_by_label("Password").fill("swordfish")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


@pytest.fixture
def axe():
    """Runs axe-core on a page in both themes and returns a line for each violation."""
    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

    def violations(page):
        page.evaluate(source)  # the page's policy forbids adding a script element
        return [*in_theme(page, "light"), *in_theme(page, "dark")]

    def in_theme(page, theme):
        page.emulate_media(color_scheme=theme)
        page.evaluate("Promise.all(document.getAnimations().map(colour => colour.finished))")
        found = page.evaluate(RUN_AXE)
        return [
            f"{theme}: {rule['id']} ({rule['impact']}): {node['target']} {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations


def require_chromium():
    if Path(LAUNCH["executable_path"]).exists():
        return
    reason = f"Chromium is not installed at {LAUNCH['executable_path']}: on Debian, apt install chromium."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def listen(window, root, browser_errors):
    def note(what):
        browser_errors.append(f"{window.pages[0].url}: {what}")

    window.on("console", lambda message: note(message.text) if message.type in {"error", "warning"} else None)
    window.on("weberror", lambda error: note(error.error))
    window.on(
        "request", lambda request: None if request.url.startswith((root, "data:")) else note(request.url)
    )
    window.on(
        "response",
        lambda response: note(f"{response.status} {response.url}") if response.status >= 400 else None,
    )
