"""Where write-ups come from: files, folders walked recursively."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reviews.importing.decoding import too_large
from reviews.importing.document import UnreadableDocument
from reviews.importing.files import Files, no_files
from reviews.portable.reading import MAX_BYTES, is_portable

TEXTS = {".md", ".markdown", ".mdown", ".mkd", ".mdx", ".txt"}
EXPORTED = ".json"
# What an export puts beside reviews is theirs, whatever its name ends in.
_SHOWN_FILE = re.compile(r"(?:^|/)attachments/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[^/]+$")


@dataclass(frozen=True)
class Found:
    """A write-up: `name` is its path below the folder that was named, `shown` how messages call it.

    `read` raises UnreadableDocument or OSError.
    """

    name: str
    shown: str
    read: Callable[[], bytes]
    files: Files = no_files


def found_in(path: Path) -> Iterator[Found]:
    """The write-ups that `path` leads to: itself, or those below it."""
    if not path.is_dir():
        yield Found(path.name, str(path), lambda: _read(path), _files_below(path.parent))
        return
    files = _files_below(path)
    for below in sorted(path.rglob("*")):
        name = below.relative_to(path).as_posix()
        if is_write_up(name) and below.is_file() and (below.suffix.lower() != EXPORTED or _is_exported(below)):
            yield Found(name, str(below), lambda below=below: _read(below), files)  # type: ignore[misc]


def is_write_up(name: str) -> bool:
    """By its name; what a version control system keeps in a dotted folder is nobody's write-up."""
    parts = name.split("/")
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and Path(parts[-1]).suffix.lower() in {*TEXTS, EXPORTED} and not _SHOWN_FILE.search(name)


def _is_exported(path: Path) -> bool:
    """Whether a JSON file is ours; a folder may hold any others."""
    try:
        with path.open("rb") as file:
            return is_portable(file.read(200))
    except OSError:
        return False


def _read(path: Path) -> bytes:
    """The file's bytes; UnreadableDocument for what is no file, or too large to read at all."""
    if not path.exists():
        raise UnreadableDocument("There is no such file or folder.")
    if not path.is_file():
        raise UnreadableDocument("It is not a file.")
    if (size := path.stat().st_size) > MAX_BYTES:
        raise too_large(path.name, size)
    return path.read_bytes()


def _files_below(folder: Path) -> Files:
    """Files of the folder itself: a link that leads out of it leads nowhere."""
    root = folder.resolve()

    def find(path: str) -> bytes | None:
        try:
            found = (root / path).resolve()
            if found.is_relative_to(root) and found.is_file() and found.stat().st_size <= MAX_BYTES:
                return found.read_bytes()
        except (OSError, ValueError):
            pass
        return None

    return find
