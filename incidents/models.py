"""The facts of an incident: what, when, how bad, which services, who, and who may read about it."""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Func, Q, Value
from django.urls import reverse
from django.utils.text import slugify

from accounts.access import VisibleQuerySet, takes_part_condition
from catalog.models import Service, Team
from core.zones import validate_zone, zone_named


class Severity(models.TextChoices):
    """How bad it was; SEV1 is the worst."""

    SEV1 = "sev1", "SEV1"
    SEV2 = "sev2", "SEV2"
    SEV3 = "sev3", "SEV3"
    SEV4 = "sev4", "SEV4"
    SEV5 = "sev5", "SEV5"


class DetectedBy(models.TextChoices):
    """How it was noticed first."""

    MONITORING = "monitoring", "Monitoring"
    CUSTOMER = "customer", "A customer"
    PERSON = "person", "A person of ours"


class Status(models.TextChoices):
    """How far the incident's review is."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"
    ARCHIVED = "archived", "Archived"


class Visibility(models.TextChoices):
    """Who may read the review once it is published."""

    INTERNAL = "internal", "Internal"
    RESTRICTED = "restricted", "Restricted"


class IncidentQuerySet(VisibleQuerySet["Incident"]):
    """Incidents, filtered by the access rule."""


class Incident(models.Model):
    """One incident. Its number is its review's number; the database gives each number once, ever."""

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=Func(Value("incidents_number"), function="nextval", output_field=models.BigIntegerField()),
    )
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=4, choices=Severity, blank=True)
    services = models.ManyToManyField(Service, related_name="incidents", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.INTERNAL)
    occurred_at = models.DateTimeField(null=True, blank=True, help_text="When the impact began.")
    occurred_is_date = models.BooleanField(default=False, help_text="Only the day is known.")
    detected_at = models.DateTimeField(null=True, blank=True)
    detected_by = models.CharField(max_length=10, choices=DetectedBy, blank=True, default="", db_default="")
    responded_at = models.DateTimeField(null=True, blank=True)
    mitigated_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(
        max_length=60, default="UTC", validators=[validate_zone], help_text="Zone in which the incident is told."
    )
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-number"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="incident_has_title"),
            models.CheckConstraint(condition=Q(severity__in=["", *Severity.values]), name="incident_severity_known"),
            models.CheckConstraint(
                condition=Q(detected_by__in=["", *DetectedBy.values]), name="incident_detected_by_known"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="incident_status_known"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="incident_visibility_known"),
            models.CheckConstraint(
                condition=Q(occurred_is_date=False) | Q(occurred_at__isnull=False), name="incident_day_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="incident_newest"),
            models.Index(fields=["status"], name="incident_status"),
            GinIndex(fields=["tags"], name="incident_tags"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The published page."""
        return reverse("review", args=[self.number, slugify(self.title)[:60] or "review"])

    def get_edit_url(self) -> str:
        """The editor page."""
        return reverse("draft", args=[self.number])

    @property
    def began(self) -> datetime | date | None:
        """When the impact began; where only the day is known, that day in the incident's own zone."""
        if self.occurred_at is None or not self.occurred_is_date:
            return self.occurred_at
        return self.occurred_at.astimezone(zone_named(self.time_zone)).date()

    @property
    def is_published(self) -> bool:
        """Whether the review has left its draft."""
        return self.status in (Status.PUBLISHED, Status.ARCHIVED)


class ParticipantRole(models.TextChoices):
    """What a person did in the incident or does in its review."""

    AUTHOR = "author", "Author"
    FACILITATOR = "facilitator", "Facilitator"
    COMMANDER = "incident-commander", "Incident commander"
    RESPONDER = "responder", "Responder"
    COMMUNICATIONS = "communications", "Communications"
    SCRIBE = "scribe", "Scribe"
    REVIEWER = "reviewer", "Reviewer"


class Participant(models.Model):
    """A person who takes part, in one role; participants read and write the draft."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=ParticipantRole, default=ParticipantRole.AUTHOR)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "person", "role"], name="participant_role_once"),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(role=ParticipantRole.FACILITATOR), name="participant_one_facilitator"
            ),
            models.CheckConstraint(condition=Q(role__in=ParticipantRole.values), name="participant_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class Grant(models.Model):
    """A person or a team that a restricted review names as its readers."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants", null=True, blank=True
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="grants", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
                name="grant_names_person_or_team",
            ),
            models.UniqueConstraint(fields=["incident", "person"], name="grant_person_once"),
            models.UniqueConstraint(fields=["incident", "team"], name="grant_team_once"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.team)


class Deletion(models.Model):
    """A part of a review that someone deleted, kept so that the deletion can be undone."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="deletions")
    kind = models.CharField(max_length=20, help_text="What was deleted: event, perspective, action, why ...")
    label = models.CharField(max_length=120, help_text="How it began, to name it to people.")
    data = models.JSONField(encoder=DjangoJSONEncoder, help_text="Its rows and what pointed to them.")
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-deleted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["event", "perspective", "action", "why", "factor", "comment", "attachment"]),
                name="deletion_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} “{self.label}”"


class NotificationQuerySet(VisibleQuerySet["Notification"]):
    """Notifications, which are about the writing of a review: seen while one takes part in it."""

    incident_path = "incident"

    def visible_to(self, person: Any) -> Self:
        """Only those of incidents in which `person` takes part."""
        return self.filter(takes_part_condition(person, self.incident_path))


class NotificationKind(models.TextChoices):
    """Why somebody is told."""

    MENTION = "mention", "mentioned you"
    REPLY = "reply", "replied"
    REVIEW_ASKED = "review-asked", "asked for your review"
    APPROVED = "approved", "approved"
    CHANGES_ASKED = "changes-asked", "asked for changes"


class Notification(models.Model):
    """Something that one person is told about an incident; `anchor` is the place on its editor page."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notifications")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=NotificationKind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300, blank=True, help_text="The first words of what was said.")
    anchor = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["person", "read_at", "-created_at"], name="notification_unread")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NotificationKind.values), name="notification_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The place that it is about, on the editor page."""
        at = f"?at={self.anchor}#{self.anchor}" if self.anchor else ""
        return self.incident.get_edit_url() + at
