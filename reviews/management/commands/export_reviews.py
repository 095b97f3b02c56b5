"""`export_reviews`: every review as a file that `import_reviews` reads back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.tables import CommandWithTables
from core.text import storable
from reviews.portable.exporting import WRITERS, export_all


class Command(CommandWithTables):
    """Writes reviews, drafts and restricted ones included, for whoever may read the folder: see docs/operations.md."""

    help = "Write each review to a file in an empty folder, with the files that it shows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: DIR [--format markdown|json]."""
        parser.add_argument("dir", type=Path, metavar="DIR", help="an empty folder, or one that is not there yet")
        parser.add_argument("--format", choices=[*WRITERS], default="markdown")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how much was written."""
        folder: Path = options["dir"]
        shown = storable(str(folder))
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{shown} is a file. Name a folder.", returncode=2)
        try:
            if folder.is_dir() and any(folder.iterdir()):
                raise CommandError(f"{shown} is not empty. Name another folder, so that nothing is lost.", returncode=2)
            done = export_all(folder, options["format"])
        except OSError as problem:
            named = storable(str(problem.filename or folder))
            raise CommandError(f"{named} cannot be written: {problem.strerror}.", returncode=2) from None
        for said in done.problems:
            self.stderr.write(storable(said))
        self.stdout.write(
            f"{done.published + done.drafts} reviews: {done.published} published, {done.drafts} drafts; "
            f"{done.restricted} of them restricted. {done.files} files that they show."
        )
        if done.restricted:
            self.stdout.write("Keep the folder to yourself: restricted reviews are in it.")
        if done.problems:
            raise SystemExit(1)
