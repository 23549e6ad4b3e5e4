"""Reads a page of another site: what it is called, who wrote it, where it says that it is.

The author names the address, and whoever answers there is not to be trusted: they may lead to the
inside of the network that this runs in, answer slowly, or without end. So every name is looked up once,
each of its addresses is checked, and the connection is made to the very address that was checked.
"""

import ssl
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from socket import SOCK_STREAM, getaddrinfo
from time import monotonic
from urllib.parse import urljoin

import httpcore
from django.utils.translation import gettext as _

from .web_urls import ascii_host, escaped, split

SECONDS = 5  # for everything: looking up names, redirects, the slowest answer
MAX_BYTES = 1024 * 1024  # of an answer; before and after it is unpacked
MOST_REDIRECTS = 5
MOST_ADDRESSES = 3  # that a name has, to try
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; weblog)",
    "Accept": "text/html, application/xhtml+xml, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}

# The IANA registries of special-purpose addresses. Of IPv6 only 2000::/3 is given to anybody, without what
# wraps an IPv4 address (6to4, Teredo) or is for examples; so `::ffff:0:0/96` and `64:ff9b::/96` are out.
OUTSIDE = [ip_network("0.0.0.0/0"), ip_network("2000::/3")]
INSIDE = [
    ip_network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    ]
]


class FetchError(Exception):
    """Says why, in a sentence for the author; `status` is what the site answered, where it did."""

    def __init__(self, reason, status=None):
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Response:
    """What a page said: its bytes, at most `MAX_BYTES`, and what the headers say that they are."""

    url: str
    content_type: str
    content: bytes


def is_outside(address, port):
    """Whether this address (a text) is one of the public internet, and the port one of the web."""
    try:
        address = ip_address(address)
    except ValueError:  # such as `fe80::1%eth0`
        return False
    networks = [network for network in OUTSIDE + INSIDE if network.version == address.version]
    inside = any(address in network for network in networks if network in INSIDE)
    return port in PORTS.values() and not inside and any(address in network for network in networks)


def fetch(url, may_connect=is_outside):
    """The answer at the address, or where that redirects to. Raises FetchError.

    `may_connect(address, port)` says of every address of every host on the way whether it may be asked.
    """
    guard = Guard(monotonic() + SECONDS, may_connect)
    with httpcore.ConnectionPool(network_backend=guard, ssl_context=tls()) as connections:
        for _step in range(MOST_REDIRECTS + 1):
            answer = ask(connections, url)
            if isinstance(answer, Response):
                return answer
            url = answer
    raise FetchError(_("It redirects more than %(number)d times.") % {"number": MOST_REDIRECTS})


def ask(connections, url):
    """The answer at the address, or the address that it redirects to."""
    target = request_target(url)
    try:
        with connections.stream("GET", target, headers=HEADERS) as response:
            headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in REDIRECTS and b"location" in headers:
                return join(url, headers[b"location"])
            if response.status != 200:
                text = _("It answered with the status %(number)d.") % {"number": response.status}
                raise FetchError(text, response.status)
            content = read(response.iter_stream(), headers.get(b"content-encoding", ""))
            return Response(url, headers.get(b"content-type", ""), content)
    except httpcore.TimeoutException as error:
        raise FetchError(_("It took longer than %(number)d seconds.") % {"number": SECONDS}) from error
    except (httpcore.NetworkError, ssl.SSLError) as error:
        raise FetchError(_("It could not be reached.")) from error
    except (httpcore.ProtocolError, zlib.error) as error:
        raise FetchError(_("Its answer could not be understood.")) from error


def request_target(url):
    parts = split(url)
    if not parts:
        raise FetchError(_("Only addresses with http:// or https:// can be read."))
    path = escaped(parts.path or "/") + (f"?{escaped(parts.query)}" if parts.query else "")
    port = parts.port or PORTS[parts.scheme]
    return httpcore.URL(scheme=parts.scheme, host=ascii_host(parts.hostname), port=port, target=path)


def join(url, location):
    """Servers write addresses as bytes, and most of them as UTF-8."""
    try:
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise FetchError(_("It redirects to what is no address.")) from error


def read(chunks, encoding):
    """The first bytes of an answer, unpacked."""
    if encoding.lower() in {"", "identity"}:
        unpack = None
    elif encoding.lower() in {"gzip", "x-gzip", "deflate"}:
        unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    else:
        text = _("Its answer is packed in a way that is not known here: %(name)s.")
        raise FetchError(text % {"name": encoding[:40]})
    content = b""
    for chunk in chunks:
        left = MAX_BYTES - len(content)
        content += unpack.decompress(chunk, left) if unpack else chunk[:left]
        if len(content) >= MAX_BYTES:
            break
    return content


@cache
def tls():
    return httpcore.default_ssl_context()


class Guard(httpcore.NetworkBackend):
    """Connects to addresses that may be asked, and to no other; all of it before the deadline."""

    def __init__(self, deadline, may_connect):
        self.deadline = deadline
        self.may_connect = may_connect
        self.backend = httpcore.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """Every address that the name has is checked before the first one is tried."""
        addresses = self.look_up(host, port)
        if not all(self.may_connect(address, port) for address in addresses):
            raise FetchError(_("Its host, or its port, is not one of the public web."))
        for address in addresses[:MOST_ADDRESSES]:
            try:
                stream = self.backend.connect_tcp(
                    address, port, time_left(self.deadline), None, socket_options
                )
                return Stream(stream, self.deadline)
            except httpcore.ConnectError:
                continue
        raise httpcore.ConnectError(host)

    def look_up(self, host, port):
        """The addresses of the name. The system's resolver knows no deadline, hence the thread."""
        threads = ThreadPoolExecutor(1)
        try:
            found = threads.submit(getaddrinfo, host, port, type=SOCK_STREAM)
            return list(dict.fromkeys(info[4][0] for info in found.result(time_left(self.deadline))))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except (OSError, UnicodeError) as error:
            raise FetchError(_("There is no such host.")) from error
        finally:
            threads.shutdown(wait=False)


class Stream(httpcore.NetworkStream):
    """A connection of which every step has only the time that is left."""

    def __init__(self, stream, deadline):
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes, timeout=None):
        return self.stream.read(max_bytes, time_left(self.deadline))

    def write(self, buffer, timeout=None):
        self.stream.write(buffer, time_left(self.deadline))

    def close(self):
        self.stream.close()

    def start_tls(self, ssl_context, server_hostname=None, timeout=None):
        stream = self.stream.start_tls(ssl_context, server_hostname, time_left(self.deadline))
        return Stream(stream, self.deadline)

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)


def time_left(deadline):
    seconds = deadline - monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout
    return seconds
