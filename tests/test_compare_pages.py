"""Comparing recordings of all public pages."""

import pytest

from tests.compare_pages import (
    Recording,
    Response,
    compare,
    crawl,
    main,
    mask,
    mask_response,
    read_renames,
    replace_all,
    sampling_interval,
)

TABLE = {"card": "pane", "desk": "dashboard"}


def make_response(text="", status=200, content_type="text/html; charset=utf-8", **headers):
    return Response(status, (("content-type", content_type), *headers.items()), text)


def differences(old, new, table=None):
    return [(each.kind, each.address) for each in compare(old, new, table)]


def test_equal_recordings_have_no_differences():
    assert differences({"/": make_response("a")}, {"/": make_response("a")}) == []


def test_a_changed_body_is_reported_with_its_first_difference():
    [difference] = compare({"/": make_response("x" * 500 + "old")}, {"/": make_response("x" * 500 + "new")})

    assert (difference.kind, difference.address) == ("body", "/")
    assert "xxold'" in difference.text
    assert "xxnew'" in difference.text


def test_a_longer_body_is_reported():
    assert differences({"/": make_response("a")}, {"/": make_response("a\n")}) == [("body", "/")]


def test_missing_addresses_are_reported_on_either_side():
    old, new = (
        {"/a/": make_response(), "/b/": make_response()},
        {"/b/": make_response(), "/c/": make_response()},
    )

    assert differences(old, new) == [("only in OLD", "/a/"), ("only in NEW", "/c/")]


def test_a_changed_status_is_the_only_difference_reported():
    old, new = {"/": make_response("a")}, {"/": make_response("b", status=404)}

    assert differences(old, new) == [("status", "/")]


def test_changed_and_missing_headers_are_reported_by_name():
    old, new = {"/": make_response(link="a", vary="Cookie")}, {"/": make_response(link="b")}

    assert differences(old, new) == [("header link", "/"), ("header vary", "/")]


def test_renames_apply_to_html():
    old, new = {"/": make_response('<p class="card big">')}, {"/": make_response('<p class="pane big">')}

    assert differences(old, new) == [("body", "/")]
    assert differences(old, new, TABLE) == []


@pytest.mark.parametrize(
    "content_type", ["application/atom+xml; charset=utf-8", "application/feed+json", "application/xml"]
)
def test_renames_do_not_apply_to_feeds_and_sitemaps(content_type):
    old, new = (
        make_response("card", content_type=content_type),
        make_response("pane", content_type=content_type),
    )

    assert differences({"/": old}, {"/": new}, TABLE) == [("body", "/")]


def test_a_class_that_was_not_renamed_is_reported():
    page = {"/": make_response('<p class="card">')}

    assert differences(page, page, TABLE) == [("body", "/")]


def test_replacements_follow_one_another():
    assert replace_all('<i class="a b">', {'"a b"': '"b c"', "b c": "c"}) == '<i class="c">'


def test_a_table_has_two_columns_and_may_have_comments(tmp_path):
    path = tmp_path / "table"
    path.write_text("# class names\ncard\tpane\n\ndesk\tdashboard\n")

    assert read_renames(path) == TABLE


def test_a_table_line_without_a_tab_is_refused(tmp_path):
    path = tmp_path / "table"
    path.write_text("card pane\n")

    with pytest.raises(SystemExit, match="line 1"):
        read_renames(path)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("/atom/everything/?before=1757881521000000-6543", "/atom/everything/?before=1757881521000000-ID"),
        ("/media/cards/0123456789abcdef0123-1200x630.png", "/media/cards/HASH-1200x630.png"),
        ("/2024/Jun/8/before/", "/2024/Jun/8/before/"),
    ],
)
def test_row_ids_and_card_hashes_are_masked(text, masked):
    assert mask(text) == masked


def test_only_random_redirects_are_masked():
    moved = make_response(status=302, location="/2024/Jun/8/a/")

    assert mask_response("/random/python/", moved).header("location") == "RANDOM"
    assert mask_response("/?a=1&amp;b=2", moved).header("location") == "/2024/Jun/8/a/"


def test_crawling_follows_links_of_pages_feeds_sitemaps_and_redirects():
    site = {
        "/": make_response('<a href="/a/#top"> <a href="https://elsewhere.example/"> <a href="/admin/">'),
        "/a/": make_response("<loc>https://weblog.example/b/</loc>", content_type="application/xml"),
        "/b/": make_response(
            '{"next_url": "https://weblog.example/c/?q=1"}', content_type="application/json"
        ),
        "/c/?q=1": make_response(status=301, location="d"),
        "/c/d": make_response('<a href="?before=1-2"> <a href="?before=1-3">'),
        "/c/d?before=1-2": make_response(),
        "/hidden/": make_response('<a href="/">'),
    }

    visited = [address for address, _ in crawl(site.__getitem__, ["/"], lambda: ["/hidden/", "/"])]

    assert visited == list(site)


def test_crawling_follows_a_feed_only_a_few_pages_back():
    def fetch(address):
        number = int(address.rpartition("-")[0].rpartition("=")[2] or 0)
        return make_response(f'<link href="/atom/links/?before={number + 1}-1">')

    assert (
        len(list(crawl(fetch, ["/atom/links/"]))) == 7
    )  # the feed, three older pages, and JSON Feed's three


@pytest.mark.parametrize("address", ["/2024/Jun/8/a/", "/tags/python/", "/tags/python/?page=3", "/b/1"])
def test_unique_pages_are_always_visited(address):
    assert sampling_interval(address) == 1


@pytest.mark.parametrize("address", ["/tags/a+b/", "/search/?q=a", "/tags/a.atom", "/entries/?page=4"])
def test_numerous_pages_are_sampled(address):
    assert sampling_interval(address) > 1


def test_the_command_exits_with_1_if_recordings_differ(tmp_path, capsys):
    for name, text in (("old", "é\udcff"), ("same", "é\udcff"), ("new", "ü")):
        with Recording.make(tmp_path / name) as recording:
            recording.add("/", make_response(text, link="a: b"))

    assert main(["compare", f"{tmp_path}/old", f"{tmp_path}/same"]) == 0
    assert main(["compare", f"{tmp_path}/old", f"{tmp_path}/new"]) == 1
    assert "1 differ: body" in capsys.readouterr().out


def test_a_failed_recording_leaves_the_previous_file(tmp_path):
    path = tmp_path / "recording"
    with Recording.make(path) as recording:
        recording.add("/", make_response("complete"))

    with pytest.raises(ZeroDivisionError), Recording.make(path):
        1 / 0  # noqa: B018

    assert Recording(path)["/"].text == "complete"
