"""Addresses of trackers: of a connection, and of what people paste."""

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError


def path_below(url: str, base: str) -> str | None:
    """The path of `url` below `base`; None where it is on another host, port, scheme or path, or hides something."""
    try:
        parts, wanted = urlsplit(url.strip()), urlsplit(base)
        is_there = _origin(parts) == _origin(wanted) and "@" not in parts.netloc
    except ValueError:
        return None
    prefix = f"{wanted.path}/"
    if not is_there or not parts.path.startswith(prefix):
        return None
    below = parts.path.removeprefix(prefix).rstrip("/")
    return None if re.search(r"(^|/)\.\.?(/|$)|%|\\", below) else below


def query_of(url: str) -> str:
    """What stands after the question mark."""
    return urlsplit(url.strip()).query


def checked_base(text: str) -> str:
    """The address of a tracker as it is kept. ValidationError: a token must not travel in the clear."""
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:
        raise ValidationError("This is not a web address. Copy it from the browser, up to the host name.") from problem
    if parts.scheme not in ("https", "http") or not re.fullmatch(r"[a-z0-9.\-]+|[0-9a-f:.]+", host):
        raise ValidationError("This is not a web address. Copy it from the browser, up to the host name.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValidationError("Only the address, please: nothing before the host's name, nothing after “?” or “#”.")
    if not re.fullmatch(r"(/[A-Za-z0-9._~\-]+)*", parts.path) or "/.." in parts.path:
        raise ValidationError("This path has signs in it that no tracker has. Copy the address up to the host name.")
    if parts.scheme == "http" and not _is_this_machine(host):
        raise ValidationError("It must begin with https://, or anyone on the way could read the token.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{parts.path}"


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    standard = {"http": 80, "https": 443}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").removeprefix("www."), parts.port or standard


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
