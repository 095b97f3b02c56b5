"""Importing what was found: one bad file never stops the rest, and says what is wrong with it."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress

from django.db import ProgrammingError

from accounts.models import Person
from core.text import storable
from reviews.attaching import StorageUnavailable
from reviews.importing.batch import Batch
from reviews.importing.document import UnreadableDocument
from reviews.importing.found import Found
from reviews.importing.store import Imported, import_file
from reviews.portable.reading import is_portable

logger = logging.getLogger(__name__)

STORAGE_SILENT = "The place where attachments are kept does not answer. Import it again later."


def attempt(
    found: Found, owner: Person | None, *, publish: bool, batch: Batch | None = None, trusted: bool = True
) -> Imported:
    """Import one write-up as `import_file` does; what keeps it from being imported is told in the outcome.

    ProgrammingError where the database has not the tables for it.
    """
    try:
        content = found.read()
        return import_file(
            found.name, content, owner=owner, publish=publish, batch=batch, files=found.files, trusted=trusted
        )
    except ProgrammingError:
        raise
    except Exception as problem:
        return Imported(found.name, "failed", problems=[what_is_wrong(problem, found.shown)])


def what_is_wrong(problem: Exception, shown: str) -> str:
    """Why a file could not be read or imported, for a person; what nobody foresaw is written into the log."""
    if isinstance(problem, UnreadableDocument):
        return storable(str(problem))
    if isinstance(problem, StorageUnavailable):
        return STORAGE_SILENT
    if isinstance(problem, OSError) and problem.strerror:
        return storable(f"It cannot be read: {problem.strerror}.")
    logger.error("Import of %s failed", shown, exc_info=problem)
    return "It could not be imported; the log of the server says why."


def batch_of(found: Iterable[Found]) -> Batch:
    """What the files, read together, know of each other."""
    return Batch(_contents(found))


def _contents(found: Iterable[Found]) -> Iterator[tuple[str, bytes]]:
    for one in found:
        with suppress(UnreadableDocument, OSError):
            content = one.read()
            if not is_portable(content):
                yield one.name, content
