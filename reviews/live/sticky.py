"""Positions that stay with a character of a live text, whatever is typed around it.

A position is kept as Yjs keeps it: the id of a character, a client and a clock that counts UTF-16 units. pycrdt counts
bytes where it makes such an id out of an index, and adds units to bytes where it reads one; both go wrong within a
stretch of text that was typed as one and holds more than ASCII. `_first_wide` finds where they begin to.
"""

import re
from dataclasses import dataclass

from pycrdt import Assoc, StickyIndex, Text

_WIDE = re.compile(rb"[\xc0-\xff]")


@dataclass(frozen=True)
class Found:
    """The index of a character in the present text; where it was deleted, the index at which it stood."""

    at: int
    is_there: bool


def pin(text: Text, at: int) -> bytes:
    """The position of the character at index `at`."""
    said = str(text)
    index = len(said[:at].encode())
    client, clock = _id(text.sticky_index(index, Assoc.AFTER))
    wide = _first_wide(text, said, index, client, clock - index)
    clock += wide - index + _units(said.encode()[wide:index].decode())
    return _position(client, clock, Assoc.AFTER, text).encode()


def find(text: Text, position: bytes) -> Found | None:
    """Where that character is now; None where this text never had it."""
    client, clock = _id(StickyIndex.decode(position, text))
    try:
        index = _position(client, clock, Assoc.AFTER, text).get_index()
        is_there = _position(client, clock, Assoc.BEFORE, text).get_index() > index
    except BaseException as problem:
        if type(problem).__name__ != "PanicException":  # how pycrdt says that it does not know the id
            raise
        return None
    said = str(text)
    whole = said.encode()
    if is_there:
        wide = _first_wide(text, said, index, client, clock - index)
        index = wide + len(_first_units(whole[wide:].decode(), index - wide).encode())
    return Found(len(whole[:index].decode()), is_there)


def _first_wide(text: Text, said: str, index: int, client: int, ahead: int) -> int:
    """The byte of the first character that is more than ASCII in the stretch around the byte `index`, at most that.

    Within one stretch, clocks as pycrdt counts them are `ahead` of bytes by the same number.
    """
    first = index
    for wide in reversed([*_WIDE.finditer(said.encode(), 0, index + 1)]):
        byte = wide.start()
        if _id(text.sticky_index(byte, Assoc.AFTER)) != (client, byte + ahead):
            break
        first = byte
    return first


def _id(position: StickyIndex) -> tuple[int, int]:
    item = position.to_json()["item"]
    return item["client"], item["clock"]


def _position(client: int, clock: int, assoc: Assoc, text: Text) -> StickyIndex:
    found = {"item": {"client": client, "clock": clock}, "assoc": assoc.value}
    return StickyIndex.from_json(found, text)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
