"""`import_reviews`: read Markdown post-mortems into reviews."""

import json
import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import ProgrammingError

from accounts.models import Person
from core.tables import CommandWithTables
from core.text import storable
from reviews.importing.batch import Batch
from reviews.importing.decoding import MAX_BYTES, too_large
from reviews.importing.document import UnreadableDocument
from reviews.importing.store import Imported, import_file

SUFFIXES = {".md", ".markdown", ".mdown", ".mkd", ".mdx", ".txt"}
logger = logging.getLogger(__name__)


class Command(CommandWithTables):
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
        if not any(path.exists() for path in options["paths"]):
            raise CommandError(f"There is no file or folder {storable(str(options['paths'][0]))}.", returncode=2)
        failed = False
        files = list(self._files(options["paths"]))
        batch = _batch(files)
        for path, name in files:
            outcome = _import(path, name, owner, options["publish"], batch)
            failed = failed or outcome.status == "failed"
            self._report(outcome, options["json"])
        if failed:
            raise SystemExit(1)

    def _files(self, paths: list[Path]) -> Iterator[tuple[Path, str]]:
        """Each file with the name it is remembered by: its path below the folder that was named."""
        for path in paths:
            if not path.is_dir():
                yield path, path.name
                continue
            within = [found for found in sorted(path.rglob("*")) if _is_write_up(found, path)]
            if not within:
                self.stderr.write(f"{storable(str(path))}: there is no Markdown file in it.")
            yield from ((found, found.relative_to(path).as_posix()) for found in within)

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


def _is_write_up(found: Path, folder: Path) -> bool:
    """A text file that is not hidden; what a version control system keeps in a dotted folder is nobody's write-up."""
    hidden = any(part.startswith(".") for part in found.relative_to(folder).parts)
    return not hidden and found.suffix.lower() in SUFFIXES and found.is_file()


def _import(path: Path, name: str, owner: Person | None, publish: bool, batch: Batch | None) -> Imported:
    try:
        outcome = import_file(name, _read(path), owner=owner, publish=publish, batch=batch)
    except UnreadableDocument as problem:
        outcome = Imported(name, "failed", problems=[storable(str(problem))])
    except OSError as problem:
        outcome = Imported(name, "failed", problems=[f"It cannot be read: {problem.strerror}."])
    except ProgrammingError as problem:
        raise _not_ready(problem) from problem
    except Exception:
        logger.exception("Import of %s failed", path)
        outcome = Imported(name, "failed", problems=["It could not be imported; the log above says why."])
    outcome.file = storable(str(path))
    return outcome


def _batch(files: list[tuple[Path, str]]) -> Batch | None:
    """The files read together; a file alone has only the catalog to learn names from."""
    if len(files) < 2:
        return None
    try:
        return Batch(_contents(files))
    except ProgrammingError as problem:
        raise _not_ready(problem) from problem


def _contents(files: list[tuple[Path, str]]) -> Iterator[tuple[str, bytes]]:
    for path, name in files:
        with suppress(UnreadableDocument, OSError):
            yield name, _read(path)


def _not_ready(problem: ProgrammingError) -> CommandError:
    return CommandError(f"The database is not ready ({str(problem).splitlines()[0]}). Run manage.py migrate first.")


def _read(path: Path) -> bytes:
    """The file's bytes; UnreadableDocument for what is no file, or too large to read at all."""
    if not path.exists():
        raise UnreadableDocument("There is no such file or folder.")
    if not path.is_file():
        raise UnreadableDocument("It is not a file.")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise too_large(path.name, size)
    return path.read_bytes()
