"""What administrators change about trackers."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.models import Person, Role
from core import audit
from integrations.models import TrackedIssue, TrackerConnection, TrackerKind
from integrations.trackers.asking import answered, enqueue_due
from integrations.trackers.credentials import token, token_variable
from integrations.trackers.registry import tracker_of
from integrations.trackers.trouble import Trouble


@dataclass(frozen=True)
class Tried:
    """What came of trying one thing."""

    works: bool
    words: str


def may_set_up(person: Person) -> bool:
    """Whether they are an administrator; for everybody else there are no such pages."""
    return person.has_role(Role.ADMINISTRATOR)


@transaction.atomic
def add_connection(person: Person, kind: TrackerKind, **values: Any) -> TrackerConnection:
    """Set up a tracker; Http404 for whoever may not."""
    _check(person)
    made = TrackerConnection.objects.create(kind=kind, **values)
    audit.record(person, "add-tracker", f"tracker {made.code}", f"{made.kind} {made.base}")
    return made


@transaction.atomic
def change_connection(person: Person, pk: int, **values: Any) -> TrackerConnection:
    """Change how it is set up. What waited for it is tried again."""
    connection = _locked(person, pk)
    changed = sorted(name for name, value in values.items() if getattr(connection, name) != value)
    for name in changed:
        setattr(connection, name, values[name])
    connection.paused_until, connection.failures, connection.error = None, 0, ""
    connection.save()
    if changed:
        audit.record(person, "change-tracker", f"tracker {connection.code}", ", ".join(changed))
    try_what_failed(connection)
    return connection


@transaction.atomic
def remove_connection(person: Person, pk: int) -> TrackerConnection:
    """Forget a tracker. Items keep the addresses of their issues, as links and no more."""
    connection = _locked(person, pk)
    audit.record(person, "remove-tracker", f"tracker {connection.code}", f"{connection.kind} {connection.base}")
    connection.delete()
    return connection


def try_connection(connection: TrackerConnection) -> list[Tried]:
    """Ask the tracker for each project, now, and say in words what works and what does not."""
    if not token(connection.code):
        variable = token_variable(connection.code)
        return [Tried(False, f"No token is set. Put it into {variable} and start Debrief again.")]
    tracker = tracker_of(connection)
    tried = []
    for project in connection.project_lines:
        if project.endswith("*"):
            tried.append(Tried(True, f"{project}: any project below it; not tried."))
            continue
        try:
            tried.append(Tried(True, tracker.probe(project)))
        except Trouble as trouble:
            tried.append(Tried(False, f"{project}: {trouble}"))
    if all(one.works for one in tried):
        answered(connection)
        try_what_failed(connection)
    return tried


def try_what_failed(connection: TrackerConnection) -> None:
    """Look at once at the issues of a tracker that had trouble."""
    TrackedIssue.objects.filter(connection=connection, due_at__gt=timezone.now()).update(due_at=timezone.now())
    enqueue_due(timezone.now())


def _check(person: Person) -> None:
    if not may_set_up(person):
        raise Http404


def _locked(person: Person, pk: int) -> TrackerConnection:
    _check(person)
    connection = TrackerConnection.objects.select_for_update().filter(pk=pk).first()
    if connection is None:
        raise Http404
    return connection
