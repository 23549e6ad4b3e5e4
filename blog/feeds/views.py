"""Feeds as they answer requests."""

import io
from uuid import uuid5

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.feedgenerator import Enclosure
from django.utils.html import format_html
from django.utils.http import http_date
from django.views.decorators.http import conditional_page

from blog import markup
from blog.views.base import moved

FEED_SIZE = 30
#: Characters of HTML. Of what is longer a feed has the first words: a poll should not fetch a book.
LONGEST_ITEM = 1_000_000


class Channel:
    """One feed, for one request."""

    def __init__(self, request, selection, writer):
        self.site = request.site
        self.selection = selection
        self.writer = writer
        self.root = request.build_absolute_uri("/").rstrip("/")
        self.posts = list(selection.newest(FEED_SIZE))

    @property
    def title(self):
        name = self.selection.name
        return f"{self.site.title}: {name}" if name else self.site.title

    @property
    def pages(self):
        """Relation and address of what else belongs to the feed."""
        return []

    def absolute(self, path):
        return self.root + path if path.startswith("/") else path


class PostFeed(Feed):
    """A feed of the posts that a selection (see `selections`) has, as a writer writes it."""

    def __init__(self, selection, writer, **given):
        self.selection = selection
        self.feed_type = self.writer = writer
        self.given = given

    def __call__(self, request, **kwargs):
        """Who has the feed already is told so (304), and scripts of other sites may read it."""
        response = conditional_page(self.respond)(request, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def respond(self, request, **kwargs):
        selection = self.selection.of(request, **self.given, **kwargs)
        if not selection.is_exact:
            return moved(request, selection.url(self.writer))
        channel = Channel(request, selection, self.writer)
        if not channel.posts and not selection.may_be_empty:
            raise Http404("Nothing of this is published.")
        feed = self.get_feed(channel, request)
        body = io.BytesIO()
        feed.write(body, "utf-8")
        headers = {"Last-Modified": http_date(feed.latest_post_date().timestamp())}
        return HttpResponse(body.getvalue(), content_type=feed.content_type, headers=headers)

    def title(self, channel):
        return channel.title

    def subtitle(self, channel):
        return channel.site.tagline or None

    def description(self, channel):
        """RSS has to have one."""
        return channel.site.tagline or channel.title

    def link(self, channel):
        return channel.root + channel.selection.page

    def feed_url(self, channel):
        return channel.root + channel.selection.url(self.writer)

    def feed_guid(self, channel):
        """Never changes, as the path never does. Items have ids of their own."""
        return uuid5(channel.site.uuid, channel.selection.url(self.writer)).urn

    def author_name(self, channel):
        return channel.site.author_name

    def feed_extra_kwargs(self, channel):
        return {"pages": channel.pages, "icon": channel.absolute(static("icon-512.png"))}

    def items(self, channel):
        """Posts with what the item methods need, which Django gives nothing but the post."""
        for post in channel.posts:
            post.channel = channel
            post.permalink = channel.root + post.get_absolute_url()
            yield post

    def item_title(self, post):
        """Nothing for a post without a title, where the format allows that."""
        return post.page_title() if self.writer.needs_titles else post.own_title() or None

    def item_description(self, post):
        if len(post.html) > LONGEST_ITEM:
            whole = '<p>{}</p><p><a href="{}">Read it all</a></p>'
            return format_html(whole, post.description, post.permalink)
        html = render_to_string(post.template, {"post": post, "mode": "feed"}).strip()
        html = markup.absolute(markup.for_feed(html), post.permalink)
        if self.item_link(post) == post.permalink:
            return html
        return html + format_html('<p><a href="{}">Permalink</a></p>', post.permalink)

    def item_link(self, post):
        """The permalink; for a link the page that it leads to, if the site's author wants that."""
        leads_away = post.leads_away and post.channel.site.feeds_lead_away
        return post.target() or post.permalink if leads_away else post.permalink

    def item_guid(self, post):
        return post.uuid.urn

    item_guid_is_permalink = False

    def item_pubdate(self, post):
        return post.published

    def item_updateddate(self, post):
        return post.updated

    def item_author_name(self, post):
        return post.byline or post.channel.site.author_name

    def item_categories(self, post):
        return [tag.name for tag in post.tags.all()]

    def item_enclosures(self, post):
        """What can be heard in the post. How long the files are is not known here: 0 says so."""
        sounds = markup.sounds(markup.absolute(post.html, post.permalink))
        return [Enclosure(url, "0", media_type) for url, media_type in sounds]

    def item_extra_kwargs(self, post):
        via = (post.found_at(), post.found_at_title())
        return {
            "permalink": post.permalink,
            "related": post.target(),
            "via": via,
            "image": post.card_image,
        }
