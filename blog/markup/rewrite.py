"""Convert obsolete and embedded markup in a parsed tree into markup that the allow-list permits.

This is not a security boundary: the sanitizer in `clean` runs afterwards and drops whatever isn't allowed.
Rewriting keeps as much as possible of what it would otherwise drop.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from . import hrefs, media, styles
from .html_scan import HEADINGS, names
from .plain_text import strip_controls

# Dropped with their content. Of any other element that isn't allowed, the content stays.
DROPPED = names("datalist frame frameset head noembed noframes param script select style template title")
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

_WITH_SIZE = frozenset({"img", "video", "source"})
_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d+)?%?)(?:px)?\s*")
_URL_PARAMETERS = frozenset({"movie", "src", "url", "filename"})
_NOT_IN_SLUGS = re.compile(r"[^\w\s-]")
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass
class RewriteContext:
    """The options for one text, and what was seen of it so far."""

    iframe_hosts: frozenset[str] = frozenset()
    anchors: bool = False
    ids: set[str] = field(default_factory=set)
    allowed_textareas: set[Element] = field(default_factory=set)  # those inside markdown-copy


def rewrite(root: Element, context: RewriteContext) -> None:
    elements = [element for element in root.iter() if not callable(element.tag)]
    _strip_controls(root)
    for element in elements:
        if element.tag in DROPPED or element.tag.startswith("{"):
            _empty(element)
            continue
        if element.tag in OBSOLETE:
            element.tag, css_class = OBSOLETE[element.tag]
            _add_classes(element, css_class)
        if handler := _HANDLERS.get(element.tag):
            handler(element, context)
        if element.attrib:
            _rewrite_attributes(element, context)
    if context.anchors:
        _caption_images(elements)
        _anchor_headings(elements, context.ids)


def _strip_controls(root: Element) -> None:
    """Strip control characters again: character references may have brought them back."""
    for element in root.iter():
        for part in ("text", "tail"):
            text = getattr(element, part)
            if text and (stripped := strip_controls(text)) != text:
                setattr(element, part, stripped)
        for name, value in element.attrib.items():
            element.attrib[name] = strip_controls(value)


def _empty(element: Element, tag: str = "dropped") -> None:
    tail = element.tail
    element.clear()
    element.tag, element.tail = tag, tail


def _add_classes(element: Element, *classes: str) -> None:
    merged = dict.fromkeys(element.get("class", "").split()) | dict.fromkeys(filter(None, classes))
    if merged:
        element.set("class", " ".join(merged))


def _rewrite_attributes(element: Element, context: RewriteContext) -> None:
    attributes = element.attrib
    if style := attributes.pop("style", ""):
        _apply_style(element, style)
    if alignment := attributes.pop("align", ""):
        _add_classes(element, styles.align(element.tag, alignment))
    if language := attributes.pop("xml:lang", ""):
        attributes.setdefault("lang", language)
    if "id" in attributes:
        _deduplicate_id(element, context.ids)
    if element.tag in _WITH_SIZE:
        _normalise_lengths(attributes)


def _apply_style(element: Element, style: str) -> None:
    classes, attributes = styles.translate(style)
    _add_classes(element, *classes)
    for name, value in attributes.items():
        if name == "hidden" or element.tag in _WITH_SIZE:
            element.attrib.setdefault(name, value)


def _deduplicate_id(element: Element, ids: set[str]) -> None:
    """Remove an id that has spaces or occurred before: browsers follow a link to the first one anyway."""
    name = element.attrib["id"].strip()
    if not name or name in ids or re.search(r"\s", name):
        del element.attrib["id"]
    else:
        ids.add(name)
        element.set("id", name)


def _normalise_lengths(attributes: dict[str, str]) -> None:
    for name in ("width", "height"):
        if match := _LENGTH.fullmatch(attributes.get(name, "")):
            attributes[name] = match[1]
        else:
            attributes.pop(name, None)


def _caption_images(elements: list[Element]) -> None:
    """Turn a paragraph that is only an image with a title into a figure with the title as its caption."""
    for paragraph in elements:
        children = list(paragraph)
        if paragraph.tag != "p" or [child.tag for child in children] != ["img"]:
            continue
        [image] = children
        if "title" in image.attrib and not (paragraph.text or "").strip() and not (image.tail or "").strip():
            paragraph.tag = "figure"
            SubElement(paragraph, "figcaption").text = image.attrib.pop("title")


def _anchor_headings(elements: list[Element], ids: set[str]) -> None:
    """Give each heading an id made of its words, unique within the text."""
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
    """Return a heading's id: its words in any script, in lower case, joined by hyphens."""
    slug = _NOT_IN_SLUGS.sub("", unicodedata.normalize("NFKC", text).lower())
    return _BETWEEN_WORDS.sub("-", slug).strip("-") or "section"


