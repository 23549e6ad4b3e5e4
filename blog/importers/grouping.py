"""What posts are grouped under, tags and series, and the names that tags had before."""

from itertools import count

from django.db.models import Q
from django.utils.text import slugify

from blog.models import PreviousTagName, SearchDocument, Series, Tag

from .row import Unloadable, slug_or_nothing
from .table import TableImport


class GroupImport(TableImport):
    """A group that is here already, at the same address or of the same name, will do."""

    #: What other rows call it, and its fields: those that only one can have, and the one with its text.
    reference = ""
    unique = ()
    text = ""

    def __init__(self, run):
        super().__init__(run)
        self.claimed = {wanted.fields["slug"] for wanted in self.survey()}

    def loaded(self, wanted, key, verb):
        self.run.bind(self.reference, wanted.row, key)

    def create(self, batch):
        here = self.like(batch)
        made = []
        for wanted in batch:
            names = [wanted.fields[field] for field in self.unique]
            group = next((here[name] for name in names if name in here), None)
            if group:
                verb = self.adopt(group, wanted)
            else:
                group, verb = self.make(wanted, here), "created"
                here |= {getattr(group, field): group for field in self.unique}
            made.append((wanted, group, verb))
        self.model.objects.bulk_create(group for _, group, verb in made if verb == "created")
        return made

    def like(self, batch):
        """The groups that are here already, by each of their names."""
        alike = Q()
        for field in self.unique:
            alike |= Q(**{f"{field}__in": {name for wanted in batch if (name := wanted.fields[field])}})
        groups = list(self.model.objects.filter(alike))
        return {getattr(group, field): group for field in reversed(self.unique) for group in groups}

    def make(self, wanted, here):
        group = self.model(**wanted.fields)
        if not group.slug:
            group.slug = self.unused_slug(wanted, here)
            wanted.address_note = f"has no name that an address can hold: it is at {group.get_absolute_url()}"
        group.render(self.run.renderer.options)
        return group

    def unused_slug(self, wanted, here=()):
        """An address that no other group has, neither here nor in the archive."""
        base = self.base_slug(wanted)
        taken = set(self.model.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        candidates = (base if n == 1 else f"{base}-{n}" for n in count(1))
        return next(slug for slug in candidates if slug not in taken | self.claimed and slug not in here)

    def base_slug(self, wanted):
        raise NotImplementedError

    def adopt(self, group, wanted):
        """What is here already stays as it is, but for a text that it lacks."""
        text = wanted.fields[self.text]
        if not text or getattr(group, self.text):
            return "unchanged"
        setattr(group, self.text, text)
        if group._state.adding:  # an earlier row of the batch has the same name
            group.render(self.run.renderer.options)
            return "unchanged"
        group.save()
        return "changed"


class TagImport(GroupImport):
    table = "blog_tag"
    model = Tag
    required = ("id", "tag")
    reference, unique, text = "tag", ("slug", "name"), "description"

    def read(self, row):
        name = row.words("tag")
        if not name:
            raise Unloadable("has no name")
        return {"name": name, "slug": slug_or_nothing(name, Tag), "description": row.text("description")}

    def base_slug(self, wanted):
        return Tag().slugify(wanted.fields["name"])

    def adopt(self, tag, wanted):
        """The tag that is here keeps its address. The archive's leads there."""
        slug = wanted.fields["slug"]
        if slug and slug.lower() != tag.slug.lower():
            PreviousTagName.objects.get_or_create(name=slug, defaults={"tag": tag})
        return super().adopt(tag, wanted)

    def change(self, tag, wanted):
        """A tag's former name goes on leading to it."""
        former = tag.slug
        name, slug = wanted.fields["name"], wanted.fields["slug"]
        if name != tag.name:
            if Tag.objects.filter(Q(name=name) | Q(slug=slug or name)).exclude(pk=tag.pk).exists():
                raise Unloadable(f"is called “{name}” now, as another tag is here")
            tag.name, tag.slug = name, slug or self.unused_slug(wanted)
        tag.description = wanted.fields["description"]
        tag.save()
        if tag.slug != former:
            PreviousTagName.objects.get_or_create(name=former, defaults={"tag": tag})
            SearchDocument.sync_tags(tag.taggings.values_list("content_object", flat=True))


class SeriesImport(GroupImport):
    table = "blog_series"
    model = Series
    required = ("id", "title")
    reference, unique, text = "series", ("slug",), "summary"

    def read(self, row):
        fields = {"title": row.words("title"), "slug": slug_or_nothing(row.words("slug"), Series)}
        fields["title"] = fields["title"] or fields["slug"]
        if not fields["title"]:
            raise Unloadable("has no title")
        fields |= {"summary": row.text("summary")}
        created = row.moment("created")
        return fields | ({"created": created} if created else {})

    def base_slug(self, wanted):
        return slugify(wanted.fields["title"], allow_unicode=True)[:50].strip("-_") or "series"

    def change(self, series, wanted):
        for field, value in wanted.fields.items():
            if field != "slug" or value:
                setattr(series, field, value)
        series.save()


class PreviousNameImport(TableImport):
    table = "blog_previoustagname"
    model = PreviousTagName
    required = ("id", "previous_name", "tag_id")

    def __init__(self, run):
        super().__init__(run)
        self.names_of_tags = set(Tag.objects.values_list("slug", flat=True))

    def read(self, row):
        name, tag = row.words("previous_name"), row.reference("tag_id")
        if not name:
            raise Unloadable("has no name")
        if not self.run.find("tag", tag):
            raise Unloadable(f"leads to blog_tag {tag}, which is not here")
        if name in self.names_of_tags:
            raise Unloadable("is the name of a tag now, and its address is that tag's")
        return {"name": name, "tag": tag}

    def create(self, batch):
        names = [wanted.fields["name"] for wanted in batch]
        here = {previous.name: previous for previous in PreviousTagName.objects.filter(name__in=names)}
        made = []
        for wanted in batch:
            name = wanted.fields["name"]
            verb = "unchanged" if name in here else "created"
            here.setdefault(
                name, PreviousTagName(name=name, tag_id=self.run.find("tag", wanted.fields["tag"]))
            )
            made.append((wanted, here[name], verb))
        PreviousTagName.objects.bulk_create(previous for _, previous, verb in made if verb == "created")
        return made

    def change(self, previous, wanted):
        previous.name = wanted.fields["name"]
        previous.tag_id = self.run.find("tag", wanted.fields["tag"])
        previous.save()
