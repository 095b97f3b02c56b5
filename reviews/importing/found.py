"""A write-up that was found, before it is read."""

from collections.abc import Callable
from dataclasses import dataclass

from reviews.importing.files import Files, no_files


@dataclass(frozen=True)
class Found:
    """`name` is its path below the folder or archive that was named, `shown` how messages call it.

    `read` raises UnreadableDocument or OSError.
    """

    name: str
    shown: str
    read: Callable[[], bytes]
    files: Files = no_files
