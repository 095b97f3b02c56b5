"""How a filter of the board may go on while it is typed: `ow` to `owner:`, `team:pl` to the teams of that name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from accounts.models import Person
from actions.models import ActionKind, ActionStatus
from catalog.models import CauseCategory, Service, Team
from core.query_language import written_filter
from core.text import storable
from followup.board.vocabulary import BOARD, NONE, STATES

MOST = 8
LONGEST = 200
ABOUT = {
    "owner": "who does it",
    "team": "whose team does it",
    "service": "a service of the review",
    "cause": "the category of the factor that it removes",
    "severity": "sev1 to sev5",
    "status": "how far it is",
    "kind": "prevent, detect, mitigate or process",
    "after": "due from a day on",
    "before": "due before a day",
    "quarter": "due in a quarter",
    "is": "overdue, unassigned, mine",
}


@dataclass(frozen=True)
class Completion:
    """A way to go on: `value` takes the place of what was typed, `label` says what it is."""

    value: str
    label: str


def complete(part: str, today: date) -> list[Completion]:
    """How `part`, what stands before the caret since the last space, may go on. One query at most.

    Names of services, teams, categories and people are known to everyone who is signed in.
    """
    part = storable(part)[:LONGEST]
    minus, typed = ("-", part[1:]) if part.startswith("-") else ("", part)
    kind, colon, value = typed.partition(":")
    kind = kind.lower().replace("_", "-")
    if not colon:
        kinds = [one for one in BOARD.examples if kind and one.startswith(kind)]
        return [Completion(f"{minus}{one}:", ABOUT[one]) for one in kinds]
    if kind not in BOARD.examples:
        return []
    before, comma, begun = value.rpartition(",")
    found = list(_VALUES[kind](begun.lstrip('"').strip().lower(), today))[:MOST]
    if comma:
        return [Completion(f"{minus}{kind}:{before},{one}", label) for one, label in found if " " not in one]
    return [Completion(written_filter(kind, one, bool(minus)), label) for one, label in found]


Values = Iterator[tuple[str, str]]


def _named(rows: "QuerySet[Any, Any]", key: str, begun: str) -> Values:
    """Keys and names: first those that begin as typed, then those of which another word does."""
    begins = Q(**{f"{key}__istartswith": begun}) | Q(name__istartswith=begun)
    within = Q(name__icontains=f" {begun}") | Q(name__icontains=f"-{begun}")
    place = Case(When(begins, then=Value(0)), default=Value(1))
    found = rows.filter(begins | within).annotate(place=place).order_by("place", "name", key)
    yield from found.values_list(key, "name")[:MOST]


def _of(model: type[Service] | type[Team] | type[CauseCategory], none: str = "") -> Callable[[str, date], Values]:
    def values(begun: str, today: date) -> Values:
        yield from _named(model.objects.all(), "slug", begun)
        if none and NONE.startswith(begun):
            yield NONE, none

    return values


def _people(begun: str, today: date) -> Values:
    if "me".startswith(begun):
        yield "me", "you"
    yield from _named(Person.objects.filter(is_active=True), "username", begun)
    if NONE.startswith(begun):
        yield NONE, "nobody"


def _one_of(values: dict[str, str]) -> Callable[[str, date], Values]:
    def offered(begun: str, today: date) -> Values:
        yield from (one for one in values.items() if one[0].startswith(begun))

    return offered


def _days(begun: str, today: date) -> Values:
    forms = [
        ("today", ""),
        ("+7d", "in a week"),
        ("+1m", "in a month"),
        ("7d", "a week ago"),
        ("1m", "a month ago"),
        (f"{today:%Y-%m}", "this month"),
        (f"{today:%Y-%m-%d}", "today"),
        (f"{today:%Y}", "this year"),
    ]
    yield from (one for one in forms if one[0].startswith(begun))


def _quarters(begun: str, today: date) -> Values:
    year, quarter = today.year, (today.month + 2) // 3
    for number in range(year * 4 + quarter, year * 4 + quarter - 6, -1):
        value = f"{(number - 1) // 4}-Q{(number - 1) % 4 + 1}"
        if value.lower().startswith(begun):
            yield value, ""


_VALUES: dict[str, Callable[[str, date], Values]] = {
    "owner": _people,
    "team": _of(Team, "no team"),
    "service": _of(Service),
    "cause": _of(CauseCategory, "no category"),
    "severity": _one_of(dict.fromkeys(BOARD.values["severity"], "")),
    "status": _one_of({value: str(label) for value, label in ActionStatus.choices}),
    "kind": _one_of({value: str(label) for value, label in ActionKind.choices}),
    "is": _one_of(STATES),
    "after": _days,
    "before": _days,
    "quarter": _quarters,
}
