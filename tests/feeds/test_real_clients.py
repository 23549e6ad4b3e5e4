"""Newsboat and rss2email, as packaged by Debian, polling a live server."""

import mailbox
import os
import shutil
import sqlite3
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_blogmark, make_entry, make_note, make_quotation

pytestmark = pytest.mark.external

PACKAGES = {"newsboat": "newsboat", "r2e": "rss2email"}


def demand(program):
    if shutil.which(program):
        return
    reason = f"{program} is not installed; on Debian: apt install {PACKAGES[program]}."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Newsboat:
    """Stores the items that it has fetched in a database."""

    def __init__(self, folder, address):
        demand("newsboat")
        self.folder = folder
        (folder / "urls").write_text(f"{address}\n")
        (folder / "config").write_text("")

    def poll(self):
        files = {"-u": "urls", "-c": "cache.db", "-C": "config"}
        options = [part for flag, name in files.items() for part in (flag, str(self.folder / name))]
        run(self.folder, "newsboat", *options, "-x", "reload")

    def items(self):
        """{guid: (title, text, row id)}. An item that newsboat takes for a new one gets a new row."""
        with sqlite3.connect(self.folder / "cache.db") as database:
            rows = database.execute("SELECT guid, title, content, id FROM rss_item").fetchall()
        database.close()
        assert len({guid for guid, *_ in rows}) == len(rows)
        return {guid: rest for guid, *rest in rows}


class Rss2email:
    """Sends a mail for each new item, and a reply when its text changes."""

    def __init__(self, folder, address):
        demand("r2e")
        self.folder = folder
        (folder / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = weblog@example.com\nto = reader@example.com\nemail-protocol = maildir\n"
            f"maildir-path = {folder}/mail\nmaildir-mailbox = inbox\nreply-changes = True\nhtml-mail = True\n"
        )
        (folder / "mail").mkdir()
        self.mail = mailbox.Maildir(folder / "mail" / "inbox")
        self.r2e("add", "weblog", address)

    def r2e(self, *arguments):
        options = ["--config", str(self.folder / "r2e.cfg"), "--data", str(self.folder / "r2e.json")]
        run(self.folder, "r2e", *options, *arguments)

    def poll(self):
        """The mails sent by this run: (id of the item, whether it is a reply to an earlier mail)."""
        before = set(self.mail.keys())
        self.r2e("run")
        sent = [self.mail[key] for key in set(self.mail.keys()) - before]
        return sorted((mail["X-RSS-ID"], mail["In-Reply-To"] is not None) for mail in sent)


def run(folder, *command):
    """Run a program with this folder as its home, and without access to other machines."""
    unreachable = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    environment = {
        "PATH": f"/usr/bin:{os.environ['PATH']}",
        "HOME": str(folder),
        "TERM": "dumb",
        "LANG": "C.UTF-8",
        "no_proxy": "127.0.0.1,localhost",
        **unreachable,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def posts(transactional_db, time_machine):
    """Posts that are nine hours old, so that every change has a Last-Modified time of its own."""
    time_machine.move_to(timezone.now() - timedelta(hours=9))
    hours_ago = timezone.now()
    return {
        "kept": make_entry(title="Tom & Jerry", published=hours_ago, tags=["cats"]),
        "edited": make_note(title="Before", body="As it was.", published=hours_ago),
        "tagged": make_blogmark(published=hours_ago, tags=["mice"]),
        "deleted": make_quotation(published=hours_ago),
    }


def change(posts, time_machine):
    """After an hour, add, edit, re-tag and delete a post each; then let another hour pass."""
    time_machine.shift(timedelta(hours=1))
    posts["edited"].body = "As it is now."
    posts["edited"].save()
    posts["tagged"].tags.set(["cheese"])
    posts["deleted"].delete()
    new = make_note(title="After", body="Something new.")
    time_machine.shift(timedelta(hours=1))
    return new


@pytest.mark.parametrize("path", ["/atom/everything/", "/rss/everything/"])
def test_newsboat_sees_one_new_post_and_one_change(posts, live_server, time_machine, tmp_path, path):
    ids = {name: post.uuid.urn for name, post in posts.items()}
    reader = Newsboat(tmp_path, live_server.url + path)
    time_machine.shift(timedelta(hours=1))
    reader.poll()
    before = reader.items()
    assert before.keys() == set(ids.values())
    assert before[ids["kept"]][0] == "Tom & Jerry"
    reader.poll()
    assert reader.items() == before

    new = change(posts, time_machine)
    reader.poll()

    after = reader.items()
    assert after.keys() - before.keys() == {new.uuid.urn}
    changed = {guid for guid in before.keys() & after.keys() if before[guid] != after[guid]}
    assert changed == {ids["edited"]}
    assert "As it is now." in after[ids["edited"]][1]


@pytest.mark.parametrize("path", ["/atom/everything/", "/rss/everything/"])
def test_rss2email_sends_one_new_post_and_one_change(posts, live_server, time_machine, tmp_path, path):
    ids = {name: post.uuid.urn for name, post in posts.items()}
    reader = Rss2email(tmp_path, live_server.url + path)
    assert reader.poll() == sorted((guid, False) for guid in ids.values())
    assert reader.poll() == []

    new = change(posts, time_machine)

    assert reader.poll() == sorted([(new.uuid.urn, False), (ids["edited"], True)])
    assert reader.poll() == []
