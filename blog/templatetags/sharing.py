"""Metadata in a page's <head>: title and description, Open Graph, and JSON-LD (schema.org)."""

import html
import json

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.images import share_card
from blog.models.authors import author_name
from blog.strings.languages import open_graph_locale

register = template.Library()

#: The characters that `django.utils.html.json_script()` escapes, so that no value can close the <script>
#: element.
JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


class RepeatedText(template.Node):
    """Renders its contents once, as text, and inserts it into an HTML element and an Open Graph tag."""

    def __init__(self, nodelist, element, open_graph):
        self.nodelist = nodelist
        self.element = element
        self.open_graph = open_graph

    def render(self, context):
        text = " ".join(html.unescape(self.nodelist.render(context)).split())
        text = text.removeprefix("<title>").removesuffix("</title>").strip()
        if not text:
            return ""
        without_site = text.removesuffix(f" — {context['site'].title}")  # og:site_name has it
        return format_html(
            "{}\n{}", format_html(self.element, text), format_html(self.open_graph, without_site)
        )


@register.tag
def page_title(parser, token):
    """The page's <title>, repeated as `og:title` without the name of the site."""
    nodelist = parser.parse(("endpage_title",))
    parser.delete_first_token()
    return RepeatedText(nodelist, "<title>{}</title>", '<meta property="og:title" content="{}">')


@register.tag
def page_description(parser, token):
    """The page's description, for search engines and repeated as `og:description`."""
    nodelist = parser.parse(("endpage_description",))
    parser.delete_first_token()
    element = '<meta name="description" content="{}">'
    return RepeatedText(nodelist, element, '<meta property="og:description" content="{}">')


@register.simple_tag(takes_context=True)
def page_locale(context):
    """`og:locale` for the language of the post or the site."""
    locale = open_graph_locale(language_code(context.get("post"), context["site"]))
    return format_html('<meta property="og:locale" content="{}">', locale) if locale else ""


def language_code(post, site):
    return getattr(post, "language", "") or site.language


@register.inclusion_tag("blog/includes/card.html", takes_context=True)
def page_card(context):
    """The share image: the one the author chose for the post, else the generated one, else the site's."""
    post, site, request = context.get("post"), context["site"], context["request"]
    chosen = getattr(post, "card_image", "")
    generated = getattr(post, "card", "") or site.state.card
    url = chosen or (reverse("image", args=[generated]) if generated else "")
    return {
        "image": request.build_absolute_uri(url) if url else "",
        "size": share_card.SIZE if url and not chosen else None,
        "alt": post.headline if post else site.title,
    }


@register.simple_tag(takes_context=True)
def json_ld(context):
    """Linked data (schema.org): a `BlogPosting` on a permalink, the `Blog` on the home page, else nothing."""
    request = context["request"]
    post = context.get("post")
    if post:
        data = blog_posting(post, context)
    elif request.path == reverse("home"):
        data = blog(context)
    else:
        return ""
    content = json_for_script({"@context": "https://schema.org"} | data)
    return format_html('<script type="application/ld+json">{}</script>', content)


def json_for_script(data):
    """Serialize the data as safe content of a <script> element.

    Unlike `json_script()`, it leaves the type of the element to the caller and non-ASCII characters readable.
    """
    return SafeString(json.dumps(data, ensure_ascii=False).translate(JSON_ESCAPES))


def blog(context):
    site, request = context["site"], context["request"]
    return without_empty(
        {
            "@type": "Blog",
            "name": site.title,
            "description": site.tagline,
            "url": request.build_absolute_uri(reverse("home")),
            "inLanguage": site.language,
            "author": {"@type": "Person", "name": site.author_name},
        }
    )


def blog_posting(post, context):
    site, request = context["site"], context["request"]
    card = page_card(context)
    return without_empty(
        {
            "@type": "BlogPosting",
            "headline": post.headline,
            "description": post.description,
            "url": request.build_absolute_uri(post.get_absolute_url()),
            "datePublished": post.published.isoformat(timespec="seconds") if post.published else "",
            "dateModified": post.updated.isoformat(timespec="seconds") if post.updated else "",
            "inLanguage": language_code(post, site),
            "author": {"@type": "Person", "name": author_name(post, site)},
            "image": card["image"],
            "keywords": [tag.name for tag in post.shown_tags],
            "isPartOf": {"@type": "Blog", "name": site.title, "url": request.build_absolute_uri("/")},
            "license": site.licence if site.licence.startswith("http") else "",
        }
    )


def without_empty(data):
    return {name: value for name, value in data.items() if value}
