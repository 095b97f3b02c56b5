"""What this process remembers of earlier answers, as long as nothing has changed that they were read from.

`state` says what an answer was read from: the changes of the index (wiki.models.Change) and which reviews the reader
sees that not everyone does. Two readers in the same state get the same answer, and nobody an answer of another state.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from accounts.access import own_reach
from accounts.models import Person, Role
from core.prepared import Prepared
from core.statements import rows_of
from wiki.matching import Seen, is_open_to_all, visible
from wiki.models import Listed

_A = TypeVar("_A")

# In the statement that finds an answer: the answer is of the same moment.
CHANGES = "(SELECT array_agg(key::text ORDER BY key) FROM wiki_change)"


@dataclass(frozen=True)
class State:
    """Equal states mean equal answers."""

    changes: tuple[str, ...]
    seen: Seen


def state_for(person: Person) -> State:
    """The state of somebody who is signed in, at this moment. One query."""
    if not person.is_active:
        return State((), Seen((), sees_any=False))
    if person.has_role(Role.ADMINISTRATOR):
        return State(changes_in(rows_of(f"SELECT {CHANGES}", [])[0][0]), Seen(None))
    reach, _ = _REACH.sql((person.role, person.is_active), person=person.pk) or ("SELECT NULL::bigint LIMIT 0", [])
    rule, values = visible(_LISTED, person)
    is_open, more = is_open_to_all(_LISTED)
    sql = _STATE.format(reach=reach.replace("%s", "%(reader)s"), rule=rule, open=is_open)
    ((changes, own),) = rows_of(sql, {"reader": person.pk, **values, **more})
    return State(changes_in(changes), Seen(tuple(own)))


def changes_in(column: list[str] | None) -> tuple[str, ...]:
    """What CHANGES found."""
    return tuple(column or ())


class Remembered(Generic[_A]):
    """Answers by state and question, at most so many; those not asked for longest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[tuple[State, Hashable], _A] = OrderedDict()
        self._lock = Lock()

    def get(self, state: State, question: Hashable) -> _A | None:
        """The answer, where it is remembered."""
        with self._lock:
            if (found := self._answers.get((state, question))) is not None:
                self._answers.move_to_end((state, question))
            return found

    def keep(self, state: State, question: Hashable, answer: _A) -> None:
        """Remember an answer that was found in this state, or later."""
        with self._lock:
            self._answers[state, question] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)


def _reach(shape: tuple[str, bool], person: int) -> Any:
    role, is_active = shape
    return own_reach(Person(pk=person, role=role, is_active=is_active))


_LISTED = Listed._meta.db_table
_REACH = Prepared(_reach)
# From the few that a reader takes part in or is named in: the rule is asked about each.
_STATE = f"""
    SELECT {CHANGES}, coalesce(array_agg(key ORDER BY key), '{{{{}}}}')
    FROM ({{reach}}) AS reach (key) CROSS JOIN LATERAL (
        SELECT FROM {_LISTED} WHERE incident_id = reach.key AND NOT ({{open}}) AND {{rule}} OFFSET 0
    ) AS own
"""  # noqa: S608
