"""What tests need that start processes of the project."""

import os
import socket
import sys
from pathlib import Path

from weblog import environment

ROOT = Path(__file__).parent.parent
SECRET_KEY = "a long enough key for a process that tests start, 0123456789"


def variables(**given):
    """The environment for a process that knows no more of the project's variables than it is given."""
    of_the_tests = environment.names | {"DJANGO_SETTINGS_MODULE", "TEST_DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in of_the_tests}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return inherited | {"PATH": path, "ENV_FILE": os.devnull, "SECRET_KEY": SECRET_KEY} | given


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
