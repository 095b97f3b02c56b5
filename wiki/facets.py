"""What a search looks at, in one query: which entries match, in their order, how many, and what these are about.

PostgreSQL gathers what the matches are about, and it is counted here: that takes it a fraction of the time of counting
it itself.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any

from django.db import connection

from wiki.matching import Matching
from wiki.remembered import CHANGES, Remembered, State, changes_in

LOOKED_AT = 1_000  # the newest matches: so many are counted, and so many are ranked
LENGTH_COUNTS = 1  # divide a rank by 1 + the logarithm of the document's length
SHOWN = 8
KINDS = ("service", "cause", "severity", "quarter")
_REMEMBERED: "Remembered[Looked]" = Remembered(1_000)


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
    """Keys of the entries in the order asked for, and counts. `numbers` has the commonest values of each kind, services
    and causes by their keys. `gave_up`: a phrase was not looked for everywhere.
    """

    keys: Sequence[int]
    count: int
    is_exact: bool
    numbers: Mapping[str, Sequence[tuple[Any, int]]]
    words_ignored: bool
    gave_up: bool


# What is gathered of the matches for each kind; `_counted` reads it.
_GATHERED = {
    "service": "string_agg(array_to_string(service_ids, ','), ',')",
    "cause": "string_agg(array_to_string(cause_ids, ','), ',')",
    "severity": "string_agg(severity, ',')",
    "quarter": "array_agg(floor(date_part('epoch', occurred_at))::bigint)",
}
_ASKED_OF = "incident_id, occurred_at, service_ids, cause_ids, severity"
_NEWEST_KEYS = "array_agg(incident_id) FILTER (WHERE fits)"
_RANKED_KEYS = "array_agg(incident_id ORDER BY rank DESC, occurred_at DESC, incident_id DESC) FILTER (WHERE fits)"
_RANK = "ts_rank(vector, {words}, {length}) AS rank"


def look(matching: Matching, state: State | None, *, ranked: bool) -> Looked:
    """The newest matches, and counts of them. One query; none where nothing has changed since the same was asked, for a
    reader in this `state`; without one the access rule is asked, and nothing remembered.

    The values of a facet are counted without the filters of its own kind, so that they say what one more value would
    add.
    """
    if state is None:
        return _look(matching, ranked)[1]
    question = (matching.question, ranked)
    if (known := _REMEMBERED.get(state, question)) is not None:
        return known
    changes, looked = _look(replace(matching, seen=state.seen), ranked)
    _REMEMBERED.keep(State(changes, state.seen), question, looked)
    return looked


def _look(matching: Matching, ranked: bool) -> tuple[tuple[str, ...], Looked]:
    words = matching.words()
    filtered = [kind for kind in KINDS if any(one.kind == kind and not one.negated for one in matching.query.filters)]
    rank = f", {_RANK.format(words=words.sql, length=LENGTH_COUNTS)}" if ranked else ""
    sources = {"": matching.newest(f"{_ASKED_OF}{rank}", LOOKED_AT + 1)}
    sources |= {kind: matching.newest(_ASKED_OF, LOOKED_AT, without_kind=kind) for kind in filtered}
    tables = ", ".join(f"matched_{kind} AS MATERIALIZED ({source.sql})" for kind, source in sources.items())
    gathered = [
        f"(SELECT {_GATHERED[kind]} FROM matched_{kind} WHERE fits)"  # noqa: S608
        if kind in filtered
        else f"{_GATHERED[kind]} FILTER (WHERE fits)"
        for kind in KINDS
    ]
    values: dict[str, Any] = {"examined": matching.examined}
    for source in sources.values():
        values |= source.values
    columns = [
        CHANGES,
        f"numnode({words.sql or 'NULL::tsquery'})",
        "count(*) FILTER (WHERE fits)",
        "coalesce(max(examined), 0) >= %(examined)s",
        _RANKED_KEYS if ranked else _NEWEST_KEYS,
        *gathered,
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {tables} SELECT {', '.join(columns)} FROM matched_", values)  # noqa: S608
        changes, nodes, count, gave_up, found, *told = cursor.fetchone()
    numbers = {kind: _counted(kind, one, matching.zone) for kind, one in zip(KINDS, told, strict=True)}
    is_exact = count <= LOOKED_AT and not gave_up
    looked = Looked(found or [], min(count, LOOKED_AT), is_exact, numbers, nodes == 0, gave_up)
    return changes_in(changes), looked


def counts_of(looked: Looked, names: Mapping[tuple[str, int], tuple[str, str]]) -> Counts:
    """The counts with the values as they are called now: `names` has slug and name of services and causes."""
    facets: dict[str, tuple[Value, ...]] = {
        kind: tuple(
            sorted(
                (Value(*names[kind, key], number) for key, number in looked.numbers[kind] if (kind, key) in names),
                key=lambda one: (-one.count, one.label.lower()),
            )
        )
        for kind in ("service", "cause")
    }
    facets["severity"] = tuple(Value(one, one.upper(), number) for one, number in sorted(looked.numbers["severity"]))
    facets["quarter"] = tuple(
        Value(f"{year}-Q{quarter}", f"Q{quarter} {year}", number)
        for (year, quarter), number in looked.numbers["quarter"]
    )
    return Counts(looked.count, looked.is_exact, facets, looked.words_ignored)


def keys_further_down(matching: Matching, *, start: int, most: int) -> list[int]:
    """The keys of the entries from place `start` on, the newest first, beyond what is looked at. One query."""
    source = matching.newest("incident_id", start + most)
    sql = f"SELECT incident_id FROM ({source.sql}) AS matched WHERE fits OFFSET %(start)s LIMIT %(most)s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {**source.values, "start": start, "most": most})
        return [key for (key,) in cursor.fetchall()]


def _counted(kind: str, told: Any, zone: tzinfo) -> Sequence[tuple[Any, int]]:
    if not told:
        return []
    if kind == "quarter":
        return list(islice(_quarters(sorted(told, reverse=True), zone), SHOWN))
    counted = Counter(told.split(","))
    del counted[""]
    if kind == "severity":
        return list(counted.items())
    commonest = sorted(((int(key), number) for key, number in counted.items()), key=lambda one: (-one[1], one[0]))
    return commonest[:SHOWN]


def _quarters(instants: Sequence[int], zone: tzinfo) -> Iterable[tuple[tuple[int, int], int]]:
    """Quarters in `zone` with how many of the instants, the newest first, are in each."""
    at = 0
    while at < len(instants):
        local = datetime.fromtimestamp(instants[at], zone)
        quarter = (local.month + 2) // 3
        start = datetime(local.year, 3 * quarter - 2, 1, tzinfo=zone).timestamp()
        end = max(bisect_right(instants, -start, lo=at, key=lambda instant: -instant), at + 1)
        yield (local.year, quarter), end - at
        at = end
