"""How long a text of a live document may get: as many characters as a form takes, whatever the size of each edit."""

from pycrdt import Doc, Text

from core.problems import LONGEST_TEXT
from reviews.live.document import document_from


class Limit:
    """Of one document. Characters are counted only when as many bytes came in as might have filled the longest text."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._left = 0  # bytes that may come before somebody has to count again
        self._too_long: dict[str, int] = {}  # characters of what was too long when they were counted

    def allows(self, update: bytes) -> bool:
        """Whether no text gets too long by it. A text that is too long already may get shorter.

        Raises ValueError where the update cannot be read.
        """
        if len(update) > self._left:
            self._count()
        if len(update) <= self._left:
            self._left -= len(update)
            return True
        after = _lengths(document_from([self._doc.get_update(), update]))
        return not any(length > self._most(place) for place, length in after.items())

    def is_broken(self, places: set[str]) -> bool:
        """Whether one of these texts got too long all the same: by an edit that came earlier and waited for others."""
        for place in places:
            if len(self._doc.get(place, type=Text)) <= LONGEST_TEXT:  # bytes, at no cost
                continue
            length = _characters(self._doc, place)
            if length > self._most(place):
                return True
            if place in self._too_long:
                self._too_long[place] = length
        return False

    def forget(self) -> None:
        """Something else than allowed updates changed the document."""
        self._left = 0

    def _most(self, place: str) -> int:
        return max(LONGEST_TEXT, self._too_long.get(place, 0))

    def _count(self) -> None:
        lengths = _lengths(self._doc)
        self._left = LONGEST_TEXT - max(lengths.values(), default=0)
        self._too_long = {place: length for place, length in lengths.items() if length > LONGEST_TEXT}


def _lengths(doc: Doc) -> dict[str, int]:
    return {place: _characters(doc, place) for place in doc.keys()}  # noqa: SIM118


def _characters(doc: Doc, place: str) -> int:
    text = doc.get(place, type=Text)
    return len(str(text)) if len(text) > LONGEST_TEXT // 2 else len(text)  # bytes are as good where they are few
