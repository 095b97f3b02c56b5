"""The key that signs sessions on an installation where none was set in the environment."""

import contextlib
import os
import secrets
from pathlib import Path


def stored_secret_key(home: Path) -> str:
    """The key kept in `home`, made on first use and readable by its owner alone."""
    path = home / "secret-key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text().strip()
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"secret-key.{os.getpid()}"
    draft.write_text(secrets.token_urlsafe(48))
    draft.chmod(0o600)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)  # the first of several processes wins, and none reads half a key
    draft.unlink()
    return path.read_text().strip()
