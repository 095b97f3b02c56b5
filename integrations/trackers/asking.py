"""When to look at a tracker, how long to leave it alone, and not to look twice at once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import connection as database
from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from integrations.models import TrackedIssue, TrackerConnection
from integrations.trackers.trouble import BadToken, Denied, Gone, Limited, Refused, Trouble, Unreachable

AT_ONCE = 200
_LOCKS = 0x7472  # the first half of the advisory locks that are ours
_LONGEST = timedelta(minutes=15)
_HOURS: dict[type[Trouble], int] = {Gone: 24, Denied: 1, Refused: 1}


def ask(*issues: int) -> None:
    """Let the worker look at linked issues, once the caller's transaction is stored. Few queries, however many."""
    if not issues:
        return
    from integrations.tasks import look_at_due_issues, look_at_issue  # the queue is ready once all rooms are

    TrackedIssue.objects.filter(pk__in=issues).update(due_at=timezone.now())
    if len(issues) == 1:
        _defer_once(look_at_issue, f"tracked-issue-{issues[0]}", issue=issues[0])
    else:
        _defer_once(look_at_due_issues, "look-at-due-issues", timestamp=0)


def enqueue_due(now: datetime) -> int:
    """Queue what is due: what was asked for at once, what failed before, what a killed worker left. How many."""
    from integrations.tasks import look_at_issue  # as above

    due = TrackedIssue.objects.filter(due_at__lte=now, connection__is_on=True).exclude(connection__paused_until__gt=now)
    found = list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])
    for issue in found:
        _defer_once(look_at_issue, f"tracked-issue-{issue}", issue=issue)
    return len(found)


def _defer_once(task: Task[Any, Any, Any], lock: str, **arguments: int) -> None:
    """One that waits already is enough."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.configure(queueing_lock=lock).defer(**arguments)


@contextmanager
def alone(issue: int) -> Iterator[bool]:
    """Whether nobody else looks at that issue now. PostgreSQL lets go of it by itself where this process dies."""
    key = [_LOCKS, issue % 2**31]
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def failed(issue: TrackedIssue, trouble: Trouble) -> None:
    """Note what went wrong and when to try again. Where it is the whole tracker's trouble, that is left alone."""
    again = timezone.now() + _later(issue.tries + 1, trouble)
    if isinstance(trouble, Unreachable | BadToken | Limited):
        again = pause(issue.connection, trouble)
    TrackedIssue.objects.filter(pk=issue.pk).update(
        tries=issue.tries + 1, error=str(trouble), due_at=again, is_gone=isinstance(trouble, Gone)
    )


def pause(connection: TrackerConnection, trouble: Trouble) -> datetime:
    """Ask a tracker nothing for a while: until when. That it limits us is no failure."""
    failures = connection.failures + (not isinstance(trouble, Limited))
    until = timezone.now() + _later(max(failures, 1), trouble)
    TrackerConnection.objects.filter(pk=connection.pk).update(failures=failures, error=str(trouble), paused_until=until)
    return until


def answered(connection: TrackerConnection) -> None:
    """It works again."""
    if connection.failures or connection.error or connection.paused_until:
        TrackerConnection.objects.filter(pk=connection.pk).update(failures=0, error="", paused_until=None)


def try_anew(connection: TrackerConnection) -> None:
    """Do not wait any longer, unless the tracker itself asked for it."""
    if connection.failures:
        TrackerConnection.objects.filter(pk=connection.pk).update(paused_until=None)


def _later(tries: int, trouble: Trouble) -> timedelta:
    """How long to wait after so many tries that failed: 1, 2, 4, 8, 15 minutes, or as long as the tracker asks for."""
    hours = _HOURS.get(type(trouble))
    usual = timedelta(hours=hours) if hours else min(timedelta(minutes=2 ** min(tries - 1, 10)), _LONGEST)
    return timedelta(seconds=trouble.wait) if trouble.wait else usual
