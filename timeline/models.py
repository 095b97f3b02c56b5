"""Timeline events: exact instants, with the zone that each was written in."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import VisibleQuerySet
from core.zones import validate_zone, zone_named
from incidents.models import Incident


class EventKind(models.TextChoices):
    """What an event was for the course of the incident."""

    SIGNAL = "signal", "First signal"
    DETECTION = "detection", "Detection"
    ESCALATION = "escalation", "Escalation"
    RESPONSE = "response", "Response"
    MITIGATION = "mitigation", "Mitigation"
    RESOLUTION = "resolution", "Resolution"
    CHANGE = "change", "Change"
    COMMUNICATION = "communication", "Communication"
    NOTE = "note", "Note"


class EventQuerySet(VisibleQuerySet["Event"]):
    """Events, filtered by the access rule of their incident."""

    incident_path = "incident"


class Event(models.Model):
    """Something that happened at one instant."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="events")
    occurred_at = models.DateTimeField()
    zone = models.CharField(max_length=60, default="UTC", validators=[validate_zone])
    written_as = models.CharField(max_length=80, blank=True, help_text="The time as its author wrote it.")
    kind = models.CharField(max_length=15, choices=EventKind, default=EventKind.NOTE)
    text = models.TextField()
    html = models.TextField(editable=False)
    source_url = models.URLField(max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0, help_text="Order among events of the same instant.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["occurred_at", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="event_has_text"),
        ]
        indexes = [models.Index(fields=["incident", "occurred_at", "position"], name="event_in_order")]

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d %H:%M} {self.text[:60]}"

    @property
    def local_time(self) -> datetime:
        """The instant in the zone that it was written in."""
        return self.occurred_at.astimezone(zone_named(self.zone))


class Perspective(models.Model):
    """How an event looked to someone who was there: what was known, and what made sense at the time.

    Whose it is: a `person`, or `who` as written ("the on-call engineer", "the vendor's support").
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="perspectives")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    who = models.CharField(max_length=120, blank=True)
    known = models.TextField(blank=True)
    known_html = models.TextField(blank=True, editable=False)
    sense = models.TextField(blank=True)
    sense_html = models.TextField(blank=True, editable=False)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(known="", sense=""), name="perspective_says_something"),
            models.CheckConstraint(condition=Q(person__isnull=False) | ~Q(who=""), name="perspective_has_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.person or self.who}: {(self.known or self.sense)[:60]}"
