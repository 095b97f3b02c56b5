"""Action items: concrete changes to the system, each with an owner and a due date."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from accounts.access import VisibleQuerySet
from catalog.models import Team
from incidents.models import Incident


class ActionKind(models.TextChoices):
    """What the action changes: whether it happens, how soon it shows, how much it hurts, how we work."""

    PREVENT = "prevent", "Prevent"
    DETECT = "detect", "Detect"
    MITIGATE = "mitigate", "Mitigate"
    PROCESS = "process", "Process"


class ActionStatus(models.TextChoices):
    """Where the action stands. What is proposed has been written down, and nobody has agreed to do it yet."""

    PROPOSED = "proposed", "Proposed"
    OPEN = "open", "Open"
    IN_PROGRESS = "in-progress", "In progress"
    DONE = "done", "Done"
    WONT_DO = "wont-do", "Won't do"


UNFINISHED = (ActionStatus.PROPOSED, ActionStatus.OPEN, ActionStatus.IN_PROGRESS)


class ActionItemQuerySet(VisibleQuerySet["ActionItem"]):
    """Action items, filtered by the access rule of their incident."""

    incident_path = "incident"

    def unfinished(self) -> "ActionItemQuerySet":
        """Proposed, open or in progress."""
        return self.filter(status__in=UNFINISHED)

    def overdue(self, today: date) -> "ActionItemQuerySet":
        """Unfinished and due before `today`."""
        return self.unfinished().filter(due__lt=today)


class ActionItem(models.Model):
    """One thing to do."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(max_length=300)
    details = models.TextField(blank=True)
    details_html = models.TextField(blank=True, editable=False)
    kind = models.CharField(max_length=10, choices=ActionKind, default=ActionKind.PREVENT)
    status = models.CharField(max_length=12, choices=ActionStatus, default=ActionStatus.OPEN)
    reason = models.TextField(blank=True, help_text="Why it will not be done.")
    done_when = models.TextField(blank=True, help_text="How one will know that it is done.")
    evidence = models.TextField(blank=True, help_text="What shows that it is done: a link, or words.")
    evidence_html = models.TextField(blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="verified_action_items"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="action_items"
    )
    owner_as_written = models.CharField(
        max_length=120, blank=True, help_text="The owner that an imported text names, where no person here matches."
    )
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="action_items")
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    tracker_url = models.URLField(max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    split_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts")
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    waits_for = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="holds_up", help_text="A link; it forbids nothing."
    )

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["incident", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActionKind.values), name="action_kind_known"),
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_known"),
            models.CheckConstraint(condition=~Q(title=""), name="action_has_title"),
            models.CheckConstraint(
                condition=~Q(status=ActionStatus.WONT_DO) | ~Q(reason=""), name="action_wont_do_needs_reason"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(status=ActionStatus.DONE), name="action_done_at_only_when_done"
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(status=ActionStatus.DONE),
                name="action_verified_only_when_done",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="action_verified_by_someone",
            ),
            models.CheckConstraint(condition=~Q(merged_into=models.F("pk")), name="action_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(fields=["status", "due"], name="action_due"),
            models.Index(fields=["owner", "status", "due"], name="action_owner_due"),
            models.Index(fields=["team", "status", "due"], name="action_team_due"),
            GinIndex(SearchVector("title", config="english"), name="action_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.status not in UNFINISHED

    def is_overdue(self, today: date) -> bool:
        """Whether it is unfinished and was due before `today`."""
        return not self.is_finished and self.due is not None and self.due < today


class ChangedField(models.TextChoices):
    """What of an action item keeps its history."""

    STATUS = "status", "Status"
    DUE = "due", "Due date"
    OWNER = "owner", "Owner"
    TEAM = "team", "Team"
    VERIFIED = "verified", "Verified"
    SPLIT = "split", "Split"
    MERGED = "merged", "Merged"


class ActionChange(models.Model):
    """One change to an action item, kept for good: what was before and after it, who made it, and why if they said.

    `before` and `after` are empty for nothing, else a status, a date as 2026-12-01, or the key of a person, a team or
    another action item. What an item becomes a part of stands in `after`: of the one that others were merged into that
    is its own key, which stands in `before` where they became items of their own again.
    """

    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=10, choices=ChangedField)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Nobody: a tracker."
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(field__in=ChangedField.values), name="action_change_field_known")
        ]
        indexes = [models.Index(fields=["action", "field", "at"], name="action_changes")]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.before or '–'} to {self.after or '–'}"


class ActionMerge(models.Model):
    """What merging an item into another one moved, so that it can be taken back; gone once it was.

    The keys are those of rows that the other one was not connected with before.
    """

    action = models.OneToOneField(ActionItem, on_delete=models.CASCADE, related_name="merge")
    status_before = models.CharField(max_length=12, choices=ActionStatus)
    factors = ArrayField(models.BigIntegerField(), default=list, help_text="Which the other one removes since then.")
    waits_for = ArrayField(models.BigIntegerField(), default=list, help_text="For which the other one waits since.")
    holds_up = ArrayField(models.BigIntegerField(), default=list, help_text="Which wait for the other one since.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status_before__in=[one.value for one in UNFINISHED]), name="action_merge_was_unfinished"
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} into {self.action.merged_into}"
