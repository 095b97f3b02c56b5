"""Which part of a query that found nothing to drop, so that something is found."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from core.query_language import Filter, Term
from wiki.matching import Matching, Statement

TRIED = 8  # parts of a query that are left out by turns
COUNTED = 1_000


@dataclass(frozen=True)
class Drop:
    """A part of the query, and how many reviews the rest finds; more than `count` where it is not exact."""

    part: str
    query: str
    count: int
    is_exact: bool


@dataclass(frozen=True)
class Suggestions:
    """Ways on from a query that found nothing."""

    drops: list[Drop]


def suggest(matching: Matching) -> Suggestions:
    """Ways on that find something the person may see. At most one query."""
    parts = list(_droppable(matching))[:TRIED]
    statements = [
        _counted(number, matching.newest("1", COUNTED + 1, without=part)) for number, part in enumerate(parts)
    ]
    drops = []
    for number, found in _rows(statements):
        if found:
            part = parts[number]
            written = matching.query.text[part.start : part.end]
            drops.append(Drop(written, matching.query.without(part), min(found, COUNTED), found <= COUNTED))
    return Suggestions(sorted(drops, key=lambda drop: -drop.count))


def _droppable(matching: Matching) -> Iterator[Term | Filter]:
    """The parts without which more is found: not one of several alternatives, and not all there is."""
    query = matching.query
    if len(query.terms) + len(query.filters) < 2:
        return
    for group in query.groups:
        if len(group) > 1 or len(query.groups) == 1:
            yield from group
    positive = [one.kind for one in query.filters if not one.negated]
    for one in query.filters:
        if one.negated or positive.count(one.kind) == 1:
            yield one


def _counted(number: int, source: Statement) -> Statement:
    sql = f"SELECT {number}, count(*) FROM ({source.sql}) AS counted WHERE fits"  # noqa: S608
    return Statement(sql, source.values)


def _rows(statements: list[Statement]) -> list[tuple[int, int]]:
    if not statements:
        return []
    values = {name: value for statement in statements for name, value in statement.values.items()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({statement.sql})" for statement in statements), values)
        return list(cursor.fetchall())
