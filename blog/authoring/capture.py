"""Parses what a bookmarklet or a phone's share sheet sends, and composes a post's text from it."""

import re
from dataclasses import dataclass

from blog.models import Post
from blog.models.post_kind import CaptureStyle
from blog.remote.web_urls import host_of, url_key

MAX_TEXT_LENGTH = 100_000
MAX_URL_LENGTH = 2000
MAX_LINE_LENGTH = 500

URL = re.compile(r"https?://[^\s<>\"]+", re.I)
#: Hosts that are never a via: a search engine finds everything and recommends nothing.
SEARCH_ENGINES = re.compile(
    r"(.+\.)?((google|bing|yahoo|yandex|baidu|duckduckgo|ecosia|kagi|startpage|qwant)\.\w+(\.\w+)?"
    r"|search\.brave\.com|mojeek\.com)"
)
#: Characters that Markdown would interpret, anywhere in a text or only at the start of a line.
MARKDOWN_SYNTAX = re.compile(
    r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[/!?a-z])|&(?=#?\w+;)|^[#>](?=\s|>|#)", re.I | re.M
)
ENTITIES = {"<": "&lt;", "&": "&amp;"}


@dataclass(frozen=True)
class Capture:
    """A page and the text selected on it. Every field may be empty."""

    url: str = ""
    title: str = ""
    text: str = ""
    via: str = ""
    author: str = ""
    site: str = ""
    description: str = ""
    canonical: str = ""

    @classmethod
    def from_query(cls, query):
        """Parse a query string. Phones put the URL into the text or the title."""
        lines = {
            name: " ".join(query.get(name, "").split())[:MAX_LINE_LENGTH]
            for name in ("title", "author", "site", "description")
        }
        given, via, canonical = (web_url(query.get(name, "")) for name in ("url", "via", "canonical"))
        text = query.get("text", "").replace("\r\n", "\n").strip()[:MAX_TEXT_LENGTH]
        url = given or first_url(text) or first_url(lines["title"])
        lines["title"] = remove_url(lines["title"], url)
        if not given or text == given:
            text = remove_url(text, url)
        return cls(
            url=url,
            text=text,
            via=via if is_plausible_via(via, url) else "",
            canonical=canonical if url_key(canonical) != url_key(url) else "",
            **lines,
        )

    def default_kind(self, kinds):
        """The first kind that stores a URL if there is one to store, else the first that doesn't."""
        candidates = [name for name, kind in kinds.items() if stores_url(kind) == bool(self.url)]
        return next(iter(candidates or (kinds if self.url else reversed(kinds))))

    def text_for(self, kind):
        """The initial Markdown text of a post of the named kind."""
        style = capturable_kinds()[kind].capture_rules.style
        return compose(style, as_markdown(self.text), self.url, self.title)


def capturable_kinds():
    """{name: kind} for the kinds with capture rules."""
    return {name: kind for name, kind in Post.kinds().items() if kind.capture_rules}


def kinds_for(user):
    """The capturable kinds that the user may add."""
    return {name: kind for name, kind in capturable_kinds().items() if user.has_perm(f"blog.add_{name}")}


def stores_url(kind):
    return "url" in kind.capture_rules.fields.values()


# The form's script does the rest as well (static/admin-captured-text.js). Both are tested against
# tests/data/captured_text.json.


def compose(style, selection, url, title):
    """The Markdown text of a post, from the selection (already in Markdown) and the page it is from."""
    if style == CaptureStyle.VERBATIM:
        return selection
    title, url = title.strip(), url.strip()
    has_link = style == CaptureStyle.LINK_AND_BLOCKQUOTE and url
    link = f"[{as_markdown(title or url)}]({link_target(url)})" if has_link else ""
    return "\n\n".join(filter(None, [link, blockquote(selection)]))


def carry(text, old, new):
    """Replace the composed part of an edited text, `old`, with `new`. A text without `old` in it stays."""
    if old == new:
        return text
    if old and old in text:
        return text.replace(old, new, 1).strip()
    return text if old else "\n\n".join(filter(None, [new, text]))


def blockquote(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def as_markdown(text):
    """Escape plain text so that Markdown renders it literally."""
    return MARKDOWN_SYNTAX.sub(lambda match: ENTITIES.get(match[0], f"\\{match[0]}"), text)


def link_target(url):
    """Percent-encode the brackets that would end a Markdown link's target."""
    return url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def web_url(text):
    """The stripped text if it is an HTTP URL short enough to store, else an empty string."""
    text = text.strip()
    return text if host_of(text) and len(text) <= MAX_URL_LENGTH and not re.search(r"\s", text) else ""


def first_url(text):
    """The first URL in a text, without the punctuation after it."""
    match = URL.search(text)
    return web_url(match[0].rstrip(".,;:!?)]}’”'")) if match else ""


def remove_url(text, url):
    return text.replace(url, "", 1).strip() if url else text


def is_plausible_via(via, url):
    """Return whether `via` is on another site than the URL, and not a search engine."""
    host = host_of(via)
    return bool(host) and host != host_of(url) and not SEARCH_ENGINES.fullmatch(host)
