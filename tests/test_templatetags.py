"""Template tags and filters."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.utils import timezone, translation

from blog.templatetags import blog, charts, fast_html


def render(source, rf, path="/", **context):
    return Template("{% load blog %}" + source).render(Context({"request": rf.get(path), **context}))


def titled(**given):
    given = {"headline": "A", "language": "", "get_absolute_url": lambda: "/2024/Jun/8/b/"} | given
    return SimpleNamespace(**given)


def tags(**numbers):
    return [SimpleNamespace(name=name, uses=number) for name, number in numbers.items()]


@pytest.mark.parametrize(
    ("hour", "minute", "shown"), [(21, 43, "9:43 pm"), (9, 0, "9 am"), (0, 5, "12:05 am"), (12, 0, "12 pm")]
)
def test_minutes_are_omitted_on_the_hour(hour, minute, shown):
    assert blog.clock(datetime(2024, 6, 8, hour, minute, tzinfo=UTC)) == shown


def test_times_are_in_the_time_zone_of_the_site():
    moment = datetime(2024, 6, 8, 21, 43, 7, 999_999, tzinfo=UTC)

    with timezone.override("Asia/Tokyo"):
        assert blog.clock(moment) == "6:43 am"
        assert blog.timestamp(moment) == "2024-06-09T06:43:07+09:00"


def test_a_post_shows_its_time_in_the_zone_of_the_site_and_the_day_of_its_permalink():
    moment = datetime(2024, 6, 8, 21, 43, 7, tzinfo=UTC)
    post = SimpleNamespace(published=moment, day=date(2024, 6, 8))

    with timezone.override("Asia/Tokyo"):
        short, long = (
            BeautifulSoup(fast_html.published_time(post, with_date), "html.parser")
            for with_date in (False, True)
        )

    assert short.time["datetime"] == long.time["datetime"] == "2024-06-09T06:43:07+09:00"
    assert short.get_text() == "6:43 am"
    assert long.get_text() == "8th June 2024, 6:43 am"


@pytest.mark.parametrize(("language", "shown"), [("de", "09:00"), ("fr", "09:00"), ("en-GB", "9 am")])
def test_the_clock_is_12_or_24_hours_by_language(language, shown):
    with translation.override(language):
        assert blog.clock(datetime(2024, 6, 8, 9, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("de", "Samstag, 8. Juni 2024"),
        ("de-AT", "Samstag, 8. Juni 2024"),
        ("en-GB", "Saturday, 8th June 2024"),
    ],
)
def test_long_dates_follow_the_language(language, shown):
    with translation.override(language):
        assert blog.long_date(date(2024, 6, 8)) == shown


def test_long_dates_have_the_weekday():
    assert blog.long_date(date(2024, 6, 8)) == "Saturday, 8th June 2024"


def test_cached_dates_depend_on_the_language():
    day = date(2024, 6, 8)
    shown = {}
    for language in ("en", "de", "en"):
        with translation.override(language):
            entries = BeautifulSoup(fast_html.month_titles([titled(day=day)]), "html.parser")
            shown[language] = blog.short_date(day), entries.find(class_="date").get_text()

    assert shown == {"en": ("8th June 2024", "8th"), "de": ("8. Juni 2024", "8.")}


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], ""),
        (["sea"], "/\xa0sea"),
        (["bees", "sea", "tea"], "/\xa0bees, sea, tea"),
        (["<b>"], "/\xa0<b>"),
    ],
)
def test_tags_are_links_with_commas_between_them(names, shown):
    post = SimpleNamespace(
        shown_tags=[SimpleNamespace(name=name, slug=f"tag-{n}") for n, name in enumerate(names)]
    )

    page = BeautifulSoup(fast_html.tag_links(post), "html.parser")

    assert page.get_text() == shown
    links = [link["href"] for link in page.select("span > a[rel=tag]")]
    assert links == [f"/tags/tag-{n}/" for n in range(len(names))]
    assert not page.select("b")


@pytest.mark.parametrize(("language", "attributes"), [("", {}), ("he", {"lang": "he", "dir": "rtl"})])
def test_a_title_links_to_its_post_and_has_its_language(language, attributes):
    post = titled(headline="<b> & co", language=language)

    page = BeautifulSoup(fast_html.title_link(post), "html.parser")

    assert page.get_text() == "<b> & co"
    assert page.a.attrs == {"href": "/2024/Jun/8/b/", **attributes}


def test_the_titles_of_a_month_have_their_days():
    entries = [titled(day=date(2024, 6, 8), headline="<b>"), titled(day=date(2024, 6, 30), language="he")]

    items = BeautifulSoup(fast_html.month_titles(entries), "html.parser").select("li")

    assert [item.get_text() for item in items] == ["8th <b>", "30th A"]
    assert [item.a.get("dir") for item in items] == [None, "rtl"]


def test_a_permalink_has_the_time_as_its_text_and_the_headline_as_its_tooltip():
    post = titled(headline='"<b> & co"', published=datetime(2024, 6, 8, 21, 43, 7, tzinfo=UTC))

    page = BeautifulSoup(fast_html.permalink(post), "html.parser")

    assert page.get_text() == "# 9:43 pm"
    assert page.a["href"] == "/2024/Jun/8/b/"
    assert page.a["title"] == '"<b> & co"'
    assert page.a["rel"] == ["bookmark"]


def test_a_draft_without_a_time_has_no_permalink():
    assert fast_html.permalink(titled(published=None)) == ""


def test_a_calendar_links_to_days_with_posts():
    days = [{}, cell(1, 0), cell(2, 4, "1 link & <b>"), cell(3, 1, "1 note", is_current=True)]

    page = BeautifulSoup(fast_html.calendar_weeks(SimpleNamespace(weeks=lambda: [days])), "html.parser")

    assert [square.get_text() for square in page.select("tr > td")] == ["", "1", "2", "3"]
    assert [link.attrs for link in page.select("td > a")] == [
        {"class": ["shade-4"], "href": "/2024/Jun/2/", "title": "1 link & <b>"},
        {"class": ["shade-1"], "href": "/2024/Jun/3/", "title": "1 note", "aria-current": "page"},
    ]


def cell(number, shade, tally="", is_current=False):
    return {"day": date(2024, 6, number), "shade": shade, "tally": tally, "is_current": is_current}


def test_years_are_linked_with_four_digits():
    page = BeautifulSoup(fast_html.year_links([date(987, 1, 1), date(2024, 1, 1)]), "html.parser")

    assert [(link.get_text(), link["href"]) for link in page.select("li > a")] == [
        ("0987", "/0987/"),
        ("2024", "/2024/"),
    ]


def test_bars_have_their_label_as_a_tooltip():
    place = {"x": "0.00", "y": "12.00", "width": "5.00", "height": "12.00"}

    html = fast_html.bars([place | {"part": 2}, place | {"label": "<b> & co", "number": 7}])

    bars = BeautifulSoup(html, "html.parser").select("rect")
    assert [bar.attrs for bar in bars] == [{"class": [f"part-{n}"], **place} for n in (2, 1)]
    assert [bar.decode_contents() for bar in bars] == ["", "<title>&lt;b&gt; &amp; co: 7</title>"]


def test_the_name_of_a_day_in_the_heatmap_is_escaped():
    day = {"name": "<b> & co", "path": "/2024/Jun/8/", "x": 264, "y": 76, "shade": 1}

    page = BeautifulSoup(fast_html.day_squares([day]), "html.parser")

    assert page.a["href"] == "/2024/Jun/8/"
    assert page.title.get_text() == "<b> & co"
    assert (page.rect["x"], page.rect["y"], page.rect["class"]) == ("264", "76", ["shade-1"])


@pytest.mark.parametrize(
    "title", ["What now?", "Stop!", "It ends.", "And so on…", "“Really?”", "(It ends.)", "本当。"]
)
def test_a_title_that_ends_with_punctuation_gets_no_full_stop(title):
    assert blog.full_stop(title) == ""


@pytest.mark.parametrize("title", ["A title", "“A title”", "C++", "Version 2 (final)"])
def test_any_other_title_gets_a_full_stop(title):
    assert blog.full_stop(title) == "."


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.com/a?b#c", "example.com"),
        ("http://example.com:8080/", "example.com:8080"),
        ("https://user:secret@example.com/", "example.com"),
        ("http://[broken/", "http://[broken/"),
    ],
)
def test_the_host_is_shown_without_www_and_credentials(url, host):
    assert blog.host(url) == host


def test_tag_sizes_follow_the_logarithm_of_the_uses():
    sizes = {tag.name: size for tag, size in charts.cloud(tags(rare=1, some=10, many=100, most=100_000))}

    assert sizes == {"rare": 1, "some": 2, "many": 3, "most": 6}


def test_tags_used_once_have_the_smallest_size():
    assert [size for _, size in charts.cloud(tags(one=1, other=1))] == [1, 1]


def test_tags_used_equally_often_have_the_smallest_size():
    assert [size for _, size in charts.cloud(tags(one=9, other=9))] == [1, 1]


def test_a_cloud_may_be_empty():
    assert list(charts.cloud([])) == []


def test_the_cloud_is_sorted_case_insensitively():
    assert [tag.name for tag, _ in charts.cloud(tags(Zope=1, ajax=1, Maps=1))] == ["ajax", "Maps", "Zope"]


def test_tags_are_grouped_by_letter():
    letters = charts.by_letter(charts.cloud(tags(ajax=1, Apples=1, maps=1)))

    assert [(letter, [tag.name for tag, _ in sized]) for letter, sized in letters] == [
        ("A", ["ajax", "Apples"]),
        ("M", ["maps"]),
    ]


def test_tags_in_the_cloud_have_a_count_and_large_ones_a_sparkline():
    def tag(**given):
        return SimpleNamespace(name="<b>", slug="b", **given)

    long, short = {"2022": 1000, "2023": 234}, {"2023": 1234}
    large, new, small = (
        BeautifulSoup(fast_html.cloud_items([(tag(uses=1234, counts_by_year=by_year), size)]), "html.parser")
        for by_year, size in ((long, 4), (short, 6), (long, 3))
    )

    assert large.li["class"] == ["size-4"]
    assert large.a["href"] == "/tags/b/"
    assert large.a.get_text() == "<b>"
    assert large.small.get_text() == "1,234"
    assert large.svg["aria-label"] == "Posts by year: 2022: 1000, 2023: 234"
    assert not new.svg
    assert not small.svg


@pytest.mark.parametrize("name", ["<b> & co", 2024])
def test_a_counted_link_has_a_url_and_a_count(name):
    page = BeautifulSoup(fast_html.counted_link("/a/?b&c", name, 1234, "nofollow"), "html.parser")

    assert page.get_text() == f"{name} 1,234"
    assert page.a.attrs == {"href": "/a/?b&c", "rel": ["nofollow"]}


def test_a_counted_link_without_url_is_plain_text():
    page = BeautifulSoup(fast_html.counted_link(None, "<b>", 2), "html.parser")

    assert page.get_text() == "<b> 2"
    assert not page.a


def test_cached_numbers_depend_on_the_language():
    shown = {}
    for language in ("en", "de", "en"):
        with translation.override(language):
            shown[language] = BeautifulSoup(
                fast_html.counted_link("/", "x", 1234), "html.parser"
            ).span.get_text()

    assert shown == {"en": "1,234", "de": "1.234"}


@pytest.mark.parametrize(("name", "initial"), [("maps", "M"), ("Maps", "M"), ("éclair", "É"), ("3d", "#")])
def test_a_tag_is_indexed_by_its_first_letter(name, initial):
    assert charts.index_letter(name) == initial


def test_the_link_to_the_current_page_has_aria_current(rf):
    html = render('{% nav_link "tags" "Tags" %}', rf, "/tags/")

    assert html == '<a href="/tags/" aria-current="page">Tags</a>'


def test_other_navigation_links_have_no_aria_current(rf):
    assert render('{% nav_link "tags" label %}', rf, label="<Tags>") == '<a href="/tags/">&lt;Tags&gt;</a>'


def test_page_links_keep_the_validated_query(rf):
    html = render("{% page_url 3 %}", rf, "/search/?page=2&x=y", page_query=[("q", "tide table")])

    assert html == "?q=tide+table&amp;page=3"


@pytest.mark.parametrize(
    ("path", "url"), [("/notes/?page=2", "/notes/"), ("/search/?page=2&q=a", "/search/")]
)
def test_the_first_page_has_no_number(rf, path, url):
    assert render("{% page_url 1 %}", rf, path) == url
