"""Lighthouse gives pages full scores for accessibility, best practices and SEO.

It also scores performance on this machine. That is printed (`pytest -rP`) but not asserted.
"""

import os
import shutil
import subprocess
from json import dumps, loads
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup

from tests.browser.screenshots import LAUNCH
from tests.browser.sites import serve_site
from tests.helpers.other_site import other_site
from tests.helpers.processes import ROOT

LIGHTHOUSE = Path(os.environ.get("LIGHTHOUSE") or ROOT / "var/npm/node_modules/.bin/lighthouse")
#: The browser can reach only this machine.
FLAGS = [*LAUNCH["args"], "--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
FULL_SCORES = {"accessibility": 1, "best-practices": 1, "seo": 1}
#: Performance audits that don't depend on the machine.
PERFORMANCE_AUDITS = [
    "cumulative-layout-shift",
    "font-display",
    "redirects",
    "third-party-summary",
    "total-byte-weight",
    "unminified-javascript",
    "unused-javascript",
    "uses-long-cache-ttl",
    "uses-text-compression",
]
#: Lighthouse may lose its browser on a busy machine.
MAX_ATTEMPTS = 4


def require_lighthouse():
    if LIGHTHOUSE.exists() and shutil.which("node") and Path(LAUNCH["executable_path"]).exists():
        return
    reason = (
        "Lighthouse is missing: install Node.js and Chromium, and npm install --prefix var/npm lighthouse."
    )
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def report(url):
    """Run Lighthouse on a page, emulating a phone."""
    command = [LIGHTHOUSE, url, "--quiet", "--output=json", "--no-enable-error-reporting"]
    flags = " ".join(dumps(flag) if " " in flag else flag for flag in FLAGS)
    command.append(f"--chrome-flags={flags}")
    environment = os.environ | {"CHROME_PATH": LAUNCH["executable_path"]}
    for _ in range(MAX_ATTEMPTS):
        run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        result = loads(run.stdout) if run.returncode == 0 else {"runtimeError": run.stderr}
        if not result.get("runtimeError"):
            return result
    pytest.fail(f"Lighthouse gave no report: {result['runtimeError']}")


def scores(result):
    return {name: category["score"] for name, category in result["categories"].items()}


def failures(result):
    """Return the failed audits among those that have to pass, with their details."""
    audits = result["audits"]
    counted = [
        each["id"]
        for name in FULL_SCORES
        for each in result["categories"][name]["auditRefs"]
        if each["weight"]
    ]
    failed = [name for name in [*counted, *PERFORMANCE_AUDITS] if audits[name]["score"] not in {None, 1}]
    return [(name, audits[name]["title"], dumps(audits[name].get("details"))[:300]) for name in failed]


@pytest.fixture
def root(tmp_path, database_url):
    require_lighthouse()
    with serve_site("generated", tmp_path, DATABASE_URL=database_url) as root:
        yield root


def links(url, selector):
    page = BeautifulSoup(urlopen(url).read(), "lxml")
    return [urljoin(url, link["href"]) for link in page.select(selector)]


def test_pages_have_full_scores(root):
    pages = {
        "home": f"{root}/",
        "day": links(root, ".day a")[0],
        "permalink": links(root, ".entry .permalink")[0],
        "tag": links(root, ".current a")[0],
        "search": f"{root}/search/",
    }

    for name, url in pages.items():
        result = report(url)
        print(f"{name}: {scores(result)}")

        assert failures(result) == [], name
        assert scores(result) | FULL_SCORES == scores(result), name


def test_search_results_have_full_scores_except_that_they_are_not_indexed(root):
    result = report(f"{root}/search/?q=type:quotation")

    assert [name for name, *_ in failures(result)] == ["is-crawlable"]


def test_bad_pages_lose_scores():
    require_lighthouse()
    with other_site(
        {"/": "<!DOCTYPE html><title>A page</title><p>Words<input>", "/favicon.ico": ""}
    ) as other:
        result = report(other.root)

    assert {"html-has-lang", "label", "meta-description"} <= {name for name, *_ in failures(result)}
