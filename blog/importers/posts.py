"""Load posts of every kind, with their tags."""

from collections import defaultdict
from contextlib import contextmanager
from uuid import UUID, uuid5

from django.db import DatabaseError
from django.db.models import Max
from django.utils import translation

from blog.models import Post, Tag, Tagging
from blog.models.bulk import bulk_create_posts, index_posts

from .permalinks import Register, name_of_post
from .row import Unloadable, slug_or_nothing
from .table import TableImport, digest


class Renderer:
    """Renders as the site's settings say, in the site's language."""

    def __init__(self, site):
        self.site = site
        self.options = site.markup_options
        self.language = site.language

    def render(self, posts):
        """The posts with their texts rendered. Raises Unloadable if one defeats the libraries."""
        for post in posts:
            with self.rendering():
                post.render(self.options)
        return posts

    @contextmanager
    def rendering(self):
        try:
            with translation.override(self.language):
                yield
        except DatabaseError:
            raise
        except Exception as error:  # whatever a library makes of a text that nobody has thought of
            raise Unloadable(
                f"has a text that cannot be rendered ({type(error).__name__}: {error})"
            ) from error


# Of the ids that posts have in feeds. Other archives number their rows alike: the time tells posts apart.
NAMESPACE = UUID("6ff0fbf4-94e5-4a0b-8a4c-1d60c1e7a0a5")


