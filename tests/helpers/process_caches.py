"""The function caches (`lru_cache`) of this process."""

import gc
from functools import cache

from blog.paths import path_to


@cache
def process_caches():
    """Return every function of `blog` that `lru_cache` or `cache` wraps."""
    wrapped = (thing for thing in gc.get_objects() if type(thing) is type(path_to))
    functions = [function for function in wrapped if function.__module__.startswith("blog.")]
    assert path_to in functions
    return functions


def clear_process_caches():
    """Make the next page render from stored data alone, as in a new process."""
    for function in process_caches():
        function.cache_clear()
