"""QuerySets that are compiled once and run many times with other values.

Django needs a millisecond and more to write the SQL of the access rule, several times what PostgreSQL needs to answer
it. Where a page is asked for all the time, the SQL is kept and only its values change.
"""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

_FIRST_PLACE = 2**31 - 1  # fits every integer field, as Django checks; no QuerySet names such a number itself


class Prepared:
    """The query that `build` makes, for values that are whole numbers.

    `build(shape, **places)` gets a stand-in for each value and returns a QuerySet of `values_list`; it is called once
    for each `shape`, which holds whatever else changes the SQL.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"]) -> None:
        self._build = build
        self._compiled: dict[tuple[Hashable, ...], tuple[str, list[Any]] | None] = {}

    def rows(self, shape: Hashable, **values: int) -> list[tuple[Any, ...]]:
        """The rows as the database driver gives them: JSON as text. One query, none where nothing can match."""
        known = (shape, *values)
        if known not in self._compiled:
            self._compiled[known] = self._compile(shape, list(values))
        if (compiled := self._compiled[known]) is None:
            return []
        sql, parameters = compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[one.name] if isinstance(one, _Place) else one for one in parameters])
            return cursor.fetchall()

    def _compile(self, shape: Hashable, names: list[str]) -> tuple[str, list[Any]] | None:
        places = {name: _FIRST_PLACE - number for number, name in enumerate(names)}
        try:
            sql, parameters = self._build(shape, **places).query.sql_with_params()
        except EmptyResultSet:
            return None
        named = {place: _Place(name) for name, place in places.items()}
        return sql, [named.get(one, one) if isinstance(one, int) else one for one in parameters]


class _Place:
    """Where a value goes."""

    def __init__(self, name: str) -> None:
        self.name = name
