"""Collecting what is wrong with typed values, so that all of it is told at once."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from core.text import storable
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
        return self._measured(field, " ".join(storable(value).split()), longest, required)

    def text(self, field: str, value: str, *, longest: int = LONGEST_TEXT, required: str = "") -> str:
        """Text of many lines, with line ends as "\\n"; kept as typed."""
        text = storable(value).replace("\r\n", "\n").replace("\r", "\n")
        return self._measured(field, text if text.strip() else "", longest, required)

    def choice(self, field: str, value: str, known: Iterable[Any]) -> str:
        """One of the `known` values."""
        if value not in known:
            self.add(field, f"“{storable(str(value))[:40]}” is not one of the choices.")
        return value

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
