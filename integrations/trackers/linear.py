"""Linear: GraphQL at api.linear.app. Its projects, as the word is used here, are teams: ENG.

The type of an issue's state says where it stands: triage, backlog and unstarted are open; canceled and duplicate won't
be done.
"""

import json
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from actions.models import ActionStatus
from integrations.models import TrackerConnection
from integrations.trackers.addresses import path_below
from integrations.trackers.credentials import token, token_variable
from integrations.trackers.signatures import fingerprint, is_signed
from integrations.trackers.tracker import (
    Changes,
    Delivery,
    Headers,
    Issue,
    NewIssue,
    Place,
    dig,
    instant_at,
    text_at,
    utc_text,
)
from integrations.trackers.trouble import BadToken, Denied, Gone, Limited, Refused
from integrations.trackers.wire import LONGEST_WAIT, Answer, Wire

_PAGE = re.compile(r"issue/(([A-Za-z][A-Za-z0-9]{0,9})-[1-9][0-9]{0,9})(?:/[^/]*)?")
_ISSUE = (
    "{ id identifier url title description trashed updatedAt startedAt completedAt canceledAt "
    "state { id name type } team { id key } }"
)
_TYPES = {
    "triage": ActionStatus.OPEN,
    "backlog": ActionStatus.OPEN,
    "unstarted": ActionStatus.OPEN,
    "started": ActionStatus.IN_PROGRESS,
    "completed": ActionStatus.DONE,
    "canceled": ActionStatus.WONT_DO,
    "duplicate": ActionStatus.WONT_DO,
}
_WANTED = {
    ActionStatus.OPEN: ("unstarted", "backlog", "triage"),
    ActionStatus.IN_PROGRESS: ("started",),
    ActionStatus.DONE: ("completed",),
    ActionStatus.WONT_DO: ("canceled",),
}
_SINCE = {
    ActionStatus.IN_PROGRESS: "startedAt",
    ActionStatus.DONE: "completedAt",
    ActionStatus.WONT_DO: "canceledAt",
}
_OLDEST_DELIVERY = 60
_PER_PAGE = 100
_MOST_PAGES = 20


