"""Fake caches in front, which record the requests they get."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace


@contextmanager
def fake_server(port=0, statuses=()):
    """Run a server that responds with these statuses, then with 200. Yields its `url` and its `requests`."""
    requests, statuses = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def respond(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            requests.append(
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

        do_BAN = do_POST = respond

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}/", requests=requests)
    finally:
        server.shutdown()
        server.server_close()
