"""A run over everybody: what the commands do, and what the worker does bit by bit."""

from dataclasses import dataclass
from datetime import datetime

from followup.models import Outgoing, OutgoingState
from followup.reminders import outbox
from followup.reminders.planning import everybody, people_whose_time_has_come, plan
from followup.reminders.sending import deliver
from followup.reminders.team_post import plan_posts


@dataclass
class Counts:
    """What came of a run."""

    people: int = 0
    sent: int = 0
    again: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0


def run(now: datetime, *, digests: bool, at_once: bool) -> Counts:
    """Write what is to be said, reminders or digests, then send all that waits in the outbox."""
    counts = Counts()
    what = {"reminders": not digests, "digests": digests}
    for person in everybody(now) if at_once else people_whose_time_has_come(now, **what):
        counts.people += bool(plan(person, now, at_once=at_once, **what))
    if digests:
        plan_posts(now, at_once=at_once)
    for pk in outbox.ready(now):
        _count(counts, deliver(pk))
    return counts


def _count(counts: Counts, outgoing: Outgoing | None) -> None:
    if outgoing is None:
        return
    if outgoing.state == OutgoingState.SENT:
        counts.sent += 1
        counts.again += outgoing.retried
    elif outgoing.state == OutgoingState.WAITING:
        counts.later += 1
    elif outgoing.state == OutgoingState.FAILED:
        counts.failed += 1
    else:
        counts.dropped += 1
