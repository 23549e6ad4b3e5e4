"""Atom feeds (RFC 4287) of everything, of each kind, of tags, of series and of searches."""

import re
from dataclasses import dataclass
from uuid import uuid5

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page

from blog import markup
from blog.models import Post, Series, SiteSettings
from blog.search.parameters import Parameters
from blog.tags import find_tags, tagged
from blog.views.base import moved

FEED_SIZE = 30
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


class LenientXMLGenerator(SimplerXMLGenerator):
    """Leaves out what XML cannot hold. Django's refuses, and one odd character would end the feed."""

    def startElement(self, name, attrs):
        super().startElement(name, {key: NOT_XML.sub("", value) for key, value in attrs.items()})

    def characters(self, content):
        super().characters(NOT_XML.sub("", content))


class FullTextAtom(Atom1Feed):
    """Atom with the whole text as `content`; Django's puts it into `summary`."""

    def write(self, outfile, encoding):
        handler = LenientXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("content", item["description"], {"type": "html"})


@dataclass
class Channel:
    """What one feed is of, for one request."""

    site: SiteSettings
    root: str
    name: str
    page: str
    address: str
    posts: list

    @property
    def title(self):
        return f"{self.site.title}: {self.name}" if self.name else self.site.title


class PostFeed(Feed):
    """A feed of posts. Subclasses say of which, and to which page they belong."""

    feed_type = FullTextAtom
    may_be_empty = True

    def __call__(self, request, **kwargs):
        """Who has the feed already is told so (304), and scripts of other sites may read it."""
        response = conditional_page(self.respond)(request, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def respond(self, request, **kwargs):
        return super().__call__(request, **kwargs)

    def get_object(self, request, **kwargs):
        name, page, address, published = self.channel(**kwargs)
        posts = list(published.in_full()[:FEED_SIZE])
        if not posts and not self.may_be_empty:
            raise Http404("Nothing of this is published.")
        root = request.build_absolute_uri("/").rstrip("/")
        return Channel(request.site, root, name, page, address, posts)

    def channel(self, **kwargs):
        """Name, path of the page, path of the feed, posts."""
        return "", reverse("home"), reverse("feed-everything"), Post.objects.published()

    def title(self, channel):
        return channel.title

    def subtitle(self, channel):
        return channel.site.tagline or None

    def link(self, channel):
        return channel.root + channel.page

    def feed_url(self, channel):
        return channel.root + channel.address

    def feed_guid(self, channel):
        return uuid5(channel.site.uuid, channel.address).urn

    def author_name(self, channel):
        return channel.site.author_name

    def items(self, channel):
        """Posts with what the item methods need, which Django gives nothing but the post."""
        for post in channel.posts:
            post.channel = channel
            yield post

    def item_title(self, post):
        return post.page_title()

    def item_description(self, post):
        html = render_to_string(post.template, {"post": post, "mode": "feed"})
        return markup.absolute(html, self.item_link(post))

    def item_link(self, post):
        return post.channel.root + post.get_absolute_url()

    def item_guid(self, post):
        return post.uuid.urn

    def item_pubdate(self, post):
        return post.published

    def item_updateddate(self, post):
        return post.updated

    def item_author_name(self, post):
        return post.byline or None

    def item_categories(self, post):
        return [tag.name for tag in post.tags.all()]


class KindFeed(PostFeed):
    """The posts of one kind."""

    def __init__(self, kind):
        self.kind = kind

    def channel(self):
        posts = Post.objects.published().filter(kind=self.kind._meta.model_name)
        return (
            capfirst(self.kind.label_plural),
            reverse(self.kind.listing),
            reverse(f"feed-{self.kind.feed}"),
            posts,
        )


class TagFeed(PostFeed):
    """The posts that have one tag, or all of several."""

    may_be_empty = False

    def respond(self, request, slugs):
        tags, exact = find_tags(slugs)
        if not exact:
            return moved(request, reverse("feed-tag", args=[[tag.slug for tag in tags]]))
        return super().respond(request, tags=tags)

    def channel(self, tags):
        slugs = [tag.slug for tag in tags]
        name = " + ".join(tag.name for tag in tags)
        return name, reverse("tag", args=[slugs]), reverse("feed-tag", args=[slugs]), tagged(tags)


class SeriesFeed(PostFeed):
    """The posts of a series, the newest first."""

    may_be_empty = False

    def channel(self, slug):
        series = get_object_or_404(Series, slug=slug)
        posts = Post.objects.published().filter(series=series)
        return series.title, series.get_absolute_url(), reverse("feed-series", args=[slug]), posts


class SearchFeed(PostFeed):
    """What a search finds, the newest first, at the search's own parameters."""

    def __call__(self, request):
        return super().__call__(
            request, parameters=Parameters.of(request.GET).minus("sort"), site=request.site
        )

    def channel(self, parameters, site):
        search = parameters.search(site)
        ids = [] if search.query.is_empty else [pk for pk, _, _ in search.found[:FEED_SIZE]]
        return (
            parameters.title,
            parameters.url(),
            parameters.url("feed-search"),
            Post.objects.published().filter(pk__in=ids),
        )
