"""Where to invest: services and cause categories ranked by a score whose parts are shown.

Each part is a sum over the reviews of the span, divided by the largest such sum among the ranked, so that it runs from
0 to 1; the score is the weighted mean of the parts, in percent. The weights are the reader's to change.

    impact      minutes from the beginning of the impact to its end, where known
    recurrence  reviews beyond the first that share a root cause with another one of the same service
    severity    points: 8 for SEV1, 4, 2, 1, and 0.5 for SEV5; 1 where it is not rated
    actions     action items of these reviews that are not finished
    trend       how many more reviews there are than in the span before
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.models import UNFINISHED
from core.text import one_line, whole_number
from learning.trends.selection import Selection, asked

PARTS = ("impact", "recurrence", "severity", "actions", "trend")
USUAL_WEIGHT, MOST_WEIGHT = 3, 10
KINDS = ("service", "cause")
_COLUMNS = {"service": "service_ids", "cause": "cause_ids"}
_POINTS = "CASE severity WHEN 'sev1' THEN 8 WHEN 'sev2' THEN 4 WHEN 'sev3' THEN 2 WHEN 'sev5' THEN 0.5 ELSE 1 END"
_RANKED = """
    WITH seen AS MATERIALIZED ({seen}),
    open_items AS (
        SELECT incident_id, count(*) AS n FROM actions_actionitem WHERE status = ANY(%(unfinished)s) GROUP BY 1
    ),
    summed AS (
        SELECT key, count(*) FILTER (WHERE is_now) AS now, count(*) FILTER (WHERE NOT is_now) AS before,
            COALESCE(sum(impact) FILTER (WHERE is_now), 0) / 60 AS impact,
            COALESCE(sum({points}) FILTER (WHERE is_now), 0)::float8 AS severity,
            COALESCE(sum(open_items.n) FILTER (WHERE is_now), 0)::float8 AS actions
        FROM seen LEFT JOIN open_items ON open_items.incident_id = seen.id, unnest({column}) AS key
        GROUP BY key
    ),
    again AS (
        SELECT key, sum(n - 1) AS n FROM (
            SELECT {again} AS key, count(*) AS n
            FROM seen, unnest(service_ids) AS service, unnest(root_cause_ids) AS cause
            WHERE is_now GROUP BY service, cause HAVING count(*) > 1
        ) AS pairs GROUP BY key
    )
    SELECT summed.key, now, before, impact, COALESCE(again.n, 0)::float8, severity, actions,
        greatest(now - before, 0)::float8
    FROM summed LEFT JOIN again USING (key) WHERE now > 0
"""


@dataclass(frozen=True)
class Part:
    """One part of a score: the sum itself, and its share of the largest, from 0 to 1."""

    name: str
    value: float
    share: float


@dataclass(frozen=True)
class Ranked:
    """A service or cause category by its key, with its score from 0 to 100."""

    key: int
    reviews: int
    before: int
    score: float
    parts: tuple[Part, ...]


def weights_of(given: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """The weights that an address gives (?weight-impact=5), from 0 to MOST_WEIGHT, and what was not understood."""
    weights, problems = dict.fromkeys(PARTS, USUAL_WEIGHT), []
    for name in PARTS:
        written = one_line(given.get(f"weight-{name}", ""))[:20]
        weight = whole_number(written)
        if weight is not None and weight <= MOST_WEIGHT:
            weights[name] = weight
        elif written:
            problems.append(
                f"The weight of {name} is a whole number from 0 to {MOST_WEIGHT}; “{written}” was left out."
            )
    return weights, problems


def ranked(selection: Selection, kind: str, weights: Mapping[str, int]) -> list[Ranked]:
    """All services or cause categories ("service", "cause") of the selection, the highest score first. One statement,
    and one for the room that it works in."""
    seen, values = selection.seen(with_before=True)
    sql = _RANKED.format(seen=seen, points=_POINTS, column=_COLUMNS[kind], again=kind)
    rows = asked(sql, values | {"unfinished": list(UNFINISHED)})
    most = [max((row[3 + at] for row in rows), default=0) for at in range(len(PARTS))]
    found = [_scored(row, most, weights) for row in rows]
    return sorted(found, key=lambda one: (-one.score, -one.reviews, one.key))


def _scored(row: tuple[Any, ...], most: list[float], weights: Mapping[str, int]) -> Ranked:
    key, now, before, *sums = row
    parts = tuple(
        Part(name, float(value), float(value / largest) if largest else 0.0)
        for name, value, largest in zip(PARTS, sums, most, strict=True)
    )
    whole = sum(weights.values())
    score = 100 * sum(weights[part.name] * part.share for part in parts) / whole if whole else 0.0
    return Ranked(key, now, before, score, parts)
