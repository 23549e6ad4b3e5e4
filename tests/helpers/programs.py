"""External programs that some tests start, all of them packaged by Debian."""

import os
import shutil

import pytest


def require_program(program, package=None):
    """Return the program's path. Skips the test if it isn't installed; fails it if CI=true."""
    if path := shutil.which(program):
        return path
    reason = f"{program} is not installed: on Debian, apt install {package or program}."
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)
