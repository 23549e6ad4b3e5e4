"""The sample posts of a new weblog, which give way to what is imported."""

from blog import samples
from blog.models import ImportedRow, Post


class SamplePosts:
    def __init__(self, renderer):
        self.renderer = renderer
        self.records = ImportedRow.objects.filter(table=samples.TABLE, post__isnull=False)
        self.keys = set(self.records.values_list("post", flat=True))

    def __contains__(self, key):
        return key in self.keys

    def move(self, key, slug):
        """Give the sample another slug. That does not make it a post which its author has changed."""
        record = self.records.get(post=key)
        sample = Post.objects.get(pk=key).as_kind()
        is_as_made = samples.outcome(sample) == record.outcome
        sample.slug = slug
        with self.renderer.rendering():
            sample.save_as_dated(self.renderer.site)
        if is_as_made:
            record.outcome = samples.outcome(sample)
            record.save()

    def renumber(self, key, number):
        Post.objects.filter(pk=key).update(number=number)
