"""Another site, served on this machine, for tests that fetch web pages."""

import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class OtherSite(ThreadingHTTPServer):
    """A server for `pages`: {path: HTML, or a function that is passed the handler}."""

    daemon_threads = True

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = pages
        self.requested_paths = []

    @property
    def root(self):
        return f"http://127.0.0.1:{self.server_port}"

    def is_at(self, address, port):
        """Tell whether this is the server's address, for `fetch(may_connect=…)`."""
        return (address, port) == ("127.0.0.1", self.server_port)

    def handle_error(self, request, client_address):
        """Ignore clients that disconnect early."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requested_paths.append(self.path)
        page = self.server.pages.get(self.path.partition("?")[0])
        if page is None:
            self.send_error(404)
        elif callable(page):
            page(self)
        else:
            self.respond(page)

    def respond(self, content, status=200, **headers):
        content = content.encode() if isinstance(content, str) else content
        headers = {"Content_Type": "text/html; charset=utf-8", "Content_Length": len(content)} | headers
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Keep the log out of the test output."""


@contextmanager
def other_site(pages):
    with OtherSite(pages) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def connections(monkeypatch):
    """Record every address that a socket tries to connect to."""
    tried = []
    with monkeypatch.context() as patched:
        for name in ("connect", "connect_ex"):
            original = getattr(socket.socket, name)
            patched.setattr(
                socket.socket,
                name,
                lambda self, address, original=original: (tried.append(address), original(self, address))[1],
            )
        yield tried