class Linear:
    """The tracker of a Linear connection."""

    def __init__(self, connection: TrackerConnection) -> None:
        self._connection = connection
        parts = urlsplit(connection.base)
        api = "https://api.linear.app" if parts.hostname == "linear.app" else f"{parts.scheme}://{parts.netloc}"
        key = token(connection.code)
        # A personal key goes as it is, the token of an application as a bearer.
        headers = {"Authorization": key if key.startswith("lin_api_") else f"Bearer {key}"}
        self._wire = Wire(connection.name, connection.code, api, headers)

    def recognise(self, url: str) -> Place | None:
        """https://linear.app/acme/issue/ENG-12/some-words."""
        found = _PAGE.fullmatch(path_below(url, self._connection.base) or "")
        return Place(found[2].upper(), found[1].upper()) if found else None

    def shows(self, status: str) -> ActionStatus:
        """All of them."""
        return ActionStatus.OPEN if status == ActionStatus.PROPOSED else ActionStatus(status)

    def fetch(self, place: Place) -> Issue:
        """One request; an issue that moved to another team answers to its old name."""
        return self._fetch(place.key)

    def create(self, project: str, new: NewIssue) -> Issue:
        """Two requests. The issue gets `reference` as its own id, so that a second try makes no second one."""
        wanted = {"id": new.reference, "teamId": self._team(project)["id"], "title": new.title, "description": new.text}
        mutation = f"mutation($input: IssueCreateInput!) {{ issueCreate(input: $input) {{ success issue {_ISSUE} }} }}"
        return self._read(dig(self._ask(mutation, input=wanted), "issueCreate", "issue"))

    def find_created(self, project: str, reference: str, since: datetime) -> Issue | None:
        """By its id."""
        try:
            return self._fetch(reference)
        except Gone:
            return None

    def set_status(self, issue: Issue, status: ActionStatus) -> Issue:
        """Two requests: Linear wants the state of the issue's own team."""
        states = dig(self._team(issue.place.project), "states", "nodes") or []
        order = _WANTED[status]
        fitting = [one for one in states if text_at(one, "type") in order]
        if not fitting:
            label = status.label.lower()
            raise Refused(f"{self._wire.name} has no state for “{label}” in the team {issue.place.project}.")
        chosen = min(fitting, key=lambda one: (order.index(text_at(one, "type")), dig(one, "position") or 0))
        mutation = (
            "mutation($id: String!, $input: IssueUpdateInput!) "
            f"{{ issueUpdate(id: $id, input: $input) {{ success issue {_ISSUE} }} }}"
        )
        said = self._ask(mutation, id=issue.id, input={"stateId": text_at(chosen, "id")})
        return self._read(dig(said, "issueUpdate", "issue"))

    def changed_since(self, project: str, since: datetime, etag: str) -> Changes:
        """The newest change first."""
        query = (
            "query($team: String!, $since: DateTimeOrDuration!, $first: Int!, $after: String) "
            "{ issues(filter: { team: { key: { eq: $team } }, updatedAt: { gte: $since } }, "
            "orderBy: updatedAt, first: $first, after: $after) "
            f"{{ nodes {_ISSUE} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        issues: list[Issue] = []
        newest, after = since, None
        for _ in range(_MOST_PAGES):
            said = self._ask(query, team=project, since=utc_text(since), first=_PER_PAGE, after=after)
            rows = dig(said, "issues", "nodes") or []
            issues += [self._read(row) for row in rows if dig(row, "trashed") is not True]
            newest = max([newest, *(at for row in rows if (at := instant_at(row, "updatedAt")))])
            after = text_at(said, "issues", "pageInfo", "endCursor")
            if dig(said, "issues", "pageInfo", "hasNextPage") is not True:
                break
        return Changes(issues, newest)

    def probe(self, project: str) -> str:
        """Reads the team and its states."""
        self._team(project)
        return f"{project}: fine."

    @staticmethod
    def delivered(headers: Headers, query: Mapping[str, str], body: bytes, secret: str) -> Delivery | None:
        """Linear-Signature over the body, which tells when it was sent: an old one is not taken."""
        if not is_signed(body, secret, headers.get("Linear-Signature", "")):
            return None
        said = json.loads(body)
        sent = dig(said, "webhookTimestamp")
        if not isinstance(sent, int | float) or abs(time.time() - sent / 1000) > _OLDEST_DELIVERY:
            return None
        id_ = headers.get("Linear-Delivery", "") or fingerprint(body)
        if text_at(said, "type") != "Issue":
            return Delivery(id_)
        key = text_at(said, "data", "identifier")
        return Delivery(id_, Place(key.rpartition("-")[0], key), text_at(said, "data", "id"))

    def _fetch(self, id_: str) -> Issue:
        said = dig(self._ask(f"query($id: String!) {{ issue(id: $id) {_ISSUE} }}", id=id_), "issue")
        if said is None or dig(said, "trashed") is True:
            raise Gone(f"{self._wire.name} has no such issue any more.")
        return self._read(said)

    def _team(self, key: str) -> Any:
        query = (
            "query($key: String!) { teams(filter: { key: { eq: $key } }) "
            "{ nodes { id key states { nodes { id name type position } } } } }"
        )
        found = dig(self._ask(query, key=key), "teams", "nodes", 0)
        if found is None:
            raise Gone(f"{self._wire.name} has no team {key}, or shows it to others than the owner of the token.")
        return found

    def _ask(self, query: str, **variables: Any) -> Any:
        """The `data` of the answer. Linear tells of errors in the body, with 200 or with 400."""
        body = {"query": query, "variables": variables}
        answer = self._wire.call("POST", "/graphql", body=body, allowed=(400, 401))
        error = dig(answer.json, "errors", 0)
        if error is None and answer.status < 300:
            return dig(answer.json, "data")
        code, message = text_at(error, "extensions", "code"), text_at(error, "message")
        if code == "RATELIMITED":
            raise Limited(f"{self._wire.name} asks to be left alone for a while: too many requests.", _reset(answer))
        if answer.status == 401 or code == "AUTHENTICATION_ERROR":
            variable = token_variable(self._connection.code)
            raise BadToken(f"{self._wire.name} does not take the token. Put a valid one into {variable}.")
        if code == "FORBIDDEN":
            raise Denied(f"{self._wire.name} does not allow this to the owner of the token.")
        if "not found" in message.casefold():
            raise Gone(f"{self._wire.name} has nothing there, or shows it to others than the owner of the token.")
        raise Refused(f"{self._wire.name} refused: {' '.join(message.split())[:300] or answer.status}")

    def _read(self, said: Any) -> Issue:
        key, url = text_at(said, "identifier"), text_at(said, "url")
        status = _TYPES.get(text_at(said, "state", "type"))
        if status is None or self.recognise(url) is None:
            raise Refused(f"{self._wire.name} answered with something that is no issue: {url[:200]}")
        at = instant_at(said, _SINCE.get(status, "updatedAt")) or instant_at(said, "updatedAt")
        place = Place(text_at(said, "team", "key") or key.rpartition("-")[0], key)
        text = text_at(said, "description")
        return Issue(place, text_at(said, "id"), url, text_at(said, "title"), status, at, text)


def _reset(answer: Answer) -> float:
    """Seconds until the limit is filled again; Linear gives the instant in milliseconds."""
    said = answer.headers.get("x-ratelimit-requests-reset", "")
    ahead = int(said) / 1000 - time.time() if re.fullmatch("[0-9]{1,16}", said) else 60
    return min(max(ahead, 1.0), LONGEST_WAIT)
