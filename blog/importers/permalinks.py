"""Decide which post gets a permalink when the archive, the weblog or two rows claim the same one."""

from itertools import count

from blog.models import ImportedRow, Post
from blog.models.post import SLUG_LENGTH
from blog.samples import sample_posts


class Claims:
    """Which row of the archive has which address by right: of several that want it, the first posted."""

    def __init__(self):
        self.claims = {}

    def add(self, table, order, wanted):
        """`order` is the table's place among others, which decides between posts of one moment."""
        published, slug = wanted.fields["published"], wanted.fields["slug"]
        if slug:
            claim = published, order, wanted.row, f"{table} {wanted.row}"
            address = published.date(), slug
            self.claims[address] = min(claim, self.claims.get(address, claim))

    def owner(self, day, slug):
        """The name of the row, or None."""
        claim = self.claims.get((day, slug))
        return claim and claim[-1]


class Register:
    """The addresses of some days: who has them, and who may still have them.

    Cases, for a row's post and the address that it wants:

    * another post has it: the row's gets the next free one;
    * a sample post has it: the sample moves;
    * another row has the right to it: the same as if that had it already;
    * nobody has it.
    """

    def __init__(self, days, claims, samples, without=None):
        """One query. The post `without` has no address as far as these days are concerned."""
        self.claims = claims
        self.samples = samples
        posts = Post.objects.filter(day__in=set(days)).exclude(pk=without)
        self.holders = {(day, slug): pk for day, slug, pk in posts.values_list("day", "slug", "pk")}

    def place(self, post, row):
        """Give the post of that row its address. Returns who has the one that it wanted, if not itself."""
        other = self.other(post.day, post.slug, row)
        if other:
            post.slug = self.unused_slug(post.day, post.slug)
        self.holders[post.day, post.slug] = row
        return other

    def other(self, day, slug, row):
        holder = self.holders.get((day, slug))
        if holder in self.samples:
            free = self.unused_slug(day, slug)
            self.samples.move(holder, free)
            self.holders[day, free] = holder
        elif holder:
            return holder if isinstance(holder, str) else name_of_post(holder)
        owner = self.claims.owner(day, slug)
        return owner if owner != row else None

    def unused_slug(self, day, slug):
        """The slug with the first number that makes it one that nobody has or claims."""
        for number in count(2):
            ending = f"-{number}"
            candidate = slug[: SLUG_LENGTH - len(ending)] + ending
            if (day, candidate) not in self.holders and not self.claims.owner(day, candidate):
                return candidate


def name_of_post(key):
    record = ImportedRow.objects.filter(post=key).first()
    if record:
        return str(record)
    post = Post.objects.get(pk=key)
    return f"the {post.kind_class.label} “{post.headline}” of this weblog"


class SamplePosts:
    def __init__(self, renderer):
        self.renderer = renderer
        self.records = ImportedRow.objects.filter(table=sample_posts.TABLE, post__isnull=False)
        self.keys = set(self.records.values_list("post", flat=True))

    def __contains__(self, key):
        return key in self.keys

    def move(self, key, slug):
        """Give the sample another slug. That does not make it a post which its author has changed."""
        record = self.records.get(post=key)
        sample = Post.objects.get(pk=key).as_kind()
        is_as_made = sample_posts.outcome(sample) == record.result_digest
        sample.slug = slug
        with self.renderer.rendering():
            sample.save_imported(self.renderer.site)
        if is_as_made:
            record.result_digest = sample_posts.outcome(sample)
            record.save()

    def renumber(self, key, number):
        Post.objects.filter(pk=key).update(number=number)
