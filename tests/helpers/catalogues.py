"""Reading message catalogues, and extracting messages from the sources as `makemessages` does."""

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from tests.helpers.processes import ROOT

LOCALE = ROOT / "locale"
DOMAINS = {"django": ("blog", "templates", "weblog"), "djangojs": ("static",)}
LINE = re.compile(r'(?:(?P<key>msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? )?(?P<text>".*")')


@dataclass
class Message:
    """An entry of a catalogue. `translations` has one text for each plural form."""

    context: str = ""
    text: str = ""
    plural: str = ""
    translations: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def key(self):
        return self.context, self.text, self.plural


def read_catalogue(path):
    """Return the messages of a catalogue, without its header."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [message for block in blocks if (message := parse_entry(block)).text]


def parse_entry(block):
    message, key = Message(), ""
    values = {"msgctxt": "", "msgid": "", "msgid_plural": "", "msgstr": message.translations}
    for line in block.splitlines():
        message.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
        if not (match := LINE.fullmatch(line)):
            continue
        key, text = match["key"] or key, ast.literal_eval(match["text"])
        if key != "msgstr":
            values[key] += text
        elif match["key"]:
            message.translations.append(text)
        else:
            message.translations[-1] += text
    message.context, message.text, message.plural = (
        values[name] for name in ("msgctxt", "msgid", "msgid_plural")
    )
    return message


def extract_messages(domain, folder):
    """Run makemessages on a copy of the sources and return what it finds."""
    require_gettext()
    for name in DOMAINS[domain]:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "xx", "--domain", domain]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return read_catalogue(folder / f"locale/xx/LC_MESSAGES/{domain}.po")


def require_gettext():
    if shutil.which("xgettext"):
        return
    reason = "xgettext is not installed: on Debian, apt install gettext."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
