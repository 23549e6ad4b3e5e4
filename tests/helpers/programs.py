"""Programs of Debian's packages, which some tests start."""

import os
import shutil

import pytest


def path_of(program, package=None):
    """Where the program is. Where it is not, the test is left out and says why; with CI=true it fails."""
    if found := shutil.which(program):
        return found
    reason = f"needs {program}, of Debian's package {package or program}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(f"left out: {reason}")
