"""Pictures and files that a review shows or links."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q

from accounts.access import VisibleQuerySet
from reviews.models.document import Review


def attachment_storage() -> Storage:
    """Where attachments lie: a folder of DEBRIEF_HOME, or S3 (settings)."""
    return storages["attachments"]


class AttachmentQuerySet(VisibleQuerySet["Attachment"]):
    """Attachments, filtered by the access rule of their incident."""

    incident_path = "review__incident"


class Attachment(models.Model):
    """One file as it was uploaded; `content_type` was found by looking into it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200, help_text="As the uploader's device called it.")
    file = models.FileField(storage=attachment_storage, max_length=300)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "sha256", "name"], name="attachment_once"),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
