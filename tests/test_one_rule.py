"""What is public is decided in one place: `published()`, on posts and on pages."""

import ast
from pathlib import Path

import blog

ROOT = Path(blog.__file__).parent
LOOKUPS = {"filter", "exclude", "get", "get_or_create", "get_object_or_404", "Q", "When"}

#: Where the rule is, where the database is told that what is no draft has a time, where the times that
#: taggings repeat are held against those of their posts, and where what is public is found by its time.
DECIDING = {
    "caching/affected_pages.py",
    "models/pages.py",
    "models/post.py",
    "models/post_queryset.py",
    "models/tags.py",
    "timeline/deep_pagination.py",
}

#: What shows posts to readers.
SHOWING = {"context_processors.py", "feeds", "search", "sitemaps.py", "timeline", "views"}


def calls(paths):
    """The calls in these modules, each with the path of its module."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield path.relative_to(ROOT).as_posix(), node


def name(function):
    return getattr(function, "attr", getattr(function, "id", ""))


def decides(call):
    names = {keyword.arg or "" for keyword in call.keywords}
    return name(call.func) in LOOKUPS and any(
        word in names or any(name.startswith(f"{word}__") for name in names)
        for word in ("is_draft", "published")
    )


def test_no_other_module_asks_for_drafts_or_times():
    modules = (path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)

    deciding = {path for path, call in calls(modules) if decides(call)}

    assert deciding == DECIDING


def test_what_readers_see_starts_with_what_is_published():
    modules = (path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] in SHOWING)

    starts = [
        (path, call.func.attr)
        for path, call in calls(modules)
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "Post.objects"
    ]

    assert len(starts) > 10
    # A permalink finds drafts too, and asks the post whether it is public before it shows it. Search asks
    # which years there are, to know which months its index should be asked for, and shows none of them.
    assert {start for start in starts if not start[1].startswith("published")} == {
        ("views/permalinks.py", "filter"),
        ("search/months.py", "order_by"),
    }
