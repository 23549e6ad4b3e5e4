"""Feeds as they answer requests."""

from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Enclosure
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _

from blog import markup
from blog.models.authors import author_name
from blog.paths import redirect_permanently
from blog.timeline.newest import ARCHIVE_SIZE, FEED_SIZE

from . import history
from .selections import MonthSelection

#: Seconds for which readers and what is between need not ask again.
MAX_AGE = 60
#: The same for what is in the archive, and changes when an old post does.
ARCHIVE_MAX_AGE = 3600
#: Characters of HTML. Of what is longer a feed has the first words: a poll should not fetch a book.
LONGEST_ITEM = 1_000_000


class Channel:
    """One feed, for one request."""

    def __init__(self, request, selection, writer):
        self.site = request.site
        self.selection = selection
        self.writer = writer
        self.root = request.build_absolute_uri("/").rstrip("/")
        self.before = request.GET.get("before")
        size = ARCHIVE_SIZE if selection.is_archive else FEED_SIZE
        found = list(selection.newest(size + 1, history.read_place(self.before)))
        self.posts, self.following = found[:size], next(iter(found[size:]), None)

    @property
    def title(self):
        name = self.selection.name
        return f"{self.site.title}: {name}" if name else self.site.title

    @property
    def path(self):
        return history.beginning_at(self.selection.url(self.writer), self.before)

    @property
    def hub(self):
        """The address of the hub that is told of the feed's news, if one is (WebSub, 4)."""
        return settings.WEBSUB_HUB if self.selection.is_told and not self.before else ""

    @cached_property
    def links(self):
        """Relation and address of what else belongs to the feed."""
        pages = [(relation, iri_to_uri(self.root + path)) for relation, path in self.pages()]
        return [("hub", self.hub), *pages] if self.hub else pages

    @property
    def header(self):
        """What the answer's Link header says: where to subscribe to what, and what comes next."""
        own = [("self", iri_to_uri(self.root + self.path))] if self.hub else []
        links = own + [link for link in self.links if link[0] in {"hub", "next"}]
        return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links)

    def pages(self):
        """Relation and path of the feed's other documents: RFC 5005, 3 and 4."""
        if self.selection.is_archive:
            yield "current", self.selection.feed.url(self.writer)
            yield from self.newer_archive()
        else:
            yield "first", self.selection.url(self.writer)
            if self.following:
                yield "next", self.after_the_last(self.selection)
        if self.selection.has_archive and (archive := self.archive()):
            yield "prev-archive", archive

    def newer_archive(self):
        place = history.read_place(self.before)
        if found := history.document_after(self.selection.day, place, ARCHIVE_SIZE):
            month, place = found
            yield "next-archive", history.beginning_at(MonthSelection(month).url(self.writer), place)

    def archive(self):
        """The path of the document in the archive that goes on where this one ends, or None."""
        following = self.following
        if self.selection.is_archive and not following:
            following = history.older_than(self.selection.day)
        if not following:
            return None
        month = history.month_of(following)
        if history.month_of(self.posts[-1]) == month:
            return self.after_the_last(MonthSelection(month))
        return MonthSelection(month).url(self.writer)

    def after_the_last(self, selection):
        return history.beginning_at(selection.url(self.writer), history.place_after(self.posts[-1]))

    def absolute(self, path):
        return self.root + path if path.startswith("/") else path


def cache_control(channel):
    """How long it holds. A cache in between must not give the hub what there was before the news."""
    max_age = ARCHIVE_MAX_AGE if channel.selection.is_archive else MAX_AGE
    return f"public, max-age={max_age}" + (", s-maxage=0" if channel.hub else "")


class PostFeed(Feed):
    """A feed of the posts that a selection (see `selections`) has, as a writer writes it."""

    def __init__(self, selection, writer, **given):
        self.selection = selection
        self.feed_type = self.writer = writer
        self.given = given

    def __call__(self, request, **kwargs):
        selection = self.selection.of(request, **self.given, **kwargs)
        if not selection.is_exact:
            return redirect_permanently(request, selection.url(self.writer))
        channel = Channel(request, selection, self.writer)
        if not channel.posts and not (selection.may_be_empty and channel.before is None):
            raise Http404("Nothing of this is published.")
        feed = self.get_feed(channel, request)
        response = HttpResponse(
            content_type=feed.content_type, headers={"Cache-Control": cache_control(channel)}
        )
        feed.write(response, "utf-8")
        if channel.header:
            response["Link"] = channel.header
        return response

    def surrogate_keys(self, request, kwargs, context):
        """The first document of a feed shows what is newest. An older one is taken to show the whole list."""
        return self.selection.surrogate_keys("before" not in request.GET, **self.given, **kwargs)

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
        return channel.root + channel.path

    def feed_guid(self, channel):
        """Never changes, as the path never does; the same in all documents of the feed."""
        return uuid5(channel.site.uuid, channel.selection.feed.url(self.writer)).urn

    def author_name(self, channel):
        return channel.site.author_name

    def feed_extra_kwargs(self, channel):
        return {
            "pages": channel.links,
            "icon": channel.absolute(static("icon-512.png")),
            "is_archive": channel.selection.is_archive,
        }

    def items(self, channel):
        """Posts with what the item methods need, which Django gives nothing but the post."""
        for post in channel.posts:
            post.channel = channel
            post.permalink = channel.root + post.get_absolute_url()
            yield post

    def item_title(self, post):
        """Nothing for a post without a title, where the format allows that."""
        return post.page_title() if self.writer.needs_titles else post.explicit_title() or None

    def item_description(self, post):
        if len(post.html) > LONGEST_ITEM:
            whole = '<p>{}</p><p><a href="{}">{}</a></p>'
            return format_html(whole, post.description, post.permalink, _("Read it all"))
        context = {"post": post, "mode": "feed", "site": post.channel.site}
        html = render_to_string(post.template, context).strip()
        html = markup.absolute_urls(markup.for_feed(html), post.permalink)
        if self.item_link(post) == post.permalink:
            return html
        return html + format_html('<p><a href="{}">{}</a></p>', post.permalink, _("Permalink"))

    def item_link(self, post):
        """The permalink; for a link the page that it leads to, if the site's author wants that."""
        links_out = post.links_out and post.channel.site.feeds_link_out
        return post.target() or post.permalink if links_out else post.permalink

    def item_guid(self, post):
        return post.uuid.urn

    item_guid_is_permalink = False

    def item_pubdate(self, post):
        return post.published

    def item_updateddate(self, post):
        return post.updated

    def item_author_name(self, post):
        return author_name(post, post.channel.site)

    def item_categories(self, post):
        return [tag.name for tag in post.shown_tags]

    def item_enclosures(self, post):
        """What can be heard in the post. How long the files are is not known here: RSS says so by 0."""
        sounds = markup.audio_sources(markup.absolute_urls(post.html, post.permalink))
        return [Enclosure(iri_to_uri(url), "0", media_type) for url, media_type in sounds]

    def item_extra_kwargs(self, post):
        """Addresses that came from elsewhere may have spaces in them, and letters of any language."""
        return {
            "permalink": iri_to_uri(post.permalink),
            "related": iri_to_uri(post.target()),
            "via": (iri_to_uri(post.get_via_url()), post.get_via_title()),
            "image": iri_to_uri(post.card_image),
            "language": post.language,
        }
