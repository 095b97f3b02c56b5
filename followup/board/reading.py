"""Reading the board: groups with their counts, and the first items of each, in one statement."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import Person
from core.query_language import Message, Query, read_query
from followup.board.cards import Card, cards_of
from followup.board.dimensions import DIMENSIONS, NOBODY, ROLE, STATUS, Dimension
from followup.board.known import KnownValues, look_up
from followup.board.matching import OVERDUE_SQL, TABLES, UNFINISHED_SQL, Matching
from followup.board.vocabulary import BOARD

IN_COLUMN = 20  # items of a group that stands beside others
IN_LIST = 8  # of one that stands below others
ALONE = 50  # of one that is shown alone
GROUPS = 12  # that stand below each other
_LAST_GROUP = 100_000

# An item's `place` in its group is one whole number, so that sorting many is cheap and one comparison leads on from the
# last item that was shown: unfinished items come first, by due date; then the finished ones, the latest first.
_MATCHING = """
    SELECT {distinct} actions_actionitem.id, {key} AS key, {overdue} AS overdue, CASE WHEN {unfinished}
        THEN COALESCE(actions_actionitem.due - date '2000-01-01', 1000000000)
        ELSE 2000000000 + (
            date '2000-01-01' - COALESCE(actions_actionitem.done_at, actions_actionitem.created_at)::date
        ) END AS place
    FROM {tables} {joined} WHERE {condition}
"""
_GROUPS = """
    WITH matching AS MATERIALIZED ({matching}), counted AS (
        SELECT key, count(*) AS total, count(*) FILTER (WHERE overdue) AS overdue FROM matching GROUP BY key
    ), shown AS MATERIALIZED (
        SELECT *, count(*) OVER () AS groups, {everything} AS everything FROM counted WHERE {which}
        ORDER BY key <> '{nobody}', total DESC, key LIMIT {groups} OFFSET {start}
    ), picked AS {whether_picked} (SELECT matching.* FROM matching WHERE {picked})
    SELECT shown.key, total, shown.overdue, groups, everything, top.id, top.place
    FROM shown CROSS JOIN LATERAL (
        SELECT * FROM picked WHERE picked.key = shown.key AND {after} ORDER BY place, id LIMIT {most}
    ) AS top
    ORDER BY shown.key <> '{nobody}', total DESC, shown.key, top.place, top.id
"""
_CURSOR = re.compile(r"(-?\d{1,10})~(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Group:
    """Items that have something in common. `next` leads on from the last card, empty where there are no more.

    `value` is what an item is given that moves here, empty where that says nothing.
    """

    key: str
    label: str
    total: int
    overdue: int
    cards: list[Card]
    next: str = ""
    value: str = ""


@dataclass(frozen=True)
class Board:
    """What was asked for and what there is. `groups_before` were left out in front of `groups`."""

    query: Query
    known: KnownValues
    by: Dimension
    groups: list[Group]
    total: int
    all_groups: int = 0
    groups_before: int = 0
    only: str = ""

    @property
    def messages(self) -> list[Message]:
        """What was not understood."""
        return [*self.query.messages, *self.known.messages]


@dataclass(frozen=True)
class Asked:
    """Which part of which board: by which dimension, from which group on, or only one group after a cursor."""

    text: str = ""
    by: str = ""
    start: int = 0
    only: str = ""
    after: str = ""


def read_board(person: Person, asked: Asked, today: date) -> Board:
    """The board as `person` may see it. Three queries, one without items, and one more where filters name something."""
    query = read_query(asked.text, today, BOARD)
    known = look_up(query, person)
    by = DIMENSIONS.get(asked.by, STATUS)
    matching = Matching(person, query, known, today)
    rows = _rows(matching, by, asked)
    cards = cards_of(person, [row.item for row in rows], matching)
    totals = {row.key: row for row in rows}
    keys = [*by.labels] if by.has_columns and not asked.only else [*totals]
    found = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    most = _most(by, asked)
    names = _names(by, found, cards)
    return Board(
        query=query,
        known=known,
        by=by,
        groups=[_group(by, key, found[key], cards, names.get(key, ""), most) for key in keys],
        total=next((row.everything for row in rows), 0),
        all_groups=next((row.groups for row in rows), 0),
        groups_before=0 if by.has_columns else asked.start,
        only=asked.only,
    )


@dataclass(frozen=True)
class _Row:
    key: str
    total: int
    overdue: int
    groups: int
    everything: int
    item: int
    place: int

    @property
    def cursor(self) -> str:
        return f"{self.place}~{self.item}"


def _most(by: Dimension, asked: Asked) -> int:
    return ALONE if asked.only else IN_COLUMN if by.has_columns else IN_LIST


def _rows(matching: Matching, by: Dimension, asked: Asked) -> list[_Row]:
    condition, told = matching.condition, matching.owner_told
    values: dict[str, Any] = {**condition.values, **told.values, "sunday": matching.week_ends, "only": asked.only[:40]}
    after = "true"
    if found := _CURSOR.fullmatch(asked.after):
        after = "(place, id) > (%(after_place)s::bigint, %(after_item)s::bigint)"
        values |= {"after_place": found[1], "after_item": found[2]}
    items = _MATCHING.format(
        distinct="DISTINCT" if by.joined else "",
        key=by.key.format(owner_told=told.sql),
        overdue=OVERDUE_SQL,
        unfinished=UNFINISHED_SQL,
        tables=TABLES,
        joined=by.joined,
        condition=condition.sql,
    )
    statement = _GROUPS.format(
        matching=items,
        everything="(SELECT count(DISTINCT id) FROM matching)" if by.joined else "sum(total) OVER ()",
        which="key = %(only)s" if asked.only else "true",
        nobody=NOBODY,
        whether_picked="NOT MATERIALIZED" if by.has_columns else "MATERIALIZED",
        picked="true" if by.has_columns else "key IN (SELECT key FROM shown)",
        groups=len(by.labels) or GROUPS,
        start=0 if by.has_columns or asked.only else min(asked.start, _LAST_GROUP),
        after=after,
        most=_most(by, asked) + 1,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [_Row(*row) for row in cursor.fetchall()]


def _group(by: Dimension, key: str, rows: list[_Row], cards: dict[int, Card], label: str, most: int) -> Group:
    shown = rows[:most]
    own = [cards[row.item] for row in shown if row.item in cards]
    return Group(
        key=key,
        label=label,
        total=rows[0].total if rows else 0,
        overdue=rows[0].overdue if rows else 0,
        cards=own,
        next=shown[-1].cursor if len(rows) > most else "",
        value=by.value_of(key, own[0].owner_name if own else ""),
    )


def _names(by: Dimension, found: dict[str, list[_Row]], cards: dict[int, Card]) -> dict[str, str]:
    """How the groups are called: as the dimension says, or as an item in each says."""
    if by.has_columns:
        return by.labels
    said = {"owner": "Nobody", "team": "No team", "factor": "Removes no factor"}[by.name]
    names = {NOBODY: said, ROLE: "People known by their role", "other": "Factors without a category"}
    for key, rows in found.items():
        if key not in names:
            names[key] = next((cards[row.item].name_in(by.name, key) for row in rows if row.item in cards), "")
    return names
