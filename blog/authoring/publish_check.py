"""What an author may have forgotten, looked for before a post is published. Pure functions.

Each check takes a `Draft` and yields `Finding`s. None of them forbids anything. What a check has to know of
the other posts, the tags and the web is in the draft's `Facts`, which `blog.admin.writing.publish_check`
gathers.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _

from blog import markup
from blog.markup import html_scan
from blog.markup.html_scan import HEADINGS
from blog.strings.similar_names import fold, is_one_letter_apart, singular, without_separators

_OPENING = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^`\n]*$|(?P<ticks>`+)|(?P<comment><!--)|<(?P<name>pre|code|textarea)\b",
    re.MULTILINE | re.IGNORECASE,
)
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'))?"""
_PICTURE = re.compile(rf"!\[\s*\]\(\s*<?(?P<url>[^\s)>]*)>?{_TITLE}\s*\)|!\[\s*\]\[[^\]]+\]")
_LINK = re.compile(rf"(?<!!)\[\s*\]\(\s*<?[^\s)>]*>?{_TITLE}\s*\)|(?<!!)\[\s*\]\[[^\]]+\]")
_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a(?P<attributes>\s[^<>]*)>\s*</a>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=", re.IGNORECASE)
_ALT = re.compile(r"\balt\b", re.IGNORECASE)
_LABEL = re.compile(r"\baria-label\b", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
#: Where addresses carry who led the reader to them.
REFERRERS = ("utm_source", "ref", "referrer")


@dataclass(frozen=True)
class Fix:
    """What one click does: put `text` into the field, in the place of `replaces` if that is given."""

    label: str
    field: str
    text: str
    replaces: str = ""


@dataclass(frozen=True)
class Finding:
    """A sentence, the field that it is about, and the words and where about they are in it."""

    message: str
    field: str = "body"
    words: str = ""
    at: int = 0
    fix: Fix | None = None


@dataclass(frozen=True)
class Facts:
    """What is known beside the draft itself."""

    tags: frozenset[str] = frozenset()  # names in use, and former ones
    taken_by: str = ""  # the post at the address that this one would have, in words
    unused_slug: str = ""
    referrer: str = ""
    link_problems: Mapping = field(default_factory=dict)  # {address: link_check.LinkProblem}


@dataclass(frozen=True)
class Draft:
    """A post as it stands in its form: the model of its kind, and what was typed, by field."""

    kind: type
    values: Mapping[str, str]
    tags: tuple[str, ...] = ()
    facts: Facts = Facts()

    def value(self, name):
        return self.values.get(name, "").strip()

    def has(self, name):
        """Whether posts of the kind have the field."""
        return any(field.name == name for field in self.kind._meta.get_fields())

    @property
    def format(self):
        """How the text is written; in Markdown unless the form says something that there is."""
        known = {format.value: format for format in markup.Format}
        return known.get(self.value("format"), markup.Format.MARKDOWN)

    @property
    def body(self):
        return self.values.get("body", "").replace("\r\n", "\n")

    @cached_property
    def written(self):
        """The text with code and comments blanked out; as long as the text. Empty for plain text."""
        if self.format is markup.Format.TEXT:
            return ""
        return without_code(self.body)

    @cached_property
    def html(self):
        return markup.render(self.body, self.format)

    @cached_property
    def addresses(self):
        """(field, address) of every page of the web that the post leads to, once each."""
        typed = [(name, self.value(name)) for name in self.values if name.endswith("_url")]
        linked = [("body", url) for url in markup.link_targets(self.html)]
        found = {url: name for name, url in reversed(typed + linked) if is_page(url)}
        return [(name, url) for url, name in reversed(found.items())]


def without_code(text):
    """The text with spaces for code and comments. What has no end is none, but for a fence."""
    parts, at, endless = [], 0, set()
    while opening := _OPENING.search(text, at):
        ending = ending_of(opening)
        end = (
            None if ending in endless else re.compile(ending, re.MULTILINE | re.I).search(text, opening.end())
        )
        if not end:
            endless.add(ending)
        to = end.end() if end else len(text) if opening["fence"] else None
        parts.append(text[at : opening.start()])
        code = text[opening.start() : to or opening.end()]
        parts.append(re.sub(r"[^\n]", " ", code) if to else code)
        at = opening.start() + len(code)
    return "".join([*parts, text[at:]])


def ending_of(opening):
    """The pattern of what ends the code or the comment."""
    if fence := opening["fence"]:
        return rf"^ {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*$"
    if ticks := opening["ticks"]:
        return rf"(?<!`){ticks}(?!`)"
    return "-->" if opening["comment"] else f"</{opening['name'].lower()}>"


def is_page(url):
    return urlsplit_or_none(url) is not None


def urlsplit_or_none(url):
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def pictures_without_alt(draft: Draft) -> Iterator[Finding]:
    """`<img alt="">` says that a picture only decorates; Markdown has no way to say so."""
    message = _("A picture has no alt text: say what it shows.")
    if draft.format is markup.Format.MARKDOWN:
        for match in _PICTURE.finditer(draft.written):
            fix = None
            if match["url"]:
                fix = Fix(_("It only decorates"), "body", f'<img src="{match["url"]}" alt="">', match[0])
            yield Finding(message, words=match[0], at=match.start(), fix=fix)
    for match in _IMG.finditer(draft.written):
        if not _ALT.search(match[0]):
            decorative = re.sub(r"\s*/?>$", ' alt="">', match[0])
            fix = Fix(_("It only decorates"), "body", decorative, match[0])
            yield Finding(message, words=match[0], at=match.start(), fix=fix)


def links_without_text(draft: Draft) -> Iterator[Finding]:
    message = _("A link has no text: nobody can see it.")
    if draft.format is markup.Format.MARKDOWN:
        for match in _LINK.finditer(draft.written):
            yield Finding(message, words=match[0], at=match.start())
    for match in _ANCHOR.finditer(draft.written):
        if _HREF.search(match["attributes"]) and not _LABEL.search(match["attributes"]):
            yield Finding(message, words=match[0], at=match.start())


def headings_out_of_step(draft: Draft) -> Iterator[Finding]:
    """The title of the page is a heading of level 1; after that each goes one level deeper at most."""
    above = 1
    for level, words in headings(draft.html):
        if level > above + 1:
            source = heading_line(draft, level, words)
            fix = None
            if source:
                text = "#" * (above + 1) + source.lstrip("#")
                label = _("Make it level %(level)d") % {"level": above + 1}
                fix = Fix(label, "body", text, source)
            message = _(
                "The heading “%(words)s” has level %(level)d, and what precedes it has level %(above)d."
            )
            message %= {"words": words, "level": level, "above": above}
            yield Finding(
                message, words=source or words, at=max(0, draft.body.find(source or words)), fix=fix
            )
            above += 1 if fix else level - above
        else:
            above = level


def headings(html):
    """(level, words) of the headings in finished HTML."""
    begun = None
    for tag in html_scan.TAG.finditer(html):
        name = (tag["name"] or "").lower()
        if name not in HEADINGS:
            continue
        if not tag["end"]:
            begun = tag.end()
        elif begun is not None:
            yield int(name[1]), markup.plain(html[begun : tag.start()])
            begun = None


def heading_line(draft, level, words):
    """The line of Markdown that makes this heading, if it begins with `#`."""
    for match in re.finditer(rf"^#{{{level}}}(?!#)[^\n]*", draft.written, re.MULTILINE):
        line = draft.body[match.start() : match.end()]
        if markup.plain(markup.render(line, markup.Format.MARKDOWN)) == words:
            return line
    return ""


def quotations_without_source(draft: Draft) -> Iterator[Finding]:
    if draft.has("source"):
        if not draft.value("source"):
            yield Finding(_("Whose words are these?"), field="source")
        if not draft.value("source_url") and not draft.value("context"):
            yield Finding(
                _("Neither an address nor the context says where the words are from."), field="source_url"
            )
    elif "<blockquote" in draft.html and "<cite" not in draft.html and not draft.addresses:
        words = next((line for line in draft.body.splitlines() if line.startswith(">")), "")
        yield Finding(
            _("A quotation in the text has no source."), words=words, at=max(0, draft.body.find(words))
        )


def tags_nearly_the_same(draft: Draft) -> Iterator[Finding]:
    """A new tag beside one in use that may mean the same."""
    known = {fold(name): name for name in draft.facts.tags}
    for name in draft.tags:
        if fold(name) in known:
            continue
        for other in sorted(draft.facts.tags):
            if is_near(name, other):
                message = _("The tag “%(new)s” is new, and there is “%(known)s”.")
                message %= {"new": name, "known": other}
                fix = Fix(_("Use “%(text)s”") % {"text": other}, "tags", other, name)
                yield Finding(message, field="tags", words=name, fix=fix)
                break


def is_near(one, other):
    one, other = singular(without_separators(fold(one))), singular(without_separators(fold(other)))
    return one == other or is_one_letter_apart(one, other)


def no_via(draft: Draft) -> Iterator[Finding]:
    """Where the reader came from, or what the address itself says of that."""
    if not draft.has("via_url") or draft.value("via_url"):
        return
    referrer = draft.facts.referrer or named_referrer(draft.value("link_url"))
    host = (urlsplit_or_none(referrer) or urlsplit("")).hostname
    if referrer and (
        not host or host != (urlsplit_or_none(draft.value("link_url")) or urlsplit("")).hostname
    ):
        fix = Fix(_("Say so"), "via_url", referrer) if host else None
        message = _("You seem to have found it through %(site)s.") % {"site": host or referrer}
        yield Finding(message, field="via_url", fix=fix)


def named_referrer(url):
    """Whom the parameters of an address name: as an address if it is a host, else as it stands."""
    parts = urlsplit_or_none(url)
    query = parse_qs(parts.query) if parts else {}
    name = next((query[parameter][0][:100] for parameter in REFERRERS if parameter in query), "")
    return f"https://{name.lower()}/" if _HOST.fullmatch(name.lower()) else name


def slug_taken(draft: Draft) -> Iterator[Finding]:
    facts = draft.facts
    told = {"post": facts.taken_by, "slug": facts.unused_slug}
    if facts.taken_by and draft.value("slug"):
        fix = Fix(_("Use “%(text)s”") % {"text": facts.unused_slug}, "slug", facts.unused_slug)
        yield Finding(_("%(post)s has this slug on that day.") % told, field="slug", fix=fix)
    elif facts.taken_by:
        message = _("%(post)s is at this address: the slug will be “%(slug)s”.") % told
        yield Finding(message, field="slug")


def links_in_trouble(draft: Draft) -> Iterator[Finding]:
    for name, url in draft.addresses:
        trouble = draft.facts.link_problems.get(url)
        if not trouble:
            continue
        at = max(0, draft.body.find(url)) if name == "body" else 0
        if trouble.redirects_to:
            fix = Fix(_("Use the new address"), name, trouble.redirects_to, url)
            message = _("%(address)s leads on to %(target)s.")
            yield Finding(message % {"address": url, "target": trouble.redirects_to}, name, url, at, fix)
        else:
            message = _("%(address)s may be dead. %(problem)s")
            yield Finding(message % {"address": url, "problem": trouble.problem}, name, url, at)


CHECKS = (
    pictures_without_alt,
    links_without_text,
    headings_out_of_step,
    quotations_without_source,
    tags_nearly_the_same,
    no_via,
    slug_taken,
    links_in_trouble,
)


def findings(draft: Draft) -> list[Finding]:
    return [point for check in CHECKS for point in check(draft)]
