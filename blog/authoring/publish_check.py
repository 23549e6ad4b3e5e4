"""Checks for common oversights before a post is published. Pure functions.

Each check takes a `Draft` and yields `Finding`s, which never block saving. `Facts` holds what the checks need
to know about other posts, tags and the web; `blog.admin.writing.publish_check` collects it.
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

_CODE_START = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^`\n]*$|(?P<ticks>`+)|(?P<comment><!--)|<(?P<name>pre|code|textarea)\b",
    re.MULTILINE | re.IGNORECASE,
)
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'))?"""
_IMAGE_WITHOUT_ALT = re.compile(rf"!\[\s*\]\(\s*<?(?P<url>[^\s)>]*)>?{_TITLE}\s*\)|!\[\s*\]\[[^\]]+\]")
_LINK_WITHOUT_TEXT = re.compile(rf"(?<!!)\[\s*\]\(\s*<?[^\s)>]*>?{_TITLE}\s*\)|(?<!!)\[\s*\]\[[^\]]+\]")
_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_EMPTY_ANCHOR = re.compile(r"<a(?P<attributes>\s[^<>]*)>\s*</a>", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=", re.IGNORECASE)
_ALT = re.compile(r"\balt\b", re.IGNORECASE)
_ARIA_LABEL = re.compile(r"\baria-label\b", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
#: Query parameters that name the site a visitor came from.
REFERRER_PARAMETERS = ("utm_source", "ref", "referrer")


@dataclass(frozen=True)
class Fix:
    """A one-click edit: put `text` in place of `replaces`, or of the whole field if that is empty."""

    label: str
    field: str
    text: str
    replaces: str = ""


@dataclass(frozen=True)
class Finding:
    """A message about one field. `excerpt` is the passage concerned and `position` its approximate offset."""

    message: str
    field: str = "body"
    excerpt: str = ""
    position: int = 0
    fix: Fix | None = None


@dataclass(frozen=True)
class Facts:
    """Context of a draft that the checks can't read from the draft itself."""

    tags: frozenset[str] = frozenset()  # current and former names
    taken_by: str = ""  # describes the post that already has the draft's permalink
    unused_slug: str = ""
    referrer: str = ""
    link_problems: Mapping = field(default_factory=dict)  # {URL: link_check.LinkProblem}


@dataclass(frozen=True)
class Draft:
    """An unsaved post: the model of its kind and the typed value of each field."""

    kind: type
    values: Mapping[str, str]
    tags: tuple[str, ...] = ()
    facts: Facts = Facts()

    def value(self, name):
        return self.values.get(name, "").strip()

    def has(self, name):
        """Return whether posts of the kind have the field."""
        return any(field.name == name for field in self.kind._meta.get_fields())

    @property
    def format(self):
        """The text's markup format; Markdown if the form names none or an unknown one."""
        formats = {format.value: format for format in markup.Format}
        return formats.get(self.value("format"), markup.Format.MARKDOWN)

    @property
    def body(self):
        return self.values.get("body", "").replace("\r\n", "\n")

    @cached_property
    def prose(self):
        """The text with code and comments blanked out, so that offsets stay valid. Empty for plain text."""
        if self.format is markup.Format.TEXT:
            return ""
        return blank_out_code(self.body)

    @cached_property
    def html(self):
        return markup.render(self.body, self.format)

    @cached_property
    def urls(self):
        """(field, URL) for each distinct web page the post links to."""
        typed = [(name, self.value(name)) for name in self.values if name.endswith("_url")]
        linked = [("body", url) for url in markup.link_targets(self.html)]
        found = {url: name for name, url in reversed(typed + linked) if is_web_url(url)}
        return [(name, url) for url, name in reversed(found.items())]


def blank_out_code(text):
    """Replace code and comments with spaces. An unclosed fence runs to the end; other unclosed code is text.

    Remembers which closing patterns were not found, so that many unclosed openings don't take quadratic time.
    """
    parts, position, not_found = [], 0, set()
    while start := _CODE_START.search(text, position):
        pattern = closing_pattern(start)
        match = (
            None
            if pattern in not_found
            else re.compile(pattern, re.MULTILINE | re.I).search(text, start.end())
        )
        if not match:
            not_found.add(pattern)
        end = match.end() if match else len(text) if start["fence"] else None
        parts.append(text[position : start.start()])
        code = text[start.start() : end or start.end()]
        parts.append(re.sub(r"[^\n]", " ", code) if end else code)
        position = start.start() + len(code)
    return "".join([*parts, text[position:]])


def closing_pattern(start):
    """The regular expression for what closes the code or comment that begins with this match."""
    if fence := start["fence"]:
        return rf"^ {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*$"
    if ticks := start["ticks"]:
        return rf"(?<!`){ticks}(?!`)"
    return "-->" if start["comment"] else f"</{start['name'].lower()}>"


def is_web_url(url):
    return urlsplit_or_none(url) is not None


def urlsplit_or_none(url):
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def images_without_alt(draft: Draft) -> Iterator[Finding]:
    """Find images without alt text. Markdown can't mark an image as decorative, so the fix writes HTML."""
    message = _("An image has no alt text. Describe what it shows.")
    if draft.format is markup.Format.MARKDOWN:
        for match in _IMAGE_WITHOUT_ALT.finditer(draft.prose):
            fix = None
            if match["url"]:
                fix = Fix(_("Mark as decorative"), "body", f'<img src="{match["url"]}" alt="">', match[0])
            yield Finding(message, excerpt=match[0], position=match.start(), fix=fix)
    for match in _IMG.finditer(draft.prose):
        if not _ALT.search(match[0]):
            decorative = re.sub(r"\s*/?>$", ' alt="">', match[0])
            fix = Fix(_("Mark as decorative"), "body", decorative, match[0])
            yield Finding(message, excerpt=match[0], position=match.start(), fix=fix)


def links_without_text(draft: Draft) -> Iterator[Finding]:
    message = _("A link has no text, so readers can't see it.")
    if draft.format is markup.Format.MARKDOWN:
        for match in _LINK_WITHOUT_TEXT.finditer(draft.prose):
            yield Finding(message, excerpt=match[0], position=match.start())
    for match in _EMPTY_ANCHOR.finditer(draft.prose):
        if _HREF.search(match["attributes"]) and not _ARIA_LABEL.search(match["attributes"]):
            yield Finding(message, excerpt=match[0], position=match.start())


def skipped_heading_levels(draft: Draft) -> Iterator[Finding]:
    """Find headings more than one level below the one before. The page title counts as level 1."""
    above = 1
    for level, title in headings(draft.html):
        if level > above + 1:
            source = heading_line(draft, level, title)
            fix = None
            if source:
                text = "#" * (above + 1) + source.lstrip("#")
                label = _("Change to level %(level)d") % {"level": above + 1}
                fix = Fix(label, "body", text, source)
            message = _("The heading “%(title)s” is level %(level)d but comes after level %(above)d.")
            message %= {"title": title, "level": level, "above": above}
            excerpt = source or title
            yield Finding(message, excerpt=excerpt, position=max(0, draft.body.find(excerpt)), fix=fix)
            above += 1 if fix else level - above
        else:
            above = level


def headings(html):
    """Yield (level, text) for each heading in rendered HTML."""
    start = None
    for tag in html_scan.TAG.finditer(html):
        name = (tag["name"] or "").lower()
        if name not in HEADINGS:
            continue
        if not tag["end"]:
            start = tag.end()
        elif start is not None:
            yield int(name[1]), markup.plain(html[start : tag.start()])
            start = None


def heading_line(draft, level, title):
    """The Markdown line (`## Title`) that renders as this heading, or an empty string."""
    for match in re.finditer(rf"^#{{{level}}}(?!#)[^\n]*", draft.prose, re.MULTILINE):
        line = draft.body[match.start() : match.end()]
        if markup.plain(markup.render(line, markup.Format.MARKDOWN)) == title:
            return line
    return ""


def quotations_without_source(draft: Draft) -> Iterator[Finding]:
    if draft.has("source"):
        if not draft.value("source"):
            yield Finding(_("The quotation has no source. Whose words are these?"), field="source")
        if not draft.value("source_url") and not draft.value("context"):
            yield Finding(
                _("Neither the source address nor the context says where the words are from."),
                field="source_url",
            )
    elif "<blockquote" in draft.html and "<cite" not in draft.html and not draft.urls:
        line = next((line for line in draft.body.splitlines() if line.startswith(">")), "")
        message = _("A quotation in the text has no source.")
        yield Finding(message, excerpt=line, position=max(0, draft.body.find(line)))


def near_duplicate_tags(draft: Draft) -> Iterator[Finding]:
    """Find new tags that look like a variant of an existing one."""
    existing = {fold(name): name for name in draft.facts.tags}
    for name in draft.tags:
        if fold(name) in existing:
            continue
        for other in sorted(draft.facts.tags):
            if are_similar(name, other):
                message = _("The tag “%(new)s” is new. Did you mean “%(existing)s”?")
                message %= {"new": name, "existing": other}
                fix = Fix(_("Use “%(text)s”") % {"text": other}, "tags", other, name)
                yield Finding(message, field="tags", excerpt=name, fix=fix)
                break


def are_similar(one, other):
    one, other = singular(without_separators(fold(one))), singular(without_separators(fold(other)))
    return one == other or is_one_letter_apart(one, other)


def missing_via(draft: Draft) -> Iterator[Finding]:
    """Suggest a via from the referrer, or from a referral parameter in the link's URL."""
    if not draft.has("via_url") or draft.value("via_url"):
        return
    referrer = draft.facts.referrer or referrer_from_query(draft.value("link_url"))
    host = (urlsplit_or_none(referrer) or urlsplit("")).hostname
    if referrer and (
        not host or host != (urlsplit_or_none(draft.value("link_url")) or urlsplit("")).hostname
    ):
        fix = Fix(_("Add as via"), "via_url", referrer) if host else None
        message = _("You seem to have found this through %(site)s.") % {"site": host or referrer}
        yield Finding(message, field="via_url", fix=fix)


def referrer_from_query(url):
    """The referrer named in the URL's query: as a URL if it is a host name, else unchanged."""
    parts = urlsplit_or_none(url)
    query = parse_qs(parts.query) if parts else {}
    name = next((query[parameter][0][:100] for parameter in REFERRER_PARAMETERS if parameter in query), "")
    return f"https://{name.lower()}/" if _HOST.fullmatch(name.lower()) else name


def taken_slug(draft: Draft) -> Iterator[Finding]:
    facts = draft.facts
    values = {"post": facts.taken_by, "slug": facts.unused_slug}
    if facts.taken_by and draft.value("slug"):
        fix = Fix(_("Use “%(text)s”") % {"text": facts.unused_slug}, "slug", facts.unused_slug)
        yield Finding(_("%(post)s already uses this slug on that day.") % values, field="slug", fix=fix)
    elif facts.taken_by:
        message = _("%(post)s already has this address, so the slug will be “%(slug)s”.") % values
        yield Finding(message, field="slug")


def dead_or_moved_links(draft: Draft) -> Iterator[Finding]:
    for name, url in draft.urls:
        problem = draft.facts.link_problems.get(url)
        if not problem:
            continue
        position = max(0, draft.body.find(url)) if name == "body" else 0
        if problem.redirects_to:
            fix = Fix(_("Use the new address"), name, problem.redirects_to, url)
            message = _("%(url)s redirects to %(target)s.")
            yield Finding(message % {"url": url, "target": problem.redirects_to}, name, url, position, fix)
        else:
            message = _("%(url)s may be dead. %(problem)s")
            yield Finding(message % {"url": url, "problem": problem.message}, name, url, position)


CHECKS = (
    images_without_alt,
    links_without_text,
    skipped_heading_levels,
    quotations_without_source,
    near_duplicate_tags,
    missing_via,
    taken_slug,
    dead_or_moved_links,
)


def findings(draft: Draft) -> list[Finding]:
    return [finding for check in CHECKS for finding in check(draft)]
