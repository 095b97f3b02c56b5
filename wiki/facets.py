"""What a search looks at, in one query: which entries stand on a page, how many match, and what these are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wiki.matching import Matching

LOOKED_AT = 1_000  # the newest matches: so many are counted, and so many are ranked
LENGTH_COUNTS = 1  # divide a rank by 1 + the logarithm of the document's length
SHOWN = 8
KINDS = ("service", "cause", "severity", "quarter")


@dataclass(frozen=True)
class Value:
    """A value of a facet and how many matches have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Counts:
    """How many entries match, and what they are about; where it is not exact there are more than `count`.

    `words_ignored`: all words were too common to search for, or were none.
    """

    count: int
    is_exact: bool
    facets: dict[str, tuple[Value, ...]]
    words_ignored: bool = False


@dataclass(frozen=True)
class Looked:
    """Keys of the entries in the order asked for, and counts. `gave_up`: a phrase was not looked for everywhere."""

    keys: list[int]
    counts: Counts
    gave_up: bool


NOTHING = Counts(0, True, dict.fromkeys(KINDS, ()))

_FACETS = {
    "service": """
        SELECT 'service', s.slug, s.name, c.n FROM (
            SELECT unnest(service_ids) AS id, count(*) AS n FROM {matched} WHERE fits
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {shown}
        ) c JOIN catalog_service s USING (id)""",
    "cause": """
        SELECT 'cause', s.slug, s.name, c.n FROM (
            SELECT unnest(cause_ids) AS id, count(*) AS n FROM {matched} WHERE fits
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {shown}
        ) c JOIN catalog_causecategory s USING (id)""",
    "severity": """
        SELECT 'severity', severity, upper(severity), count(*) FROM {matched}
        WHERE fits AND severity <> '' GROUP BY severity""",
    "quarter": """
        SELECT 'quarter', to_char(quarter, 'YYYY"-Q"Q'), to_char(quarter, '"Q"Q YYYY'), n FROM (
            SELECT date_trunc('quarter', occurred_at AT TIME ZONE %(zone)s) AS quarter, count(*) AS n
            FROM {matched} WHERE fits GROUP BY 1 ORDER BY 1 DESC LIMIT {shown}
        ) q""",
}
_TOTAL = """
    SELECT 'total', numnode({words})::text, (coalesce(max(examined), 0) >= %(examined)s)::text,
        count(*) FILTER (WHERE fits) FROM matched_"""
_KEYS = """
    SELECT 'key', incident_id::text, '', place FROM (
        SELECT incident_id, row_number() OVER (ORDER BY {order}) AS place FROM matched_ WHERE fits
    ) placed WHERE place > %(start)s AND place <= %(start)s + %(most)s"""


def look(matching: Matching, *, ranked: bool, start: int, most: int) -> Looked:
    """The entries from place `start` on, and counts of what matches, bounded to the newest matches. One query.

    The values of a facet are counted without the filters of its own kind, so that they say what one more value would
    add.
    """
    words = matching.words()
    columns = "incident_id, occurred_at, service_ids, cause_ids, severity"
    order = "occurred_at DESC, incident_id DESC"
    every = columns
    if ranked:
        every, order = f"{columns}, ts_rank(vector, {words.sql}, {LENGTH_COUNTS}) AS rank", f"rank DESC, {order}"
    filtered = [kind for kind in KINDS if any(one.kind == kind and not one.negated for one in matching.query.filters)]
    sources = {"": matching.newest(every, LOOKED_AT + 1)}
    sources |= {kind: matching.newest(columns, LOOKED_AT, without_kind=kind) for kind in filtered}
    tables = ", ".join(f"matched_{kind} AS MATERIALIZED ({source.sql})" for kind, source in sources.items())
    parts = [
        _TOTAL.format(words=words.sql or "NULL::tsquery"),
        _KEYS.format(order=order),
        *(_FACETS[kind].format(matched=f"matched_{kind if kind in filtered else ''}", shown=SHOWN) for kind in KINDS),
    ]
    values: dict[str, Any] = {"start": start, "most": most, "zone": str(matching.zone), "examined": matching.examined}
    for source in sources.values():
        values |= source.values
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {tables} {' UNION ALL '.join(parts)}", values)
        return _looked(cursor.fetchall())


def keys_further_down(matching: Matching, *, start: int, most: int) -> list[int]:
    """The keys of the entries from place `start` on, the newest first, beyond what is looked at. One query."""
    source = matching.newest("incident_id", start + most)
    sql = f"SELECT incident_id FROM ({source.sql}) AS matched WHERE fits OFFSET %(start)s LIMIT %(most)s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {**source.values, "start": start, "most": most})
        return [key for (key,) in cursor.fetchall()]


def _looked(rows: Iterable[tuple[str, str, str, int]]) -> Looked:
    facets: dict[str, list[Value]] = {kind: [] for kind in KINDS}
    places: dict[int, int] = {}
    total, ignored, gave_up = 0, False, False
    for kind, value, label, found in rows:
        if kind == "total":
            total, ignored, gave_up = found, value == "0", label == "true"
        elif kind == "key":
            places[found] = int(value)
        else:
            facets[kind].append(Value(value, label, found))
    for kind in ("service", "cause"):
        facets[kind].sort(key=lambda one: (-one.count, one.label.lower()))
    facets["severity"].sort(key=lambda one: one.value)
    facets["quarter"].sort(key=lambda one: one.value, reverse=True)
    is_exact = total <= LOOKED_AT and not gave_up
    values = {kind: tuple(listed) for kind, listed in facets.items()}
    keys = [key for _, key in sorted(places.items())]
    return Looked(keys, Counts(min(total, LOOKED_AT), is_exact, values, ignored), gave_up)
