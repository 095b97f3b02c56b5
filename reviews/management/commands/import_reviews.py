"""`import_reviews`: read Markdown post-mortems into reviews."""

import json
import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from reviews.importing.document import UnreadableDocument
from reviews.importing.store import Imported, import_file

SUFFIXES = {".md", ".markdown", ".mdown", ".txt"}
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Imports files, or folders walked recursively; one bad file never stops the rest."""

    help = "Import Markdown post-mortems. Exit status 1 if any file failed."

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
        missing = [path for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"There is no file or folder {missing[0]}.", returncode=2)
        failed = False
        for path, name in _files(options["paths"]):
            outcome = _import(path, name, owner, options["publish"])
            failed = failed or outcome.status == "failed"
            self._report(outcome, options["json"])
        if failed:
            raise SystemExit(1)

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
    owner = Person.objects.filter(username__iexact=username).first()
    if owner is None:
        raise CommandError(f'There is no person "{username}".', returncode=2)
    return owner


def _files(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Each file with the name it is remembered by: its path below the folder that was named."""
    for path in paths:
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                if found.is_file() and found.suffix.lower() in SUFFIXES:
                    yield found, found.relative_to(path).as_posix()
        else:
            yield path, path.name


def _import(path: Path, name: str, owner: Person | None, publish: bool) -> Imported:
    try:
        outcome = import_file(name, path.read_bytes(), owner=owner, publish=publish)
    except UnreadableDocument as problem:
        outcome = Imported(name, "failed", problems=[str(problem)])
    except OSError as problem:
        outcome = Imported(name, "failed", problems=[f"It cannot be read: {problem.strerror}."])
    except Exception:
        logger.exception("Import of %s failed", path)
        outcome = Imported(name, "failed", problems=["It could not be imported; the log above says why."])
    outcome.file = str(path)
    return outcome
