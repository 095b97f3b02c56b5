"""Asking a tracker: to its own address alone, within limits, and with what went wrong in words.

Requests go only below the API address of a connection, which administrators set; no redirect is followed, so that the
token reaches nobody else.
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, TimeoutError

from core.text import one_line
from integrations.trackers.credentials import token_variable
from integrations.trackers.tracker import text_at
from integrations.trackers.trouble import BadToken, Denied, Gone, Limited, Refused, Trouble, Unreachable

SECONDS = urllib3.Timeout(connect=5, read=10)
LONGEST_ANSWER = 8_000_000
LONGEST_WAIT = 6 * 3600
_USER_AGENT = "Debrief"


@dataclass(frozen=True)
class Answer:
    """Status, headers, and the decoded JSON; None where there was none."""

    status: int
    headers: Mapping[str, str]
    json: Any


class Wire:
    """Calls below one address, each with the headers that carry the token."""

    def __init__(self, name: str, code: str, address: str, headers: Mapping[str, str]) -> None:
        self.name, self._code, self._address = name, code, address
        self._headers = {"User-Agent": _USER_AGENT, "Accept": "application/json", **headers}

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> Answer:
        """The answer where it is a success or one of `allowed`; else Trouble in words."""
        address = self._address + path + (f"?{urlencode(query)}" if query else "")
        sent = {**self._headers, **(headers or {})}
        content = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        answer = self._exchange(method, address, sent, content)
        if answer.status < 300 or answer.status in allowed:
            return answer
        raise self.trouble(answer)

    def moved_to(self, answer: Answer) -> str | None:
        """The path below the API's address to which a redirect leads; None where it leads elsewhere."""
        target = answer.headers.get("location", "")
        return target.removeprefix(self._address) if target.startswith(f"{self._address}/") else None

    def trouble(self, answer: Answer) -> Trouble:
        """What an answer that is no success means."""
        said = _reason(answer.json)
        wait = seconds_to_wait(answer.headers)
        name, status = self.name, answer.status
        if status == 429 or (status == 403 and _is_limit(answer)):
            return Limited(f"{name} asks to be left alone for a while: too many requests.", wait or 60)
        if status == 401:
            return BadToken(f"{name} does not take the token. Put a valid one into {token_variable(self._code)}.")
        if status == 403:
            return Denied(f"{name} does not allow this to the owner of the token{said}")
        if status in (404, 410):
            return Gone(f"{name} has nothing there, or shows it to others than the owner of the token.")
        if status >= 500:
            return Unreachable(f"{name} has trouble of its own ({status}).", wait)
        if status >= 400:
            return Refused(f"{name} refused ({status}){said}")
        return Refused(f"{name} sends on to another address ({status}). Check the address of the connection.")

    def _exchange(self, method: str, address: str, headers: Mapping[str, str], content: bytes | None) -> Answer:
        try:
            got = _pool(address).request(
                method,
                address,
                body=content,
                headers=headers,
                timeout=SECONDS,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            raw = got.read(LONGEST_ANSWER + 1, decode_content=True)
        except (HTTPError, OSError, ValueError) as problem:
            if isinstance(problem, TimeoutError) and not isinstance(problem, NewConnectionError):
                raise Unreachable(f"{self.name} did not answer in time.") from problem
            why = one_line(str(problem)).rpartition(": ")[2][:200]
            raise Unreachable(
                f"{self.name} could not be reached: {re.sub(r'^.Errno -?[0-9]+. ', '', why)}"
            ) from problem
        if len(raw) > LONGEST_ANSWER:
            got.close()
            raise Unreachable(f"{self.name} sent more than fits.")
        got.release_conn()
        return Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, self._decoded(raw, got))

    def _decoded(self, raw: bytes, got: Any) -> Any:
        if not raw.strip():
            return None
        try:
            return json.loads(raw)
        except (ValueError, RecursionError) as problem:
            if got.status >= 300:
                return None
            raise Unreachable(f"{self.name} answered with something that is not JSON.") from problem


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """What Retry-After, or a limit that is used up, says; at most LONGEST_WAIT."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch("[0-9]+", said):
        return float(min(int(said[:18]), LONGEST_WAIT))
    if said:
        try:
            ahead = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
        return min(max(ahead, 1.0), LONGEST_WAIT)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and re.fullmatch("[0-9]{1,12}", reset):
        return min(max(int(reset) - time.time(), 1.0), LONGEST_WAIT)
    return None


def _is_limit(answer: Answer) -> bool:
    """GitHub says 403 as well where it limits."""
    limited = "rate limit" in text_at(answer.json, "message").casefold()
    return limited or "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"


def _reason(said: Any) -> str:
    """The tracker's own words at the end of a sentence."""
    words = text_at(said, "message") or text_at(said, "errorMessages", 0) or text_at(said, "errors", 0, "message")
    errors = said.get("errors") if isinstance(said, dict) else None
    if not words and isinstance(errors, dict):
        words = "; ".join(f"{field}: {why}" for field, why in errors.items())
    if not words and isinstance(said, dict) and said.get("error"):
        words = str(said["error"])
    return f": {one_line(words)[:300]}" if words else "."


@cache
def _pools(proxy: str | None) -> urllib3.PoolManager:
    return urllib3.ProxyManager(proxy, maxsize=4) if proxy else urllib3.PoolManager(maxsize=4)


def _pool(address: str) -> urllib3.PoolManager:
    """The connections that are kept open, through the proxy that the environment names."""
    parts = urlsplit(address)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    return _pools(proxy)
