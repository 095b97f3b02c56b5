"""Small pictures with the notes that cameras leave, built byte by byte."""

import struct
import zlib

SECRET = b"52.5200N 13.4050E"


def tiff(orientation: int = 1, order: str = ">") -> bytes:
    """Exif's data: an orientation, and a place in a private tag."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entries = [(0x0112, 3, 1, struct.pack(order + "HH", orientation, 0)), (0x8825, 4, 1, struct.pack(order + "I", 38))]
    body = b"".join(struct.pack(order + "HHI", *one[:3]) + one[3] for one in entries)
    return mark + struct.pack(order + "IH", 8, len(entries)) + body + b"\0\0\0\0" + SECRET


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
TABLES = (
    segment(0xDB, b"\0" + bytes(range(1, 65))) + segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0") + segment(0xC4, b"\0" * 17)
)


def jpeg(*before: bytes, after: bytes = b"") -> bytes:
    """A baseline JPEG of one component with segments before its tables."""
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + b"".join(before)
        + TABLES
        + SCAN
        + b"\xff\xd9"
        + after
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*more: bytes, after: bytes = b"", pixel: int = 0) -> bytes:
    """A picture of one grey pixel."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    content = chunk(b"IDAT", zlib.compress(bytes([0, pixel])))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + content + chunk(b"IEND", b"") + after


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def webp(*chunks: bytes, after: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body + after


def gif(*extensions: bytes, after: bytes = b"") -> bytes:
    """One pixel of a palette of two."""
    picture = b"\x2c\0\0\0\0\1\0\1\0\0" + b"\2\2\x44\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0" + b"\0\0\0\xff\xff\xff" + b"".join(extensions) + picture + b"\x3b" + after
