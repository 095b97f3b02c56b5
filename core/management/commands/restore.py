"""`restore`: back to what a backup holds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from core.backup.layout import BadBackup
from core.backup.restoring import NotEmpty, restore_backup
from core.text import storable


class Command(BaseCommand):
    """All or nothing; makes the tables itself."""

    help = "Restore a backup into an empty database."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: FILE [--force]."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="replace everything that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the counts."""
        path: Path = options["file"]
        shown = storable(str(path))
        if not path.is_file():
            raise CommandError(f"There is no file {shown}.", returncode=2)
        try:
            manifest = restore_backup(path, force=options["force"])
        except BadBackup as problem:
            raise CommandError(f"{shown} was not restored. {problem}") from problem
        except NotEmpty:
            said = "The database is not empty. Add --force to replace everything in it with the backup."
            raise CommandError(said) from None
        except OperationalError as problem:
            said = f"Check DATABASE_URL and whether it runs: {' '.join(str(problem).split())}"
            raise CommandError(f"The database does not answer. {said}") from None
        except OSError as problem:
            raise CommandError(f"{shown} was not restored: {problem}.") from problem
        counts = f"{len(manifest.tables)} tables, {manifest.rows:,} rows, {len(manifest.files):,} files"
        self.stdout.write(f"{counts}, as of {manifest.made_at}")
