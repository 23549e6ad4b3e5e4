"""When two addresses are the same page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.remote.web_urls import MAX_HOST_LENGTH, MAX_KEY_LENGTH, host_of, url_key

SAME = [
    "https://example.com/a/page",
    "http://example.com/a/page",
    "https://www.example.com/a/page",
    "HTTPS://WWW.Example.COM/a/page",
    "https://example.com:443/a/page",
    "http://example.com:80/a/page",
    "https://example.com/a/page/",
    "https://example.com/a/page#part",
    "https://example.com/a/page#:~:text=some%20words",
    "https://example.com/a/page?utm_source=feed&utm_medium=rss",
    "https://example.com/a/page/?fbclid=x&gclid=y&msclkid=z&mc_cid=1&ref_src=twsrc&igshid=2",
    "https://somebody@example.com/a/page",
    "  https://example.com/a/page ",
]


@pytest.mark.parametrize("url", SAME)
def test_what_makes_no_difference(url):
    assert url_key(url) == "example.com/a/page"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://example.com/", "example.com"),
        ("https://example.com?b=2&a=1", "example.com?b=2&a=1"),
        ("https://example.com/?id=7&utm_campaign=x&page=2", "example.com?id=7&page=2"),
        ("https://example.com/watch?v=7&feature=x", "example.com/watch?v=7&feature=x"),
        ("https://example.com:8080/a", "example.com:8080/a"),
        ("https://example.com/A", "example.com/A"),
        ("https://blog.example.com/", "blog.example.com"),
        ("https://example.com/caf%c3%a9", "example.com/caf%C3%A9"),
        ("https://example.com/café", "example.com/caf%C3%A9"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
    ],
)
def test_what_does(url, key):
    assert url_key(url) == key


@pytest.mark.parametrize(
    "url", ["", "/a", "mailto:a@example.com", "ftp://example.com/", "http://", "http://[::1", "http://a:b/"]
)
def test_what_is_not_on_the_web_has_none(url):
    assert (url_key(url), host_of(url)) == ("", "")


def test_long_addresses_are_told_apart_by_their_ends():
    one, other = (url_key(f"https://example.com/{'a' * 3000}{end}") for end in "bc")

    assert one != other
    assert len(one) == len(other) == MAX_KEY_LENGTH


@given(st.text() | st.text().map("https://example.com/{}".format) | st.text().map("http://{}/".format))
def test_any_text_has_one_that_can_be_stored(text):
    key = url_key(text)

    assert key.isascii()
    assert len(key) <= MAX_KEY_LENGTH
    assert len(host_of(text)) <= MAX_HOST_LENGTH
