"""Write-ups in a ZIP: read in place and within bounds, so that no entry reaches anything outside of it."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from posixpath import normpath, splitext
from typing import IO

from reviews.importing.decoding import too_large
from reviews.importing.document import UnreadableDocument
from reviews.importing.entities import ENTITIES, pages_of
from reviews.importing.files import EXPORTED, PAGES, is_write_up
from reviews.importing.found import Found
from reviews.portable.reading import MAX_BYTES, is_portable

MOST_ENTRIES = 20_000
MOST_UNPACKED = 2_000_000_000
_OVERVIEW = b"Available Pages"  # of a space that Confluence exported as HTML
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Archive:
    """The entries of a ZIP by their paths."""

    def __init__(self, source: Path | IO[bytes], shown: str) -> None:
        """UnreadableDocument where it is no ZIP, or holds more than an import takes."""
        self.shown = shown
        try:
            self.zip = zipfile.ZipFile(source)
        except _DAMAGED:
            raise UnreadableDocument(f"{shown} is not a ZIP file, or it is damaged. Make it again.") from None
        entries = self.zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise UnreadableDocument(f"{shown} holds {len(entries):,} files; at most {MOST_ENTRIES:,} can be read.")
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise UnreadableDocument(f"{shown} holds more than {MOST_UNPACKED // 1_000_000_000} GB. Split it.")
        self.entries = {path: entry for entry in entries if (path := _path_of(entry)) is not None}

    def found(self) -> Iterator[Found]:
        """Its write-ups in the order of their paths; those of a Confluence export come out of its one big file."""
        for path in sorted(self.entries):
            if path.rpartition("/")[2] == ENTITIES:
                folder = path.removesuffix(ENTITIES)
                yield from pages_of(partial(self._open, path), f"{self.shown}/{path}", partial(self._below, folder))
            elif is_write_up(path) and not self._is_passed_over(path):
                yield Found(path, f"{self.shown}/{path}", partial(self.read, path), self.find)

    def find(self, path: str) -> bytes | None:
        """What lies at a path, or None."""
        if path not in self.entries:
            return None
        try:
            return self.read(path)
        except UnreadableDocument:
            return None

    def read(self, path: str, most: int = MAX_BYTES) -> bytes:
        """An entry, unpacked only as far as it may be; what it says of its own size is not believed."""
        entry = self.entries[path]
        if entry.flag_bits & 1:
            raise UnreadableDocument(f"{path} is encrypted. Make the ZIP without a password.")
        try:
            with self.zip.open(entry) as file:
                content = file.read(most + 1)
        except _DAMAGED:
            raise UnreadableDocument(f"{path} is damaged in the ZIP. Make the ZIP again.") from None
        if len(content) > most:
            raise too_large(path, max(entry.file_size, len(content)))
        return content

    def _open(self, path: str) -> IO[bytes]:
        try:
            return self.zip.open(self.entries[path])
        except _DAMAGED:
            raise UnreadableDocument(f"{path} is damaged in the ZIP, or encrypted. Make the ZIP again.") from None

    def _below(self, folder: str, path: str) -> bytes | None:
        return self.find(folder + path)

    def _is_passed_over(self, path: str) -> bool:
        """JSON that is not ours, and the overview that Confluence adds to its pages."""
        ending = splitext(path)[1].lower()
        if ending == EXPORTED:
            return not is_portable((self.find(path) or b"")[:200])
        if ending in PAGES and path.rpartition("/")[2] == "index.html":
            return _OVERVIEW in (self.find(path) or b"")
        return False


def _path_of(entry: zipfile.ZipInfo) -> str | None:
    """The path of an entry below the archive; None for folders, links, and what points outside."""
    if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
        return None
    name = entry.filename.replace("\\", "/")
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):  # many programs write UTF-8 without saying so
            name = name.encode("cp437").decode("utf-8")
    path = normpath(name)
    is_outside = path.startswith(("/", "..")) or "\x00" in path or (len(path) > 1 and path[1] == ":")
    return None if is_outside or path.startswith("__MACOSX/") else path
