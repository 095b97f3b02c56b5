"""`backup`: everything in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.template.defaultfilters import filesizeformat

from core.backup.writing import write_backup
from core.tables import CommandWithTables
from core.text import storable


class Command(CommandWithTables):
    """May run while Debrief is in use."""

    help = "Write everything, attachments included, into one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: FILE."""
        parser.add_argument("file", type=Path, metavar="FILE", help="replaced once the new one is whole")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the counts; exit status 1 where files were lost, which are named on stderr."""
        path: Path = options["file"]
        shown = storable(str(path))
        if path.is_dir():
            raise CommandError(f"{shown} is a folder. Name a file in it.", returncode=2)
        folder = path.absolute().parent
        if not folder.is_dir():
            raise CommandError(f"There is no folder {storable(str(folder))}. Make it first.", returncode=2)
        try:
            made = write_backup(path)
        except OSError as problem:
            raise CommandError(f"{shown} cannot be written: {problem.strerror}. Nothing was left there.") from problem
        manifest = made.manifest
        size = filesizeformat(made.size).replace("\xa0", " ")
        self.stdout.write(
            f"{len(manifest.tables)} tables, {manifest.rows:,} rows, {len(manifest.files):,} files: {shown}, {size}"
        )
        for name in made.missing:
            self.stderr.write(f"{storable(name)}: the storage of attachments does not have it. It is left out.")
        if made.missing:
            raise SystemExit(1)
