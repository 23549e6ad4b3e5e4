"""A pseudolocale: it puts every translated text between brackets, so that untranslated ones show.

The content of the site is Greek. Latin letters outside brackets are therefore untranslated interface text.
"""

import re
from datetime import timedelta

from bs4 import BeautifulSoup, NavigableString
from django.utils.translation import trans_real

from blog.models import Page, Post
from tests.factories import make_page, make_post, make_series, make_tag, set_site, utc

CODE = "el"
RIGHT_TO_LEFT = "he"
VISIBLE_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder")
SCRIPT_TEXTS = ("data-auto", "data-light", "data-dark", "data-filter-status")
META_TEXTS = ("description", "og:title", "og:description", "og:image:alt")
UNTRANSLATED_TAGS = {"script", "style", "textarea", "kbd", "code"}
#: URLs, hosts, file formats and units, which are the same in every language.
NAMES = re.compile(
    r"https?://\S+|(?:[\w-]+\.)+(?:com|org|net)\b|\S+\.atom"
    r"|\b(?:Atom|RSS|JSON Feed|OPML|Markdown|HTML|UTC|KB)\b"
)


class PseudoTranslation(trans_real.DjangoTranslation):
    def gettext(self, message):
        return f"⟦{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}⟧"

    def ngettext(self, singular, plural, number):
        return self.gettext(singular if number == 1 else plural)


def install(monkeypatch, code=CODE):
    """Replace the translations of a language by the pseudolocale."""
    monkeypatch.setitem(trans_real._translations, code, PseudoTranslation(code))


def untranslated(html):
    """List the untranslated words in visible text, attributes, meta tags and buttons."""
    page = BeautifulSoup(html, "lxml")
    texts = [node for node in page.find_all(string=True) if node.parent.name not in UNTRANSLATED_TAGS]
    for drawing in page.select("img[src*='/static/admin/']"):
        drawing.decompose()  # their alt texts are Django's and only in English
    attributes = [
        element[name] for name in VISIBLE_ATTRIBUTES + SCRIPT_TEXTS for element in page.select(f"[{name}]")
    ]
    metas = page.select("meta[content]")
    attributes += [meta["content"] for meta in metas if meta.get("name", meta.get("property")) in META_TEXTS]
    attributes += [button["value"] for button in page.select("input[type=submit], input[type=button]")]
    text = "\n".join(node for node in texts if type(node) is NavigableString)
    return [*latin_words(text), *(word for value in attributes for word in latin_words(value))]


def latin_words(text):
    """List the words in Latin letters outside brackets, which may be nested."""
    text = NAMES.sub("", text)
    while text != (text := re.sub(r"⟦[^⟦⟧]*⟧", "", text)):
        pass
    return re.findall(r"[A-Za-z][A-Za-z' ]+", text)


def make_greek_site(code=CODE):
    """Create content for every type of page and set the site's language. Returns the posts."""
    set_site(title="Ιστολόγιο", tagline="Περί καιρού", author_name="Άδα", language=code)
    series = make_series(title="Έντομα", slug="έντομα", summary="Όλα.")
    make_tag("θάλασσα", description="Νερό.")
    noon = utc(2024, 6, 8)
    fields_by_kind = {
        "entry": {"title": "Βροχή", "body": "Πρώτα.\n\n" + "Ύστερα όλα. " * 60},
        "blogmark": {
            "link_title": "Άνεμος",
            "link_url": "https://example.com/a",
            "via_url": "https://example.org/",
            "via_title": "Πηγή",
        },
        "quotation": {"source": "Ήρα", "source_url": "https://example.com/b", "context": "σε ομιλία"},
        "note": {"byline": "Βάσω"},
    }
    posts = []
    for n, (name, kind) in enumerate([*Post.kinds().items()] * 8):
        published = noon - timedelta(days=400 * (n % 2) + n, hours=n)
        fields = {"body": "Πρώτα.", "series": series, "published": published} | fields_by_kind[name]
        posts.append(make_post(kind, tags=["θάλασσα", "στεριά"], **fields))
    posts[0].body += "Άλλα."
    posts[0].save()
    Page.objects.all().delete()
    make_page(title="Σχετικά", slug="σχετικά", body="Κείμενο.")
    return posts
