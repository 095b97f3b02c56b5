"""How an action item and its issue stand, for the page of the item."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from actions.models import ActionItem
from incidents.models import Visibility
from integrations.models import TrackedIssue, TrackerConnection
from integrations.trackers.linking import recognise
from reviews.models import Version

_SOON = timedelta(minutes=1)


@dataclass
class Standing:
    """An item's link to a tracker. `typed` and `problem` are of a form that was not stored.

    `is_told`: whether its reader may know the issue, whose address may name people.
    """

    action: ActionItem
    may_change: bool
    is_told: bool = True
    typed: str = ""
    problem: str = ""
    chosen: str = ""
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def linked(self) -> TrackedIssue | None:
        """What is kept in step. One query."""
        return TrackedIssue.objects.filter(action=self.action).select_related("connection").first()

    @property
    def is_waiting(self) -> bool:
        """Whether the worker is about to look, and nothing went wrong so far."""
        linked = self.linked
        is_asked = linked is not None and linked.connection.is_on and linked.due_at is not None and not linked.error
        return is_asked and not self.is_paused

    @property
    def is_paused(self) -> bool:
        """Whether the tracker is left alone for now."""
        return self.linked is not None and self.linked.connection.is_paused(self.now)

    @property
    def again_at(self) -> datetime | None:
        """When it is tried again, where something went wrong."""
        linked = self.linked
        if linked is None or linked.due_at is None or not (linked.error or self.is_paused):
            return None
        return max(linked.due_at, linked.connection.paused_until or linked.due_at)

    @property
    def asks_again(self) -> bool:
        """Whether the page should ask once more by itself: what was asked for takes seconds."""
        linked = self.linked
        return self.is_waiting and linked is not None and linked.due_at is not None and self.now - linked.due_at < _SOON

    @cached_property
    def unfollowed(self) -> str:
        """Why the issue that the item names is not kept in step; empty where it could be."""
        found = recognise(self.action.tracker_url)
        if found is None:
            return "No tracker that is set up here has such an address, so this is a link and no more."
        connection, place = found
        if not connection.follows(place.project):
            return f"{place.project} is not among the projects that are set up here, so this is a link and no more."
        return ""

    @cached_property
    def places(self) -> list[tuple[str, str]]:
        """Where an issue can be created: the value of a choice, and its words. One query."""
        return [
            (f"{connection.pk}:{project}", f"{connection.name}: {project}")
            for connection in TrackerConnection.objects.filter(is_on=True)
            for project in connection.creatable
        ]

    @cached_property
    def is_restricted(self) -> bool:
        """Whether creating an issue would show its words to others than those who may read them here. One query."""
        incident = self.action.incident
        if incident.visibility == Visibility.RESTRICTED or not incident.is_published:
            return True
        versions = Version.objects.filter(review=incident.pk).order_by("-number")
        return bool(versions.values_list("names_as_roles", flat=True).first())

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say to this reader."""
        return self.may_change or (self.is_told and self.has_issue)

    @property
    def is_kept_back(self) -> bool:
        """Whether there is an issue that its reader may not know."""
        return self.has_issue and not self.is_told

    @property
    def has_issue(self) -> bool:
        """Whether it is linked to one, or to be."""
        return bool(self.linked or self.action.tracker_url)
