"""Sessions in the database, read together with the person whose session it is, by one query that is written once."""

from collections import OrderedDict
from functools import cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from accounts.models import PERSON_BY_KEY, Person, person_in
from core.statements import rows_of

_MOST = 10_000  # sessions of which this process remembers whose they are, and what stands in them
_READ = """
    SELECT session_data, person.* FROM django_session LEFT JOIN ({person}) AS person ON true
    WHERE session_key = %s AND expire_date > now()
"""

_whose: OrderedDict[str, int] = OrderedDict()  # by the key of the session; a guess, which the session itself confirms
_decoded: OrderedDict[str, dict[str, Any]] = OrderedDict()  # by the signed text, which says the same for ever


class SessionStore(DatabaseSessionStore):
    """Django's own store; the read of each request does without building its SQL anew, which took longer.

    `person` is whose the session was when it was last read in this process, as they are now: a guess that saves a
    query, and that whoever uses it must compare with the session (accounts.middleware).
    """

    person: Person | None = None

    def load(self) -> dict[str, Any]:
        """What stands in the session. One query."""
        key = self.session_key or ""
        guess = _whose.get(key, 0)
        rows = rows_of(_sql(), [guess, key])
        if not rows:
            return super().load()  # says what is wrong, and forgets the key
        text, *person = rows[0]
        if person[0] is not None:
            self.person = person_in(tuple(person))
        data = self._read(text)
        whose = data.get("_auth_user_id", "")
        if str(whose).isdigit() and int(whose) != guess:
            _remember(_whose, key, int(whose))
        return data

    def _validate_session_key(self, key: str | None) -> bool:
        """Keys are made of letters and digits; a cookie may hold what no database takes, such as a NUL."""
        return bool(super()._validate_session_key(key)) and str(key).isascii() and str(key).isalnum()  # type: ignore[misc]

    def _read(self, text: str) -> dict[str, Any]:
        known = _decoded.get(text)
        if known is None:
            known = self.decode(text)
            if not all(isinstance(value, str | int | float | bool) for value in known.values()):
                return known  # the session could change what is inside
            _remember(_decoded, text, known)
        return {**known}


@cache
def _sql() -> str:
    person, _ = PERSON_BY_KEY.sql(None, key=0) or ("", [])
    return _READ.format(person=person)


def _remember(where: "OrderedDict[str, Any]", key: str, value: Any) -> None:
    where[key] = value
    while len(where) > _MOST:
        try:
            where.popitem(last=False)
        except KeyError:  # another thread was quicker
            return
