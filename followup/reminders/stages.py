"""On which day somebody is told of an item: before it is due, when it is, and after.

Before it is due, a day that went by before anybody could be told is passed over: who has just been given an item that
is due in five days does not need the reminder of seven. From the due date on it is the last day reached that counts,
however long ago: an item that is late is told of once for certain, also where its owner or its date came late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from followup.models import Stage

FIRST_LATE = timedelta(days=3)
A_WEEK = timedelta(days=7)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reached:
    """The stage that an item has reached, and of which day that is."""

    stage: Stage
    on: date


def stage_of_owner(
    due: date, today: date, told_until: date, days_before: Iterable[int], *, when_late: bool
) -> Reached | None:
    """What an owner is to be told `today`, who was last told of anything on `told_until`."""
    if today < due:
        days = [due - timedelta(days=number) for number in days_before if number > 0]
        reached = [day for day in days if told_until < day <= today]
        return Reached(Stage.BEFORE, max(reached)) if reached else None
    if when_late and today >= due + FIRST_LATE:
        weeks = (today - due - FIRST_LATE) // A_WEEK
        return Reached(Stage.LATE, due + FIRST_LATE + weeks * A_WEEK)
    return Reached(Stage.DUE, due) if 0 in days_before else None


def stage_of_lead(due: date, today: date, lead_after: int, *, is_owned: bool) -> Reached | None:
    """What a team lead is to be told; of what nobody owns as soon as it is due."""
    on = due + timedelta(days=lead_after if is_owned else 0)
    return Reached(Stage.LEAD, on) if on <= today else None


def last_digest_day(today: date, weekday: int) -> date:
    """The last day on which a digest was to be sent, which may be today."""
    return today - timedelta(days=(today.isoweekday() - weekday) % 7)
