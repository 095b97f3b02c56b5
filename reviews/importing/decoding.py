"""From the bytes of a file to its text."""

from __future__ import annotations

import codecs

from reviews.importing.document import UnreadableDocument

MAX_BYTES = 5_000_000
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_source(source: bytes, filename: str) -> tuple[str, list[str]]:
    """The text with plain newlines, and problems worth telling. UnreadableDocument when there is no text."""
    if len(source) > MAX_BYTES:
        raise too_large(filename, len(source))
    text, problems = _decode(source, filename)
    if "\x00" in text:
        raise UnreadableDocument(f"{filename} is not a text file. Export it as Markdown and import that.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableDocument(f"{filename} is empty.")
    return text, problems


def too_large(filename: str, size: int) -> UnreadableDocument:
    """What to tell about a file that is larger than a write-up may be."""
    return UnreadableDocument(
        f"{filename} has {size / 1_000_000:.1f} MB; a write-up may have {MAX_BYTES // 1_000_000} MB. "
        "Split it, or move attachments out of it."
    )


def _decode(source: bytes, filename: str) -> tuple[str, list[str]]:
    if source.startswith(_WIDE_MARKS):
        try:
            return source.decode("utf-16"), []
        except UnicodeDecodeError:
            raise UnreadableDocument(f"{filename} begins like UTF-16 but is not. Save it as UTF-8.") from None
    try:
        return source.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    if b"\x00" in source:
        raise UnreadableDocument(f"{filename} is not a text file. Export it as Markdown and import that.")
    try:
        text = source.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableDocument(f"{filename} is not UTF-8 text. Save it as UTF-8 and import it again.") from None
    return text, ["The file is not UTF-8; it was read as Windows-1252. Check accents and quotation marks."]
