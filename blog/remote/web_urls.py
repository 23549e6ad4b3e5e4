"""Comparison of web URLs: different spellings of a page's URL have one key."""

import re
from hashlib import sha256
from urllib.parse import quote, urlsplit

MAX_HOST_LENGTH = 253
MAX_KEY_LENGTH = 500

# Query parameters that only track where a reader came from.
TRACKING_PARAMETER = re.compile(
    r"(utm_|mtm_|pk_|hsa_|_hs|__hs|at_(medium|campaign|link|format|ptr|bbc)|vero_|oly_)\w*"
    r"|[fgdy]clid|fbclid|gclsrc|[gw]braid|msclkid|ttclid|twclid|igshid|igsh|li_fat_id|rdt_cid|wickedid"
    r"|mc_[ce]id|mkt_tok|ref_src|ref_url|s_cid|cmpid|ncid|spm",
    re.IGNORECASE,
)
DEFAULT_PORTS = {None, 80, 443}
# Characters left alone in paths and queries; `%` because they are percent-encoded already.
SAFE_CHARACTERS = "/:@!$&'()*+,;=?~%-._"


def host_of(url):
    """Return the host in lower case, without `www.`; "" if this is not a web URL."""
    parts = split(url)
    return canonical_host(parts.hostname) if parts else ""


def canonical_host(host):
    return host.lower().removeprefix("www.")[:MAX_HOST_LENGTH]


def url_key(url):
    """Return a key that is the same for all spellings of a URL; "" if this is not a web URL.

    Ignores the scheme, `www.`, default ports, the fragment, tracking parameters and a trailing slash. The
    order of other parameters matters. The key is ASCII and at most `MAX_KEY_LENGTH` characters long, so that
    every database can index it.
    """
    parts = split(url)
    if not parts:
        return ""
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    path = percent_encode(parts.path).rstrip("/")
    pairs = [pair for pair in parts.query.split("&") if pair and not is_tracking_parameter(pair)]
    query = f"?{percent_encode('&'.join(pairs))}" if pairs else ""
    key = f"{ascii_host(canonical_host(parts.hostname))}{port}{path}{query}"
    if len(key) <= MAX_KEY_LENGTH:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: MAX_KEY_LENGTH - len(digest) - 1]}#{digest}"


def split(url):
    """Split a web URL; None if it isn't one."""
    try:
        parts = urlsplit(url.strip())
        return parts if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 else None
    except ValueError:  # invalid brackets or port
        return None


def is_tracking_parameter(pair):
    return bool(TRACKING_PARAMETER.fullmatch(pair.partition("=")[0]))


def percent_encode(text):
    """Percent-encode where necessary, with upper-case hexadecimal digits."""
    text = quote(text, safe=SAFE_CHARACTERS, errors="replace")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda match: match[0].upper(), text)


def ascii_host(host):
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return quote(host)
