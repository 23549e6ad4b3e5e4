"""What authors wrote, put into what is allowed, in the parsed tree and before the gate.

Nothing here decides on safety: the gate in `clean` drops whatever is not on the allow-list afterwards.
This module sees to it that little of value has to be dropped.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from . import hrefs, media, styles
from .html_scan import HEADINGS, names
from .plain_text import strip_controls

# Dropped with their contents; of everything else that is not allowed, the contents stay.
GONE = names("datalist frame frameset head noembed noframes param script select style template title")
OBSOLETE = {
    "acronym": ("abbr", ""),
    "big": ("span", "larger"),
    "center": ("div", "align-center"),
    "dir": ("ul", ""),
    "listing": ("pre", ""),
    "menu": ("ul", ""),
    "nobr": ("span", "nowrap"),
    "plaintext": ("pre", ""),
    "strike": ("s", ""),
    "tt": ("code", ""),
    "xmp": ("pre", ""),
}

_SIZED = frozenset({"img", "video", "source"})
_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d+)?%?)(?:px)?\s*")
_FILM_PARAMETERS = frozenset({"movie", "src", "url", "filename"})
_NOT_IN_SLUGS = re.compile(r"[^\w\s-]")
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass
class Page:
    """What has to be known about one text while its elements are rewritten."""

    iframe_hosts: frozenset[str] = frozenset()
    anchors: bool = False
    ids: set[str] = field(default_factory=set)
    sources: set[Element] = field(default_factory=set)  # the textareas of markdown-copy


def rewrite(root: Element, page: Page) -> None:
    everything = [element for element in root.iter() if not callable(element.tag)]
    _mend_text(root)
    for element in everything:
        if element.tag in GONE or element.tag.startswith("{"):
            _empty(element)
            continue
        if element.tag in OBSOLETE:
            element.tag, css_class = OBSOLETE[element.tag]
            _add_classes(element, css_class)
        if handler := _HANDLERS.get(element.tag):
            handler(element, page)
        if element.attrib:
            _rewrite_attributes(element, page)
    if page.anchors:
        _caption_pictures(everything)
        _anchor_headings(everything, page.ids)


def _mend_text(root: Element) -> None:
    """Character references may have brought in what `strip_controls()` removed from the source."""
    for element in root.iter():
        for part in ("text", "tail"):
            text = getattr(element, part)
            if text and (mended := strip_controls(text)) != text:
                setattr(element, part, mended)
        for name, value in element.attrib.items():
            element.attrib[name] = strip_controls(value)


def _empty(element: Element, tag: str = "gone") -> None:
    tail = element.tail
    element.clear()
    element.tag, element.tail = tag, tail


def _add_classes(element: Element, *classes: str) -> None:
    every = dict.fromkeys(element.get("class", "").split()) | dict.fromkeys(filter(None, classes))
    if every:
        element.set("class", " ".join(every))


def _rewrite_attributes(element: Element, page: Page) -> None:
    attributes = element.attrib
    if style := attributes.pop("style", ""):
        _apply_style(element, style)
    if alignment := attributes.pop("align", ""):
        _add_classes(element, styles.align(element.tag, alignment))
    if language := attributes.pop("xml:lang", ""):
        attributes.setdefault("lang", language)
    if "id" in attributes:
        _keep_id(element, page.ids)
    if element.tag in _SIZED:
        _mend_lengths(attributes)


def _apply_style(element: Element, style: str) -> None:
    classes, attributes = styles.translate(style)
    _add_classes(element, *classes)
    for name, value in attributes.items():
        if name == "hidden" or element.tag in _SIZED:
            element.attrib.setdefault(name, value)


def _keep_id(element: Element, ids: set[str]) -> None:
    """An id must be one word, and the first of its name: a link leads to that one anyway."""
    name = element.attrib["id"].strip()
    if not name or name in ids or re.search(r"\s", name):
        del element.attrib["id"]
    else:
        ids.add(name)
        element.set("id", name)


def _mend_lengths(attributes: dict[str, str]) -> None:
    for name in ("width", "height"):
        if match := _LENGTH.fullmatch(attributes.get(name, "")):
            attributes[name] = match[1]
        else:
            attributes.pop(name, None)


def _caption_pictures(elements: list[Element]) -> None:
    """In Markdown, a picture that is a paragraph of its own and has a title has that as its caption."""
    for paragraph in elements:
        children = list(paragraph)
        if paragraph.tag != "p" or [child.tag for child in children] != ["img"]:
            continue
        [image] = children
        if "title" in image.attrib and not (paragraph.text or "").strip() and not (image.tail or "").strip():
            paragraph.tag = "figure"
            SubElement(paragraph, "figcaption").text = image.attrib.pop("title")


def _anchor_headings(elements: list[Element], ids: set[str]) -> None:
    """Give each heading an id made of its words, unlike every other in the text."""
    counts: dict[str, int] = {}
    for heading in elements:
        if heading.tag in HEADINGS and "id" not in heading.attrib:
            slug = name = heading_slug("".join(heading.itertext()))
            while name in ids:
                counts[slug] = counts.get(slug, 1) + 1
                name = f"{slug}-{counts[slug]}"
            ids.add(name)
            heading.set("id", name)


def heading_slug(text: str) -> str:
    """The id of a heading: its letters and digits in any script, lower case, joined by hyphens."""
    words = _NOT_IN_SLUGS.sub("", unicodedata.normalize("NFKC", text).lower())
    return _BETWEEN_WORDS.sub("-", words).strip("-") or "section"


def _link(element: Element, page: Page) -> None:
    """Old anchors: `<a name>` was what `id` is now. Links open where the reader wants them to."""
    if name := element.attrib.pop("name", ""):
        element.attrib.setdefault("id", name)


def _iframe(element: Element, page: Page) -> None:
    """Put a link in its place, which a script can make the frame again if the host is listed."""
    source = element.get("src", "").strip()
    source = f"https:{source}" if source.startswith("//") else source
    if hrefs.https_host(source) not in page.iframe_hosts:
        _put_link(element, source)
        return
    title, size = element.get("title", ""), (element.get("width", ""), element.get("height", ""))
    _empty(element, "a")
    _fill_embed(element, page, source, title, *size)


def _lite_youtube(element: Element, page: Page) -> None:
    """Where it has nothing to show without its script, a link does that."""
    source = media.youtube(element.get("videoid", ""), element.get("params", ""))
    if source and not "".join(element.itertext()).strip():
        link = SubElement(element, "a")
        _fill_embed(link, page, source, element.get("playlabel") or element.get("title", ""))


def _fill_embed(link: Element, page: Page, source: str, title: str, *size: str) -> None:
    link.attrib.update(media.embed_attributes(source, page.iframe_hosts, *size))
    link.text = media.label(title, source)


def _github_code(element: Element, page: Page) -> None:
    """The same: whatever shows the code, there is a link to it."""
    source = element.get("href", "")
    if hrefs.is_web(source) and not "".join(element.itertext()).strip():
        link = SubElement(element, "a", {"href": source})
        link.text = re.sub(r"^\w+://", "", source)


def _embedded(element: Element, page: Page) -> None:
    """Keep what an object offers instead of itself, or put a link to its film in its place."""
    if element.tag == "embed" or not _has_fallback(element):
        _put_link(element, _film(element))


def _has_fallback(element: Element) -> bool:
    return bool("".join(element.itertext()).strip()) or element.find(".//img") is not None


def _film(element: Element) -> str:
    """The address of an object's film: its own, a parameter's, or that of the embed inside it."""
    addresses_found = [element.get("data"), element.get("src")]
    for child in element.iter():
        if child.tag == "param" and child.get("name", "").lower() in _FILM_PARAMETERS:
            addresses_found.append(child.get("value"))
        elif child.tag == "embed":
            addresses_found.append(child.get("src"))
    return next(filter(None, addresses_found), "").strip()


def _put_link(element: Element, url: str) -> None:
    text = element.get("title", "").strip() or re.sub(r"^\w+://|[?#].*", "", url)
    _empty(element)
    if hrefs.is_web(url):
        element.tag, element.text = "a", text
        element.set("href", url)


def _player(element: Element, page: Page) -> None:
    """Films start by themselves only without sound, and one that does not start has something to start it."""
    if "muted" not in element.attrib or element.tag == "audio":
        element.attrib.pop("autoplay", None)
    if "autoplay" not in element.attrib:
        element.attrib.setdefault("controls", "")
        element.attrib.setdefault("preload", "none")  # its host is asked for nothing before somebody clicks


def _picture(element: Element, page: Page) -> None:
    """One of the author's own gets its size and its narrower copies, unless the author gave a size."""
    found = media.image_attributes(element.get("src", ""))
    given = {
        name for name in ("width", "height") if name in element.attrib or name in element.get("style", "")
    }
    for name, value in found.items():
        if not given or name not in ("width", "height"):
            element.attrib.setdefault(name, value)


def _markdown_copy(element: Element, page: Page) -> None:
    page.sources.update(element.findall("textarea"))


def _textarea(element: Element, page: Page) -> None:
    if element not in page.sources:
        element.tag = "pre"
    _pre(element, page)


def _pre(element: Element, page: Page) -> None:
    """A parser ignores a newline right after the start tag: one that is meant needs another before it."""
    if (element.text or "").startswith("\n"):
        element.text = f"\n{element.text}"


def _break(element: Element, page: Page) -> None:
    if element.attrib.pop("clear", ""):
        _add_classes(element, "clear")


_HANDLERS = {
    "a": _link,
    "audio": _player,
    "br": _break,
    "embed": _embedded,
    "github-code": _github_code,
    "iframe": _iframe,
    "img": _picture,
    "lite-youtube": _lite_youtube,
    "markdown-copy": _markdown_copy,
    "object": _embedded,
    "pre": _pre,
    "textarea": _textarea,
    "video": _player,
}
