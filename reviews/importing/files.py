"""Which files are write-ups, and what lies beside them: pictures that they show, files that they link."""

import re
from collections.abc import Callable
from posixpath import dirname, normpath, splitext
from urllib.parse import unquote, urlsplit

TEXTS = {".md", ".markdown", ".mdown", ".mkd", ".mdx", ".txt"}
PAGES = {".html", ".htm", ".xhtml"}
EXPORTED = ".json"
# What an export puts beside reviews is theirs, whatever its name ends in.
_SHOWN_FILE = re.compile(r"(?:^|/)attachments/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[^/]+$")

Files = Callable[[str], bytes | None]  # by the path below the folder or archive that was named


def no_files(path: str) -> bytes | None:
    """A file that came alone has nothing beside it."""
    return None


def beside(name: str, address: str) -> str | None:
    """The path that `address`, written in the file `name`, leads to; None where that is elsewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return None
    path = normpath(f"{dirname(name)}/{unquote(parts.path)}".lstrip("/")).replace("\\", "/")
    return None if path.startswith(("..", "/")) or "\x00" in path else path


def is_write_up(name: str) -> bool:
    """By its name; what a version control system keeps in a dotted folder is nobody's write-up."""
    parts = name.split("/")
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and splitext(parts[-1])[1].lower() in {*TEXTS, *PAGES, EXPORTED} and not _SHOWN_FILE.search(name)
