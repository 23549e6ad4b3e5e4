"""What has been imported, so that importing again changes nothing that has not changed."""

from django.db import models


class ImportedRow(models.Model):
    """One row of an archive's table, and the post that was made of it.

    Without a post, the author has deleted it since: it is not imported again.
    """

    table = models.CharField(max_length=64)
    row = models.PositiveBigIntegerField(help_text="Its id in the table.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was imported.")
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.SET_NULL, related_name="imported_rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="imported_row_once")]

    def __str__(self):
        return f"{self.table} {self.row}"
