"""Slack, as far as it is spoken to: finding a person by their mail address, and posting a message.

Two ways in: a bot's token speaks with the Web API; an incoming webhook is the address of one channel.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

SECONDS = 20
MOST_BYTES = 1_000_000
WEBHOOK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_A_MINUTE = timedelta(minutes=1)


class SlackError(Exception):
    """Slack did not take it; the message says why, for people. `may_have_arrived`: no answer said that it did not."""

    may_have_arrived = False


class SlackBusy(SlackError):
    """Too much at once, or a passing fault: `wait` is how long Slack asks for."""

    def __init__(self, wait: timedelta = _A_MINUTE, *, may_have_arrived: bool = False) -> None:
        self.wait, self.may_have_arrived = wait, may_have_arrived
        super().__init__("Slack is busy.")


class SlackRefused(SlackError):
    """It will not be taken later either, as long as nothing is changed; `code` is Slack's word for why."""

    def __init__(self, code: str) -> None:
        self.code = code[:60]
        super().__init__(_WORDS.get(code, f"Slack refused it: {self.code}."))


class SlackSilent(SlackError):
    """No answer."""

    def __init__(self, *, may_have_arrived: bool) -> None:
        self.may_have_arrived = may_have_arrived
        super().__init__("Slack did not answer." if may_have_arrived else "Slack cannot be reached.")


@dataclass(frozen=True)
class Slack:
    """The Web API under `address`, with a bot's token (scopes chat:write, users:read.email)."""

    address: str
    token: str

    def member(self, email: str) -> str:
        """The key of who has this mail address there."""
        return str(self._call("users.lookupByEmail", {"email": email})["user"]["id"])

    def post(self, channel: str, text: str, blocks: list[dict[str, Any]]) -> None:
        """Post to a channel, or to a person by their key; `text` is what notifications show."""
        message = {"channel": channel, "text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}
        self._call("chat.postMessage", message, as_json=True)

    def _call(self, method: str, values: dict[str, Any], *, as_json: bool = False) -> dict[str, Any]:
        body = json.dumps(values) if as_json else urlencode(values)
        kind = "application/json; charset=utf-8" if as_json else "application/x-www-form-urlencoded"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        text = _answer(Request(f"{self.address.rstrip('/')}/{method}", body.encode(), headers))  # noqa: S310
        try:
            answer = json.loads(text)
            is_fine = answer["ok"] is True
        except (ValueError, KeyError, TypeError):
            raise SlackBusy(may_have_arrived=True) from None
        if is_fine:
            return dict(answer)
        code = str(answer.get("error", "unknown"))
        raise SlackBusy if code in _PASSING else SlackRefused(code)


def post_to_webhook(address: str, text: str, blocks: list[dict[str, Any]]) -> None:
    """Post to the channel of an incoming webhook."""
    body = json.dumps({"text": text, "blocks": blocks}).encode()
    answer = _answer(Request(address, body, {"Content-Type": "application/json; charset=utf-8"}))  # noqa: S310
    if answer.strip() != "ok":
        raise SlackRefused(answer.strip())


def is_webhook(address: str, api_address: str) -> bool:
    """Whether the address is Slack's own, so that a message posted there goes nowhere else."""
    try:
        parts = urlsplit(address)
        own = urlsplit(api_address)
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc) and own.hostname != "slack.com"
        is_slacks = parts.scheme == "https" and parts.netloc in WEBHOOK_HOSTS
    except ValueError:
        return False
    return (is_own or is_slacks) and parts.path.startswith("/services/") and not any(c.isspace() for c in address)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Slack does not redirect; whoever does is not Slack."""


_OPENER = build_opener(_NoRedirects)


def _answer(request: Request) -> str:
    try:
        with _OPENER.open(request, timeout=SECONDS) as response:
            return str(response.read(MOST_BYTES).decode("utf-8", "replace"))
    except HTTPError as problem:
        raise _of_status(problem) from None
    except URLError as problem:
        # The connection, or the request on it, failed before an answer could begin.
        unreached = isinstance(problem.reason, ConnectionRefusedError | OSError) and not isinstance(
            problem.reason, TimeoutError | ConnectionResetError | BrokenPipeError
        )
        raise SlackSilent(may_have_arrived=not unreached) from None
    except OSError:
        raise SlackSilent(may_have_arrived=True) from None


def _of_status(problem: HTTPError) -> SlackError:
    with problem:
        if problem.code == 429 or problem.code >= 500:
            asked = problem.headers.get("Retry-After", "")
            wait = timedelta(seconds=min(int(asked[:9]), 86_400)) if asked.isascii() and asked.isdigit() else _A_MINUTE
            return SlackBusy(wait, may_have_arrived=problem.code >= 500)
        said = problem.read(200).decode("utf-8", "replace").strip()
    return SlackRefused(said if said in _WORDS else f"HTTP {problem.code}")


_PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_WORDS = {
    "users_not_found": "Slack knows nobody with this mail address.",
    "invalid_auth": "Slack does not accept the token (DEBRIEF_SLACK_TOKEN).",
    "not_authed": "Slack does not accept the token (DEBRIEF_SLACK_TOKEN).",
    "account_inactive": "The token (DEBRIEF_SLACK_TOKEN) is of an account that was closed.",
    "token_revoked": "The token (DEBRIEF_SLACK_TOKEN) was revoked.",
    "token_expired": "The token (DEBRIEF_SLACK_TOKEN) has expired.",
    "missing_scope": "The token (DEBRIEF_SLACK_TOKEN) lacks a scope; it needs chat:write and users:read.email.",
    "channel_not_found": "Slack finds no such channel or person.",
    "user_disabled": "The account in Slack was closed.",
    "is_archived": "The channel was archived.",
    "channel_is_archived": "The channel of this webhook was archived.",
    "no_service": "The webhook was removed or switched off.",
    "no_service_id": "The webhook is not complete.",
    "invalid_token": "The webhook is not complete.",
    "no_team": "The webhook is not complete.",
    "action_prohibited": "An administrator of Slack forbids it.",
    "posting_to_general_channel_denied": "An administrator of Slack forbids posting to this channel.",
}
