"""The groups of items that figures count, each under a name by which it can be listed: a number and its list are the
same by being read from here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from core.search_dates import SearchDateProblem, read_quarter
from followup.figures.items import Item
from followup.models import HoldAnswer

Belongs = Callable[[Item], bool]


@dataclass(frozen=True)
class Selection:
    """A group of items: `name` is for addresses, `label` for people."""

    name: str
    label: str
    belongs: Belongs

    def of(self, items: Iterable[Item]) -> list[Item]:
        """Those of the items that belong to it."""
        return [item for item in items if self.belongs(item)]


def _within(number: int | None, least: int | None, most: int | None) -> bool:
    return number is not None and (least is None or number >= least) and (most is None or number <= most)


def _late(least: int | None, most: int | None) -> Belongs:
    return lambda item: _within(item.days_late, least, most)


LATENESS = [
    Selection("early-28", "More than 4 weeks early", _late(None, -29)),
    Selection("early-8", "8 to 28 days early", _late(-28, -8)),
    Selection("early-1", "1 to 7 days early", _late(-7, -1)),
    Selection("on-the-day", "On the day", _late(0, 0)),
    Selection("late-1", "1 to 7 days late", _late(1, 7)),
    Selection("late-8", "8 to 28 days late", _late(8, 28)),
    Selection("late-29", "More than 4 weeks late", _late(29, None)),
]
_AGES = [
    ("age-0", "Up to 4 weeks", 0, 28),
    ("age-29", "4 weeks to 3 months", 29, 91),
    ("age-92", "3 to 6 months", 92, 182),
    ("age-183", "6 to 12 months", 183, 365),
    ("age-366", "More than a year", 366, None),
]
DONE = Selection("done", "Done", lambda item: item.is_done)
UNFINISHED = Selection("unfinished", "Unfinished", lambda item: item.is_unfinished)
DROPPED = Selection("wont-do", "Won't do", lambda item: item.is_dropped)
CLOSED = Selection("closed", "Done or won't do", lambda item: item.is_done or item.is_dropped)
WITH_DUE = Selection("done-with-due", "Done, with a due date", lambda item: item.days_late is not None)
HELD = [
    Selection("held", "Held", lambda item: item.held == HoldAnswer.HELD),
    Selection("recurred", "Recurred", lambda item: item.held == HoldAnswer.RECURRED),
    Selection("unknown", "Not known yet", lambda item: item.held == HoldAnswer.UNKNOWN),
    Selection("asked", "Asked, not answered", lambda item: item.held == ""),
]


def ages(today: date) -> list[Selection]:
    """Unfinished items by how long ago they were written down."""

    def of_age(least: int, most: int | None) -> Belongs:
        return lambda item: item.is_unfinished and _within(age_of(item, today), least, most)

    return [Selection(name, label, of_age(least, most)) for name, label, least, most in _AGES]


def age_of(item: Item, today: date) -> int:
    """For how many days it has been written down."""
    return max((today - item.created_on).days, 0)


def done_in(quarter: str) -> Selection:
    """What was done in a quarter. SearchDateProblem for what is no quarter, as below."""
    quarter, days = read_quarter(quarter)

    def belongs(item: Item) -> bool:
        return item.done_on is not None and days.first <= item.done_on < days.end

    return Selection(f"done-{quarter}", f"Done in {quarter}", belongs)


def due_in(quarter: str) -> Selection:
    """What was or is due in a quarter, without what will not be done."""
    quarter, days = read_quarter(quarter)

    def belongs(item: Item) -> bool:
        return item.due is not None and days.first <= item.due < days.end and (item.is_done or item.is_unfinished)

    return Selection(f"due-{quarter}", f"Due in {quarter}", belongs)


def due_in_and_done(quarter: str) -> Selection:
    """What of it is done by now."""
    due = due_in(quarter)
    return Selection(f"due-done-{quarter}", f"{due.label} and done", lambda item: due.belongs(item) and item.is_done)


def due_in_and_done_in_time(quarter: str) -> Selection:
    """What of it was done on its due date or before."""
    due = due_in(quarter)
    return Selection(
        f"due-in-time-{quarter}",
        f"{due.label} and done in time",
        lambda item: due.belongs(item) and _within(item.days_late, None, 0),
    )


_BY_QUARTER = {
    "due-in-time-": due_in_and_done_in_time,
    "due-done-": due_in_and_done,
    "due-": due_in,
    "done-": done_in,
}


def selection_named(name: str, today: date) -> Selection | None:
    """The selection of that name; None where there is none."""
    known = [*LATENESS, *ages(today), DONE, UNFINISHED, DROPPED, CLOSED, WITH_DUE, *HELD]
    found = next((one for one in known if one.name == name), None)
    if found is not None:
        return found
    for before, of_quarter in _BY_QUARTER.items():
        if name.startswith(before):
            try:
                return of_quarter(name.removeprefix(before))
            except SearchDateProblem:
                return None
    return None
