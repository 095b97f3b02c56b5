"""Text as PostgreSQL can hold it."""


def storable(text: str) -> str:
    """`text` with each NUL and each lone surrogate replaced by U+FFFD; everything else as it is."""
    if "\x00" in text:
        text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
