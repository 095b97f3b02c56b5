"""Action items as plain data to count."""

from dataclasses import dataclass
from datetime import date, tzinfo
from typing import NamedTuple

from django.db import connection

from accounts.models import Person
from actions.models import UNFINISHED, ActionStatus
from core.query_language import Message, Query, read_query
from followup.board.known import look_up
from followup.board.matching import TABLES, Matching
from followup.board.vocabulary import BOARD

_ITEMS = """
    SELECT actions_actionitem.id, actions_actionitem.status, actions_actionitem.due, actions_actionitem.created_at,
        actions_actionitem.done_at, actions_actionitem.team_id, actions_actionitem.merged_into_id IS NOT NULL,
        held.answer
    FROM {tables}
    LEFT JOIN (
        SELECT DISTINCT ON (action_id, done_at) action_id, done_at, answer FROM followup_holdcheck
        ORDER BY action_id, done_at, answer = '', number DESC
    ) AS held ON held.action_id = actions_actionitem.id AND held.done_at = actions_actionitem.done_at
    WHERE {condition}
    ORDER BY actions_actionitem.due NULLS LAST, actions_actionitem.id
"""


class Item(NamedTuple):
    """One item, with instants as days of the reader's zone. `held` is the last answer since it was done, "" where it is
    asked and not answered, None where it was not asked.
    """

    pk: int
    status: str
    due: date | None
    created_on: date
    done_on: date | None
    team: int | None
    is_merged: bool
    held: str | None

    @property
    def is_unfinished(self) -> bool:
        """Whether something is left to do."""
        return self.status in UNFINISHED

    @property
    def is_done(self) -> bool:
        """Whether it is done, and it is known when."""
        return self.status == ActionStatus.DONE and self.done_on is not None

    @property
    def is_dropped(self) -> bool:
        """Whether it will not be done. What was merged into another item lives on there."""
        return self.status == ActionStatus.WONT_DO and not self.is_merged

    @property
    def days_late(self) -> int | None:
        """How long after its due date it was done, negative for before; None where it is not done or had no date."""
        return (self.done_on - self.due).days if self.is_done and self.done_on and self.due else None

    @property
    def days_taken(self) -> int | None:
        """How long it took from the day it was written down."""
        return max((self.done_on - self.created_on).days, 0) if self.is_done and self.done_on else None


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
    items = [
        Item(
            pk,
            status,
            due,
            created_at.astimezone(zone).date(),
            done_at.astimezone(zone).date() if done_at else None,
            team,
            is_merged,
            held,
        )
        for pk, status, due, created_at, done_at, team, is_merged, held in rows
    ]
    return Counted(query, items, [*query.messages, *known.messages], today)
