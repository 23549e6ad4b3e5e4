"""blog/strings needs neither settings nor a database (import-linter can only forbid Django as a whole)."""

import ast
from pathlib import Path

import pytest

from blog import strings

MODULES = sorted(Path(strings.__file__).parent.glob("*.py"))
ALLOWED = {"django.core.exceptions", "django.utils.text", "django.utils.translation"}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_there_are_modules_to_check():
    assert len(MODULES) > 5
    assert "django.utils.translation" in {name for path in MODULES for name in imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_only_djangos_pure_helpers_are_imported(path):
    assert {name for name in imports(path) if name.startswith("django")} <= ALLOWED