def _link(element: Element, context: RewriteContext) -> None:
    """Turn the `name` of an old anchor into its id."""
    if name := element.attrib.pop("name", ""):
        element.attrib.setdefault("id", name)


def _iframe(element: Element, context: RewriteContext) -> None:
    """Replace an iframe by a link. If its host is allowed, a script can turn that back into the iframe."""
    source = element.get("src", "").strip()
    source = f"https:{source}" if source.startswith("//") else source
    if hrefs.https_host(source) not in context.iframe_hosts:
        _put_link(element, source)
        return
    title, size = element.get("title", ""), (element.get("width", ""), element.get("height", ""))
    _empty(element, "a")
    _fill_embed(element, context, source, title, *size)


def _lite_youtube(element: Element, context: RewriteContext) -> None:
    """Put a link into an empty element, which would show nothing without its script."""
    source = media.youtube_player_url(element.get("videoid", ""), element.get("params", ""))
    if source and not "".join(element.itertext()).strip():
        link = SubElement(element, "a")
        _fill_embed(link, context, source, element.get("playlabel", "") or element.get("title", ""))


def _fill_embed(link: Element, context: RewriteContext, source: str, title: str, *size: str) -> None:
    link.attrib.update(media.embed_attributes(source, context.iframe_hosts, *size))
    link.text = media.embed_label(title, source)


def _github_code(element: Element, context: RewriteContext) -> None:
    """Put a link to the code into an empty element."""
    source = element.get("href", "")
    if hrefs.is_web_url(source) and not "".join(element.itertext()).strip():
        link = SubElement(element, "a", {"href": source})
        link.text = re.sub(r"^\w+://", "", source)


def _embedded(element: Element, context: RewriteContext) -> None:
    """Keep the fallback content of an object; replace it, or an embed, by a link if there is none."""
    if element.tag == "embed" or not _has_fallback(element):
        _put_link(element, _object_url(element))


def _has_fallback(element: Element) -> bool:
    return bool("".join(element.itertext()).strip()) or element.find(".//img") is not None


def _object_url(element: Element) -> str:
    """Return the URL that an object embeds: its own, a parameter's, or that of the embed inside it."""
    urls = [element.get("data"), element.get("src")]
    for child in element.iter():
        if child.tag == "param" and child.get("name", "").lower() in _URL_PARAMETERS:
            urls.append(child.get("value"))
        elif child.tag == "embed":
            urls.append(child.get("src"))
    return next((url for url in urls if url), "").strip()


def _put_link(element: Element, url: str) -> None:
    text = element.get("title", "").strip() or re.sub(r"^\w+://|[?#].*", "", url)
    _empty(element)
    if hrefs.is_web_url(url):
        element.tag, element.text = "a", text
        element.set("href", url)


def _player(element: Element, context: RewriteContext) -> None:
    """Allow autoplay for muted videos only, and give every other player controls."""
    if "muted" not in element.attrib or element.tag == "audio":
        element.attrib.pop("autoplay", None)
    if "autoplay" not in element.attrib:
        element.attrib.setdefault("controls", "")
        element.attrib.setdefault("preload", "none")  # no request to its host before the reader clicks


def _image(element: Element, context: RewriteContext) -> None:
    """Add the size and the narrower copies of an uploaded image. A size that the author gave wins."""
    has_size = any(name in element.attrib or name in element.get("style", "") for name in ("width", "height"))
    for name, value in media.image_attributes(element.get("src", "")).items():
        if not has_size or name not in ("width", "height"):
            element.attrib.setdefault(name, value)


def _markdown_copy(element: Element, context: RewriteContext) -> None:
    context.allowed_textareas.update(element.findall("textarea"))


def _textarea(element: Element, context: RewriteContext) -> None:
    if element not in context.allowed_textareas:
        element.tag = "pre"
    _pre(element, context)


def _pre(element: Element, context: RewriteContext) -> None:
    """Double a leading newline, since parsers drop the one right after the start tag."""
    if (element.text or "").startswith("\n"):
        element.text = f"\n{element.text}"


def _break(element: Element, context: RewriteContext) -> None:
    if element.attrib.pop("clear", ""):
        _add_classes(element, "clear")


_HANDLERS = {
    "a": _link,
    "audio": _player,
    "br": _break,
    "embed": _embedded,
    "github-code": _github_code,
    "iframe": _iframe,
    "img": _image,
    "lite-youtube": _lite_youtube,
    "markdown-copy": _markdown_copy,
    "object": _embedded,
    "pre": _pre,
    "textarea": _textarea,
    "video": _player,
}
