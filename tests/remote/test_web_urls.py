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
def test_spellings_of_the_same_url_have_one_key(url):
    assert url_key(url) == "example.com/a/page"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://example.com/", "example.com"),
        ("https://example.com?b=2&a=1", "example.com?b=2&a=1"),
        ("https://example.com/?id=7&utm_campaign=x&page=2", "example.com?id=7&page=2"),
        ("https://example.com/watch?v=7&feature=x", "example.com/watch?v=7&feature=x"),
        ("https://example.com/?spmode=1&ncidx=2", "example.com?spmode=1&ncidx=2"),
        ("https://example.com:8080/a", "example.com:8080/a"),
        ("https://example.com/A", "example.com/A"),
        ("https://blog.example.com/", "blog.example.com"),
        ("https://example.com/caf%c3%a9", "example.com/caf%C3%A9"),
        ("https://example.com/café", "example.com/caf%C3%A9"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
    ],
)
def test_different_pages_have_different_keys(url, key):
    assert url_key(url) == key


@pytest.mark.parametrize(
    "url", ["", "/a", "mailto:a@example.com", "ftp://example.com/", "http://", "http://[::1", "http://a:b/"]
)
def test_other_urls_have_no_key(url):
    assert (url_key(url), host_of(url)) == ("", "")


def test_long_urls_that_differ_at_the_end_have_different_keys():
    one, other = (url_key(f"https://example.com/{'a' * 3000}{end}") for end in "bc")

    assert one != other
    assert len(one) == len(other) == MAX_KEY_LENGTH


@given(st.text() | st.text().map("https://example.com/{}".format) | st.text().map("http://{}/".format))
def test_the_key_of_any_text_fits_its_column(text):
    key = url_key(text)

    assert key.isascii()
    assert len(key) <= MAX_KEY_LENGTH
    assert len(host_of(text)) <= MAX_HOST_LENGTH
