"""Rules that one place decides: which posts and pages are public, and which HTML is safe."""

import ast
from pathlib import Path

import blog

ROOT = Path(blog.__file__).parent
MODULES = [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]
LOOKUPS = {"filter", "exclude", "get", "get_or_create", "get_object_or_404", "Q", "When"}

#: Modules that may look at `is_draft` or `published`: the rule itself, the constraint that a public post has
#: a time, the times that taggings copy from their posts, and the searches for public posts by time.
DECIDING = {
    "models/pages.py",
    "models/post.py",
    "models/post_queryset.py",
    "models/taggings.py",
    "timeline/deep_pagination.py",
}

#: Modules and packages that show posts to readers.
SHOWING = {"context_processors.py", "feeds", "search", "sitemaps.py", "timeline", "views"}

#: Modules that may declare a string to be safe HTML: markup for its own output, the models that store it, the
#: tags that templates were too slow for, and JSON in a <script> element.
MARKING_SAFE = {
    "markup/__init__.py",
    "models/fields.py",
    "models/post.py",
    "templatetags/fast_html.py",
    "templatetags/sharing.py",
}
SAFE_MARKERS = {"mark_safe", "SafeString", "trusted", "TrustedHtml"}


def calls(paths):
    """The calls in these modules, each with its module's path."""
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


def test_only_these_modules_filter_by_draft_or_time():
    deciding = {path for path, call in calls(MODULES) if decides(call)}

    assert deciding == DECIDING


def test_everything_shown_to_readers_starts_from_published_posts():
    modules = (path for path in MODULES if path.relative_to(ROOT).parts[0] in SHOWING)

    starts = [
        (path, call.func.attr)
        for path, call in calls(modules)
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "Post.objects"
    ]

    assert len(starts) > 10
    # A permalink finds drafts too, and checks `is_public` before it shows one. Search reads only the years,
    # to know which months to look for in its index.
    assert {start for start in starts if not start[1].startswith("published")} == {
        ("views/permalinks.py", "filter"),
        ("search/months.py", "order_by"),
    }


def test_only_these_modules_mark_html_as_safe():
    marking = {path for path, call in calls(MODULES) if name(call.func) in SAFE_MARKERS}

    assert marking == MARKING_SAFE
