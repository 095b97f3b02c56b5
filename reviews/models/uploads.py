"""Files that somebody gave to be imported, between the look at what is in them and the choice of what to keep."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core.zones import zone_named
from incidents.models import Severity
from reviews.models.document import Review


class UploadState(models.TextChoices):
    """What is being done with an upload. What a killed worker left unfinished is told by `touched_at`."""

    READING = "reading", "Being read"
    READY = "ready", "Ready to choose from"
    IMPORTING = "importing", "Being imported"
    FAILED = "failed", "Cannot be read"


class Upload(models.Model):
    """One or several files; only their owner sees them, and the worker deletes them at `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.READING)
    touched_at = models.DateTimeField(auto_now_add=True, help_text="When something was last done with it.")
    total = models.PositiveIntegerField(null=True, help_text="How many write-ups it holds, once that is known.")
    publish = models.BooleanField(default=False, help_text="Whether what was chosen is published at once.")
    problems = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known")]

    def __str__(self) -> str:
        return f"upload of {self.made_at:%Y-%m-%d %H:%M}"


class UploadedFile(models.Model):
    """One of the files, in the storage of attachments under `key`."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200, help_text="As the uploader's device called it.")
    key = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class EntryStatus(models.TextChoices):
    """What an import would do with a write-up, or did."""

    NEW = "new", "New"
    CHOSEN = "chosen", "Chosen"
    IMPORTED = "imported", "Imported"
    UNCHANGED = "unchanged", "Already here"
    FAILED = "failed", "Cannot be imported"


class UploadEntry(models.Model):
    """A write-up of an upload, as an import would understand it; `position` is its place among all of them."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=EntryStatus, default=EntryStatus.NEW)
    title = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField(null=True)
    occurred_is_date = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    severity = models.CharField(max_length=4, blank=True)
    services = ArrayField(models.CharField(max_length=120), default=list)
    new_services = ArrayField(models.CharField(max_length=120), default=list)
    causes = ArrayField(models.CharField(max_length=120), default=list)
    events = models.PositiveIntegerField(default=0)
    actions = models.PositiveIntegerField(default=0)
    factors = models.PositiveIntegerField(default=0)
    problems = ArrayField(models.TextField(), default=list)
    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "position"], name="upload_entry_once"),
            models.CheckConstraint(condition=Q(status__in=EntryStatus.values), name="upload_entry_status_known"),
        ]

    def __str__(self) -> str:
        return self.title or self.path

    @property
    def began(self) -> datetime | date | None:
        """When it began; the day alone where no more is known."""
        if self.occurred_at is None or not self.occurred_is_date:
            return self.occurred_at
        return self.occurred_at.astimezone(zone_named(self.time_zone)).date()

    @property
    def lasted(self) -> timedelta | None:
        """From beginning to resolution, where both are known to the minute."""
        if self.occurred_at is None or self.occurred_is_date or self.resolved_at is None:
            return None
        return self.resolved_at - self.occurred_at if self.resolved_at > self.occurred_at else None

    @property
    def severity_in_words(self) -> str:
        """As pages show it."""
        return Severity(self.severity).label if self.severity in Severity.values else ""

    @property
    def known_services(self) -> list[str]:
        """Those that the catalog knew when it was read."""
        return [name for name in self.services if name not in self.new_services]

    @property
    def is_choosable(self) -> bool:
        """Whether it can be ticked."""
        return self.status == EntryStatus.NEW
