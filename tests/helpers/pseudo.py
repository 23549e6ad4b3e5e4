"""A made-up language, in which whatever is translated stands between brackets: what does not was forgotten.

The posts of such a site are in Greek: Latin letters outside of brackets are words of the program.
"""

import re
from datetime import timedelta

from bs4 import BeautifulSoup, NavigableString
from django.utils.translation import trans_real

from blog.models import Page, Post
from tests.factories import make_page, make_post, make_series, make_tag, set_site, utc

CODE = "el"
RIGHT_TO_LEFT = "he"
SHOWN = ("aria-label", "title", "alt", "placeholder")
SHOWN_BY_SCRIPTS = ("data-auto", "data-light", "data-dark", "data-filter-status")
SHARED = ("description", "og:title", "og:description", "og:image:alt")
HIDDEN = {"script", "style", "textarea", "kbd", "code"}
#: Names that are the same in every language: of addresses, hosts and feeds, of formats and units.
NAMES = re.compile(
    r"https?://\S+|(?:[\w-]+\.)+(?:com|org|net)\b|\S+\.atom"
    r"|\b(?:Atom|RSS|JSON Feed|OPML|Markdown|HTML|UTC|KB)\b"
)


class Pseudo(trans_real.DjangoTranslation):
    def gettext(self, message):
        return f"⟦{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}⟧"

    def ngettext(self, singular, plural, number):
        return self.gettext(singular if number == 1 else plural)


def speak(monkeypatch, code=CODE):
    """Let the language of that code be the made-up one."""
    monkeypatch.setitem(trans_real._translations, code, Pseudo(code))


def forgotten(html):
    """The words of the program in what people see, hear or share of the page that are not translated."""
    page = BeautifulSoup(html, "lxml")
    texts = [node for node in page.find_all(string=True) if node.parent.name not in HIDDEN]
    for drawing in page.select("img[src*='/static/admin/']"):
        drawing.decompose()  # Django's, which speaks English only
    told = [element[name] for name in SHOWN + SHOWN_BY_SCRIPTS for element in page.select(f"[{name}]")]
    metas = page.select("meta[content]")
    told += [meta["content"] for meta in metas if meta.get("name", meta.get("property")) in SHARED]
    told += [button["value"] for button in page.select("input[type=submit], input[type=button]")]
    whole = "\n".join(node for node in texts if type(node) is NavigableString)
    return [*latin(whole), *(word for text in told for word in latin(text))]


def latin(text):
    """Words in Latin letters outside of brackets, which may stand one in another."""
    text = NAMES.sub("", text)
    while text != (text := re.sub(r"⟦[^⟦⟧]*⟧", "", text)):
        pass
    return re.findall(r"[A-Za-z][A-Za-z' ]+", text)


def make_greek_site(code=CODE):
    """A site with something on each of its pages, in that language."""
    set_site(title="Ιστολόγιο", tagline="Περί καιρού", author_name="Άδα", language=code)
    series = make_series(title="Έντομα", slug="έντομα", summary="Όλα.")
    make_tag("θάλασσα", description="Νερό.")
    noon = utc(2024, 6, 8)
    own = {
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
        fields = {"body": "Πρώτα.", "series": series, "published": published} | own[name]
        posts.append(make_post(kind, tags=["θάλασσα", "στεριά"], **fields))
    posts[0].body += "Άλλα."
    posts[0].save()
    Page.objects.all().delete()
    make_page(title="Σχετικά", slug="σχετικά", body="Κείμενο.")
    return posts
