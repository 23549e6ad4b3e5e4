"""What other sites and programs are told of a page: in the head, in Open Graph, and in JSON-LD."""

import json

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from blog.images import share_card
from blog.models.authors import author_name
from blog.strings.languages import open_graph_locale

register = template.Library()

# As django.utils.html.json_script() does: nothing in the data can end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


class Told(template.Node):
    """Renders what is inside once, and puts it into each of the tags that tell it."""

    def __init__(self, nodelist, here, elsewhere):
        self.nodelist = nodelist
        self.here = here
        self.elsewhere = elsewhere

    def render(self, context):
        text = " ".join(self.nodelist.render(context).split())  # escaped by the template
        text = text.removeprefix("<title>").removesuffix("</title>").strip()
        if not text:
            return ""
        short = text.removesuffix(escape(f" — {context['site'].title}"))  # its name is told besides
        return format_html(f"{self.here}\n{self.elsewhere}", mark_safe(text), mark_safe(short))


@register.tag
def page_title(parser, token):
    """The <title> of the page, and the same for where the page is shared."""
    nodelist = parser.parse(("endpage_title",))
    parser.delete_first_token()
    return Told(nodelist, "<title>{}</title>", '<meta property="og:title" content="{}">')


@register.tag
def page_description(parser, token):
    """What the page is about, for search engines and for where the page is shared."""
    nodelist = parser.parse(("endpage_description",))
    parser.delete_first_token()
    here = '<meta name="description" content="{}">'
    return Told(nodelist, here, '<meta property="og:description" content="{}">')


@register.simple_tag(takes_context=True)
def page_locale(context):
    """The language of the post, or of the site, as Open Graph names it."""
    locale = open_graph_locale(language(context.get("post"), context["site"]))
    return format_html('<meta property="og:locale" content="{}">', locale) if locale else ""


def language(post, site):
    return getattr(post, "language", "") or site.language


@register.inclusion_tag("blog/includes/card.html", takes_context=True)
def page_card(context):
    """The picture that stands for the page: the author's own, the one drawn for the post, or the site's."""
    post, site, request = context.get("post"), context["site"], context["request"]
    given = getattr(post, "card_image", "")
    drawn = getattr(post, "card", "") or site.state.card
    url = given or (reverse("image", args=[drawn]) if drawn else "")
    return {
        "image": request.build_absolute_uri(url) if url else "",
        "size": share_card.SIZE if url and not given else None,
        "alt": post.headline if post else site.title,
    }


@register.simple_tag(takes_context=True)
def json_ld(context):
    """The page as linked data (schema.org): a post at its permalink, the weblog on its home page."""
    request = context["request"]
    post = context.get("post")
    data = posting(post, context) if post else weblog(context) if request.path == reverse("home") else None
    if data is None:
        return ""
    text = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def weblog(context):
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


def posting(post, context):
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
            "inLanguage": language(post, site),
            "author": {"@type": "Person", "name": author_name(post, site)},
            "image": card["image"],
            "keywords": [tag.name for tag in post.shown_tags],
            "isPartOf": {"@type": "Blog", "name": site.title, "url": request.build_absolute_uri("/")},
            "license": site.licence if site.licence.startswith("http") else "",
        }
    )


def without_empty(data):
    return {name: value for name, value in data.items() if value}
