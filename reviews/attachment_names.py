"""Names of attached files: what a device called them, without what could mislead or break."""

import re
import unicodedata

from core.text import storable
from reviews.sniffing import Kind

LONGEST = 150


def clean_name(given: str, kind: Kind) -> str:
    """The last part of the path `given`, with an extension that belongs to what the file is.

    Controls and marks that turn the direction of text are dropped, so that "gnp.exe" cannot look like "exe.png".
    """
    name = unicodedata.normalize("NFC", storable(given)).replace("\\", "/").rpartition("/")[2]
    name = "".join(" " if one.isspace() else one for one in name if one.isspace() or _is_shown(one))
    name = " ".join(re.sub(r'[:*?"<>|]', "-", name).split()).strip(". ")
    stem, _, extension = name.rpartition(".")
    if extension.lower() in kind.extensions and stem.strip(". -"):
        return f"{stem[:LONGEST].rstrip(' .')}.{extension.lower()}"
    return f"{name[:LONGEST].rstrip(' .') or 'file'}.{kind.extensions[0]}"


def _is_shown(character: str) -> bool:
    """Not a control, a mark of direction, a lone surrogate, or a place that stands for nothing."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
