"""What Varnish and Cloudflare are asked."""

import pytest

from blog.caching.purgers import Cloudflare, PurgeFailed, Varnish
from tests.caching.peers import answering
from tests.helpers.processes import free_port


class TestVarnish:
    def test_it_is_sent_the_names(self):
        with answering() as peer:
            Varnish(peer.url).purge(["post-7", "tag-sea"])

        [request] = peer.asked
        assert (request.method, request.headers["Surrogate-Key"]) == ("BAN", "post-7|tag-sea")

    def test_many_names_are_sent_in_headers_that_it_takes(self):
        names = [f"post-{n}" for n in range(2000)]
        with answering() as peer:
            Varnish(peer.url).purge(names)

        sent = [request.headers["Surrogate-Key"] for request in peer.asked]
        assert max(map(len, sent)) < 5000
        assert "|".join(sent).split("|") == names

    def test_what_it_refuses_has_failed(self):
        with answering(statuses=[500]) as peer, pytest.raises(PurgeFailed, match="500"):
            Varnish(peer.url).purge(["post-7"])

    def test_so_has_what_it_does_not_hear(self):
        with pytest.raises(PurgeFailed, match="refused"):
            Varnish(f"http://127.0.0.1:{free_port()}/").purge(["post-7"])


class TestCloudflare:
    @pytest.fixture
    def api(self, monkeypatch):
        pytest.importorskip("cloudflare")
        with answering() as peer:
            monkeypatch.setenv("CLOUDFLARE_BASE_URL", peer.url)
            yield peer

    def test_it_is_told_of_the_zone_with_the_token(self, api):
        Cloudflare(zone="z1", token="t1").purge(["post-7", "tag-sea"])

        [request] = api.asked
        assert (request.method, request.path) == ("POST", "/zones/z1/purge_cache")
        assert request.headers["Authorization"] == "Bearer t1"
        assert request.json == {"tags": ["post-7", "tag-sea"]}

    def test_many_names_take_several_calls(self, api):
        names = [f"post-{n}" for n in range(250)]

        Cloudflare(zone="z1", token="t1").purge(names)

        assert [len(request.json["tags"]) for request in api.asked] == [100, 100, 50]
        assert [tag for request in api.asked for tag in request.json["tags"]] == names

    @pytest.mark.parametrize("status", [401, 429, 503])
    def test_what_it_refuses_has_failed_and_is_not_tried_again_here(self, monkeypatch, status):
        with answering(statuses=[status]) as peer:
            monkeypatch.setenv("CLOUDFLARE_BASE_URL", peer.url)
            with pytest.raises(PurgeFailed, match=str(status)):
                Cloudflare(zone="z1", token="t1").purge(["post-7"])

        assert len(peer.asked) == 1

    def test_so_has_what_it_does_not_hear(self, monkeypatch):
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"http://127.0.0.1:{free_port()}/")

        with pytest.raises(PurgeFailed, match="Cloudflare does not purge"):
            Cloudflare(zone="z1", token="t1").purge(["post-7"])
