"""What a process remembers of what it has shown."""

import gc
from functools import cache

from blog.paths import path_to


@cache
def memories():
    """All functions of the weblog that remember what they answered."""
    found = (thing for thing in gc.get_objects() if type(thing) is type(path_to))
    return [function for function in found if function.__module__.startswith("blog.")]


def forget():
    """From now on everything is made from what is stored, as in a new process."""
    for function in memories():
        function.cache_clear()
