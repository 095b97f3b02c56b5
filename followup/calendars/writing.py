"""Lines of an iCalendar file: values written as RFC 5545 has them, and lines folded."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

LONGEST_LINE = 75  # octets, without the end of the line: section 3.1
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n?|\n")


def text_line(name: str, text: str) -> str:
    """A property whose value is text: section 3.3.11."""
    plain = _NOT_IN_TEXT.sub(" ", _LINE_END.sub("\n", text))
    escaped = plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return f"{name}:{escaped}"


def date_line(name: str, day: date) -> str:
    """A property whose value is a day, without a time and so in no zone."""
    return f"{name};VALUE=DATE:{day:%Y%m%d}"


def instant_line(name: str, at: datetime) -> str:
    """A property whose value is an instant."""
    return f"{name}:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def written(lines: Iterable[str]) -> bytes:
    """The file: each line folded, with the line ends that the format asks for."""
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line.encode()))


def _folded(line: bytes) -> Iterable[bytes]:
    """Parts of at most 75 octets, the second and later ones with the space before them that joins them; no sign is cut
    in two."""
    start, room, joint = 0, LONGEST_LINE, b""
    while len(line) - start > room:
        end = start + room
        while line[end] & 0b1100_0000 == 0b1000_0000:  # within a sign of several octets
            end -= 1
        yield joint + line[start:end]
        start, room, joint = end, LONGEST_LINE - 1, b" "
    yield joint + line[start:]
