"""What a bookmarklet or a phone's share sheet tells of a page, and what a post of each kind makes of it."""

import re
from dataclasses import dataclass

from blog.remote.web_urls import host_of, url_key

LONGEST_TEXT = 100_000
LONGEST_ADDRESS = 2000
LONGEST_LINE = 500

ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.I)
#: What finds everything recommends nothing.
SEARCH_ENGINES = re.compile(
    r"(.+\.)?((google|bing|yahoo|yandex|baidu|duckduckgo|ecosia|kagi|startpage|qwant)\.\w+(\.\w+)?"
    r"|search\.brave\.com|mojeek\.com)"
)
#: What Markdown would take for more than it is: as it stands anywhere, and at the beginning of a line.
MARKDOWN = re.compile(
    r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[/!?a-z])|&(?=#?\w+;)|^[#>](?=\s|>|#)", re.I | re.M
)
ENTITIES = {"<": "&lt;", "&": "&amp;"}


@dataclass(frozen=True)
class Capture:
    """A page, and what of it the author selected. Every field may be empty."""

    url: str = ""
    title: str = ""
    text: str = ""
    via: str = ""
    author: str = ""
    site: str = ""
    description: str = ""
    canonical: str = ""

    @classmethod
    def of(cls, query):
        """What a query string says. Phones put the address into the text or the title."""
        lines = ("title", "author", "site", "description")
        told = {name: " ".join(query.get(name, "").split())[:LONGEST_LINE] for name in lines}
        address, via, canonical = (web_address(query.get(name, "")) for name in ("url", "via", "canonical"))
        text = query.get("text", "").replace("\r\n", "\n").strip()[:LONGEST_TEXT]
        found = address or first_address(text) or first_address(told["title"])
        told["title"] = without(told["title"], found)
        if not address or text == address:
            text = without(text, found)
        return cls(
            url=found,
            text=text,
            via=via if recommends(via, found) else "",
            canonical=canonical if url_key(canonical) != url_key(found) else "",
            **told,
        )

    def text_for(self, kind):
        """The text that a post of the kind begins with, in Markdown."""
        return compose(kind, as_markdown(self.text), self.url, self.title)


def compose(kind, selection, url, title):
    """The text for a post of the kind: what was selected (in Markdown), as a quotation unless it is all."""
    if kind == "quotation":
        return selection
    source = f"[{as_markdown(title or url)}]({link_target(url)})" if kind == "note" and url else ""
    return "\n\n".join(filter(None, [source, quoted(selection)]))


def carry(text, old, new):
    """The text, after a change of the kind: what the kind had put into it replaced, the rest kept."""
    if old == new:
        return text
    if old and old in text:
        return text.replace(old, new, 1).strip()
    return text if old else "\n\n".join(filter(None, [new, text]))


def quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def as_markdown(text):
    """Plain text as Markdown that shows it to the letter."""
    return MARKDOWN.sub(lambda match: ENTITIES.get(match[0], f"\\{match[0]}"), text)


def link_target(url):
    """The address as Markdown takes it, whatever brackets are in it."""
    return url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def web_address(text):
    """The text, if it is an address of the web that can be stored."""
    text = text.strip()
    return text if host_of(text) and len(text) <= LONGEST_ADDRESS and not re.search(r"\s", text) else ""


def first_address(text):
    """The first address in a text, without the punctuation that ends a sentence."""
    match = ADDRESS.search(text)
    return web_address(match[0].rstrip(".,;:!?)]}’”'")) if match else ""


def without(text, address):
    return text.replace(address, "", 1).strip() if address else text


def recommends(via, url):
    """Whether `via` may be where somebody found the address: neither the same site nor a search engine."""
    host = host_of(via)
    return bool(host) and host != host_of(url) and not SEARCH_ENGINES.fullmatch(host)
