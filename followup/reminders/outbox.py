"""The outbox: each message is taken by one sender at a time, and what happened to it is written down.

A sender holds a lock of the database's session while it sends, and has noted before that it hands the message over. One
that is killed lets go of the lock with its connection, and its message is found again at once: as one that may have
arrived, which therefore goes out again as the same message and says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from actions.models import UNFINISHED
from followup.models import Outgoing, OutgoingState, Reminder
from followup.reminders.preferences import channels_set_up

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
MOST_ATTEMPTS = len(WAITS) + 3  # a sender that is killed counts as well
KEPT = timedelta(days=120)
TO_SEND = (OutgoingState.WAITING, OutgoingState.SENDING)


class Undelivered(Exception):
    """It was not taken. `for_good`: trying again as it is changes nothing."""

    def __init__(
        self, problem: str, *, for_good: bool = False, may_have_arrived: bool = False, wait: timedelta | None = None
    ) -> None:
        self.problem, self.for_good, self.may_have_arrived, self.wait = problem, for_good, may_have_arrived, wait
        super().__init__(problem)


def ready(now: datetime) -> list[int]:
    """Keys of the messages to send, the oldest first. Those that are being sent are among them.

    What goes by a channel that is not set up waits: a command may have been started without the worker's environment.
    """
    can_be_sent = Q(team__isnull=False) | Q(channel__in=channels_set_up())
    found = Outgoing.objects.filter(can_be_sent, state__in=TO_SEND, next_try_at__lte=now)
    return list(found.order_by("pk").values_list("pk", flat=True))


@contextmanager
def taken(pk: int) -> Iterator[Outgoing | None]:
    """The message, noted as handed over from now on; None where it is not to be sent, or somebody else sends it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('outgoing', %s))", [pk])
        is_mine = cursor.fetchone()[0]
    if not is_mine:
        yield None
        return
    try:
        yield _handed_over(pk)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('outgoing', %s))", [pk])


def note_sent(outgoing: Outgoing) -> None:
    """The other side has confirmed it."""
    _end(outgoing, OutgoingState.SENT)


def note_dropped(outgoing: Outgoing, why: str) -> None:
    """It is not sent: what it was to say is settled, or nobody wants to hear it."""
    _end(outgoing, OutgoingState.DROPPED, why)


def note_failed(outgoing: Outgoing, problem: str) -> None:
    """It is given up; administrators see why."""
    _end(outgoing, OutgoingState.FAILED, problem)


def note_problem(outgoing: Outgoing, problem: str, *, may_have_arrived: bool, wait: timedelta | None = None) -> None:
    """It is tried again later, ever later; given up after about a day."""
    if outgoing.attempts > len(WAITS):
        note_failed(outgoing, problem)
        return
    outgoing.state = OutgoingState.WAITING
    outgoing.problem = problem
    outgoing.retried = outgoing.retried or may_have_arrived
    outgoing.next_try_at = timezone.now() + max(wait or timedelta(0), WAITS[outgoing.attempts - 1])
    outgoing.save()


def _handed_over(pk: int) -> Outgoing | None:
    """One statement, so that what is read and what is noted cannot differ."""
    now = timezone.now()
    changed = Outgoing.objects.filter(pk=pk, state__in=TO_SEND, next_try_at__lte=now).update(
        retried=Case(When(state=OutgoingState.SENDING, then=True), default="retried"),
        state=OutgoingState.SENDING,
        attempts=F("attempts") + 1,
        handed_at=now,
    )
    if not changed:
        return None
    outgoing = Outgoing.objects.select_related("person", "team").get(pk=pk)
    if outgoing.attempts > MOST_ATTEMPTS:
        note_failed(outgoing, "Each try broke off before it ended.")
        return None
    return outgoing


def forget_old(now: datetime) -> None:
    """Delete what was sent or dropped long ago, unless an item that it told of is still to be done."""
    unfinished = Reminder.objects.filter(outgoing=OuterRef("pk"), action__status__in=UNFINISHED)
    old = Outgoing.objects.filter(state__in=(OutgoingState.SENT, OutgoingState.DROPPED), ended_at__lt=now - KEPT)
    old.exclude(Exists(unfinished)).delete()


def _end(outgoing: Outgoing, state: OutgoingState, problem: str = "") -> None:
    outgoing.state, outgoing.problem, outgoing.ended_at = state, problem, timezone.now()
    outgoing.save()
