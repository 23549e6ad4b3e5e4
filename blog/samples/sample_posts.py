"""Sample posts for a new weblog: the Markdown files in posts/, with dates relative to today.

Each is recorded as an `ImportedRow` with the table "sample". A sample that the author deletes does not come
back, and one that the author has edited is never removed.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from blog.models import FormerPermalink, ImportedRow, Page, Post, Series, SiteSettings, Tag

TABLE = "sample"
FOLDER = Path(__file__).parent
ABOUT_PLACEHOLDER = "The author of this weblog can write this page in the admin, under “Pages”."
DATE_FIELDS = ("days_ago", "months_ago", "day", "time")


@dataclass
class Sample:
    """One file: a TOML header between two lines of `+++`, then the text.

    The header has the kind, the date of publication (`days_ago`, or `months_ago` and a `day`, and the `time`;
    none for a draft), tags, series, and fields of the kind.
    """

    row: int
    kind: str
    when: dict
    tags: list
    series: str
    fields: dict

    @classmethod
    def read(cls, path):
        _, header, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        fields = tomllib.loads(header) | {"body": body.strip()}
        return cls(
            row=int(path.stem.split("-")[0]),
            kind=fields.pop("kind"),
            when={name: fields.pop(name) for name in DATE_FIELDS if name in fields},
            tags=fields.pop("tags"),
            series=fields.pop("series", ""),
            fields=fields,
        )

    def create(self, now):
        series = Series.objects.filter(slug=self.series).first()
        post = Post.kinds()[self.kind](**self.fields, series=series, published=self.published(now))
        post.save()
        post.tags.add(*self.tags)
        digests = {"source_digest": digest(self), "result_digest": result_digest(post)}
        ImportedRow.objects.create(table=TABLE, row=self.row, post=post, **digests)

    def published(self, now):
        """Return the time of publication, None for a draft. Times of today are scaled into its past."""
        if not self.when:
            return None
        day, zone = self.date(now.date()), now.tzinfo
        midnight = datetime.combine(day, time.min, zone)
        moment = datetime.combine(day, self.when["time"], zone)
        if day == now.date():
            moment = midnight + (now - midnight) * ((moment - midnight) / timedelta(days=1))
        return moment.replace(microsecond=0).astimezone(UTC)

    def date(self, today):
        if "days_ago" in self.when:
            return today - timedelta(days=self.when["days_ago"])
        year, month = divmod(today.year * 12 + today.month - 1 - self.when["months_ago"], 12)
        return date(year, month + 1, self.when["day"])


def read_samples():
    return [Sample.read(path) for path in sorted(FOLDER.glob("posts/*.md"))]


def are_wanted():
    """Return whether the weblog has no posts and never had samples."""
    return not Post.objects.exists() and not ImportedRow.objects.filter(table=TABLE).exists()


@transaction.atomic
def create():
    """Create the samples, and introduce the site unless its author has. Returns the number of posts."""
    weblog = read_weblog_settings()
    introduce(weblog["site"])
    for slug, fields in weblog["series"].items():
        Series.objects.get_or_create(slug=slug, defaults=fields)
    for name, description in weblog["tags"].items():
        Tag.objects.get_or_create(name=name, defaults={"description": description})

    samples = read_samples()
    now = timezone.localtime(timezone=SiteSettings.load().tz)
    for sample in sorted(samples, key=lambda sample: sample.published(now) or now.astimezone(UTC)):
        sample.create(now)
    return len(samples)


@transaction.atomic
def remove():
    """Delete the samples that were not edited. Their permalinks become free again, not gone (410).

    Returns the number of deleted and of remaining samples.
    """
    rows = list(ImportedRow.objects.filter(table=TABLE, post__isnull=False).select_related("post"))
    posts = {row: row.post.as_kind() for row in rows}
    unedited = [post for row, post in posts.items() if result_digest(post) == row.result_digest]
    for post in unedited:
        FormerPermalink.objects.filter(post=post).delete()
        post.delete()
        FormerPermalink.objects.filter(day=post.day, slug=post.slug).delete()
    tidy()
    return len(unedited), len(rows) - len(unedited)


def digest(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()


def result_digest(post):
    """Return a digest of what the author can edit. Empty fields are ignored, as new ones are empty."""
    tags = sorted(post.tags.values_list("name", flat=True))
    return digest((sorted(editable_values(post).items()), tags))


def editable_values(row):
    """Return the values in the row's admin form that are not empty, as text."""
    fields = [field for field in row._meta.concrete_fields if field.editable and not field.auto_created]
    return {field.name: field.value_to_string(row) for field in fields if field.value_from_object(row)}


def introduce(fields):
    """Fill in the site's settings and its About page, each unless the author has changed it."""
    site = SiteSettings.load()
    defaults = SiteSettings()
    editable = [
        field.name for field in site._meta.concrete_fields if field.editable and not field.primary_key
    ]
    if all(getattr(site, name) == getattr(defaults, name) for name in editable):
        for name, value in fields.items():
            setattr(site, name, value)
        site.save()
    for about in Page.objects.filter(slug="about", body=ABOUT_PLACEHOLDER):
        about.body = (FOLDER / "about.md").read_text(encoding="utf-8").strip()
        about.save()


def tidy():
    """Delete the samples' series and tags that no post uses and that were not edited."""
    weblog = read_weblog_settings()
    for slug, fields in weblog["series"].items():
        Series.objects.filter(slug=slug, posts=None, **fields).delete()
    for name in {tag for sample in read_samples() for tag in sample.tags}:
        description = weblog["tags"].get(name, "")
        Tag.objects.filter(name=name, taggings=None, description=description).delete()


def read_weblog_settings():
    return tomllib.loads((FOLDER / "weblog.toml").read_text(encoding="utf-8"))
