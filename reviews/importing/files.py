"""What lies beside an imported file: pictures that it shows, files that it links."""

from collections.abc import Callable
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

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
