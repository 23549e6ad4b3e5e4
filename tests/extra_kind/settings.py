"""The settings of the tests, with the extra kind installed."""

from tests.settings import *  # noqa: F403  (settings extend others by star import)
from tests.settings import BASE_DIR, INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.extra_kind"]
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "extra_kind" / "templates")

MIGRATION_MODULES = {"blog": "tests.extra_kind.blog_migrations"}
