"""Addresses of the web as readers compare them: the same page is written in many ways."""

import re
from hashlib import sha256
from urllib.parse import quote, urlsplit

MAX_HOST_LENGTH = 253
MAX_KEY_LENGTH = 500

#: Says who sent the reader, and nothing of the page.
TRACKING = re.compile(
    r"(utm_|mtm_|pk_|hsa_|_hs|__hs|at_(medium|campaign|link|format|ptr|bbc)|vero_|oly_)\w*"
    r"|[fgdy]clid|fbclid|gclsrc|[gw]braid|msclkid|ttclid|twclid|igshid|igsh|li_fat_id|rdt_cid|wickedid"
    r"|mc_[ce]id|mkt_tok|ref_src|ref_url|s_cid|cmpid|ncid|spm",
    re.IGNORECASE,
)
DEFAULT_PORTS = {None, 80, 443}
#: What may stand in a path or a query; `%` since it is escaped already.
AS_IT_IS = "/:@!$&'()*+,;=?~%-._"


def host_of(url):
    """The host in lower case, without `www.`; empty for an address that is not on the web."""
    parts = split(url)
    return canonical_host(parts.hostname) if parts else ""


def canonical_host(host):
    return host.lower().removeprefix("www.")[:MAX_HOST_LENGTH]


def url_key(url):
    """What all spellings of an address have in common; empty for one that is not on the web.

    The scheme, `www.`, a default port, the fragment, parameters that only track readers and a slash at
    the end make no difference. The order of the other parameters does. At most `MAX_KEY_LENGTH` characters,
    all of them ASCII, so that every database can index it.
    """
    parts = split(url)
    if not parts:
        return ""
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    path = escaped(parts.path).rstrip("/")
    query = "&".join(pair for pair in parts.query.split("&") if pair and not is_tracking(pair))
    key = f"{ascii_host(canonical_host(parts.hostname))}{port}{path}{'?' if query else ''}{escaped(query)}"
    if len(key) <= MAX_KEY_LENGTH:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: MAX_KEY_LENGTH - len(digest) - 1]}#{digest}"


def split(url):
    """The parts of an address on the web, or None."""
    try:
        parts = urlsplit(url.strip())
        return parts if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 else None
    except ValueError:  # brackets, or a port that is none
        return None


def is_tracking(pair):
    return bool(TRACKING.fullmatch(pair.partition("=")[0]))


def escaped(text):
    """Percent-encoded, with capital letters, where it has to be."""
    text = quote(text, safe=AS_IT_IS, errors="replace")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda match: match[0].upper(), text)


def ascii_host(host):
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return quote(host)
