"""Where write-ups come from: files, folders walked recursively, archives."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from reviews.importing.archives import Archive
from reviews.importing.decoding import too_large
from reviews.importing.document import UnreadableDocument
from reviews.importing.files import EXPORTED, Files, is_write_up
from reviews.importing.found import Found
from reviews.portable.reading import MAX_BYTES, is_portable


def found_in(path: Path) -> Iterator[Found]:
    """The write-ups that `path` leads to: itself, or those below it."""
    if path.is_file() and path.suffix.lower() == ".zip":
        yield from _unpacked(path)
        return
    if not path.is_dir():
        yield Found(path.name, str(path), partial(_read, path), _files_below(path.parent))
        return
    files = _files_below(path)
    for below in sorted(path.rglob("*")):
        name = below.relative_to(path).as_posix()
        if is_write_up(name) and below.is_file() and (below.suffix.lower() != EXPORTED or _is_exported(below)):
            yield Found(name, str(below), partial(_read, below), files)


def _unpacked(path: Path) -> Iterator[Found]:
    """The write-ups of an archive; where it cannot be read, itself, so that reading it says why."""
    try:
        yield from Archive(path, str(path)).found()
    except UnreadableDocument as problem:
        yield Found(path.name, str(path), partial(_refuse, problem))


def _refuse(problem: UnreadableDocument) -> bytes:
    raise problem


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
