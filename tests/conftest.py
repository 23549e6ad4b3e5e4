"""What every test relies on."""

import hypothesis
import pytest
from django.core.cache import cache

# A slow machine is no failure.
hypothesis.settings.register_profile("weblog", deadline=None, print_blob=True)
hypothesis.settings.load_profile("weblog")


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
