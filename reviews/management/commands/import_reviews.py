"""`import_reviews`: read Markdown post-mortems into reviews."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError

from accounts.models import Person
from core.tables import CommandWithTables
from core.text import storable
from reviews.importing.attempts import attempt, batch_of
from reviews.importing.batch import Batch
from reviews.importing.found import Found
from reviews.importing.sources import found_in
from reviews.importing.store import Imported
from reviews.portable.storing import restore_recurrences


class Command(CommandWithTables):
    """Imports files, or folders walked recursively; one bad file never stops the rest."""

    help = "Import Markdown post-mortems, and what export_reviews wrote. Exit status 1 if any file failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: PATH... [--publish] [--owner USER] [--json]."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--publish", action="store_true", help="publish each review as it is")
        parser.add_argument(
            "--owner", metavar="USER", help="the author of the reviews; else only administrators see drafts"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each file."""
        owner = _owner(options["owner"])
        if not any(path.exists() for path in options["paths"]):
            raise CommandError(f"There is no file or folder {storable(str(options['paths'][0]))}.", returncode=2)
        failed = False
        found = list(self._found(options["paths"]))
        batch = _batch(found)
        kept = []
        for one in found:
            outcome = _import(one, owner, options["publish"], batch)
            failed = failed or outcome.status == "failed"
            self._report(outcome, options["json"])
            if outcome.review is not None and outcome.exported is not None:
                kept.append((outcome.review, outcome.exported))
        restore_recurrences(kept)
        if failed:
            raise SystemExit(1)

    def _found(self, paths: list[Path]) -> Iterator[Found]:
        for path in paths:
            within = list(found_in(path))
            if not within:
                self.stderr.write(f"{storable(str(path))}: there is no Markdown file in it, nor any other write-up.")
            yield from within

    def _report(self, outcome: Imported, as_json: bool) -> None:
        if outcome.status == "failed":
            self.stderr.write(f"{outcome.file}: {' '.join(outcome.problems)}")
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        elif outcome.review is not None:
            noted = f" ({len(outcome.problems)} to check)" if outcome.problems else ""
            incident = outcome.review.incident
            self.stdout.write(f"{outcome.status:<9} {incident.number:>5} {incident.title}{noted}")


def _owner(username: str | None) -> Person | None:
    if username is None:
        return None
    owner = Person.objects.filter(username__iexact=storable(username)).first()
    if owner is None:
        raise CommandError(f'There is no person "{username}".', returncode=2)
    return owner


def _import(found: Found, owner: Person | None, publish: bool, batch: Batch | None) -> Imported:
    try:
        outcome = attempt(found, owner, publish=publish, batch=batch)
    except ProgrammingError as problem:
        raise _not_ready(problem) from problem
    outcome.file = storable(found.shown)
    return outcome


def _batch(found: list[Found]) -> Batch | None:
    """The files read together; a file alone has only the catalog to learn names from."""
    try:
        return batch_of(found) if len(found) > 1 else None
    except ProgrammingError as problem:
        raise _not_ready(problem) from problem


def _not_ready(problem: ProgrammingError) -> CommandError:
    return CommandError(f"The database is not ready ({str(problem).splitlines()[0]}). Run manage.py migrate first.")
