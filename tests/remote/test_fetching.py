"""Fetching pages of other sites, including hostile ones."""

import gzip
import socket
import ssl
import time
import zlib
from itertools import repeat
from pathlib import Path

import pytest

from blog.remote import fetching
from blog.remote.fetching import MAX_BYTES, FetchError, fetch, is_public
from tests.helpers.other_site import connections, other_site

PRIVATE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1", "2001:db8::1", "100::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "3fff::1", "5f00::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "2001:4860:4860::8888"]


@pytest.fixture
def site():
    with other_site({"/": "<title>Here</title>"}) as site:
        yield site


@pytest.fixture
def fast(monkeypatch):
    """Set the time limit to half a second."""
    monkeypatch.setattr(fetching, "TIMEOUT", 0.5)


def names(monkeypatch, **addresses):
    """Replace the resolver by one for these names. Each has a list of results; the last one is repeated."""
    resolved = []
    results = {f"{name}.example": list(texts) for name, texts in addresses.items()}

    def getaddrinfo(host, port, **kwargs):
        resolved.append(host)
        if host not in results:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        texts = results[host].pop(0) if len(results[host]) > 1 else results[host][0]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in text], socket.SOCK_STREAM, 6, "", (text, port)) for text in texts.split()]

    monkeypatch.setattr(fetching, "getaddrinfo", getaddrinfo)
    return resolved


# Which addresses may be connected to


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("port", [80, 443])
def test_private_addresses_are_refused(address, port):
    assert not is_public(address, port)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed_on_web_ports_only(address):
    assert is_public(address, 80)
    assert is_public(address, 443)
    assert not any(is_public(address, port) for port in (0, 22, 25, 6379, 8000, 8080, 65535))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "169.254.169.254",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "127。0。0。1",
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_connection_is_attempted_to_a_private_host(monkeypatch, host, scheme):
    with connections(monkeypatch) as tried, pytest.raises(FetchError):
        fetch(f"{scheme}://{host}/")

    assert tried == []


@pytest.mark.parametrize("addresses", ["127.0.0.1", "::1", "169.254.169.254", "8.8.8.8 10.0.0.1", "0.0.0.0"])
def test_no_connection_is_attempted_to_a_name_with_a_private_address(monkeypatch, addresses):
    names(monkeypatch, sly=[addresses])

    with connections(monkeypatch) as tried, pytest.raises(FetchError, match="not on the public web"):
        fetch("http://sly.example/")

    assert tried == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "https://127.0.0.1/",
        "//10.0.0.1/",
        "http://sly.example/",
        "http://localhost:22/",
    ],
)
def test_no_connection_is_attempted_to_the_private_target_of_a_redirect(monkeypatch, site, target):
    def may_connect(address, port):
        return site.is_at(address, port) or is_public(address, port)

    names(monkeypatch, sly=["127.0.0.1"], outer=["127.0.0.1"])
    monkeypatch.setattr(fetching, "getaddrinfo", for_example_names(fetching.getaddrinfo))
    site.pages["/away"] = lambda handler: handler.respond("", 302, Location=target)

    with connections(monkeypatch) as tried, pytest.raises(FetchError, match="not on the public web"):
        fetch(f"http://outer.example:{site.server_port}/away", may_connect)

    assert tried == [("127.0.0.1", site.server_port)]


def for_example_names(patched):
    """Use the patched resolver for example names only, and the system's for everything else."""
    system = socket.getaddrinfo
    return lambda host, *args, **kwargs: (patched if "example" in host else system)(host, *args, **kwargs)


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(monkeypatch, site):
    resolved = names(monkeypatch, rebinding=["127.0.0.1", "127.0.0.2"])

    with connections(monkeypatch) as tried:
        response = fetch(f"http://rebinding.example:{site.server_port}/", site.is_at)

    assert b"Here" in response.content
    assert resolved == ["rebinding.example"]
    assert tried == [("127.0.0.1", site.server_port)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/a",
        "example.com",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "javascript:1",
        "gopher://a/",
        "http://",
        "http://[::1",
        "http://a:b/",
        "http://127.0.0.1:99999/",
    ],
)
def test_a_url_that_is_not_on_the_web_is_refused(monkeypatch, url):
    with connections(monkeypatch) as tried, pytest.raises(FetchError):
        fetch(url, lambda address, port: True)

    assert tried == []


def test_proxies_in_the_environment_are_ignored(monkeypatch, site):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    with connections(monkeypatch) as tried:
        fetch(site.root, site.is_at)

    assert tried == [("127.0.0.1", site.server_port)]


def test_an_unknown_host_is_reported(monkeypatch):
    names(monkeypatch)

    with pytest.raises(FetchError, match="host name can't be found"):
        fetch("https://nowhere.example/")


@pytest.mark.parametrize(("host", "is_read"), [("good.example", True), ("bad.example", False)])
def test_the_certificate_must_match_the_host_name(monkeypatch, site, host, is_read):
    certificate = Path(__file__).parents[1] / "data" / "good.example.pem"
    monkeypatch.setattr(fetching, "tls_context", lambda: ssl.create_default_context(cafile=certificate))
    names(monkeypatch, good=["127.0.0.1"], bad=["127.0.0.1"])
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate)
    requested_names = []
    server.sni_callback = lambda _, name, __: requested_names.append(name)
    site.socket = server.wrap_socket(site.socket, server_side=True)

    try:
        content = fetch(f"https://{host}:{site.server_port}/", site.is_at).content
    except FetchError as error:
        content = str(error).encode()

    assert requested_names == [host]
    assert content == (b"<title>Here</title>" if is_read else b"The site can't be reached.")


