"""The page of figures: each number beside the address of what it counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Person
from catalog.models import Team
from core.query_language import Message
from followup.figures.factors import Factors, factors_by_review, summed
from followup.figures.items import Counted, Item
from followup.figures.selections import (
    CLOSED,
    DONE,
    DROPPED,
    HELD,
    LATENESS,
    UNFINISHED,
    WITH_DUE,
    Selection,
    age_of,
    ages,
    done_in,
    due_in,
    due_in_and_done,
    due_in_and_done_in_time,
)
from followup.figures.spread import Spread, spread_of

QUARTERS = 8
NO_TEAM = "none"

Groups = dict[str, dict[int | None, list[Item]]]  # items by quarter and team


@dataclass(frozen=True)
class Number:
    """A count and where its items are listed; `percent` is how long its bar is, or its share."""

    label: str
    count: int
    url: str
    percent: int = 0


@dataclass(frozen=True)
class Cell:
    """Of a team, what was due in a quarter, what of it is done, and done in time."""

    due: Number
    done: Number
    in_time: Number


@dataclass(frozen=True)
class TeamLine:
    """A team's quarters, the latest first: that one is seen on a phone."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Figures:
    """All of it. `quarters` are those of `teams`, the latest first; `done` has the earliest first, as time runs."""

    text: str
    messages: list[Message]
    total: int
    quarters: list[str]
    done: list[Number]
    done_all: Number
    teams: list[TeamLine]
    ages: list[Number]
    unfinished: Number
    age: Spread
    lateness: list[Number]
    late: Spread
    with_due: Number
    taken: Spread
    dropped: Number
    closed: Number
    factors: Factors
    factors_url: str
    held: list[Number]
    known: int


def figures_of(person: Person, counted: Counted) -> Figures:
    """The figures of these items. Two queries."""
    items, today, text = counted.items, counted.today, counted.query.text
    quarters = last_quarters(today)
    done, unfinished = DONE.of(items), UNFINISHED.of(items)
    narrowed = [item.pk for item in items] if text else None
    factors = summed(factors_by_review(person, narrowed))
    held = _numbers(HELD, done, text)
    return Figures(
        text=text,
        messages=counted.messages,
        total=len(items),
        quarters=quarters[::-1],
        done=_numbers([done_in(quarter) for quarter in quarters], done, text, quarters),
        done_all=_number(DONE, done, text),
        teams=_teams(items, quarters[::-1], text),
        ages=_numbers(ages(today), unfinished, text),
        unfinished=_number(UNFINISHED, unfinished, text),
        age=spread_of(age_of(item, today) for item in unfinished),
        lateness=_numbers(LATENESS, done, text),
        late=spread_of(item.days_late for item in done if item.days_late is not None),
        with_due=_number(WITH_DUE, done, text),
        taken=spread_of(item.days_taken for item in done if item.days_taken is not None),
        dropped=_number(DROPPED, items, text, of=len(CLOSED.of(items))),
        closed=_number(CLOSED, items, text),
        factors=factors,
        factors_url=f"{reverse('action-figure-factors')}?{urlencode({'q': text})}",
        held=held,
        known=sum(one.count for one in held[:2]),
    )


def last_quarters(today: date) -> list[str]:
    """The names of the last quarters up to the present one, the earliest first."""
    present = today.year * 4 + (today.month - 1) // 3
    return [f"{number // 4}-Q{number % 4 + 1}" for number in range(present - QUARTERS + 1, present + 1)]


def listing(selection: Selection, text: str, team: str = "") -> str:
    """The address of the list of a selection; `team` is a slug or NO_TEAM."""
    asked = {"of": selection.name, "team": team, "q": text}
    return f"{reverse('action-figure')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _number(selection: Selection, items: Sequence[Item], text: str, *, of: int = 0, team: str = "") -> Number:
    count = len(selection.of(items))
    return Number(selection.label, count, listing(selection, text, team), round(100 * count / of) if of else 0)


def _numbers(
    selections: Sequence[Selection], items: Sequence[Item], text: str, labels: Sequence[str] = ()
) -> list[Number]:
    """As bars: the longest is as long as there is room."""
    counts = [len(one.of(items)) for one in selections]
    most = max(counts, default=0)
    names = labels or [one.label for one in selections]
    return [
        Number(name, count, listing(one, text), round(100 * count / most) if most else 0)
        for name, one, count in zip(names, selections, counts, strict=True)
    ]


def _teams(items: Sequence[Item], quarters: Sequence[str], text: str) -> list[TeamLine]:
    """A line for each team that had anything due in these quarters, by name; one for all comes first. One query."""
    groups: Groups = {quarter: defaultdict(list) for quarter in quarters}
    for quarter, by_team in groups.items():
        for item in due_in(quarter).of(items):
            by_team[item.team].append(item)
    keys = {key for by_team in groups.values() for key in by_team}
    if not keys:
        return []
    teams = list(Team.objects.filter(pk__in=[key for key in keys if key]).order_by("name"))
    everything = {quarter: [item for some in by_team.values() for item in some] for quarter, by_team in groups.items()}
    lines = [_line("All", everything, text, "")]
    lines += [_line(team.name, _of_team(groups, team.pk), text, team.slug) for team in teams]
    if teams and None in keys:
        lines.append(_line("No team", _of_team(groups, None), text, NO_TEAM))
    return lines


def _of_team(groups: Groups, team: int | None) -> dict[str, list[Item]]:
    return {quarter: by_team.get(team, []) for quarter, by_team in groups.items()}


def _line(label: str, by_quarter: dict[str, list[Item]], text: str, team: str) -> TeamLine:
    return TeamLine(label, [_cell(items, quarter, text, team) for quarter, items in by_quarter.items()])


def _cell(items: Sequence[Item], quarter: str, text: str, team: str) -> Cell:
    return Cell(
        _number(due_in(quarter), items, text, team=team),
        _number(due_in_and_done(quarter), items, text, of=len(items), team=team),
        _number(due_in_and_done_in_time(quarter), items, text, of=len(items), team=team),
    )
