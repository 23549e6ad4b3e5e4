"""Posts for a weblog that has none yet: the Markdown files in posts/, with dates relative to today.

What was made is remembered as `ImportedRow(table="sample")`. A sample that the author deletes does not
come back, and one that the author has changed is never taken away.
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
WHEN = ("days_ago", "months_ago", "day", "time")


@dataclass
class Sample:
    """One file: a header in TOML between two lines of `+++`, then the text.

    The header names the kind, when the post was published (`days_ago`, or a `day` some `months_ago`, and
    the `time`; nothing for a draft), its tags and its series. The rest of it are fields of the kind.
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
            when={name: fields.pop(name) for name in WHEN if name in fields},
            tags=fields.pop("tags"),
            series=fields.pop("series", ""),
            fields=fields,
        )

    def make(self, now):
        series = Series.objects.filter(slug=self.series).first()
        post = Post.kinds()[self.kind](**self.fields, series=series, published=self.published(now))
        post.save()
        post.tags.add(*self.tags)
        ImportedRow.objects.create(
            table=TABLE, row=self.row, source_digest=digest(self), result_digest=outcome(post), post=post
        )

    def published(self, now):
        """None for a draft. What was posted today is spread over what there has been of today."""
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


def read_all():
    return [Sample.read(path) for path in sorted(FOLDER.glob("posts/*.md"))]


def are_wanted():
    """Whether nobody has posted anything, and there never were samples."""
    return not Post.objects.exists() and not ImportedRow.objects.filter(table=TABLE).exists()


@transaction.atomic
def make():
    """Fill an empty weblog, and say what it is where its author has not yet. Returns the number of posts."""
    weblog = settings_of_the_weblog()
    introduce(weblog["site"])
    for slug, fields in weblog["series"].items():
        Series.objects.get_or_create(slug=slug, defaults=fields)
    for name, description in weblog["tags"].items():
        Tag.objects.get_or_create(name=name, defaults={"description": description})

    samples = read_all()
    now = timezone.localtime(timezone=SiteSettings.load().tz)
    for sample in sorted(samples, key=lambda sample: sample.published(now) or now.astimezone(UTC)):
        sample.make(now)
    return len(samples)


@transaction.atomic
def remove():
    """Delete the samples that are as they were made; their addresses are free again, not gone.

    Returns how many went, and how many stay because the author has changed them.
    """
    rows = list(ImportedRow.objects.filter(table=TABLE, post__isnull=False).select_related("post"))
    posts = {row: row.post.as_kind() for row in rows}
    unchanged = [post for row, post in posts.items() if outcome(post) == row.result_digest]
    for post in unchanged:
        FormerPermalink.objects.filter(post=post).delete()
        post.delete()
        FormerPermalink.objects.filter(day=post.day, slug=post.slug).delete()
    tidy()
    return len(unchanged), len(rows) - len(unchanged)


def digest(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()


def outcome(post):
    """The digest of all that an author can edit. What is empty does not count: a new field is nothing."""
    tags = sorted(post.tags.values_list("name", flat=True))
    return digest((sorted(editable_values(post).items()), tags))


def editable_values(row):
    """What the admin's form holds of the row, without what is empty, as text."""
    fields = [field for field in row._meta.concrete_fields if field.editable and not field.auto_created]
    return {field.name: field.value_to_string(row) for field in fields if field.value_from_object(row)}


def introduce(fields):
    """Name the site and write its About page, unless its author has begun to."""
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
    """Delete the series and tags of the samples that no post has any more, and nobody has rewritten."""
    weblog = settings_of_the_weblog()
    for slug, fields in weblog["series"].items():
        Series.objects.filter(slug=slug, posts=None, **fields).delete()
    for name in {tag for sample in read_all() for tag in sample.tags}:
        description = weblog["tags"].get(name, "")
        Tag.objects.filter(name=name, taggings=None, description=description).delete()


def settings_of_the_weblog():
    return tomllib.loads((FOLDER / "weblog.toml").read_text(encoding="utf-8"))