def test_certificates_are_verified():
    assert fetching.tls_context().verify_mode == ssl.CERT_REQUIRED
    assert fetching.tls_context().check_hostname


# RedirectMiddleware


def test_redirects_are_followed(site):
    site.pages["/1"] = lambda handler: handler.respond("", 301, Location="2?x=é".encode().decode("latin-1"))
    site.pages["/2"] = lambda handler: handler.respond("", 307, Location=f"{site.root}/")

    response = fetch(f"{site.root}/1", site.is_at)

    assert response.url == f"{site.root}/"
    assert site.requested_paths == ["/1", "/2?x=%C3%A9", "/"]


def test_at_most_five_redirects_are_followed(site):
    for n in range(9):
        site.pages[f"/{n}"] = lambda handler, n=n: handler.respond("", 302, Location=f"/{n + 1}")

    with pytest.raises(FetchError, match="more than 5 times"):
        fetch(f"{site.root}/0", site.is_at)

    assert len(site.requested_paths) == 6


@pytest.mark.parametrize("target", ["", "http://[", "javascript:1", "mailto:a@example.com", "\xff"])
def test_a_redirect_to_an_invalid_url_is_refused(site, target):
    site.pages["/away"] = lambda handler: handler.respond("", 302, Location=target)

    with pytest.raises(FetchError):
        fetch(f"{site.root}/away", site.is_at)


# Limits on time and size


def test_a_silent_server_times_out(site, fast):
    site.pages["/slow"] = lambda handler: time.sleep(1)

    assert seconds_until_timeout(f"{site.root}/slow", site) < 0.9


def test_a_dripping_server_times_out(site, fast):
    site.pages["/drip"] = drip
    site.pages["/headers"] = drip_headers

    assert seconds_until_timeout(f"{site.root}/drip", site) < 0.9
    assert seconds_until_timeout(f"{site.root}/headers", site) < 0.9


def test_slow_redirects_share_one_time_limit(site, fast):
    def slowly(handler):
        time.sleep(0.2)
        handler.respond("", 302, Location="/slowly")

    site.pages["/slowly"] = slowly

    assert seconds_until_timeout(f"{site.root}/slowly", site) < 0.9


def test_a_slow_resolver_times_out(monkeypatch, fast):
    monkeypatch.setattr(fetching, "getaddrinfo", lambda *args, **kwargs: time.sleep(1))

    assert seconds_until_timeout("http://slow.example/", None) < 0.9


def seconds_until_timeout(url, site):
    start = time.monotonic()
    with pytest.raises(FetchError, match="took longer than"):
        fetch(url, site.is_at if site else is_public)
    return time.monotonic() - start


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(30):
        handler.wfile.write(f"X-{n}: x\r\n".encode())
        time.sleep(0.05)


def test_an_endless_response_is_cut(site):
    def endless(handler):
        handler.respond("<title>Endless</title>", Content_Length=None)
        for chunk in repeat(b"x" * 65536, 1000):
            handler.wfile.write(chunk)

    site.pages["/endless"] = endless

    response = fetch(f"{site.root}/endless", site.is_at)

    assert response.content.startswith(b"<title>Endless")
    assert len(response.content) == MAX_BYTES


def test_a_huge_response_is_cut(site):
    site.pages["/huge"] = lambda handler: handler.respond(b"x" * 2 * MAX_BYTES, Content_Length=10 * 1024**3)

    assert len(fetch(f"{site.root}/huge", site.is_at).content) == MAX_BYTES


def test_endless_headers_are_refused(site):
    def headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(100_000):
            handler.wfile.write(f"X-{n}: {'x' * 100}\r\n".encode())

    site.pages["/headers"] = headers

    with pytest.raises(FetchError, match="malformed"):
        fetch(f"{site.root}/headers", site.is_at)


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_compressed_response_is_decompressed_up_to_the_limit(site, pack):
    bomb = pack(b"x" * 200 * MAX_BYTES)
    site.pages["/bomb"] = lambda handler: handler.respond(bomb, Content_Encoding="gzip")
    site.pages["/packed"] = lambda handler: handler.respond(
        pack(b"<title>Packed</title>"), Content_Encoding="gzip"
    )

    assert len(fetch(f"{site.root}/bomb", site.is_at).content) == MAX_BYTES
    assert fetch(f"{site.root}/packed", site.is_at).content == b"<title>Packed</title>"


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip", "x"])
def test_a_response_that_cannot_be_decompressed_is_reported(site, encoding):
    site.pages["/broken"] = lambda handler: handler.respond("not packed", Content_Encoding=encoding)

    with pytest.raises(FetchError, match=r"malformed|unsupported"):
        fetch(f"{site.root}/broken", site.is_at)


@pytest.mark.parametrize("status", [204, 304, 400, 403, 404, 500, 999])
def test_any_status_but_200_is_reported(site, status):
    site.pages["/status"] = lambda handler: handler.respond("", status)

    with pytest.raises(FetchError, match=f"status {status}"):
        fetch(f"{site.root}/status", site.is_at)


@pytest.mark.parametrize("response", [b"", b"\x00" * 100, b"hello\r\n\r\n", b"HTTP/9 x\r\n\r\n"])
def test_a_response_that_is_not_http_is_reported(site, response):
    site.pages["/odd"] = lambda handler: handler.wfile.write(response)

    with pytest.raises(FetchError):
        fetch(f"{site.root}/odd", site.is_at)


def test_a_truncated_response_is_reported(site):
    site.pages["/short"] = lambda handler: handler.respond("abc", Content_Length=10)

    with pytest.raises(FetchError, match="malformed"):
        fetch(f"{site.root}/short", site.is_at)
