"""The surrogate keys of a response, by which caches are told to drop it.

They follow from what was read while the response was being made (see `blog.database.reads`).
"""

from collections.abc import Iterable
from urllib.parse import quote

from blog.database.reads import Reads

#: Every response has this key. It stands for the site settings, the build, and changes of very many rows.
EVERYTHING = "all"
#: A response with this key is valid until the next change of anything, as not all that it reads is followed.
ANY = "any"

#: Characters of all keys of a response. Proxies accept headers of up to 8 KB; larger responses aren't shared.
MAX_HEADER_LENGTH = 4000
#: Characters of one key. Cloudflare accepts 1,024.
MAX_KEY_LENGTH = 1000


def response_keys(reads: Reads, unwatched_tables: set[str]) -> frozenset[str] | None:
    """Return the keys of a response, or None if it was made from tables whose changes nothing notes."""
    if not reads.unfollowed:
        return frozenset(reads.keys | {EVERYTHING})
    if reads.unfollowed_tables() & unwatched_tables:
        return None
    return frozenset({EVERYTHING, ANY})


def header_value(keys: Iterable[str], separator: str) -> str:
    """Return the keys for a header, in a fixed order; empty if they don't fit into one."""
    encoded = [encode(key) for key in sorted(keys)]
    value = separator.join(encoded)
    return value if all(encoded) and len(value) <= MAX_HEADER_LENGTH else ""


def encode(key: str) -> str:
    """Percent-encode what could separate keys or act as a pattern. Returns "" for a key that is too long."""
    key = quote(key, safe="")
    return key if len(key) <= MAX_KEY_LENGTH else ""
