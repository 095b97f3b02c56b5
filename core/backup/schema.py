"""What belongs to Debrief in its database; a database may hold other things besides."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

_BESIDE = "debrief_restored"
LOCK_TIMEOUT = "15s"

_TABLES = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    ORDER BY c.relname
"""
_COLUMNS = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' GROUP BY c.relname
"""
_FREE_SEQUENCES = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)
"""
_FUNCTIONS = """
    SELECT p.proname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
    FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
"""
_TYPES = """
    SELECT typname FROM pg_type WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
"""
_SEQUENCES = """
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S'
"""
_FOREIGN_KEYS = """
    SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    WHERE c.contype = 'f' AND r.relnamespace = current_schema()::regnamespace
"""
_INDEXES = """
    SELECT r.relname, i.relname, pg_get_indexdef(i.oid) FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid
    WHERE r.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u', 'x'))
"""


def tables() -> list[str]:
    """Debrief's tables, by name."""
    return [name for (name,) in _rows(_TABLES) if is_ours(name)]


def columns() -> dict[str, list[str]]:
    """By table, the columns that hold what was written, and not what is made of others."""
    return {name: list(named) for name, named in _rows(_COLUMNS) if is_ours(name)}


def sequences() -> list[str]:
    """Debrief's sequences, those of keys included."""
    return [name for (name,) in _rows(_SEQUENCES) if is_ours(name)]


def is_ours(name: str) -> bool:
    """Whether the name begins as those of an app do."""
    return name.startswith(("django_", *(f"{one.label}_" for one in apps.get_app_configs())))


@contextmanager
def beside() -> Iterator[Callable[[], None]]:
    """A schema of its own for the block, in which tables can be made beside those that are there.

    Yields what puts its tables in the place of the present ones, in one transaction; OperationalError where somebody
    holds on to these. Whatever is still in it at the end is dropped.
    """
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        present = cursor.fetchone()[0]
        cursor.execute(f"DROP SCHEMA IF EXISTS {_BESIDE} CASCADE")
        cursor.execute(f"CREATE SCHEMA {_BESIDE}")
        cursor.execute(f"SET search_path = {_BESIDE}")

    def replace_present() -> None:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            made = _things()
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(f"SET LOCAL search_path = {quoted(present)}")
            for kind, name in _things():
                cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
            cursor.execute(f"SET LOCAL search_path = {_BESIDE}")  # by which functions name their types
            for kind, name in made:
                cursor.execute(f"ALTER {kind} {_BESIDE}.{name} SET SCHEMA {quoted(present)}")

    try:
        yield replace_present
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")
            cursor.execute(f"DROP SCHEMA IF EXISTS {_BESIDE} CASCADE")


def _things() -> list[tuple[str, str]]:
    """Debrief's tables, sequences that belong to none, functions and types: kind and name as statements have them."""
    quoted = connection.ops.quote_name
    functions = [("FUNCTION", signature) for name, signature in _rows(_FUNCTIONS) if is_ours(name)]
    types = [("TYPE", quoted(name)) for (name,) in _rows(_TYPES) if is_ours(name)]
    free = [("SEQUENCE", quoted(name)) for (name,) in _rows(_FREE_SEQUENCES) if is_ours(name)]
    return [*(("TABLE", quoted(name)) for name in tables()), *free, *functions, *types]


@dataclass(frozen=True)
class SetAside:
    """What makes loading slow or is in its way, as statements that bring it back."""

    statements: list[str]

    def bring_back(self) -> None:
        """Indexes first, then what checks the rows by them."""
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)


def set_aside() -> SetAside:
    """Take away foreign keys and plain indexes, and let no trigger of Debrief's fire, in the caller's transaction."""
    quoted = connection.ops.quote_name
    keys = [row for row in _rows(_FOREIGN_KEYS) if is_ours(row[0])]
    indexes = [row for row in _rows(_INDEXES) if is_ours(row[0])]
    named = tables()
    with connection.cursor() as cursor:
        for table in named:
            cursor.execute(f"ALTER TABLE {quoted(table)} DISABLE TRIGGER USER")
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(name)}")
        for _, name, _ in indexes:
            cursor.execute(f"DROP INDEX {quoted(name)}")
    return SetAside(
        [
            *(definition for _, _, definition in indexes),
            *(f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {quoted(name)} {rule}" for table, name, rule in keys),
            *(f"ALTER TABLE {quoted(table)} ENABLE TRIGGER USER" for table in named),
        ]
    )


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
