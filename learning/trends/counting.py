"""The counts of a page of trends, in one statement over one pass of the reviews that it is about."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.queries import merged_causes
from learning.trends.selection import EDGES, HOUR, INTERVALS, Selection, asked

RECURRING = 20
_LENGTHS = ", ".join(f"('{name}', {name})" for name in INTERVALS)
_SPREADS = ", ".join(
    f"count({name}) AS {name}_n, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {name}) AS {name}_at"
    for name in INTERVALS
)

# `seen` has a service, a category and a factor's category of a review once each, so nothing is counted twice.
_PARTS = {
    "steps": "SELECT step, is_now, count(*) AS n FROM seen GROUP BY 1, 2",
    "severities": "SELECT severity AS key, is_now, count(*) AS n FROM seen GROUP BY 1, 2",
    "causes": "SELECT key, step, is_now, count(*) AS n FROM seen, unnest(cause_ids) AS key GROUP BY 1, 2, 3",
    "services": "SELECT key, is_now, count(*) AS n FROM seen, unnest(service_ids) AS key GROUP BY 1, 2",
    "teams": """SELECT key, is_now, count(*) AS n FROM (
            SELECT DISTINCT seen.id, is_now, owner_id AS key
            FROM seen, unnest(service_ids) AS service JOIN catalog_service ON catalog_service.id = service
            WHERE owner_id IS NOT NULL
        ) AS owned GROUP BY 1, 2""",
    "hours": f"SELECT {HOUR} AS key, count(*) AS n FROM seen WHERE is_now AND has_hour GROUP BY 1",  # noqa: S608
    "detected": "SELECT detected_by AS key, is_now, count(*) AS n FROM seen GROUP BY 1, 2",
    "factors": "SELECT key, is_now, count(*) AS n FROM seen, unnest(factor_cause_ids) AS key GROUP BY 1, 2",
    "lengths": f"SELECT is_now, {_SPREADS} FROM seen GROUP BY 1",  # noqa: S608 - names that stand here
    "step_lengths": f"SELECT step, {_SPREADS} FROM seen WHERE is_now GROUP BY 1",  # noqa: S608
    "classes": f"""SELECT name, width_bucket(length, %(edges_of_classes)s::float8[]) AS key, count(*) AS n
        FROM seen, LATERAL (VALUES {_LENGTHS}) AS lengths(name, length)
        WHERE is_now AND length IS NOT NULL GROUP BY 1, 2""",  # noqa: S608
    "recurring": f"""SELECT service, cause, count(*) AS n, max(occurred_at) AS last
        FROM seen, unnest(service_ids) AS service, unnest(root_cause_ids) AS cause
        WHERE is_now GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 3 DESC, 4 DESC LIMIT {RECURRING}""",  # noqa: S608
    "items": """SELECT is_now, count(*) AS all, count(*) FILTER (WHERE status = 'done') AS done,
            count(*) FILTER (WHERE status = 'done' AND (done_at AT TIME ZONE %(zone)s)::date <= due) AS in_time,
            count(*) FILTER (WHERE status = 'done' AND due IS NOT NULL AND done_at IS NOT NULL) AS done_with_due,
            count(*) FILTER (WHERE status = 'wont-do') AS dropped
        FROM seen JOIN actions_actionitem ON incident_id = seen.id WHERE merged_into_id IS NULL GROUP BY 1""",
    "held": """SELECT answer AS key, is_now, count(*) AS n FROM (
            SELECT DISTINCT ON (action_id) action_id, is_now, answer FROM seen
            JOIN actions_actionitem AS item ON item.incident_id = seen.id
            JOIN followup_holdcheck AS held ON held.action_id = item.id AND held.done_at = item.done_at
            WHERE answer <> '' ORDER BY action_id, number DESC
        ) AS answers GROUP BY 1, 2""",
    "confirmed": """SELECT is_now, count(*) AS n FROM seen
        WHERE EXISTS (SELECT FROM reviews_recurrence WHERE review_id = seen.id) GROUP BY 1""",
}


@dataclass(frozen=True)
class Pair:
    """How many reviews have something, now and in the span before."""

    now: int = 0
    before: int = 0

    @property
    def change(self) -> int:
        """How many more they are than before."""
        return self.now - self.before


@dataclass(frozen=True)
class Lengths:
    """How lengths spread, in seconds: the middle, and what nine in ten do not exceed (interpolated)."""

    count: int = 0
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True)
class Length:
    """One interval: now, in the span before, in each step, and how many reviews fall in each class of EDGES."""

    now: Lengths
    before: Lengths
    steps: Mapping[str, Lengths]
    classes: Mapping[int, int]


@dataclass(frozen=True)
class Recurring:
    """A cause category that several incidents of one service have as their root cause; keys of both."""

    service: int
    cause: int
    count: int
    last: datetime


@dataclass(frozen=True)
class Items:
    """Action items of the reviews, without those merged into others; `in_time` are of `done_with_due`."""

    all: int = 0
    done: int = 0
    in_time: int = 0
    done_with_due: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class Counts:
    """Everything that is counted, by the keys of services, teams and cause categories; "" is what nobody stated."""

    total: Pair
    steps: Mapping[str, int]
    severities: Mapping[str, Pair]
    causes: Mapping[int, Pair]
    causes_by_step: Mapping[int, Mapping[str, int]]
    services: Mapping[int, Pair]
    teams: Mapping[int, Pair]
    hours: Mapping[int, int]
    detected: Mapping[str, Pair]
    factors: Mapping[int, Pair]
    lengths: Mapping[str, Length]
    recurring: list[Recurring]
    confirmed: Pair
    items: Items
    items_before: Items
    held: Mapping[str, Pair]


def count(selection: Selection) -> Counts:
    """Two statements, and one for the room that the first one works in."""
    seen, values = selection.seen(with_before=True)
    values |= {"edges_of_classes": list(EDGES)}
    parts = ", ".join(
        f"(SELECT COALESCE(json_agg(row)::text, '[]') FROM ({sql}) AS row) AS {name}"  # noqa: S608
        for name, sql in _PARTS.items()
    )
    [row] = asked(f"WITH seen AS MATERIALIZED ({seen}) SELECT {parts}", values)
    found = {name: json.loads(value) for name, value in zip(_PARTS, row, strict=True)}
    return _counts(found, selection.span.steps, merged_causes())


def _counts(found: Mapping[str, list[dict[str, Any]]], steps: Sequence[str], merged: Mapping[int, int]) -> Counts:
    return Counts(
        total=_pair(found["steps"]),
        steps=_summed((steps[one["step"] - 1], one["n"]) for one in found["steps"] if one["is_now"]),
        severities=_pairs(found["severities"]),
        causes=_pairs(found["causes"]),
        causes_by_step={
            cause: _summed((steps[one["step"] - 1], one["n"]) for one in rows if one["is_now"])
            for cause, rows in _grouped(found["causes"]).items()
        },
        services=_pairs(found["services"]),
        teams=_pairs(found["teams"]),
        hours={one["key"]: one["n"] for one in found["hours"]},
        detected=_pairs(found["detected"]),
        factors=_pairs([one | {"key": merged.get(one["key"], one["key"])} for one in found["factors"]]),
        lengths={name: _length(name, found, steps) for name in INTERVALS},
        recurring=_recurring(found["recurring"], merged),
        confirmed=_pair(found["confirmed"]),
        items=_items(found["items"], is_now=True),
        items_before=_items(found["items"], is_now=False),
        held=_pairs(found["held"]),
    )


def _length(name: str, found: Mapping[str, list[dict[str, Any]]], steps: Sequence[str]) -> Length:
    whole = {one["is_now"]: _spread(one, name) for one in found["lengths"]}
    return Length(
        now=whole.get(True, Lengths()),
        before=whole.get(False, Lengths()),
        steps={steps[one["step"] - 1]: _spread(one, name) for one in found["step_lengths"] if one[f"{name}_n"]},
        classes={one["key"]: one["n"] for one in found["classes"] if one["name"] == name},
    )


def _items(rows: Iterable[dict[str, Any]], *, is_now: bool) -> Items:
    for one in rows:
        if one["is_now"] == is_now:
            return Items(**{name: number for name, number in one.items() if name != "is_now"})
    return Items()


def _recurring(rows: Iterable[Mapping[str, Any]], merged: Mapping[int, int]) -> list[Recurring]:
    return [
        Recurring(one["service"], merged.get(one["cause"], one["cause"]), one["n"], datetime.fromisoformat(one["last"]))
        for one in rows
    ]


def _spread(row: Mapping[str, Any], name: str) -> Lengths:
    return Lengths(row[f"{name}_n"], *row[f"{name}_at"]) if row[f"{name}_n"] else Lengths()


def _pair(rows: Iterable[Mapping[str, Any]]) -> Pair:
    sums = _summed((one["is_now"], one["n"]) for one in rows)
    return Pair(sums.get(True, 0), sums.get(False, 0))


def _pairs(rows: Iterable[dict[str, Any]]) -> dict[Any, Pair]:
    return {key: _pair(of_key) for key, of_key in _grouped(rows).items()}


def _grouped(rows: Iterable[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    groups = defaultdict(list)
    for one in rows:
        groups[one["key"]].append(one)
    return groups


def _summed(counted: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    sums: Counter[Any] = Counter()
    for key, number in counted:
        sums[key] += number
    return dict(sums)
