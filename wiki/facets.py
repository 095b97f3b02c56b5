"""How many entries match, and of how many services, causes, severities and quarters: one query for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models import Value as Constant
from django.db.models.functions import TruncQuarter

from wiki.matching import Matching, newest_first, nodes_in

COUNTED = 5_000  # matches that are counted one by one; of more, the newest
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
    facets: dict[str, list[Value]]
    words_ignored: bool = False


NOTHING = Counts(0, True, {kind: [] for kind in KINDS})


_FACETS = {
    "service": """
        SELECT 'service', s.slug, s.name, c.n FROM (
            SELECT unnest(service_ids) AS id, count(*) AS n FROM {matched} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {shown}
        ) c JOIN catalog_service s USING (id)""",
    "cause": """
        SELECT 'cause', s.slug, s.name, c.n FROM (
            SELECT unnest(cause_ids) AS id, count(*) AS n FROM {matched} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {shown}
        ) c JOIN catalog_causecategory s USING (id)""",
    "severity": """
        SELECT 'severity', severity, upper(severity), count(*) FROM {matched} WHERE severity <> '' GROUP BY severity""",
    "quarter": """
        (SELECT 'quarter', to_char(quarter, 'YYYY"-Q"Q'), to_char(quarter, '"Q"Q YYYY'), count(*) FROM {matched}
        GROUP BY quarter ORDER BY quarter DESC LIMIT {shown})""",
}


def count(matching: Matching) -> Counts:
    """Counts of what matches, bounded to the newest matches. One query.

    The values of a facet are counted without the filters of its own kind, so that they say what one more value would
    add.
    """
    filtered = {one.kind for one in matching.query.filters if one.kind in KINDS and not one.negated}
    sources = {"": _source(matching), **{kind: _source(matching, kind) for kind in sorted(filtered)}}
    tables = {kind: f"matched_{kind}" for kind, source in sources.items() if source is not None}
    if "" not in tables:
        return NOTHING
    parts = [
        _FACETS[kind].format(matched=tables[kind if kind in filtered else ""], shown=SHOWN)
        for kind in KINDS
        if (kind if kind in filtered else "") in tables
    ]
    bodies = {kind: source for kind, source in sources.items() if source is not None}
    matched = ", ".join(f"{tables[kind]} AS MATERIALIZED ({sql})" for kind, (sql, _) in bodies.items())
    total = "SELECT '', '', min(nodes)::text, count(*) FROM matched_"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {matched} {' UNION ALL '.join([total, *parts])}",
            [value for _, values in bodies.values() for value in values],
        )
        rows = cursor.fetchall()
    return _counts(rows)


def _source(matching: Matching, without_kind: str = "") -> tuple[str, tuple[Any, ...]] | None:
    """The newest matches as SQL with its values; None when nothing can match."""
    entries: QuerySet[Any, Any] = newest_first(matching.entries(without_kind=without_kind))
    words = matching.words()
    columns = entries.values(
        "service_ids",
        "cause_ids",
        "severity",
        quarter=TruncQuarter(F("occurred_at")),
        nodes=Constant(1) if words is None else nodes_in(words),
    )
    try:
        return columns[: COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return None


def _counts(rows: Iterable[tuple[str, str, str, int]]) -> Counts:
    facets: dict[str, list[Value]] = {kind: [] for kind in KINDS}
    total, ignored = 0, False
    for kind, value, label, found in rows:
        if kind:
            facets[kind].append(Value(value, label, found))
        else:
            total, ignored = found, label == "0"
    for kind in ("service", "cause"):
        facets[kind].sort(key=lambda one: (-one.count, one.label.lower()))
    facets["severity"].sort(key=lambda one: one.value)
    facets["quarter"].sort(key=lambda one: one.value, reverse=True)
    return Counts(min(total, COUNTED), total <= COUNTED, facets, ignored)
