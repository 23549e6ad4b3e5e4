#!/usr/bin/env python
"""Exit with a message if a loopback port is taken, before `make run` does anything else."""

import socket
import sys

port = sys.argv[1]
try:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", int(port)))
except (OSError, OverflowError, ValueError) as error:
    reason = getattr(error, "strerror", error)
    sys.exit(f"Can't serve on port {port} ({reason}). Choose another one: make run PORT=8001")
