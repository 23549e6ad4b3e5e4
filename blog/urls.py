"""The URLs of the weblog. Links, bookmarks and feed subscriptions rely on every one of them."""

from django.urls import include, path, re_path

from blog import converters, sitemaps  # noqa: F401  (registers the converters used below)
from blog.feeds.catalogue import OPML, FeedIndex
from blog.models import Post
from blog.views import archives, images, linked_sites, listings, pages, permalinks, search, tags

# By date
urlpatterns = [
    path("", archives.Home.as_view(), name="home"),
    path("<year:date>/", archives.YearArchive.as_view(), name="year"),
    path("<month:date>/", archives.MonthArchive.as_view(), name="month"),
    path("<day:date>/", archives.DayArchive.as_view(), name="day"),
    path("<day:date>/<uslug:slug>/", permalinks.PostDetail.as_view(), name="post"),
    path("drafts/<str:token>/", permalinks.DraftPreview.as_view(), name="draft"),
]

# By kind, with its short links
for name, kind in Post.kinds().items():
    short_link = permalinks.ShortLink.as_view(kind=kind)
    urlpatterns += [
        path(f"{kind.listing}/", listings.KindListing.as_view(kind=kind), name=kind.listing),
        re_path(rf"^{kind.short}/(?P<number>[0-9]{{1,9}})/?$", short_link, name=f"short-{name}"),
    ]

# By author, if there are several
urlpatterns += [path("by/<username:username>/", listings.AuthorArchive.as_view(), name="author")]

# By tag and by series
urlpatterns += [
    path("tags/", tags.TagIndex.as_view(), name="tags"),
    path("tags/<tags:slugs>/", tags.TagArchive.as_view(), name="tag"),
    path("random/<tags:slugs>/", tags.RandomPost.as_view(), name="random"),
    path("tag/<tags:slugs>/", tags.TagArchive.as_view()),
    path("series/", listings.SeriesIndex.as_view(), name="series-index"),
    path("series/<uslug:slug>/", listings.SeriesDetail.as_view(), name="series"),
]

# By the site that posts link to, and by the site of their via links
urlpatterns += [
    path("links/", linked_sites.SiteIndex.as_view(), name="links-index"),
    path("links/<host:host>/", linked_sites.SiteArchive.as_view(), name="links"),
    path("via/", linked_sites.ViaIndex.as_view(), name="via-index"),
    path("via/<host:host>/", linked_sites.ViaArchive.as_view(), name="via"),
]

# Feeds of everything, kinds, tags, series and searches, in each format
urlpatterns += [
    path("feeds/", FeedIndex.as_view(), name="feeds"),
    path("feeds.opml", OPML.as_view(), name="opml"),
    path("", include("blog.feeds.urls")),
]

# Search, files for programs, older URLs
urlpatterns += [
    path("search/", search.SearchPage.as_view(), name="search"),
    path("search/suggestions/", search.Suggestions.as_view(), name="suggestions"),
    path("sitemap.xml", sitemaps.index, name="sitemap-index"),
    path("sitemap-<uslug:section>.xml", sitemaps.part, name="sitemap"),
    path("robots.txt", pages.Robots.as_view()),
    path("manifest.webmanifest", pages.Manifest.as_view(), name="manifest"),
    path("favicon.ico", pages.Favicon.as_view()),
    path("icons/<slug:accent>-maskable.svg", pages.Icon.as_view(is_maskable=True), name="icon-maskable"),
    path("icons/<slug:accent>.svg", pages.Icon.as_view(), name="icon"),
    path("healthz", pages.Health.as_view()),
    path("media/<image:name>", images.ImageFile.as_view(), name="image"),
    path("archive/<int:year>/<int:month>/<int:day>/", permalinks.NumericArchive.as_view()),
    path("archive/<int:year>/<int:month>/<int:day>/<uslug:slug>/", permalinks.NumericArchive.as_view()),
]

# Standing pages come last: they match any slug
urlpatterns += [path("<uslug:slug>/", pages.PageDetail.as_view(), name="page")]
