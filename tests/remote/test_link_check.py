from threading import Event

import pytest

from blog.remote import link_check
from blog.remote.fetching import FetchError, Response
from blog.remote.link_check import LinkProblem, check

URL = "https://a.example/page"


@pytest.fixture
def web(monkeypatch):
    """A fake web: {url: the URL it redirects to, a function returning that, or an exception}."""
    responses, fetched = {}, []

    def fetch(url):
        fetched.append(url)
        response = responses.get(url, url)
        if isinstance(response, Exception):
            raise response
        return Response(response() if callable(response) else response, "text/html", b"")

    monkeypatch.setattr(link_check, "fetch", fetch)
    responses["fetched"] = fetched
    return responses


def test_a_working_link_has_no_problem(web):
    assert check([URL, URL]) == {}
    assert web["fetched"] == [URL]


def test_a_dead_link_is_reported_with_the_reason(web):
    web[URL] = FetchError("The host name can't be found.")

    assert check([URL]) == {URL: LinkProblem(message="The host name can't be found.")}


def test_a_redirect_is_reported_with_its_target(web):
    web[URL] = "https://b.example/"

    assert check([URL]) == {URL: LinkProblem(redirects_to="https://b.example/")}


@pytest.mark.parametrize(
    ("url", "target"),
    [("https://a.example", "https://a.example/"), ("https://a.example/#part", "https://a.example/")],
)
def test_an_added_slash_or_dropped_fragment_is_no_redirect(web, url, target):
    web[url] = target

    assert check([url]) == {}


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_site_that_refuses_programs_is_not_reported_as_dead(web, status):
    web[URL] = FetchError("No.")
    web[URL].status = status

    assert check([URL]) == {}


def test_results_are_cached(web):
    web[URL] = FetchError("The host name can't be found.")

    assert check([URL]) == check([URL])
    assert web["fetched"] == [URL]


def test_a_slow_link_is_not_reported(web, monkeypatch):
    monkeypatch.setattr(link_check, "TIMEOUT", 0.05)
    released = Event()
    web["https://slow.example/"] = lambda: released.wait(5) and "https://slow.example/"
    web[URL] = FetchError("The host name can't be found.")

    try:
        assert set(check(["https://slow.example/", URL])) == {URL}
    finally:
        released.set()


def test_at_most_20_links_are_fetched(web):
    check([f"{URL}/{n}" for n in range(100)])

    assert len(web["fetched"]) == link_check.MAX_LINKS


def test_no_links_is_no_error(web):
    assert check([]) == {}
