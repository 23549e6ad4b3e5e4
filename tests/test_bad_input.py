"""No request causes a server error, however malformed it is."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.models import Post
from tests.factories import make_page, make_series, make_timeline, utc
from tests.helpers.browsing import raw_request

pytestmark = pytest.mark.django_db

LONG = "a" * 5000
DATES = ["0000", "9999", "2024/Foo", "2024/Foo/1", "2024/123/1", "2024/Feb/30", "2023/Feb/29", "2024/Jan/0"]
ODD_NUMBERS = [
    "0",
    "-1",
    "x",
    "",
    "1.5",
    "99999999999999999999",
    "9" * 5000,
    "\u0663",
    "%00",
    "1 or 1=1",
    "[]",
    "last",
]


@pytest.fixture
def site():
    """A site with a few posts, a series and a draft page."""
    make_timeline(8, start=utc(2024, 6, 8, 9), series=make_series(slug="insects"))
    make_page(slug="plans", is_draft=True)


@pytest.mark.parametrize("date", DATES)
def test_impossible_dates_are_not_found(date):
    for rest in ("", "rain/", "8/", "8/rain/", f"{LONG}/"):
        assert raw_request(f"/{date}/{rest}").status_code == 404, rest


@pytest.mark.parametrize("date", ["0001/Jan/1", "9999/Dec/31", "9999/Dec", "0001"])
def test_the_first_and_last_possible_dates_are_not_found(date):
    assert raw_request(f"/{date}/").status_code == 404


ODD_PATHS = [
    "//",
    "///",
    "//example.com/",
    "/../",
    "/../../etc/passwd/",
    "/%2e%2e/",
    "/\\/",
    "/?/",
    "/a\u2028b/",
    "/\ud7ff/",
    f"/{LONG}/",
    f"/{'a/' * 2500}",
    f"/tags/{LONG}/",
    f"/tags/{'a+' * 2500}a/",
    f"/tags/{LONG}.atom",
    f"/series/{LONG}/",
    f"/2024/Jun/8/{LONG}/",
    f"/e/{'9' * 5000}",
    f"/archive/2024/6/8/{LONG}/",
    f"/sitemap-{LONG}.xml",
]


@pytest.mark.parametrize("path", ODD_PATHS, ids=lambda path: path[:20])
def test_malformed_paths_are_not_found(path):
    assert raw_request(path).status_code == 404


@pytest.mark.parametrize(
    "path", [f"/{LONG}", f"/tags/{LONG}", f"/2024/Jun/8/{LONG}"], ids=lambda path: path[:20]
)
def test_long_paths_are_redirected_to_a_slash_and_not_found(path):
    response = raw_request(path)

    assert (response.status_code, response["Location"]) == (301, f"{path}/")
    assert raw_request(f"{path}/").status_code == 404


def test_a_site_without_posts_has_all_its_lists_and_feeds():
    lists = [
        "/",
        "/tags/",
        "/series/",
        "/search/",
        "/about/",
        *(f"/{kind.listing}/" for kind in Post.kinds().values()),
    ]
    feeds = ["/atom/", "/atom/everything/", *(f"/atom/{kind.feed}/" for kind in Post.kinds().values())]

    for path in [*lists, *feeds, "/sitemap.xml", "/sitemap-pages.xml"]:
        assert raw_request(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/\0", "/a\0b/", "/tags/\0/", "/2024/Jun/8/\0/", "/admin/\0", "/e/1\0"])
def test_nul_in_a_path_is_a_bad_request(path):
    assert raw_request(path).status_code == 400


@pytest.mark.parametrize("path", [b"/\xff/", b"/tags/\xc3\x28/", b"/2024/Jun/8/\xed\xa0\x80/"])
def test_invalid_utf_8_in_a_path_is_not_found(path):
    assert raw_request(path).status_code == 404


@pytest.mark.parametrize("name", ["page", "size", "p", "q", "tag", "since"])
@pytest.mark.parametrize("value", ODD_NUMBERS)
def test_odd_parameters_are_ignored_or_not_found(name, value):
    for path in (
        "/",
        "/2024/Jun/",
        "/2024/Jun/8/",
        "/tags/bee/",
        "/search/",
        "/atom/everything/",
        "/sitemap-2024.xml",
    ):
        query = f"{name}={value if value == '%00' else quote(value)}"

        assert raw_request(path, query).status_code in {200, 400, 404}, (path, query)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head"])
def test_other_methods_are_rejected_or_harmless(method):
    for path in ("/", "/2024/Jun/8/", "/atom/everything/", "/tags/bee/", "/search/"):
        assert raw_request(path, method=method).status_code in {200, 204, 405}, path


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "headers",
    [
        {"if_modified_since": "yesterday"},
        {"if_none_match": '"' + LONG},
        {"cookie": "sessionid=" + LONG},
        {"accept_language": "*;q=x,,,;"},
        {"x_forwarded_host": "evil.example"},
    ],
)
def test_odd_headers_are_ignored(headers):
    for path in ("/", "/atom/everything/", "/2024/Jun/8/rain/", "/plans/"):
        assert raw_request(path, **headers).status_code in {200, 404}


WORDS = [
    "2024", "Jun", "jun", "8", "08", "30", "tag", "tags", "ant", "ant+bee", "Ant", "series", "insects",
    "atom", "everything", "links", "notes", "e", "1", "search", "archive", "6", "sitemap.xml",
    "sitemap-2024.xml", "robots.txt", "admin", "login", "blog", "note", "add", "plans", "about", "healthz",
    "insects.atom", "ant.atom",
]  # fmt: skip
NAMES = ["page", "size", "q", "p", "next", "url", "title", "published__year", "_popup", "o", "e"]

segments = st.sampled_from(WORDS) | st.just("") | st.text(max_size=12) | st.integers().map(str)
paths = st.one_of(
    st.lists(segments, max_size=6).map(lambda parts: "/" + "/".join(parts)),
    st.lists(segments, max_size=6).map(lambda parts: "/" + "/".join([*parts, ""])),
    st.binary(max_size=40).map(lambda raw: b"/" + raw),
)
queries = st.one_of(
    st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=12) | st.integers().map(str))).map(urlencode),
    st.text(st.characters(max_codepoint=255), max_size=40),
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "accept",
            "accept_language",
            "if_none_match",
            "if_modified_since",
            "cookie",
            "referer",
            "range",
            "user_agent",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    max_size=3,
)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("visitor", ["client", "admin_client"])
def test_no_generated_request_is_a_server_error(visitor, request):
    browser = request.getfixturevalue(visitor)

    @settings(max_examples=200)
    @given(paths, queries, headers)
    def check(path, query, headers):
        if visitor == "admin_client":
            headers.pop("cookie", None)  # which would log her out

        assert raw_request(path, query, client=browser, **headers).status_code < 500

    check()
