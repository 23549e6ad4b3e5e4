"""A record of imported rows, so that importing again only changes what has changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportedRow(models.Model):
    """A row of an imported table, and the post, tag or other object that it became.

    If that object no longer exists, somebody deleted it here, and the row isn't imported again.
    """

    table = models.CharField(max_length=64)
    row = models.PositiveBigIntegerField(help_text="Id of the row in its table.")
    source_digest = models.CharField(max_length=64, help_text="SHA-256 of the imported row.")
    result_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of the object made from it. Differs once somebody has edited that object here.",
    )
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.SET_NULL, related_name="imported_rows")
    object_id = models.PositiveBigIntegerField(null=True, help_text="Id of the object, if it isn't a post.")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="imported_row_once")]

    def __str__(self):
        return f"{self.table} {self.row}"
