"""Whether links lead somewhere."""

from threading import Event

import pytest

from blog.remote import link_check
from blog.remote.fetching import FetchError, Response
from blog.remote.link_check import LinkProblem, check

URL = "https://a.example/page"


@pytest.fixture
def web(monkeypatch):
    """What the web answers, by address: an address that it leads to, or an exception."""
    answers, asked = {}, []

    def fetch(url):
        asked.append(url)
        answer = answers.get(url, url)
        if isinstance(answer, Exception):
            raise answer
        return Response(answer() if callable(answer) else answer, "text/html", b"")

    monkeypatch.setattr(link_check, "fetch", fetch)
    answers["asked"] = asked
    return answers


def test_a_link_that_works_is_no_trouble(web):
    assert check([URL, URL]) == {}
    assert web["asked"] == [URL]


def test_a_dead_link_is_told_with_the_reason(web):
    web[URL] = FetchError("There is no such host.")

    assert check([URL]) == {URL: LinkProblem(problem="There is no such host.")}


def test_a_redirect_is_told_with_where_it_leads(web):
    web[URL] = "https://b.example/"

    assert check([URL]) == {URL: LinkProblem(redirects_to="https://b.example/")}


@pytest.mark.parametrize(
    ("url", "answer"),
    [("https://a.example", "https://a.example/"), ("https://a.example/#part", "https://a.example/")],
)
def test_the_same_page_in_other_words_is_no_redirect(web, url, answer):
    web[url] = answer

    assert check([url]) == {}


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_site_that_answers_people_only_is_not_called_dead(web, status):
    web[URL] = FetchError("No.")
    web[URL].status = status

    assert check([URL]) == {}


def test_an_answer_is_remembered_for_a_while(web):
    web[URL] = FetchError("There is no such host.")

    assert check([URL]) == check([URL])
    assert web["asked"] == [URL]


def test_who_does_not_answer_in_time_is_not_waited_for(web, monkeypatch):
    monkeypatch.setattr(link_check, "SECONDS", 0.05)
    answered = Event()
    web["https://slow.example/"] = lambda: answered.wait(5) and "https://slow.example/"
    web[URL] = FetchError("There is no such host.")

    try:
        assert set(check(["https://slow.example/", URL])) == {URL}
    finally:
        answered.set()


def test_no_more_than_so_many_are_asked(web):
    check([f"{URL}/{n}" for n in range(100)])

    assert len(web["asked"]) == link_check.MOST_LINKS


def test_nothing_to_ask_is_no_error(web):
    assert check([]) == {}
