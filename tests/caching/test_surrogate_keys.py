"""What answers say to caches between the weblog and its readers, and the names of what they show."""

import pytest

from blog.models import SiteState
from tests.factories import make_blogmark, make_entry, make_note, make_series, utc

ASK_EACH_TIME = "public, max-age=0, must-revalidate"
KEEP = "s-maxage=86400, stale-while-revalidate=60"


def names(client, path):
    return set(client.get(path)["Surrogate-Key"].split())


@pytest.mark.django_db
class TestWithoutACacheInFront:
    @pytest.mark.parametrize("path", ["/", "/no/such/page/", "/n/1", "/search/"])
    def test_everybody_has_to_ask_each_time(self, client, path):
        make_note()

        answer = client.get(path)

        assert answer["Cache-Control"] == ASK_EACH_TIME
        assert not {"Surrogate-Key", "Cache-Tag"} & answer.headers.keys()

    def test_feeds_are_good_for_a_minute(self, client):
        assert client.get("/atom/everything/")["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db
@pytest.mark.usefixtures("in_front")
class TestWithOne:
    @pytest.fixture(autouse=True)
    def post(self):
        return make_entry(slug="rain", published=utc(2024, 6, 8), tags=["sea", "wind"])

    def test_it_may_keep_pages_and_browsers_ask_each_time(self, client):
        assert client.get("/")["Cache-Control"] == f"{ASK_EACH_TIME}, {KEEP}"

    def test_it_may_keep_feeds_longer_than_others(self, client):
        assert client.get("/atom/everything/")["Cache-Control"] == f"public, max-age=60, {KEEP}"

    def test_how_long_is_configured(self, client, settings):
        settings.SHARED_MAX_AGE, settings.SHARED_STALE = 300, 5

        assert client.get("/")["Cache-Control"].endswith("s-maxage=300, stale-while-revalidate=5")

    def test_who_has_the_page_already_is_told_the_same(self, reader):
        first = reader.get("/")

        answer = reader.get("/", headers={"If-None-Match": first["ETag"]})

        assert answer.status_code == 304
        assert answer["Surrogate-Key"] == first["Surrogate-Key"]
        assert answer["Cache-Control"] == first["Cache-Control"]

    def test_it_keeps_no_page_that_may_have_changed_unseen(self, reader, monkeypatch):
        def ask():
            raise reader.pages.database.errors("gone")

        first = reader.get("/")
        monkeypatch.setattr(reader.pages.database, "ask", ask)

        answer = reader.get("/")

        assert answer.content == first.content
        assert first["Cache-Control"] == f"{ASK_EACH_TIME}, {KEEP}"
        assert answer["Cache-Control"] == ASK_EACH_TIME

    def test_it_keeps_no_feed_of_which_a_hub_is_told(self, client, settings, monkeypatch):
        monkeypatch.setattr("blog.feeds.middleware.ping_thread.start", lambda: None)
        settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"

        answer = client.get("/atom/everything/")

        assert answer["Cache-Control"] == "public, max-age=60, s-maxage=0"
        assert "Surrogate-Key" not in answer

    @pytest.mark.parametrize(
        "path", ["/no/such/page/", "/e/1", "/2024/jun/08/", "/archive/2024/6/8/", "/tag/sea/"]
    )
    def test_it_keeps_no_redirect_and_nothing_that_is_not_found(self, client, path):
        answer = client.get(path)

        assert answer["Cache-Control"] == ASK_EACH_TIME
        assert "Surrogate-Key" not in answer

    @pytest.mark.parametrize("path", ["/", "/2024/Jun/8/rain/", "/atom/everything/", "/no/such/page/"])
    def test_answers_to_an_author_are_private(self, admin_client, path):
        answer = admin_client.get(path)

        assert "s-maxage" not in answer["Cache-Control"]
        assert "Surrogate-Key" not in answer
        assert path.startswith("/atom") or answer["Cache-Control"].startswith("private")

    def test_cloudflare_reads_names_in_a_header_of_its_own(self, client, settings):
        options = {"zone": "z", "token": "t"}
        settings.PURGER = {"BACKEND": "blog.caching.purgers.Cloudflare", "OPTIONS": options}

        answer = client.get("/tags/sea/")

        assert {"all", "tag-sea"} < set(answer["Cache-Tag"].split(","))
        assert "Surrogate-Key" not in answer

    def test_a_list_names_itself_and_the_posts_that_it_shows(self, client, post):
        other = make_note(published=utc(2024, 7, 9))

        assert names(client, "/2024/Jun/8/") == {
            "all",
            "frame",
            "day-2024-06-08",
            "calendar-2024-06",
            f"post-{post.pk}",
        }
        assert names(client, "/notes/") == {"all", "frame", "kind-note", f"post-{other.pk}"}
        assert names(client, "/atom/everything/") == {"all", "newest", f"post-{post.pk}", f"post-{other.pk}"}

    def test_a_post_names_itself_and_those_that_it_links_to(self, client, post):
        series = make_series(slug="waves")
        other = make_entry(published=utc(2024, 7, 9), slug="snow", series=series)

        assert names(client, "/2024/Jul/9/snow/") == {
            *("all", "frame", "entries-beside", "series-waves"),
            *(f"at-{other.pk}", f"post-{other.pk}", f"title-{post.pk}"),
        }

    def test_a_tag_names_the_numbers_beside_it(self, client):
        assert {"tag-sea", "uses-sea", "uses-wind"} < names(client, "/tags/sea/")
        assert "tag-wind" not in names(client, "/tags/sea/")

    def test_names_are_made_of_safe_characters(self, client):
        make_blogmark(link_url="https://bücher.example/", tags=["été"])

        assert {"tag-%C3%A9t%C3%A9"} < names(client, "/tags/été/")
        assert "host-b%C3%BCcher.example" in names(client, "/links/bücher.example/")

    def test_what_has_too_many_names_is_not_kept(self, client, monkeypatch):
        monkeypatch.setattr("blog.caching.surrogate_keys.MOST", 20)

        answer = client.get("/")

        assert answer["Cache-Control"] == ASK_EACH_TIME
        assert "Surrogate-Key" not in answer

    def test_nothing_is_kept_while_nothing_would_tell_of_changes(self, client):
        from blog.caching.site_version import NO_VERSION

        SiteState.objects.update(version=NO_VERSION)

        assert client.get("/")["Cache-Control"] == ASK_EACH_TIME
