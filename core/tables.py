"""Commands that need no set-up: where the database has no tables yet, they make them."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

_LOCK = 7_304_112  # of those that begin at once, one makes the tables


class CommandWithTables(BaseCommand):
    """A command that finds its tables made. Those of an older Debrief are left to `migrate`, which an upgrade runs."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """As usual, with tables; CommandError where no database answers."""
        try:
            make_missing_tables()
        except OperationalError as problem:
            said = " ".join(str(problem).split())
            raise CommandError(
                f"The database does not answer. Check DATABASE_URL and whether it runs: {said}"
            ) from None
        return super().execute(*args, **options)


def make_missing_tables() -> None:
    """Make all tables in a database that has none of Debrief's. One query where they are there."""
    if _are_there():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        if not _are_there():
            call_command("migrate", verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _are_there() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        found: bool = cursor.fetchone()[0]
        return found
