"""What has been imported, so that importing again changes nothing that has not changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRow(models.Model):
    """One row of an archive's table, and what was made of it.

    A post without which the row stands was deleted since, and is not imported again; the same goes for
    a tag or whatever else the row became, once nothing has its `object_id` any more.
    """

    table = models.CharField(max_length=64)
    row = models.PositiveBigIntegerField(help_text="Its id in the table.")
    source_digest = models.CharField(max_length=64, help_text="SHA-256 of what was imported.")
    result_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of what was made of it. What no longer has it was edited here since.",
    )
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.SET_NULL, related_name="imported_rows")
    object_id = models.PositiveBigIntegerField(null=True, help_text="Of what is not a post.")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="imported_row_once")]

    def __str__(self):
        return f"{self.table} {self.row}"
