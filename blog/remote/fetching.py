"""Fetch pages of other sites, guarded against server-side request forgery (SSRF).

The author supplies the URL, and the server behind it isn't trusted: it may redirect into the internal
network, or respond slowly or endlessly. So each host name is resolved once, all its addresses are checked,
the connection goes to one of these, and one deadline covers everything.
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

from .web_urls import ascii_host, percent_encode, split

TIMEOUT = 5  # seconds for everything: resolving names, redirects, the slowest response
MAX_BYTES = 1024 * 1024  # of a response body, compressed and decompressed
MAX_REDIRECTS = 5
MAX_ADDRESSES = 3  # tried per host name
PORTS = {"http": 80, "https": 443}
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; weblog)",
    "Accept": "text/html, application/xhtml+xml, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}

# Of IPv6 only 2000::/3 is allocated to the public. That excludes `::ffff:0:0/96` and `64:ff9b::/96`, which
# wrap IPv4 addresses. The special networks are those of the IANA registries of special-purpose addresses; in
# IPv6 they include further wrapped IPv4 addresses (6to4, Teredo) and the documentation prefixes.
PUBLIC_NETWORKS = [ip_network("0.0.0.0/0"), ip_network("2000::/3")]
SPECIAL_NETWORKS = [
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
    """A failed fetch. The message is a sentence for the author; `status` is the HTTP status, if any."""

    def __init__(self, reason, status=None):
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Response:
    """A fetched page. `url` is the one after redirects; `content` is cut at `MAX_BYTES`."""

    url: str
    content_type: str
    content: bytes


def is_public(address, port):
    """Tell whether an IP address, as text, is on the public internet, and the port one of the web's."""
    try:
        address = ip_address(address)
    except ValueError:  # such as `fe80::1%eth0`
        return False
    return (
        port in PORTS.values()
        and contains(PUBLIC_NETWORKS, address)
        and not contains(SPECIAL_NETWORKS, address)
    )


def contains(networks, address):
    return any(address in network for network in networks if network.version == address.version)


def fetch(url, may_connect=is_public):
    """Return the response for a URL, following redirects. Raises FetchError.

    `may_connect(address, port)` is asked about every address of every host on the way.
    """
    backend = GuardedBackend(monotonic() + TIMEOUT, may_connect)
    with httpcore.ConnectionPool(network_backend=backend, ssl_context=tls_context()) as connections:
        for _step in range(MAX_REDIRECTS + 1):
            result = request(connections, url)
            if isinstance(result, Response):
                return result
            url = result
    raise FetchError(_("The page redirects more than %(number)d times.") % {"number": MAX_REDIRECTS})


def request(connections, url):
    """Make one request. Returns the response, or the URL of a redirect."""
    target = request_target(url)
    try:
        with connections.stream("GET", target, headers=HEADERS) as response:
            headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in REDIRECT_STATUSES and b"location" in headers:
                return redirect_url(url, headers[b"location"])
            if response.status != 200:
                text = _("The server returned status %(number)d instead of the page.")
                raise FetchError(text % {"number": response.status}, response.status)
            content = read_body(response.iter_stream(), headers.get(b"content-encoding", ""))
            return Response(url, headers.get(b"content-type", ""), content)
    except httpcore.TimeoutException as error:
        text = _("The page took longer than %(number)d seconds to load.")
        raise FetchError(text % {"number": TIMEOUT}) from error
    except (httpcore.NetworkError, ssl.SSLError) as error:
        raise FetchError(_("The site can't be reached.")) from error
    except (httpcore.ProtocolError, zlib.error) as error:
        raise FetchError(_("The server's response is malformed.")) from error


def request_target(url):
    parts = split(url)
    if not parts:
        raise FetchError(_("The address must start with http:// or https://."))
    path = percent_encode(parts.path or "/") + (f"?{percent_encode(parts.query)}" if parts.query else "")
    port = parts.port or PORTS[parts.scheme]
    return httpcore.URL(scheme=parts.scheme, host=ascii_host(parts.hostname), port=port, target=path)


def redirect_url(url, location):
    """Resolve a Location header. Servers send bytes, most of them UTF-8."""
    try:
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError as error:
        raise FetchError(_("The page redirects to an invalid address.")) from error


def read_body(chunks, encoding):
    """Read and decompress the first `MAX_BYTES` of a response body."""
    if encoding.lower() in {"", "identity"}:
        decompressor = None
    elif encoding.lower() in {"gzip", "x-gzip", "deflate"}:
        decompressor = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    else:
        text = _("The page is compressed in an unsupported format: %(name)s.")
        raise FetchError(text % {"name": encoding[:40]})
    content = b""
    for chunk in chunks:
        left = MAX_BYTES - len(content)
        content += decompressor.decompress(chunk, left) if decompressor else chunk[:left]
        if len(content) >= MAX_BYTES:
            break
    return content


@cache
def tls_context():
    return httpcore.default_ssl_context()


class GuardedBackend(httpcore.NetworkBackend):
    """A network backend that connects to permitted addresses only, and before the deadline."""

    def __init__(self, deadline, may_connect):
        self.deadline = deadline
        self.may_connect = may_connect
        self.backend = httpcore.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """Check every address of the host before trying the first one."""
        addresses = self.resolve(host, port)
        if not all(self.may_connect(address, port) for address in addresses):
            raise FetchError(
                _("The address is not on the public web: its host is private, or its port unusual.")
            )
        for address in addresses[:MAX_ADDRESSES]:
            try:
                stream = self.backend.connect_tcp(
                    address, port, time_left(self.deadline), None, socket_options
                )
                return DeadlineStream(stream, self.deadline)
            except httpcore.ConnectError:
                continue
        raise httpcore.ConnectError(host)

    def resolve(self, host, port):
        """Return the addresses of a host, in a thread because the system's resolver has no timeout."""
        threads = ThreadPoolExecutor(1)
        try:
            found = threads.submit(getaddrinfo, host, port, type=SOCK_STREAM)
            return list(dict.fromkeys(info[4][0] for info in found.result(time_left(self.deadline))))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except (OSError, UnicodeError) as error:
            raise FetchError(_("The host name can't be found.")) from error
        finally:
            threads.shutdown(wait=False)


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every operation times out at the deadline."""

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
        return DeadlineStream(stream, self.deadline)

    def get_extra_info(self, info):
        return self.stream.get_extra_info(info)


def time_left(deadline):
    seconds = deadline - monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout
    return seconds
