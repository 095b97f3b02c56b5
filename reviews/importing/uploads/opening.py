"""The write-ups in the files of an upload."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from posixpath import splitext
from typing import IO

from core.text import storable
from reviews.attaching import StorageUnavailable
from reviews.importing.archives import Archive
from reviews.importing.decoding import too_large
from reviews.importing.document import UnreadableDocument
from reviews.importing.entities import ENTITIES, pages_of
from reviews.importing.files import EXPORTED, PAGES, TEXTS, Files, no_files
from reviews.importing.found import Found
from reviews.models import Upload, UploadedFile
from reviews.models.attachments import attachment_storage
from reviews.portable.reading import MAX_BYTES, is_portable

_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".css"}  # what lies beside a page that was saved
_LARGEST_AT_ONCE = 1_000_000  # bytes of an upload that is read while its sender waits
_UNPACKED_AT_ONCE = 5_000_000
_ENTRIES_AT_ONCE = 50


@dataclass
class Opened:
    """What was found, and what is wrong with files in which nothing was."""

    found: list[Found] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_small: bool = True  # enough to be read while somebody waits


@contextmanager
def opened(upload: Upload) -> Iterator[Opened]:
    """The write-ups of the upload, in the same order each time; they can be read until the block ends.

    StorageUnavailable where the files cannot be had for now.
    """
    with ExitStack() as stack:
        yield _look(list(upload.files.all()), stack)


def _look(files: list[UploadedFile], stack: ExitStack) -> Opened:
    seen = Opened(is_small=sum(one.size for one in files) <= _LARGEST_AT_ONCE)
    by_name = {one.name: one for one in files}

    def beside(path: str) -> bytes | None:
        one = by_name.get(path)
        return _content(one) if one is not None and one.size <= MAX_BYTES else None

    for one in files:
        try:
            seen.found += _found_in(one, beside, seen, stack)
        except UnreadableDocument as problem:
            seen.problems.append(storable(str(problem)))
        except OSError:
            seen.problems.append(f"{one.name} is no longer kept. Upload it again.")
    return seen


def _found_in(one: UploadedFile, beside: Files, seen: Opened, stack: ExitStack) -> list[Found]:
    ending = splitext(one.name)[1].lower()
    if ending == ".zip":
        return _packed(one, seen, stack)
    if one.name.lower() == ENTITIES:
        return list(pages_of(partial(_open, one), one.name, no_files))
    if ending in _PICTURES:
        return []
    if ending == EXPORTED and not is_portable(_content(one)[:200]):
        raise UnreadableDocument(f"{one.name} is not a review that Debrief exported.")
    if ending not in {*TEXTS, *PAGES, EXPORTED, ""}:
        raise UnreadableDocument(
            f"{one.name} cannot be read. Save it as Markdown, text or a web page (HTML), or put such files in a ZIP."
        )
    return [Found(one.name, one.name, partial(_content, one), beside)]


def _packed(one: UploadedFile, seen: Opened, stack: ExitStack) -> list[Found]:
    archive = Archive(stack.enter_context(_open(one)), one.name)
    unpacked = sum(entry.file_size for entry in archive.entries.values())
    seen.is_small = seen.is_small and unpacked <= _UNPACKED_AT_ONCE and len(archive.entries) <= _ENTRIES_AT_ONCE
    found = list(archive.found())
    if not found:
        raise UnreadableDocument(f"In {one.name} there is no Markdown, text or HTML file, nor any other write-up.")
    return found


def _open(one: UploadedFile) -> IO[bytes]:
    """FileNotFoundError for a file that is gone, StorageUnavailable where it cannot be had for now."""
    try:
        file = attachment_storage().open(one.key, "rb")
        file.seek(0)  # S3 is asked here
    except FileNotFoundError:
        raise
    except Exception as problem:  # each backend fails in its own way
        raise StorageUnavailable from problem
    return file


def _content(one: UploadedFile) -> bytes:
    if one.size > MAX_BYTES:
        raise too_large(one.name, one.size)
    with _open(one) as file:
        return file.read()
