"""Another site, on this machine, for what reads pages of the web."""

import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class OtherSite(ThreadingHTTPServer):
    """Answers each path with what `pages` has for it: HTML, or a function that is given the handler."""

    daemon_threads = True

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = pages
        self.asked = []

    @property
    def root(self):
        return f"http://127.0.0.1:{self.server_port}"

    def is_at(self, address, port):
        """Whether that is this server: for `fetch(may_connect=…)`."""
        return (address, port) == ("127.0.0.1", self.server_port)

    def handle_error(self, request, client_address):
        """Who asks may hang up before the end."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
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
        """The tests' output is not for that."""


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
    """Every address that anything tries to connect to meanwhile, at the socket layer."""
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
