"""The stretches of a Yjs document as its update holds them (version 1 of the encoding)."""

from collections import defaultdict
from dataclasses import dataclass

_GC, _DELETED, _BINARY, _STRING, _EMBED, _FORMAT, _SKIP = 0, 1, 3, 4, 5, 6, 10
_HAS_LEFT, _HAS_RIGHT, _HAS_KEY = 0x80, 0x40, 0x20


@dataclass(frozen=True)
class Block:
    """What one client typed as one: ids from `clock` on, one for each UTF-16 unit of `text`."""

    clock: int
    text: str


def blocks_of(update: bytes) -> dict[int, list[Block]]:
    """The stretches of text of each client by clock. Raises ValueError where the document holds more than texts."""
    reader = _Reader(update)
    found: dict[int, list[Block]] = defaultdict(list)
    for _ in range(reader.number()):
        structs, client, clock = reader.number(), reader.number(), reader.number()
        for _ in range(structs):
            text, length = reader.struct()
            if text:
                found[client].append(Block(clock, text))
            clock += length
    return found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def struct(self) -> tuple[str, int]:
        """The text of one struct, empty for other ones, and how many ids it takes."""
        info = self._byte()
        kind = info & 31
        if kind in (_GC, _SKIP):
            return "", self.number()
        for flag in (_HAS_LEFT, _HAS_RIGHT):
            if info & flag:
                self._id()
        if not info & (_HAS_LEFT | _HAS_RIGHT):
            self._parent()
            if info & _HAS_KEY:
                self._bytes()
        return self._content(kind)

    def _content(self, kind: int) -> tuple[str, int]:
        if kind == _DELETED:
            return "", self.number()
        if kind == _STRING:
            text = self._bytes().decode(errors="replace")
            return text, len(text.encode("utf-16-le")) // 2
        if kind in (_BINARY, _EMBED, _FORMAT):
            self._bytes()
            if kind == _FORMAT:
                self._bytes()
            return "", 1
        raise ValueError(f"content of the kind {kind}")

    def _parent(self) -> None:
        if self.number() == 1:
            self._bytes()
        else:
            self._id()

    def _id(self) -> None:
        self.number()
        self.number()

    def _bytes(self) -> bytes:
        length = self.number()
        self._at += length
        return self._data[self._at - length : self._at]

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise ValueError("it ends too early")
        self._at += 1
        return self._data[self._at - 1]
