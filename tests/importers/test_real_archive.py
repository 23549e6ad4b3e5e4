"""The import of a real archive of some 10,000 posts, if there is one: every URL keeps working."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache

import pytest
from django.db.models import Count
from lxml import html

from blog.converters import MONTHS
from blog.importers.archive_import import ArchiveImport, read_archive
from blog.models import LinkedHost, Post, PreviousTagName, SearchDocument, Tag
from blog.search.results import MAX_RESULTS, Search, parse
from tests.helpers import reference_search
from tests.helpers.processes import ROOT
from tests.importers.states import everything
from tests.search.test_results import QUERIES

FOLDER = ROOT.parent / "shared" / "archive"
LISTINGS = {"entry": "/entries/", "blogmark": "/blogmarks/", "quotation": "/quotations/", "note": "/notes/"}
SAMPLE = 25  # one in 25 of the rows that are not posts and number in the thousands
PARTS = 10  # of slow tests, so that several processes can share them

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no archive in {FOLDER}"),
]


@pytest.fixture(scope="module", autouse=True)
def report(shared_database):
    """The report of the import, which runs once for the module since it takes some ten seconds."""
    return ArchiveImport(read_archive(FOLDER)).run()


@cache
def rows(table):
    """Read a table without the importer under test."""
    columns = json.loads((FOLDER / f"{table}.metadata.json").read_text())["columns"]
    with open(FOLDER / f"{table}.ndjson") as lines:
        return [dict(zip(columns, json.loads(line), strict=True)) for line in lines]


@cache
def old_permalinks():
    """Return {(kind, id): path} of the public posts. Of two with the same path, the older one has it."""
    posts = [(row["created"], kind, row) for kind in LISTINGS for row in rows(f"blog_{kind}")]
    paths = {}
    for _, kind, row in sorted(posts, key=lambda post: post[0]):
        if not row["is_draft"]:
            paths.setdefault(f"{day_of(row)}{row['slug']}/", (kind, row["id"]))
    return {post: path for path, post in paths.items()}


def permalinks_of(kind):
    return {number: path for (of_kind, number), path in old_permalinks().items() if of_kind == kind}


def day_of(row):
    created = datetime.fromisoformat(row["created"]).astimezone(UTC)
    return f"/{created.year}/{MONTHS[created.month - 1]}/{created.day}/"


def years():
    there_is_one = FOLDER.is_dir()
    return sorted({path.split("/")[1] for path in old_permalinks().values()}) if there_is_one else ["any"]


@pytest.mark.parametrize("kind", LISTINGS)
def test_every_row_is_loaded(report, kind):
    for table in (f"blog_{kind}", f"blog_{kind}_tags"):
        assert report.tables[table] == {"created": len(rows(table))}, report


@pytest.mark.parametrize("part", range(PARTS))
def test_every_old_permalink_works(client, part):
    paths = list(old_permalinks().values())[part::PARTS]

    assert [path for path in paths if client.get(path).status_code != 200] == []


@pytest.mark.parametrize("kind", LISTINGS)
def test_every_short_link_redirects_to_its_post(client, kind):
    paths = permalinks_of(kind)

    responses = {number: client.get(f"/{kind[0]}/{number}") for number in paths}

    assert {response.status_code for response in responses.values()} == {301}
    assert {number: response.url for number, response in responses.items()} == paths


@pytest.mark.parametrize("year", years())
def test_every_post_is_listed_on_its_day_and_month(client, year):
    posts = defaultdict(list)
    for path in old_permalinks().values():
        _, of_year, month, day, _, _ = path.split("/")
        if of_year == year:
            posts[f"/{year}/{month}/{day}/"].append(path)
            posts[f"/{year}/{month}/"].append(path)

    assert {page: sorted(posts_on_all_pages(client, page)) for page in posts} == {
        page: sorted(paths) for page, paths in posts.items()
    }


@pytest.mark.parametrize("kind", LISTINGS)
def test_every_post_is_listed_under_its_kind(client, kind):
    assert sorted(posts_on_all_pages(client, LISTINGS[kind])) == sorted(permalinks_of(kind).values())


def posts_on_all_pages(client, path):
    """Yield the permalinks on a page and on those that follow it."""
    following = path
    while following:
        response = client.get(following)
        assert response.status_code == 200, following
        document = html.fromstring(response.content)
        yield from document.xpath("//main//a[@rel='bookmark']/@href")
        address = next(iter(document.xpath("//main//a[@rel='next'][contains(@href, 'page=')]/@href")), None)
        following = address and path + address[address.index("?") :]


def test_tag_pages_are_at_the_names_of_tags(client):
    names = {row["id"]: row["tag"] for row in rows("blog_tag")}
    used = {names[row["tag_id"]] for kind in LISTINGS for row in rows(f"blog_{kind}_tags")}
    asked = sorted({"diy", "DIY"} & used | set(sorted(used)[::SAMPLE]))

    assert set(Tag.objects.filter(taggings__isnull=False).values_list("slug", flat=True)) == used
    assert [name for name in asked if client.get(f"/tags/{name}/").status_code != 200] == []


def test_previous_names_redirect_to_tags_in_one_step(client):
    names = {row["id"]: row["tag"] for row in rows("blog_tag")}
    former = {row["previous_name"]: names[row["tag_id"]] for row in rows("blog_previoustagname")}
    public = set(Tag.objects.public().values_list("slug", flat=True))
    expected = {
        f"/tags/{old}/": f"/tags/{new}/" if new in public else None
        for old, new in former.items()
        if old not in names.values()
    }

    assert {path: client.get(path).headers.get("Location") for path in expected} == expected
    assert set(PreviousTagName.objects.values_list("name", "tag__slug")) >= {
        (old, new) for old, new in former.items() if old not in names.values()
    }


def test_redirects_work_on_this_site_and_on_the_archives_other_hosts(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    redirects = rows("redirects_redirect")
    own_host = redirects[-1]["domain"]
    own = [row for row in redirects if row["domain"] == own_host]
    others = [row for row in redirects if row["domain"] != own_host and row["path"] not in {"", "*"}]

    assert len(own) > 1
    for row in own + others[::SAMPLE]:
        host = "testserver" if row in own else row["domain"]
        response = client.get(f"/{row['path'].lstrip('/')}", headers={"host": host})
        assert (response.status_code, response.url) == (301, row["target"]), row


def test_every_query_finds_the_same_posts_on_every_database():
    """The reference implementation matches words without a database."""
    texts = reference_search.read()
    searches = {text: Search(Post.objects.published(), parse(text)) for text in queries()}

    differing = {
        text: set(search.ids) ^ newest(reference_search.found(search.query, search.tags, texts))
        for text, search in searches.items()
    }

    assert len(searches) > 150
    assert {text: posts for text, posts in differing.items() if posts} == {}
    assert sum(bool(search.ids) for search in searches.values()) > 100


def newest(found):
    """Return as many posts as a search does."""
    posts = Post.objects.filter(pk__in=found).newest_first()
    return set(posts.values_list("pk", flat=True)[:MAX_RESULTS])


def queries():
    """Return the test queries, and others made of words, tags, hosts and dates of the archive."""
    tags = Tag.objects.public().order_by("-uses", "name").values_list("name", "slug")
    hosts = LinkedHost.objects.values_list("host").annotate(number=Count("pk")).order_by("-number", "host")
    titles = SearchDocument.objects.order_by("pk").values_list("title", flat=True)[::700]
    phrases = [" ".join(title.split()[1:4]) for title in titles]
    return [
        *QUERIES,
        *(f'tag:"{name}" -tag:{slug[:3]}' for name, slug in tags[:200:25]),
        *(f"site:{host} -the" for host, _ in hosts[:20:5]),
        *(f'"{phrase}"' for phrase in phrases),
        *(f"-{phrase}*" for phrase in phrases if phrase),
        *('"of the"', '"in the" or "on the"', '"the state of the art"', "state-of-the-a*", "open-sou*"),
        *(
            "the",
            "the or a",
            "-the -a",
            "th* or st*",
            "by:a*",
            "by*",
            "from:2010-02-01 to:2010-03-31 a",
            "year:2004",
        ),
        *("type:quotation by:knuth or by:dijkstra", "c++", "node.js", "é", "web 2.0", "web-2*"),
    ]


def test_importing_again_changes_nothing():
    before = everything()

    again = ArchiveImport(read_archive(FOLDER)).run()

    assert {verb for counts in again.tables.values() for verb in counts} <= {"unchanged", "skipped"}
    assert everything() == before
