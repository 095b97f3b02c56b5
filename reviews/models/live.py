"""The text of a review as it is written together: one Yjs document, kept as its updates."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from reviews.models.document import Review


class LiveDocument(models.Model):
    """The Yjs document of a review. Its row is locked by whoever appends updates or brings texts into their rows.

    `guid` names this very document: a browser that kept a copy of another one must not merge the two.
    """

    review = models.OneToOneField(Review, on_delete=models.CASCADE, primary_key=True, related_name="live")
    guid = models.UUIDField(default=uuid.uuid4, editable=False)
    state = models.BinaryField(help_text="All updates up to `merged_to`, as one.")
    merged_to = models.BigIntegerField(default=0)
    projected_to = models.BigIntegerField(default=0, help_text="The last update whose text stands in the rows.")

    def __str__(self) -> str:
        return f"live document of {self.review_id}"


class LiveUpdate(models.Model):
    """One or several edits as Yjs encodes them. Ids of a document ascend in the order of commits."""

    document = models.ForeignKey(LiveDocument, on_delete=models.CASCADE, related_name="updates")
    data = models.BinaryField()
    places = ArrayField(models.CharField(max_length=40), help_text="Which texts it changes.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["document", "id"], name="live_update_in_order")]

    def __str__(self) -> str:
        return f"update {self.pk} of {self.document_id}"
