"""The files that a backup takes along. Rooms that store some name them."""

import logging
from collections.abc import Iterable, Iterator
from typing import IO, cast

from django.core.files import File
from django.core.files.storage import storages
from django.dispatch import Signal

logger = logging.getLogger(__name__)

AT_ONCE = 1 << 20

# Sent within the transaction that reads the tables. Receivers return pairs of an alias of STORAGES and a name.
naming_files = Signal()


def named_files() -> Iterator[tuple[str, str]]:
    """Every file that the tables name, once."""
    seen: set[tuple[str, str]] = set()
    for _, named in naming_files.send(sender=None):
        for one in cast(Iterable[tuple[str, str]], named):
            if one not in seen:
                seen.add(one)
                yield one


def opened(storage: str, name: str) -> IO[bytes]:
    """The file's content; each storage fails in its own way where it has none."""
    file = storages[storage].open(name, "rb")
    file.seek(0)  # S3 is asked here
    return file


def put(storage: str, name: str, content: IO[bytes]) -> bool:
    """Store the file under exactly this name; whether it was not there already."""
    kept = storages[storage]
    if _is_same(storage, name, content):
        return False
    content.seek(0)
    stored = kept.save(name, File(content, name=name))
    if stored != name:  # something else lies there
        kept.delete(stored)
        kept.delete(name)
        content.seek(0)
        kept.save(name, File(content, name=name))
    return True


def remove(storage: str, name: str) -> None:
    """Delete a file; one that stays does no harm, so a failure is only written down."""
    try:
        storages[storage].delete(name)
    except Exception:
        logger.exception("the file %s could not be deleted", name)


def _is_same(storage: str, name: str, content: IO[bytes]) -> bool:
    try:
        present = opened(storage, name)
    except Exception:  # it is not there, or cannot be read: it is written
        return False
    with present:
        while True:
            there, here = present.read(AT_ONCE), content.read(AT_ONCE)
            if there != here:
                return False
            if not here:
                return True
