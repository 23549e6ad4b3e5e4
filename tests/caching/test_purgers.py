"""The requests that purge Varnish and Cloudflare."""

import pytest

from blog.caching.purgers import Cloudflare, PurgeFailed, Varnish
from tests.caching.peers import fake_server
from tests.helpers.processes import free_port


class TestVarnish:
    def test_it_is_sent_the_keys(self):
        with fake_server() as peer:
            Varnish(peer.url).purge(["post-7", "tag-sea"])

        [request] = peer.requests
        assert (request.method, request.headers["Surrogate-Key"]) == ("BAN", "post-7|tag-sea")

    def test_many_keys_are_sent_in_headers_of_an_accepted_size(self):
        keys = [f"post-{n}" for n in range(2000)]
        with fake_server() as peer:
            Varnish(peer.url).purge(keys)

        sent = [request.headers["Surrogate-Key"] for request in peer.requests]
        assert max(map(len, sent)) < 5000
        assert "|".join(sent).split("|") == keys

    def test_a_refused_purge_has_failed(self):
        with fake_server(statuses=[500]) as peer, pytest.raises(PurgeFailed, match="500"):
            Varnish(peer.url).purge(["post-7"])

    def test_a_purge_without_a_response_has_failed(self):
        with pytest.raises(PurgeFailed, match="refused"):
            Varnish(f"http://127.0.0.1:{free_port()}/").purge(["post-7"])


class TestCloudflare:
    @pytest.fixture
    def api(self, monkeypatch):
        pytest.importorskip("cloudflare")
        with fake_server() as peer:
            monkeypatch.setenv("CLOUDFLARE_BASE_URL", peer.url)
            yield peer

    def test_it_is_sent_the_keys_for_the_zone_with_the_token(self, api):
        Cloudflare(zone="z1", token="t1").purge(["post-7", "tag-sea"])

        [request] = api.requests
        assert (request.method, request.path) == ("POST", "/zones/z1/purge_cache")
        assert request.headers["Authorization"] == "Bearer t1"
        assert request.json == {"tags": ["post-7", "tag-sea"]}

    def test_many_keys_take_several_calls(self, api):
        keys = [f"post-{n}" for n in range(250)]

        Cloudflare(zone="z1", token="t1").purge(keys)

        assert [len(request.json["tags"]) for request in api.requests] == [100, 100, 50]
        assert [tag for request in api.requests for tag in request.json["tags"]] == keys

    @pytest.mark.parametrize("status", [401, 429, 503])
    def test_a_refused_purge_has_failed_and_is_not_retried_here(self, monkeypatch, status):
        with fake_server(statuses=[status]) as peer:
            monkeypatch.setenv("CLOUDFLARE_BASE_URL", peer.url)
            with pytest.raises(PurgeFailed, match=str(status)):
                Cloudflare(zone="z1", token="t1").purge(["post-7"])

        assert len(peer.requests) == 1

    def test_a_purge_without_a_response_has_failed(self, monkeypatch):
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"http://127.0.0.1:{free_port()}/")

        with pytest.raises(PurgeFailed, match="Cloudflare failed to purge"):
            Cloudflare(zone="z1", token="t1").purge(["post-7"])
