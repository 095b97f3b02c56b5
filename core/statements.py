"""SQL that PostgreSQL keeps prepared, with its plan, for as long as a connection lasts.

For what each page asks again: reading and planning it takes PostgreSQL several times as long as answering it. Django's
own cursors write values into the SQL, so nothing they run can be kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from psycopg.types.numeric import Int8


class _Preparing(psycopg.Cursor[Any]):
    """Runs what it is given as a prepared statement, where the connection keeps any (OPTIONS: prepare_threshold)."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, **{"prepare": True, **options})


def rows_of(sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that `sql` gives for `values`, as the database driver gives them. One query.

    `sql` is to be the same text each time: every other text is prepared, and kept, anew.
    """
    connection.ensure_connection()
    # Counted and logged like every other one.
    cursor = connection._prepare_cursor(_Preparing(connection.connection))  # type: ignore[attr-defined]
    with cursor:
        if isinstance(values, Mapping):
            cursor.execute(sql, {name: _typed(one) for name, one in values.items()})
        else:
            cursor.execute(sql, [_typed(one) for one in values])
        return list(cursor.fetchall())


def _typed(value: Any) -> Any:
    """Whole numbers as one type: psycopg would take the smallest that fits, and prepare the SQL for each of them."""
    if type(value) is int and -(2**63) <= value < 2**63:
        return Int8(value)
    if type(value) is list and value and type(value[0]) is int:
        return [Int8(one) for one in value]
    return value
