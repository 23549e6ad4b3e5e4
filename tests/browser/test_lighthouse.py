"""What Lighthouse says of pages that are served as in production: full marks for what is theirs.

How fast they are on this machine it measures as well; that is printed (`pytest -rP`), and tests nothing.
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
from tests.browser.sites import site
from tests.helpers.other_site import other_site
from tests.helpers.processes import ROOT

LIGHTHOUSE = Path(os.environ.get("LIGHTHOUSE") or ROOT / "var/npm/node_modules/.bin/lighthouse")
#: The browser finds this machine and no other.
FLAGS = [*LAUNCH["args"], "--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
FULL = {"accessibility": 1, "best-practices": 1, "seo": 1}
#: What of the performance does not depend on the machine: each of these audits is passed.
SETTLED = [
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
#: How often it may lose its browser on a busy machine, which says nothing of the page.
ATTEMPTS = 4


def require_lighthouse():
    if LIGHTHOUSE.exists() and shutil.which("node") and Path(LAUNCH["executable_path"]).exists():
        return
    reason = (
        "There is no Lighthouse: install Node.js and Chromium, and npm install --prefix var/npm lighthouse."
    )
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def report(url):
    """What Lighthouse finds on a page, as it would be on a phone."""
    command = [LIGHTHOUSE, url, "--quiet", "--output=json", "--no-enable-error-reporting"]
    flags = " ".join(dumps(flag) if " " in flag else flag for flag in FLAGS)
    command.append(f"--chrome-flags={flags}")
    environment = os.environ | {"CHROME_PATH": LAUNCH["executable_path"]}
    for _ in range(ATTEMPTS):
        run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        found = loads(run.stdout) if run.returncode == 0 else {"runtimeError": run.stderr}
        if not found.get("runtimeError"):
            return found
    pytest.fail(f"Lighthouse gave no report: {found['runtimeError']}")


def marks(found):
    return {name: category["score"] for name, category in found["categories"].items()}


def failures(found):
    """The audits that cost marks where marks should be full, each with what it found."""
    audits = found["audits"]
    counted = [
        each["id"] for name in FULL for each in found["categories"][name]["auditRefs"] if each["weight"]
    ]
    failed = [name for name in [*counted, *SETTLED] if audits[name]["score"] not in {None, 1}]
    return [(name, audits[name]["title"], dumps(audits[name].get("details"))[:300]) for name in failed]


@pytest.fixture
def root(tmp_path, database_url):
    require_lighthouse()
    with site("made-up", tmp_path, DATABASE_URL=database_url) as root:
        yield root


def links(url, selector):
    page = BeautifulSoup(urlopen(url).read(), "lxml")
    return [urljoin(url, link["href"]) for link in page.select(selector)]


def test_pages_have_full_marks(root):
    pages = {
        "home": f"{root}/",
        "day": links(root, ".day a")[0],
        "permalink": links(root, ".entry .permalink")[0],
        "tag": links(root, ".current a")[0],
        "search": f"{root}/search/",
    }

    for name, url in pages.items():
        found = report(url)
        print(f"{name}: {marks(found)}")

        assert failures(found) == [], name
        assert marks(found) | FULL == marks(found), name


def test_what_was_found_has_full_marks_but_is_not_for_search_engines(root):
    found = report(f"{root}/search/?q=type:quotation")

    assert [name for name, *_ in failures(found)] == ["is-crawlable"]


def test_what_costs_marks_would_be_noticed():
    require_lighthouse()
    with other_site(
        {"/": "<!DOCTYPE html><title>A page</title><p>Words<input>", "/favicon.ico": ""}
    ) as other:
        found = report(other.root)

    assert {"html-has-lang", "label", "meta-description"} <= {name for name, *_ in failures(found)}
