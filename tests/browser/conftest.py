"""A real browser, for what only a browser can tell."""

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

# With its rule for the size of targets (WCAG 2.2, 2.5.8), which it leaves out unless asked.
RUN_AXE = "axe.run({ rules: { 'target-size': { enabled: true } } }).then(result => result.violations)"


@pytest.hookimpl(tryfirst=True)  # before pytest applies -m
def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.external)


@pytest.fixture
def browser_errors():
    """What the browser found wrong: errors, refused resources, requests to other sites."""
    return []


@pytest.fixture
def page(transactional_db, live_server, browser_errors, tmp_path, monkeypatch):
    """An empty window on the site. Its addresses are relative to the site's root."""
    # Migrations made one, but a test with a live server leaves an empty database behind.
    Page.objects.get_or_create(slug="about", defaults={"title": "About", "body": "Text."})
    # Playwright keeps an event loop in this thread, and the database is not asked from inside it.
    # Every link leads where it says: no test asks another site.
    monkeypatch.setattr("blog.remote.link_check.fetch", lambda url: Response(url, "text/html", b""))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with browser_window(live_server.url, tmp_path / "chromium") as window:
        listen(window, live_server.url, browser_errors)
        yield window.pages[0]
        connections.close_all()  # inside an event loop the test had one of its own


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
    """The window of an author who has logged in."""
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
    """Says what people with disabilities cannot use on a page (axe-core), a line for each element."""
    source = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

    def violations(page):
        page.evaluate(source)  # not as a script of the page, which its policy would forbid
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
    reason = f"There is no browser at {LAUNCH['executable_path']}: on Debian, apt install chromium."
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
