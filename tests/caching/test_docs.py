"""The table "What is remembered" in docs/caching.md agrees with the code."""

import ast
import re

from blog.models import SiteState
from tests.helpers.processes import ROOT

BLOG = ROOT / "blog"
PAGE = ROOT / "docs" / "caching.md"
CACHING_FUNCTIONS = {"lru_cache", "cache", "local"}
#: Methods of Django's cache that store a value.
STORING_METHODS = {"set", "add", "get_or_set", "set_many"}


def table():
    """Return the rows of the table as lists of cells."""
    [section] = re.findall(
        r"^## What is remembered\n(.*?)(?=^## )", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def documented_names():
    return {name for what, *_ in table() for name in re.findall(r"`([^`]+)`", what)}


class CacheFinder(ast.NodeVisitor):
    """Collects the names of a module's cached functions, and of functions that store in Django's cache."""

    def __init__(self, module):
        self.scope = [module]
        self.names = set()

    def visit_ClassDef(self, node):
        self.visit_scope(node)

    def visit_FunctionDef(self, node):
        if any(self.is_caching(decorator) for decorator in node.decorator_list):
            self.names.add(".".join([*self.scope, node.name]))
        self.visit_scope(node)

    def visit_scope(self, node):
        self.scope.append(node.name)
        for child in node.body:
            self.visit(child)
        self.scope.pop()

    def visit_Assign(self, node):
        calls = (child for child in ast.walk(node.value) if isinstance(child, ast.Call))
        if any(map(self.is_caching, calls)):
            targets = (
                name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
            )
            self.names.update(".".join([*self.scope, target]) for target in targets)
        self.generic_visit(node)

    def visit_Call(self, node):
        match node.func:
            case ast.Attribute(value=ast.Name(id="cache"), attr=method) if method in STORING_METHODS:
                self.names.add(".".join(self.scope))
        self.generic_visit(node)

    def is_caching(self, node):
        function = node.func if isinstance(node, ast.Call) else node
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
        return name in CACHING_FUNCTIONS


def find_caches(source, module="module"):
    finder = CacheFinder(module)
    finder.visit(ast.parse(source))
    return finder.names


def cached_names():
    """Return the names, below `blog`, of everything that is cached in a process or in Django's cache."""
    names = set()
    for path in BLOG.rglob("*.py"):
        module = ".".join(path.relative_to(BLOG).with_suffix("").parts).removesuffix(".__init__")
        names |= find_caches(path.read_text(), module)
    return names


def test_every_cached_function_is_in_the_table():
    assert cached_names() - documented_names() == set()


def test_every_function_in_the_table_is_cached():
    functions = {name for name in documented_names() if re.fullmatch(r"[a-z_]+(\.\w+)+", name)}

    classes = {"caching.store.PageStore", "caching.change_log.ChangeLog"}
    assert functions - cached_names() == classes


def test_every_stored_value_of_the_site_is_in_the_table():
    fields = {f"SiteState.{field.name}" for field in SiteState._meta.get_fields()}
    keys = {"SiteState.settings", "SiteState.version"}

    assert fields - keys - documented_names() == set()


def test_every_row_has_a_key_an_end_a_bound_and_a_test():
    for what, *cells in table():
        assert len(cells) == 4, what
        assert all(cells), what
        tests = re.findall(r"\]\(([^)]+)\)", cells[-1])
        assert tests, what
        for target in tests:
            assert (PAGE.parent / target).is_file(), f"{what} names {target}."


def test_all_forms_of_caching_are_found():
    source = """
from functools import cache, lru_cache
import functools
import threading
from django.core.cache import cache as shared
first, second = (lru_cache(maxsize=1)(each) for each in (str, int))
per_thread = threading.local()
@lru_cache
def third(): ...
@functools.lru_cache(maxsize=10)
def fourth(): ...
class Fifth:
    @classmethod
    @cache
    def sixth(cls): ...
def seventh():
    @lru_cache
    def eighth(): ...
    cache.set("key", 1)
"""

    names = ["first", "second", "per_thread", "third", "fourth", "Fifth.sixth", "seventh", "seventh.eighth"]
    assert {name for name in find_caches(source) if "each" not in name} == {
        f"module.{name}" for name in names
    }
