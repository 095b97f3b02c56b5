"""Text as PostgreSQL can hold it, and what is read from it."""


def storable(text: str) -> str:
    """`text` with each NUL and each lone surrogate replaced by U+FFFD; everything else as it is."""
    if "\x00" in text:
        text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def one_line(text: str) -> str:
    """`text` storable, in one line, with one space where there was whitespace."""
    return " ".join(storable(text).split())


def whole_number(text: str, digits: int = 18) -> int | None:
    """The number that is written with at most so many ASCII digits; None for anything else. 18 fit a key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
