"""Collecting what is wrong with typed values, so that all of it is told at once."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from core.safe_html import safe_address
from core.text import one_line, storable
from core.zones import validate_zone

LONGEST_TEXT = 2_000_000


class Problems:
    """Messages by field; the checks return the value to store."""

    def __init__(self) -> None:
        self.messages: dict[str, list[str]] = {}

    def add(self, field: str, message: str) -> None:
        """Note `message` for `field`."""
        self.messages.setdefault(field, []).append(message)

    def line(self, field: str, value: str, *, longest: int, required: str = "") -> str:
        """One line of text: whitespace squeezed, at most `longest` characters, `required` said when it is empty."""
        return self._measured(field, one_line(value), longest, required)

    def text(self, field: str, value: str, *, longest: int = LONGEST_TEXT, required: str = "") -> str:
        """Text of many lines, with line ends as "\\n"; kept as typed."""
        text = storable(value).replace("\r\n", "\n").replace("\r", "\n")
        return self._measured(field, text if text.strip() else "", longest, required)

    def choice(self, field: str, value: str, known: Iterable[Any]) -> str:
        """One of the `known` values."""
        if value not in known:
            self.add(field, f"“{storable(str(value))[:40]}” is not one of the choices.")
        return value

    def address(self, field: str, value: str) -> str:
        """An address of the web as it may stand in a link, or nothing."""
        address = self.line(field, value, longest=500)
        if not address or field in self.messages:
            return address
        safe = safe_address(address)
        try:
            URLValidator(schemes=["http", "https"])(safe)
        except ValidationError:
            self.add(field, "This is not a web address. Copy the whole of it, beginning with https://.")
        return self.line(field, safe or "", longest=500)

    def zone(self, field: str, name: str) -> str:
        """The name of a time zone."""
        try:
            validate_zone(name)
        except ValidationError as problem:
            self.messages.setdefault(field, []).extend(problem.messages)
        return name

    def refuse_any(self) -> None:
        """Raise ValidationError when something was noted."""
        if self.messages:
            raise ValidationError({field: list(said) for field, said in self.messages.items()})

    def _measured(self, field: str, text: str, longest: int, required: str) -> str:
        if required and not text:
            self.add(field, required)
        if len(text) > longest:
            self.add(field, f"This has {len(text):,} characters; at most {longest:,} fit. Shorten it a little.")
        return text
