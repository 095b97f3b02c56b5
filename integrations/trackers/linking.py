"""Which issue belongs to which action item. `ActionItem.tracker_url` says it; what is kept here follows that field."""

from collections.abc import Mapping, Set
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from actions.signals import actions_changed
from integrations.models import TrackedIssue, TrackedProject, TrackerConnection
from integrations.trackers.asking import ask, try_anew
from integrations.trackers.registry import tracker_of
from integrations.trackers.tracker import CLOCKS_DIFFER, Place


def recognise(url: str) -> tuple[TrackerConnection, Place] | None:
    """The connection whose issue has that address, one that follows its project first; None where it is no issue."""
    found = []
    for connection in TrackerConnection.objects.all() if url else []:
        place = tracker_of(connection).recognise(url)
        if place is not None:
            found.append((connection, place))
    return min(found, key=lambda one: not one[0].follows(one[1].project), default=None)


@receiver(actions_changed)
def follow(sender: Any, actions: list[ActionItem], fields: Mapping[int, Set[str]], by: Person | None, **_: Any) -> None:
    """Link what items name; look at trackers where statuses changed. In the caller's transaction; a query for all."""
    moved = []
    for action in actions:
        if "tracker_url" in fields[action.pk]:
            _relink(action)
        elif "status" in fields[action.pk]:
            moved.append(action.pk)
    linked = TrackedIssue.objects.filter(action__in=moved) if moved else TrackedIssue.objects.none()
    if by is None:  # as the tracker has it; a person's change is told even where it brings back what was agreed
        linked = linked.exclude(agreed_here=F("action__status"))
    ask(*linked.values_list("pk", flat=True))


@transaction.atomic
def create_issue(person: Person, action_pk: int, connection: TrackerConnection, project: str) -> TrackedIssue:
    """Let the worker create an issue for the item. ValidationError where it has one, or where none can be created."""
    if not connection.is_on or project not in connection.creatable:
        raise ValidationError(f"{connection.name} takes no new issues in “{project[:100]}”. Choose another place.")
    action = change_action(person, action_pk)  # changes nothing yet; whoever may not change it gets no further
    if action.tracker_url or TrackedIssue.objects.filter(action=action).exists():
        raise ValidationError("The item has an issue already. Unlink that first.")
    made = TrackedIssue.objects.create(action=action, connection=connection, project=project, asked_by=person)
    ask(made.pk)
    return made


@transaction.atomic
def unlink(person: Person, action_pk: int) -> None:
    """Keep the item in step no longer, and forget its address. The issue stays as it is."""
    action = change_action(person, action_pk, tracker_url="")
    TrackedIssue.objects.filter(action=action).delete()


@transaction.atomic
def look_now(person: Person, action_pk: int) -> None:
    """Look at the tracker at once, whatever waits; link what has an address that was never followed."""
    action = change_action(person, action_pk)
    linked = TrackedIssue.objects.filter(action=action).first()
    if linked is None:
        _relink(action)
    else:
        try_anew(linked.connection)
        ask(linked.pk)


def remember(connection: TrackerConnection, project: str) -> None:
    """From now on the changes of that project are read."""
    if not connection.tracked_projects.filter(name__iexact=project).exists():
        since = {"changed_since": timezone.now() - CLOCKS_DIFFER}
        TrackedProject.objects.get_or_create(connection=connection, name=project, defaults=since)


def _relink(action: ActionItem) -> None:
    linked = TrackedIssue.objects.filter(action=action).first()
    found = recognise(action.tracker_url)
    if linked is not None:
        if found == (linked.connection, Place(linked.project, linked.key)):
            return
        linked.delete()
    if found is None or not found[0].follows(found[1].project):
        return
    connection, place = found
    made = TrackedIssue.objects.create(
        action=action, connection=connection, project=place.project, key=place.key, url=action.tracker_url
    )
    remember(connection, place.project)
    ask(made.pk)
