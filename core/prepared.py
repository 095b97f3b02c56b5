"""QuerySets that are compiled once and run many times with other values.

Django needs a millisecond and more to write the SQL of the access rule, several times what PostgreSQL needs to answer
it. Where a page is asked for all the time, the SQL is kept and only its values change. PostgreSQL keeps it as well,
with its plan (core.statements).
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql as literals

from core.statements import rows_of

Value = int | str
Build = Callable[..., "QuerySet[Any, Any]"]

_FIRST_PLACE = 2**31 - 1  # fits every integer field, as Django checks; no QuerySet names such a number itself
_PLACE_OF_TEXT = "\x02place of a text"


class Prepared:
    """The query that `build` makes, for values that are whole numbers or texts.

    `build(shape, **places)` gets a stand-in for each value and returns a QuerySet of `values_list`; it is called once
    for each `shape`, which holds whatever else changes the SQL.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._compiled: dict[tuple[Hashable, ...], tuple[str, list[str]] | None] = {}

    def rows(self, shape: Hashable, **values: Value) -> list[tuple[Any, ...]]:
        """The rows as the database driver gives them: JSON as text. One query, none where nothing can match."""
        compiled = self.sql(shape, **values)
        return rows_of(*compiled) if compiled else []

    def sql(self, shape: Hashable, **values: Value) -> tuple[str, list[Value]] | None:
        """The SQL, always the same for a shape, and the values for its places; None where nothing can match."""
        known = (shape, *values)
        if known not in self._compiled:
            self._compiled[known] = self._compile(shape, values)
        if (compiled := self._compiled[known]) is None:
            return None
        sql, names = compiled
        return sql, [values[name] for name in names]

    def _compile(self, shape: Hashable, values: Mapping[str, Value]) -> tuple[str, list[str]] | None:
        places = _places(values)
        try:
            sql, parameters = self._build(shape, **places).query.sql_with_params()
        except EmptyResultSet:
            return None
        placed = _with_places(parameters, places)
        return sql % tuple(map(_written, placed)), [one.name for one in placed if isinstance(one, _Place)]


class PreparedCondition:
    """What the QuerySet that `build` makes filters by, to be put into SQL that is written elsewhere.

    That SQL has the QuerySet's table under its own name. `build` is called as by `Prepared`.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._compiled: dict[tuple[Hashable, ...], tuple[str, list[Any]]] = {}

    def sql(self, shape: Hashable, prefix: str, **values: Value) -> tuple[str, dict[str, Any]]:
        """The condition with its values by names that begin with `prefix`."""
        known = (shape, prefix, *values)
        if known not in self._compiled:
            self._compiled[known] = self._compile(shape, prefix, values)
        sql, parameters = self._compiled[known]
        named = enumerate(values[one.name] if isinstance(one, _Place) else one for one in parameters)
        return sql, {f"{prefix}{number}": value for number, value in named}

    def _compile(self, shape: Hashable, prefix: str, values: Mapping[str, Value]) -> tuple[str, list[Any]]:
        places = _places(values)
        query = self._build(shape, **places).query
        try:
            sql, parameters = query.get_compiler(connection=connection).compile(query.where)
        except EmptyResultSet:
            return "false", []
        except FullResultSet:
            return "true", []
        return sql % tuple(f"%({prefix}{at})s" for at in range(len(parameters))), _with_places(parameters, places)


class _Place:
    """Where a value goes."""

    def __init__(self, name: str) -> None:
        self.name = name


def _places(values: Mapping[str, Value]) -> dict[str, Value]:
    return {
        name: _FIRST_PLACE - number if isinstance(value, int) else f"{_PLACE_OF_TEXT} {number}"
        for number, (name, value) in enumerate(values.items())
    }


def _with_places(parameters: Any, places: Mapping[str, Value]) -> list[Any]:
    named = {place: _Place(name) for name, place in places.items()}
    return [named.get(one, one) if isinstance(one, int | str) else one for one in parameters]


def _written(one: Any) -> str:
    """What stands in the SQL: a place for a value that changes, every other one as it is."""
    if isinstance(one, _Place):
        return "%s"
    connection.ensure_connection()
    return literals.Literal(one).as_string(connection.connection).replace("%", "%%")
