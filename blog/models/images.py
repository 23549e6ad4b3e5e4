"""Uploaded images, stored under a name derived from their content."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.images import uploads
from blog.strings.image_names import copies

MAX_ALT_LENGTH = 1000


class Image(models.Model):
    """An uploaded image. Posts refer to it by URL only, so the database doesn't know which posts use it."""

    name = models.CharField(max_length=100, unique=True, editable=False)
    original_name = models.CharField(_("original name"), max_length=255, blank=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    bytes = models.PositiveIntegerField(
        editable=False, help_text="Size of the file, without the smaller copies."
    )
    alt = models.CharField(
        _("alt text"),
        max_length=MAX_ALT_LENGTH,
        blank=True,
        help_text=_("Describe the image for people who can't see it. Leave empty if it is only decoration."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        verbose_name=_("author"),
    )
    created = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [models.Index(fields=["-created", "-id"], name="image_created")]

    def __str__(self):
        return self.original_name or self.name

    def get_absolute_url(self):
        return reverse("image", args=[self.name])

    def delete(self, *args, **kwargs):
        """Also delete the files, once the transaction has been committed."""
        files = self.files()
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            transaction.on_commit(lambda: remove(files))
        return deleted

    @classmethod
    def store_upload(cls, file, author=None):
        """Store an uploaded image, or return the one with the same content.

        Raises `uploads.RejectedImage`, without having stored anything.
        """
        processed = uploads.process(file)
        missing = {name: content for name, content in processed.files.items() if not is_stored(name, content)}
        try:
            for name, content in missing.items():
                store(name, content)
            return cls.objects.get_or_create(
                name=processed.name,
                defaults={
                    "original_name": (file.name or "")[:255],
                    "width": processed.width,
                    "height": processed.height,
                    "bytes": len(processed.files[processed.name]),
                    "author": author,
                },
            )[0]
        except BaseException:
            remove(missing)
            raise

    def files(self):
        return [self.name, *copies(self.name).values()]

    def thumbnail(self):
        """Return the URL of the smallest copy."""
        return reverse("image", args=[next(iter(copies(self.name).values()), self.name)])


def is_stored(name, content):
    """Return whether the file is stored completely: an interrupted upload may have left a part of it."""
    return default_storage.exists(name) and default_storage.size(name) == len(content)


def store(name, content):
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:  # another process stored the same image meanwhile
        default_storage.delete(stored)


def remove(names):
    for name in names:
        default_storage.delete(name)
