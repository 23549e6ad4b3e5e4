#!/usr/bin/env python
"""Stops with a sentence where nothing can listen on a loopback port, before anything else is done."""

import socket
import sys

port = sys.argv[1]
try:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", int(port)))
except (OSError, OverflowError, ValueError) as error:
    reason = getattr(error, "strerror", error)
    sys.exit(f"Cannot serve on port {port} ({reason}): choose another, like make run PORT=8001.")
