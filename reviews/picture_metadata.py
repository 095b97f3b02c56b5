"""Pictures without what cameras and programs write into them: where, when, by whom, with which device.

Reviews are read by many; a photograph of a whiteboard must not say where somebody lives. Nothing is decoded or encoded
anew: the functions walk over the segments of a file and yield those that a viewer needs. Of the rest only the
orientation is written back. What stands after the picture's end (another picture, a film, an archive) goes as well.

Formats: JPEG (ITU T.81, Exif 2.32), PNG (W3C, third edition), WebP (Google's container specification), GIF89a.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

Piece = bytes | memoryview


class DamagedPicture(ValueError):
    """The file begins like a picture, and cannot be one."""


def without_metadata(data: bytes, content_type: str) -> Iterator[Piece]:
    """The parts of the picture that stay, in order; a picture of another type stays whole.

    Raises DamagedPicture, perhaps after some parts.
    """
    strip = _STRIPPERS.get(content_type)
    if strip is None:
        yield data
        return
    try:
        yield from strip(data)
    except (struct.error, IndexError) as problem:
        raise DamagedPicture from problem


def _jpeg(data: bytes) -> Iterator[Piece]:
    """Keeps JFIF, colour profile and Adobe's colour transform of the segments that are not the picture itself."""
    view = memoryview(data)
    yield view[:2]
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise DamagedPicture
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xD9:
            yield view[at : at + 2]
            return
        if marker in _ALONE:
            yield view[at : at + 2]
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise DamagedPicture
        body = data[at + 4 : end] if marker in _APPLICATION else b""
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            if (orientation := _orientation(body[6:])) > 1:
                exif = b"Exif\0\0" + _only(orientation)
                yield b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
        elif marker not in _APPLICATION or body.startswith(_KEPT_BY_MARKER.get(marker, (b"\0none",))):
            yield view[at:end]
        at = end
        if marker == 0xDA:
            after = _end_of_scan(data, at)
            yield view[at:after]
            at = after


_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_APPLICATION = {*range(0xE0, 0xF0), 0xFE}  # what programs add, and comments
_KEPT_BY_MARKER = {0xE0: (b"JFIF\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the coded picture that begins at `at` ends: at a marker that does not belong to it."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        following = data[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at
    return len(data)


def _png(data: bytes) -> Iterator[Piece]:
    """Keeps the chunks that say how the picture looks, its animation included."""
    view = memoryview(data)
    yield view[:8]
    at = 8
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            raise DamagedPicture
        kind = data[at + 4 : at + 8]
        if kind in _PNG_KEPT:
            yield view[at:end]
        elif kind == b"eXIf" and (orientation := _orientation(data[at + 8 : end - 4])) > 1:
            chunk = kind + _only(orientation)
            yield struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        if kind == b"IEND":
            return
        at = end


_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def _webp(data: bytes) -> Iterator[Piece]:
    """Keeps picture, animation, transparency and colour profile."""
    (size,) = struct.unpack_from("<I", data, 4)
    end = min(len(data), 8 + size)
    view = memoryview(data)
    kept: list[Piece] = []
    orientation = 1
    header = None
    at = 12
    while at + 8 <= end:
        (length,) = struct.unpack_from("<I", data, at + 4)
        after = at + 8 + length
        if after > end:
            raise DamagedPicture
        kind = data[at : at + 4]
        if kind == b"VP8X" and length >= 10:
            header = len(kept)
        if kind == b"EXIF":
            orientation = _orientation(data[at + 8 : after].removeprefix(b"Exif\0\0"))
        elif kind in _WEBP_KEPT:
            kept += [view[at:after], b"\0" * (length % 2)]
        at = after + length % 2
    if header is not None:
        says = bytearray(kept[header])
        says[8] = says[8] & ~0x0C | (0x08 if orientation > 1 else 0)  # whether EXIF (8) and XMP (4) follow
        kept[header] = bytes(says)
        if orientation > 1:
            exif = _only(orientation)
            kept.append(b"EXIF" + struct.pack("<I", len(exif)) + exif)
    yield b"RIFF" + struct.pack("<I", 4 + sum(map(len, kept))) + b"WEBP"
    yield from kept


_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"}


def _gif(data: bytes) -> Iterator[Piece]:
    """Keeps pictures, their delays and how often they repeat."""
    view = memoryview(data)
    at = 13 + _palette(data[10])
    yield view[:at]
    while True:
        begins, kind = at, data[at]
        if kind == 0x3B:
            yield view[at : at + 1]
            return
        if kind == 0x2C:
            at += 11 + _palette(data[at + 9])
            is_kept = True
        elif kind == 0x21:
            label = data[at + 1]
            is_kept = label == 0xF9 or (label == 0xFF and data[at + 3 : at + 14] in _GIF_REPEATS)
            at += 2
        else:
            raise DamagedPicture
        while length := data[at]:
            at += length + 1
        at += 1
        if is_kept:
            yield view[begins:at]


_GIF_REPEATS = {b"NETSCAPE2.0", b"ANIMEXTS1.0"}


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


_STRIPPERS: dict[str, Callable[[bytes], Iterator[Piece]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}


def _orientation(tiff: bytes) -> int:
    """How Exif says that the picture is to be turned: 1 (not at all) to 8; 1 where it cannot be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, at)
        for place in range(at + 2, at + 2 + 12 * entries, 12):
            tag, kind, count, value = struct.unpack_from(order + "HHIH", tiff, place)
            if (tag, kind, count) == (0x0112, 3, 1):
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _only(orientation: int) -> bytes:
    """Exif that says nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
