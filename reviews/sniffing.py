"""What a file is, found by looking into it: neither its name nor the browser's word counts.

What is found here is what the file is served as. So whatever else it may be as well, to readers' browsers it is that.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Protocol

import puremagic

HEAD = 4096  # bytes that are looked at for a signature


class Readable(Protocol):
    """A binary file."""

    def read(self, size: int = ..., /) -> bytes:
        """As files do."""

    def seek(self, offset: int, /) -> int:
        """As files do."""


@dataclass(frozen=True)
class Kind:
    """A type of file that may be attached; a name with none of the `extensions` gets the first."""

    content_type: str
    extensions: tuple[str, ...]
    is_picture: bool = False


class NotAllowed(ValueError):
    """A file of a type that may not be attached; the message says what it looks like."""


PNG = Kind("image/png", ("png",), is_picture=True)
JPEG = Kind("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), is_picture=True)
GIF = Kind("image/gif", ("gif",), is_picture=True)
WEBP = Kind("image/webp", ("webp",), is_picture=True)
AVIF = Kind("image/avif", ("avif",), is_picture=True)
PDF = Kind("application/pdf", ("pdf",))
ZIP = Kind("application/zip", ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"))
GZIP = Kind("application/gzip", ("gz", "tgz"))
_TEXTS = "txt log csv tsv json jsonl md yaml yml toml ini conf cfg sql diff patch har ics eml prom tf"
TEXT = Kind("text/plain", tuple(_TEXTS.split()))
PICTURES = frozenset(kind.content_type for kind in (PNG, JPEG, GIF, WEBP, AVIF))
ALLOWED = "PNG, JPEG, GIF, WebP and AVIF pictures, PDF, plain text (logs, CSV, JSON), ZIP and gzip"

_SIGNATURES: list[tuple[re.Pattern[bytes], Kind]] = [
    (re.compile(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), PNG),
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"GIF8[79]a"), GIF),
    (re.compile(rb"RIFF[\s\S]{4}WEBPVP8[ LX]"), WEBP),
    (re.compile(rb"\0\0\0[\s\S]ftypavi[fs]"), AVIF),
    (re.compile(rb"%PDF-\d"), PDF),
    (re.compile(rb"PK(?:\x03\x04|\x05\x06)"), ZIP),
    (re.compile(rb"\x1f\x8b\x08"), GZIP),
]
# Text with a page or a drawing in it, after what may stand before one.
_MARKUP = re.compile(
    r"\s*(?:(?:<\?xml[^>]*>|<!--[\s\S]*?-->)\s*)*<(?:!doctype\s+(?:html|svg)|(?:\w+:)?(?:html|svg|head|body|script))\b",
    re.IGNORECASE,
)
# Characters that no text has: all controls but tab, line ends, form feed, backspace and the escape of coloured logs.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\b\x1b"))
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def kind_of(file: Readable) -> Kind:
    """The type of the file. Raises NotAllowed, in words for whoever attached it."""
    file.seek(0)
    head = file.read(HEAD)
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            if kind is AVIF and b"Exif" in head + file.read(60_000):
                raise NotAllowed("It is an AVIF picture with notes on where and when it was taken")
            return kind
    if _MARKUP.match(_decoded(head)):
        raise NotAllowed("It is HTML or SVG, which can run scripts: a picture of it (PNG) or a ZIP can be attached")
    if _is_text(file, head):
        return TEXT
    raise NotAllowed(_looks_like(head))


def _decoded(head: bytes) -> str:
    if head.startswith(_UTF16):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _is_text(file: Readable, head: bytes) -> bool:
    """Whether the whole file is text, in UTF-16 with its mark or in any code that keeps ASCII."""
    decoder = codecs.getincrementaldecoder("utf-16")() if head.startswith(_UTF16) else None
    file.seek(0)
    while chunk := file.read(1 << 16):
        if decoder is not None:
            try:
                chunk = decoder.decode(chunk).encode("utf-8", "replace")
            except UnicodeDecodeError:
                return False
        if len(chunk.translate(None, _CONTROLS)) != len(chunk):
            return False
    return True


def _looks_like(head: bytes) -> str:
    """What puremagic takes it for; its guesses name things, they decide nothing."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return "Its content is of no known type"
    name = next((one.name or one.extension for one in found if one.name or one.extension), "")
    return f"It looks like this: {name.strip()}" if name.strip() else "Its content is of no known type"
