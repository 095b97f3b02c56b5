"""Reading what changed in trackers, for webhooks that never came. What changed is looked at, one by one."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from integrations.models import TrackedIssue, TrackedProject, TrackerConnection, TrackerDelivery
from integrations.trackers.asking import AT_ONCE, answered, ask, pause
from integrations.trackers.registry import tracker_of
from integrations.trackers.tracker import Issue, Place
from integrations.trackers.trouble import BadToken, Limited, Trouble, Unreachable

_UNSEEN = timedelta(days=1)  # deleted and moved issues are in no list of changes
_KEPT = timedelta(days=14)
_log = logging.getLogger(__name__)


def projects_to_poll(now: datetime) -> QuerySet[TrackedProject]:
    """Projects with a linked issue, of connections that are on and not paused."""
    linked = TrackedIssue.objects.filter(connection=OuterRef("connection"), project__iexact=OuterRef("name"))
    wanted = TrackedProject.objects.filter(Exists(linked), connection__is_on=True)
    return wanted.exclude(connection__paused_until__gt=now).select_related("connection")


def poll(project: TrackedProject) -> None:
    """Ask for what changed since the last time, and look at the linked ones among it that differ."""
    connection = TrackerConnection.objects.get(pk=project.connection_id)
    now = timezone.now()
    if connection.is_paused(now):
        return
    try:
        changes = tracker_of(connection).changed_since(project.name, project.changed_since, project.etag)
    except (Unreachable, BadToken, Limited) as trouble:
        pause(connection, trouble)
        return
    except Trouble as trouble:  # the issues of this project say it themselves once they are looked at
        TrackerConnection.objects.filter(pk=connection.pk).update(error=str(trouble))
        return
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        _log.exception("Polling %s of %s failed", project, connection)
        pause(connection, Unreachable(f"{connection} answered in a way that Debrief does not understand."))
        return
    answered(connection)
    among = _linked_among(connection, changes.issues)
    ask(*(one.pk for one, issue in among if issue.status != one.agreed_there or issue.place.key != one.key))
    here = TrackedIssue.objects.filter(connection=connection, project__iexact=project.name, is_gone=False)
    here.filter(error="").update(checked_at=now)
    TrackedProject.objects.filter(pk=project.pk).update(
        changed_since=changes.since, etag=changes.etag[:300], polled_at=now
    )


def linked_to(connection: TrackerConnection, issues: list[tuple[str, Place]]) -> QuerySet[TrackedIssue]:
    """The links to issues, known by their own ids, or by their places until they were seen once."""
    wanted = Q(external_id__in=[id_ for id_, _ in issues if id_])
    keys: dict[str, list[str]] = {}
    for _, place in issues:
        keys.setdefault(place.project, []).append(place.key)
    for project, those in keys.items():
        wanted |= Q(external_id="", project__iexact=project, key__in=those)
    return connection.issues.exclude(key="").filter(wanted)


def _linked_among(connection: TrackerConnection, issues: list[Issue]) -> Iterator[tuple[TrackedIssue, Issue]]:
    if not issues:
        return
    by_id = {issue.id: issue for issue in issues}
    by_key = {issue.place.key: issue for issue in issues}
    for linked in linked_to(connection, [(issue.id, issue.place) for issue in issues]):
        issue = by_id.get(linked.external_id) or by_key.get(linked.key)
        if issue is not None:
            yield linked, issue


def look_at_unseen(now: datetime) -> int:
    """Look at issues that were not fetched for a day: how many."""
    unseen = TrackedIssue.objects.filter(fetched_at__lt=now - _UNSEEN, due_at=None, connection__is_on=True)
    found = list(unseen.order_by("fetched_at").values_list("pk", flat=True)[:AT_ONCE])
    ask(*found)
    return len(found)


def forget_deliveries(now: datetime) -> None:
    """No tracker delivers again what it sent two weeks ago."""
    TrackerDelivery.objects.filter(received_at__lt=now - _KEPT).delete()
