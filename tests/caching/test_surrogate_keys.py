"""Cache headers and surrogate keys of responses."""

import pytest

from blog.models import SiteState
from tests.factories import make_blogmark, make_entry, make_note, make_series, utc

ON_EVERY_PAGE = {"all", "current-tags", "years"}
REVALIDATE = "public, max-age=0, must-revalidate"
SHARED = "s-maxage=86400, stale-while-revalidate=60"


def keys_of(client, path):
    return set(client.get(path)["Surrogate-Key"].split())


@pytest.mark.django_db
class TestWithoutACacheInFront:
    @pytest.mark.parametrize("path", ["/", "/no/such/page/", "/n/1", "/search/"])
    def test_every_cache_must_revalidate(self, client, path):
        make_note()

        response = client.get(path)

        assert response["Cache-Control"] == REVALIDATE
        assert not {"Surrogate-Key", "Cache-Tag"} & response.headers.keys()

    def test_feeds_may_be_cached_for_a_minute(self, client):
        assert client.get("/atom/everything/")["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db
@pytest.mark.usefixtures("in_front")
class TestWithACacheInFront:
    @pytest.fixture(autouse=True)
    def post(self):
        return make_entry(slug="rain", published=utc(2024, 6, 8), tags=["sea", "wind"])

    def test_it_may_store_pages_which_browsers_revalidate(self, client):
        assert client.get("/")["Cache-Control"] == f"{REVALIDATE}, {SHARED}"

    def test_it_may_store_feeds_longer_than_browsers_may(self, client):
        assert client.get("/atom/everything/")["Cache-Control"] == f"public, max-age=60, {SHARED}"

    def test_the_time_is_configurable(self, client, settings):
        settings.SHARED_MAX_AGE, settings.SHARED_STALE_WHILE_REVALIDATE = 300, 5

        assert client.get("/")["Cache-Control"].endswith("s-maxage=300, stale-while-revalidate=5")

    def test_a_304_has_the_same_headers(self, reader):
        first = reader.get("/")

        response = reader.get("/", headers={"If-None-Match": first["ETag"]})

        assert response.status_code == 304
        assert response["Surrogate-Key"] == first["Surrogate-Key"]
        assert response["Cache-Control"] == first["Cache-Control"]

    def test_it_may_not_store_a_page_served_while_the_database_is_down(self, reader, monkeypatch):
        def query():
            raise reader.response_cache.change_log.errors("gone")

        first = reader.get("/")
        monkeypatch.setattr(reader.response_cache.change_log, "query", query)

        response = reader.get("/")

        assert response.content == first.content
        assert first["Cache-Control"] == f"{REVALIDATE}, {SHARED}"
        assert response["Cache-Control"] == REVALIDATE

    def test_it_may_not_store_feeds_of_a_site_with_a_hub(self, client, settings, monkeypatch):
        monkeypatch.setattr("blog.feeds.cors.ping_thread.start", lambda: None)
        settings.WEBSUB_HUB, settings.SITE_URL = "http://127.0.0.1:9/", "http://testserver"

        response = client.get("/atom/everything/")

        assert response["Cache-Control"] == "public, max-age=60, s-maxage=0"
        assert "Surrogate-Key" not in response

    @pytest.mark.parametrize(
        "path", ["/no/such/page/", "/e/1", "/2024/jun/08/", "/archive/2024/6/8/", "/tag/sea/"]
    )
    def test_it_may_not_store_redirects_and_404s(self, client, path):
        response = client.get(path)

        assert response["Cache-Control"] == REVALIDATE
        assert "Surrogate-Key" not in response

    @pytest.mark.parametrize("path", ["/", "/2024/Jun/8/rain/", "/atom/everything/", "/no/such/page/"])
    def test_responses_to_an_author_are_private(self, admin_client, path):
        response = admin_client.get(path)

        assert "s-maxage" not in response["Cache-Control"]
        assert "Surrogate-Key" not in response
        assert path.startswith("/atom") or response["Cache-Control"].startswith("private")

    def test_cloudflare_reads_keys_from_its_own_header(self, client, settings):
        options = {"zone": "z", "token": "t"}
        settings.PURGER = {"BACKEND": "blog.caching.purgers.Cloudflare", "OPTIONS": options}

        response = client.get("/tags/sea/")

        assert {"all", "tag-sea"} < set(response["Cache-Tag"].split(","))
        assert "Surrogate-Key" not in response

    def test_a_list_has_its_own_key_and_those_of_its_posts(self, client, post):
        other = make_note(published=utc(2024, 7, 9))

        assert keys_of(client, "/2024/Jun/8/") == {
            *ON_EVERY_PAGE,
            "day-2024-06-08",
            "calendar-2024-06",
            "after-none",
            "before-2024-07-09",
            f"post-{post.pk}",
        }
        assert keys_of(client, "/notes/") == {
            *ON_EVERY_PAGE,
            "kind-note",
            "counts-note",
            f"post-{other.pk}",
        }
        assert keys_of(client, "/atom/everything/") == {
            "all",
            "newest",
            f"post-{post.pk}",
            f"post-{other.pk}",
        }

    def test_a_post_has_its_own_keys_and_those_of_posts_it_links_to(self, client, post):
        series = make_series(slug="waves")
        other = make_entry(published=utc(2024, 7, 9), slug="snow", series=series)

        assert keys_of(client, "/2024/Jul/9/snow/") == {
            *(*ON_EVERY_PAGE, "titles-4", "series-waves"),
            *(f"at-{other.pk}", f"post-{other.pk}", f"title-{other.pk}", f"title-{post.pk}"),
        }

    def test_a_tag_page_has_the_keys_of_the_links_beside_it(self, client):
        assert {"tag-sea", "name-wind"} < keys_of(client, "/tags/sea/")
        assert "tag-wind" not in keys_of(client, "/tags/sea/")

    def test_keys_have_only_safe_characters(self, client):
        make_blogmark(link_url="https://bücher.example/", tags=["été"])

        assert {"tag-%C3%A9t%C3%A9"} < keys_of(client, "/tags/été/")
        assert "host-b%C3%BCcher.example" in keys_of(client, "/links/bücher.example/")

    def test_a_response_with_too_many_keys_is_not_shared(self, client, monkeypatch):
        monkeypatch.setattr("blog.caching.surrogate_keys.MAX_HEADER_LENGTH", 20)

        response = client.get("/")

        assert response["Cache-Control"] == REVALIDATE
        assert "Surrogate-Key" not in response

    def test_nothing_is_shared_while_there_are_no_triggers(self, client):
        from blog.caching.triggers import NO_VERSION

        SiteState.objects.update(version=NO_VERSION)

        assert client.get("/")["Cache-Control"] == REVALIDATE
