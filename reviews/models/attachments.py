"""Pictures and files that a review shows or links."""

import re
import unicodedata
import uuid
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.access import VisibleQuerySet
from accounts.models import Role
from reviews.models.document import Review


def attachment_storage() -> Storage:
    """Where attachments lie: a folder of DEBRIEF_HOME, or S3 (settings)."""
    return storages["attachments"]


class AttachmentQuerySet(VisibleQuerySet["Attachment"]):
    """Attachments, filtered by the access rule of their incident."""

    incident_path = "review__incident"

    def visible_to(self, person: Any) -> Self:
        """As the rule says; of a published review, who only reads gets what a published version mentions: a picture
        that the next version will show is part of a draft."""
        seen = super().visible_to(person)
        if not person.is_authenticated or person.has_role(Role.ADMINISTRATOR):
            return seen
        return seen.filter(Q(is_published=True) | Q(review__incident__in=person.participations.values("incident")))


class Attachment(models.Model):
    """One file as it is served; `content_type` was found by looking into it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200, help_text="As the uploader's device called it, made harmless.")
    file = models.FileField(storage=attachment_storage, max_length=300)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    is_published = models.BooleanField(
        default=False,
        editable=False,
        help_text="A published version mentions it. The database sets it with the version (see the migration).",
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "sha256", "name"], name="attachment_once"),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is served."""
        return reverse("attachment", args=[self.pk, self.address_name])

    @property
    def is_picture(self) -> bool:
        """Whether pages show it in place."""
        return self.content_type.startswith("image/")

    @property
    def address_name(self) -> str:
        """The name as its address ends: only what core.safe_html lets a picture's address have."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        stem, dot, extension = plain.rpartition(".")
        stem = re.sub(r"[^A-Za-z0-9.]+", "-", stem).strip("-.")[:120]
        return f"{stem or 'file'}{dot}{extension}"

    @property
    def nameless(self) -> str:
        """How its address ends in a version that writes people as roles: a file's name may be somebody's."""
        _, dot, extension = self.address_name.rpartition(".")
        return f"file{dot}{extension}"

    @property
    def markdown(self) -> str:
        """What a text says to show it, or to link it."""
        named = self.name.rpartition(".")[0] if self.is_picture else self.name
        words = re.sub(r"([\\\[\]`*_<>])", r"\\\1", " ".join(named.split()))
        return f"{'!' if self.is_picture else ''}[{words}]({self.get_absolute_url()})"
