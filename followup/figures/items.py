"""Action items as plain data to count."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import Person
from actions.models import UNFINISHED, ActionStatus
from core.query_language import Message, Query, read_query
from followup.board.known import look_up
from followup.board.matching import TABLES, Matching
from followup.board.vocabulary import BOARD

_ITEMS = """
    SELECT actions_actionitem.id, actions_actionitem.status, actions_actionitem.due,
        extract(epoch FROM actions_actionitem.created_at)::float8,
        extract(epoch FROM actions_actionitem.done_at)::float8,
        actions_actionitem.team_id, actions_actionitem.merged_into_id IS NOT NULL, held.answer
    FROM {tables}
    LEFT JOIN (
        SELECT DISTINCT ON (action_id, done_at) action_id, done_at, answer FROM followup_holdcheck
        ORDER BY action_id, done_at, answer = '', number DESC
    ) AS held ON held.action_id = actions_actionitem.id AND held.done_at = actions_actionitem.done_at
    WHERE {condition}
    ORDER BY actions_actionitem.due NULLS LAST, actions_actionitem.id
"""

_UNFINISHED = frozenset(one.value for one in UNFINISHED)


class Item(NamedTuple):
    """One item, with instants as days of the reader's zone. `held` is the last answer since it was done, "" where it is
    asked and not answered, None where it was not asked.

    `days_late`: how long after its due date it was done, negative for before; `days_taken`: since the day on which it
    was written down. Both are None where no day is known
    on which it was done, `days_late` without a due date as well.
    """

    pk: int
    status: str
    due: date | None
    created_on: date
    done_on: date | None
    team: int | None
    held: str | None
    is_unfinished: bool
    is_done: bool
    is_dropped: bool
    days_late: int | None
    days_taken: int | None


def _item(row: tuple[Any, ...], zone: tzinfo) -> Item:
    pk, status, due, created_at, done_at, team, is_merged, held = row
    created_on = datetime.fromtimestamp(created_at, zone).date()
    is_done = status == ActionStatus.DONE.value
    done_on = datetime.fromtimestamp(done_at, zone).date() if is_done and done_at is not None else None
    return Item(
        pk=pk,
        status=status,
        due=due,
        created_on=created_on,
        done_on=done_on,
        team=team,
        held=held,
        is_unfinished=status in _UNFINISHED,
        is_done=is_done,
        is_dropped=status == ActionStatus.WONT_DO.value and not is_merged,  # what was merged lives on elsewhere
        days_late=(done_on - due).days if done_on and due else None,
        days_taken=max((done_on - created_on).days, 0) if done_on else None,
    )


@dataclass(frozen=True)
class Counted:
    """The items that match a query, and what of it was not understood."""

    query: Query
    items: list[Item]
    messages: list[Message]
    today: date


def counted_items(person: Person, text: str, today: date, zone: tzinfo) -> Counted:
    """What the board finds for `text`, for a reader in `zone` for whom it is `today`. One query, two where filters name
    something."""
    query = read_query(text, today, BOARD)
    known = look_up(query, person)
    condition = Matching(person, query, known, today).condition
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS.format(tables=TABLES, condition=condition.sql), condition.values)
        rows = cursor.fetchall()
    items = [_item(row, zone) for row in rows]
    return Counted(query, items, [*query.messages, *known.messages], today)