class PostImport(TableImport):
    """A table of posts, and the one that says which tags they have. A kind says what its own columns mean.

    Days are those of UTC, as the old permalinks had them, whatever the site's time zone is. Numbers are the
    rows' ids, as the old short links had them.
    """

    required = ("id", "created")

    def __init__(self, run):
        super().__init__(run)
        self.ids = set()
        self.tags = None

    @classmethod
    def tags_table(cls):
        return f"{cls.table}_tags"

    @classmethod
    def reference(cls):
        """The column of another table that means one of these posts."""
        return f"{cls.model._meta.model_name}_id"

    def own_fields(self, row, slug):
        """The fields that the kind adds, among them body and format. Raises Unloadable."""
        raise NotImplementedError

    def look_ahead(self, order):
        """Learn which numbers and addresses the archive needs, before any post is given another."""
        for wanted in self.survey():
            self.ids.add(wanted.row)
            self.run.claims.add(self.table, order, wanted)

    # Reading

    def load(self):
        self.report.begin(self.table)
        if self.tags_table() in self.run.tables:
            self.tags = self.read_tags()
        super().load()

    def read_tags(self):
        """The tags of each post: {id: [id of a tag]}, both as in the archive."""
        name = self.tags_table()
        self.report.begin(name)
        tags = defaultdict(dict)
        for row in self.run.tables[name].rows(lambda where, reason: self.report.skip(name, where, reason)):
            try:
                post, tag = self.read_tagging(row)
                if tag in tags[post]:
                    raise Unloadable("says what an earlier row says")
                tags[post][tag] = None
            except Unloadable as error:
                self.report.skip(name, row.name, str(error))
        return {post: sorted(of_post) for post, of_post in tags.items()}

    def read_tagging(self, row):
        post, tag = row.reference(self.reference()), row.reference("tag_id")
        if post not in self.ids:
            raise Unloadable(f"is about {self.table} {post}, which is not here")
        if not self.run.knows("tag", tag):
            raise Unloadable(f"is about blog_tag {tag}, which is not here")
        return post, tag

    def wanted(self, row):
        wanted = super().wanted(row)
        if self.tags is not None:  # else nothing is known of them, and those that there are stay
            wanted.fields["tags"] = self.tags.get(wanted.row, [])
        return wanted

    def read(self, row):
        published = row.moment("created")
        if not published:
            raise Unloadable("has no time in created")
        slug = slug_or_nothing(row.text("slug"), self.model)
        return {
            "published": published,
            "updated": self.read_updated(row, published),
            "slug": slug,
            "is_draft": row.flag("is_draft"),
            "card_image": row.optional_url("card_image"),
            "series": self.read_series(row),
            **self.own_fields(row, slug),
        }

    def read_updated(self, row, published):
        try:
            return max(row.moment("updated") or published, published)
        except Unloadable as error:
            row.notes.append(str(error))
            return published

    def read_series(self, row):
        series = row.reference("series_id")
        if series and not self.run.knows("series", series):
            row.notes.append(f"is in blog_series {series}, which is not here")
            return None
        return series

    # Writing

    def key(self, record):
        return record.post_id

    def link(self, key):
        return {"post_id": key}

    def create(self, batch):
        posts = [self.build(wanted) for wanted in batch]
        self.give_numbers(posts, batch)
        register = Register([post.day for post in posts], self.run.claims, self.run.samples)
        for post, wanted in zip(posts, batch, strict=True):
            self.place(post, wanted, register)
        posts = self.run.renderer.render(posts)
        bulk_create_posts(posts)
        made = [(wanted, post, "created") for wanted, post in zip(batch, posts, strict=True)]
        Tagging.objects.bulk_create(
            tagging for wanted, post, _ in made for tagging in self.taggings(post, self.tag_keys(wanted))
        )
        index_posts(posts, self.run.renderer.site.state.search_language)
        return made

    def build(self, wanted):
        post = self.model(kind=self.model._meta.model_name, number=wanted.row)
        moment = wanted.fields["published"].isoformat()
        post.uuid = uuid5(NAMESPACE, f"{self.table}/{wanted.row}/{moment}")
        self.fill(post, wanted)
        return post

    def fill(self, post, wanted):
        for name, value in wanted.fields.items():
            if name not in {"series", "tags"}:
                setattr(post, name, value)
        post.series_id = self.run.find("series", wanted.fields["series"])
        post.day = post.published.date()

    def give_numbers(self, posts, batch):
        """Who has a number already keeps it, unless it is a sample post."""
        same_kind = Post.objects.filter(kind=self.model._meta.model_name)
        holders = dict(
            same_kind.filter(number__in=[post.number for post in posts]).values_list("number", "pk")
        )
        if not holders:
            return
        last = max(same_kind.aggregate(last=Max("number"))["last"], *self.ids)
        for post, wanted in zip(posts, batch, strict=True):
            holder = holders.get(post.number)
            if holder is None:
                continue
            last += 1
            if holder in self.run.samples:
                self.run.samples.renumber(holder, last)
            else:
                wanted.number_note = f"has the number {last}, since {name_of_post(holder)} has its own"
                post.number = last

    def place(self, post, wanted, register):
        slug = post.slug
        if not slug:
            post.slug = post.unused_slug(post.day, post.slug_source())
        address = post.get_absolute_url()
        other = register.place(post, f"{self.table} {wanted.row}")
        if other:
            wanted.address_note = f"wants {address}, which {other} has: it is at {post.get_absolute_url()}"
        elif not slug:
            wanted.address_note = f"has no slug that an address can hold: it is at {post.get_absolute_url()}"

    def tag_keys(self, wanted):
        """The tags that are here. Two of the archive's may have become one."""
        keys = (self.run.find("tag", tag) for tag in wanted.fields.get("tags", []))
        return list(dict.fromkeys(key for key in keys if key))

    def taggings(self, post, keys):
        return [
            Tagging(content_object=post, tag_id=key, published=post.published, is_public=post.is_counted)
            for key in keys
        ]

    def change(self, post, wanted):
        slug = post.slug
        self.fill(post, wanted)
        post.slug = post.slug or slug
        register = Register([post.day], self.run.claims, self.run.samples, without=post.pk)
        self.place(post, wanted, register)
        with self.run.renderer.rendering():
            post.save_imported(self.run.renderer.site)
        self.change_tags(post, wanted)

    def change_tags(self, post, wanted):
        if "tags" not in wanted.fields:
            return
        had, has = set(post.taggings.values_list("tag", flat=True)), set(self.tag_keys(wanted))
        post.tags.set(Tag.objects.filter(pk__in=has))
        wanted.new_tags = len(has - had)

    def outcomes(self, posts):
        """Tags are something that the author can edit, too."""
        posts = list(posts)
        tags = defaultdict(list)
        taggings = Tagging.objects.filter(content_object__in=[post.pk for post in posts])
        for post, tag in taggings.values_list("content_object", "tag"):
            tags[post].append(self.run.archive_id("tag", tag))
        return {post.pk: digest(self.editable(post) | {"tags": sorted(tags[post.pk])}) for post in posts}

    def loaded(self, wanted, key, verb):
        """Count what became of the rows that give the post its tags."""
        name, tags = self.tags_table(), wanted.fields.get("tags")
        if not tags:
            return
        if verb == "skipped":
            self.report.skip_many(name, len(tags), "are about a post that was skipped")
            return
        here = sum(bool(self.run.find("tag", tag)) for tag in tags)
        new = {"created": here, "changed": wanted.new_tags}.get(verb, 0)
        self.report.count(name, "created", new)
        self.report.count(name, "unchanged", here - new)
        self.report.skip_many(name, len(tags) - here, "are about a tag that is not here any more")
