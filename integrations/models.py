"""Trackers: where they are, which action items have an issue there, and how far both are in step."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.access import VisibleQuerySet
from actions.models import ActionItem, ActionStatus


class TrackerKind(models.TextChoices):
    """Which wire format it speaks."""

    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"
    JIRA = "jira", "Jira"
    LINEAR = "linear", "Linear"


class TrackerConnection(models.Model):
    """A tracker that an administrator set up.

    Its token and the secret of its webhook are in no table, and so in no dump: they stand in the environment, under
    names made of `code` (integrations/trackers/credentials.py).
    """

    kind = models.CharField(max_length=10, choices=TrackerKind)
    name = models.CharField(max_length=60, help_text="What people here call it.")
    code = models.CharField(max_length=30, unique=True)
    base = models.URLField(max_length=300, help_text="Where people open it, without a slash at its end.")
    account = models.CharField(max_length=200, blank=True, help_text="Jira Cloud: whose token it is.")
    projects = models.TextField(help_text="One a line; the first is where new issues go.")
    issue_type = models.CharField(max_length=60, blank=True, help_text="Jira: what new issues are.")
    in_progress_label = models.CharField(max_length=100, blank=True)
    wont_do_label = models.CharField(max_length=100, blank=True)
    is_on = models.BooleanField(default=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    error = models.TextField(blank=True)
    last_delivery_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TrackerKind.values), name="tracker_kind_known"),
            models.CheckConstraint(condition=~Q(projects=""), name="tracker_has_projects"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def project_lines(self) -> list[str]:
        """The projects, some of them as "acme/*"."""
        return self.projects.split("\n")

    @property
    def creatable(self) -> list[str]:
        """Where issues can be created, the usual place first."""
        return [line for line in self.project_lines if not line.endswith("*")]

    def follows(self, project: str) -> bool:
        """Whether issues of `project` may be linked."""
        wanted = project.casefold()
        return any(
            wanted.startswith(line[:-1]) if line.endswith("/*") else wanted == line
            for line in map(str.casefold, self.project_lines)
        )

    def is_paused(self, now: datetime) -> bool:
        """Whether it asked to be left alone, or does not answer."""
        return self.paused_until is not None and self.paused_until > now


class TrackedProject(models.Model):
    """How far the changes of one project were read."""

    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="tracked_projects")
    name = models.CharField(max_length=300)
    changed_since = models.DateTimeField(help_text="By the tracker's clock.")
    etag = models.CharField(max_length=300, blank=True)
    polled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("connection", "name", name="tracked_project_once")]

    def __str__(self) -> str:
        return self.name


class TrackedIssueQuerySet(VisibleQuerySet["TrackedIssue"]):
    """Links, filtered by the access rule of the item's incident."""

    incident_path = "action__incident"


class TrackedIssue(models.Model):
    """The issue of an action item, and what both were when they last agreed. Without `key` it is still to be created.

    `agreed_there` may differ from `agreed_here`: a tracker without "in progress" goes on saying open.
    """

    action = models.OneToOneField(ActionItem, on_delete=models.CASCADE, related_name="tracked")
    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="issues")
    project = models.CharField(max_length=300)
    key = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=100, blank=True, help_text="The tracker's own, which no move changes.")
    url = models.URLField(max_length=500, blank=True)
    reference = models.UUIDField(default=uuid.uuid4, editable=False, help_text="By which a created issue is known.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Who had it created: it says what they may read.",
    )
    creating_since = models.DateTimeField(null=True, blank=True)
    agreed_here = models.CharField(max_length=12, blank=True, help_text="The item's status as both last agreed.")
    agreed_there = models.CharField(max_length=12, blank=True, help_text="The issue's, then.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="By a poll of its project as well.")
    fetched_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="When to look again; else never.")
    tries = models.PositiveIntegerField(default=0, help_text="That failed in a row.")
    error = models.TextField(blank=True)
    is_gone = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TrackedIssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_here__in=["", *ActionStatus.values], agreed_there__in=["", *ActionStatus.values]),
                name="tracked_statuses_known",
            )
        ]
        indexes = [
            models.Index(fields=["connection", "external_id"], name="tracked_external_id"),
            models.Index(fields=["connection", "project", "key"], name="tracked_key"),
        ]

    def __str__(self) -> str:
        return self.label or "a new issue"

    @property
    def label(self) -> str:
        """As people write it: "acme/payments#12", "OPS-12"; empty where it is still to be created."""
        if self.connection.kind in (TrackerKind.JIRA, TrackerKind.LINEAR):
            return self.key
        return f"{self.project}#{self.key}" if self.key else ""


class TrackerDelivery(models.Model):
    """A webhook that was taken; the same one again is not."""

    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="deliveries")
    delivery = models.CharField(max_length=200)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("connection", "delivery", name="tracker_delivery_once")]

    def __str__(self) -> str:
        return self.delivery
