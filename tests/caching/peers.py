"""Caches made up on this machine, which remember what they were asked to forget."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace


@contextmanager
def answering(port=0, statuses=()):
    """A server that answers with these statuses, then 200: with its `url`, and `asked` requests."""
    asked, statuses = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            asked.append(
                SimpleNamespace(
                    method=self.command, path=self.path, headers=self.headers, json=json.loads(body or "null")
                )
            )
            reply = json.dumps(
                {"success": True, "errors": [], "messages": [], "result": {"id": "z"}}
            ).encode()
            self.send_response(statuses.pop(0) if statuses else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_BAN = do_POST = answer

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}/", asked=asked)
    finally:
        server.shutdown()
        server.server_close()
