"""Jira: Cloud (REST, version 3, with an account and its token) and Data Center (version 2, with a personal token).

The category of a status says whether an issue is to do, in progress or done; a resolution, or the status's name, says
that it won't be done. Each workflow has its own ways between statuses, so that a change is a transition that Jira
offers for the issue as it stands.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import parse_qs, quote

from django.utils import timezone

from actions.models import ActionStatus
from integrations.models import TrackerConnection
from integrations.trackers.addresses import path_below, query_of
from integrations.trackers.adf import document, words
from integrations.trackers.credentials import token
from integrations.trackers.signatures import fingerprint, is_secret, is_signed
from integrations.trackers.tracker import (
    CLOCKS_DIFFER,
    Changes,
    Delivery,
    Headers,
    Issue,
    NewIssue,
    Place,
    dig,
    instant_at,
    text_at,
)
from integrations.trackers.trouble import Refused
from integrations.trackers.wire import Answer, Wire

_KEY = re.compile(r"([A-Z][A-Z0-9_]{1,19})-[1-9][0-9]{0,17}")
_FIELDS = "summary,status,resolution,resolutiondate,updated,statuscategorychangedate,description"
_WONT_DO = {
    "wont do", "wont fix", "declined", "duplicate", "cannot reproduce", "cant reproduce", "canceled", "cancelled",
    "rejected", "not a bug", "obsolete", "invalid", "abandoned", "not planned",
}  # fmt: skip
_DONE = ("done", "fixed", "complete", "completed", "resolved")
_CATEGORIES = {
    "undefined": ActionStatus.OPEN,
    "new": ActionStatus.OPEN,
    "indeterminate": ActionStatus.IN_PROGRESS,
    "done": ActionStatus.DONE,
}
_PER_PAGE = 100
_MOST_PAGES = 20


class Jira:
    """The tracker of a Jira connection."""

    def __init__(self, connection: TrackerConnection) -> None:
        self._connection = connection
        self._is_cloud = bool(connection.account)
        secret = token(connection.code)
        basic = b64encode(f"{connection.account}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}" if self._is_cloud else f"Bearer {secret}"}
        api = f"{connection.base}/rest/api/{3 if self._is_cloud else 2}"
        self._wire = Wire(connection.name, connection.code, api, headers)

    def recognise(self, url: str) -> Place | None:
        """https://acme.atlassian.net/browse/OPS-12, and an issue that is open beside a board."""
        below = path_below(url, self._connection.base)
        if below is None:
            return None
        key = below.removeprefix("browse/") if below.startswith("browse/") else ""
        if not key:
            key = parse_qs(query_of(url)).get("selectedIssue", [""])[0] or below.rpartition("/issues/")[2]
        found = _KEY.fullmatch(key.upper())
        return Place(found[1], found[0]) if found else None

    def shows(self, status: str) -> ActionStatus:
        """All of them, as far as the workflow has them."""
        return ActionStatus.OPEN if status == ActionStatus.PROPOSED else ActionStatus(status)

    def fetch(self, place: Place) -> Issue:
        """One request. An issue that was moved answers to its old key with its new one."""
        return self._read(self._wire.call("GET", f"/issue/{quote(place.key)}", query={"fields": _FIELDS}).json)

    def create(self, project: str, new: NewIssue) -> Issue:
        """Two requests: the answer to the first one has the key alone."""
        fields = {
            "project": {"key": project},
            "summary": new.title[:255],
            "issuetype": {"name": self._connection.issue_type or "Task"},
            "description": document(new.text) if self._is_cloud else new.text,
        }
        said = self._wire.call("POST", "/issue", body={"fields": fields}).json
        return self.fetch(Place(project, text_at(said, "key")))

    def find_created(self, project: str, reference: str, since: datetime) -> Issue | None:
        """Looked for among what changed since."""
        found = self.changed_since(project, since, "").issues
        return next((issue for issue in found if reference in issue.text), None)

    def set_status(self, issue: Issue, status: ActionStatus) -> Issue:
        """Two requests, and one to see what became of it."""
        path = f"/issue/{quote(issue.place.key)}/transitions"
        offered = dig(self._wire.call("GET", path, query={"expand": "transitions.fields"}).json, "transitions")
        chosen = _transition(offered if isinstance(offered, list) else [], status)
        if chosen is None:
            label = status.label.lower()
            raise Refused(
                f"{self._wire.name} offers no way from where {issue.place.key} stands to “{label}” for the owner of "
                "the token. Move it there by hand, or let the workflow allow it."
            )
        body: dict[str, Any] = {"transition": {"id": text_at(chosen, "id")}}
        if resolution := _resolution(chosen, status):
            body["fields"] = {"resolution": {"name": resolution}}
        self._wire.call("POST", path, body=body)
        return self.fetch(issue.place)

    def changed_since(self, project: str, since: datetime, etag: str) -> Changes:
        """Jira reads times in the zone of the token's owner, so it is asked for the last so many minutes."""
        issues: list[Issue] = []
        newest, more = since, ""
        minutes = max(ceil((timezone.now() - since + CLOCKS_DIFFER).total_seconds() / 60), 1)
        jql = f'project = "{project}" AND updated >= -{minutes}m ORDER BY updated ASC'
        for page in range(_MOST_PAGES):
            answer = self._search(jql, page, more)
            rows = dig(answer.json, "issues") or []
            issues += [self._read(row) for row in rows]
            newest = max([newest, *(at for row in rows if (at := instant_at(row, "fields", "updated")))])
            more = text_at(answer.json, "nextPageToken")
            if len(rows) < _PER_PAGE and not more:
                break
        return Changes(issues, newest)

    def probe(self, project: str) -> str:
        """Reads the project and what the token may do there."""
        self._wire.call("GET", f"/project/{quote(project)}")
        needed = {"TRANSITION_ISSUES": "move issues", "CREATE_ISSUES": "create issues"}
        query = {"projectKey": project, "permissions": ",".join(needed)}
        said = self._wire.call("GET", "/mypermissions", query=query).json
        lacks = [name for one, name in needed.items() if dig(said, "permissions", one, "havePermission") is False]
        if lacks:
            return f"{project}: can be read; the owner of the token may not {' or '.join(lacks)} there."
        return f"{project}: fine."

    @staticmethod
    def delivered(headers: Headers, query: Mapping[str, str], body: bytes, secret: str) -> Delivery | None:
        """X-Hub-Signature over the body; the secret in the address where Jira does not sign (Data Center)."""
        kind, _, signature = headers.get("X-Hub-Signature", "").partition("=")
        if headers.get("X-Hub-Signature"):
            if kind != "sha256" or not is_signed(body, secret, signature):
                return None
        elif not is_secret(query.get("secret", ""), secret):
            return None
        said = json.loads(body)
        id_ = headers.get("X-Atlassian-Webhook-Identifier", "") or fingerprint(body)
        key = text_at(said, "issue", "key")
        if not text_at(said, "webhookEvent").startswith("jira:issue_") or not key:
            return Delivery(id_)
        return Delivery(id_, Place(key.rpartition("-")[0], key), text_at(said, "issue", "id"))

    def _search(self, jql: str, page: int, more: str) -> Answer:
        query = {"jql": jql, "fields": _FIELDS, "maxResults": str(_PER_PAGE)}
        if not self._is_cloud:
            return self._wire.call("GET", "/search", query=query | {"startAt": str(page * _PER_PAGE)})
        return self._wire.call("GET", "/search/jql", query=query | ({"nextPageToken": more} if more else {}))

    def _read(self, said: Any) -> Issue:
        key = text_at(said, "key")
        fields = dig(said, "fields")
        status = _CATEGORIES.get(text_at(fields, "status", "statusCategory", "key"))
        if status is None or not _KEY.fullmatch(key):
            raise Refused(f"{self._wire.name} answered with something that is no issue: {key[:40]}")
        names = {_plain(text_at(fields, "resolution", "name")), _plain(text_at(fields, "status", "name"))}
        if status == ActionStatus.DONE and names & _WONT_DO:
            status = ActionStatus.WONT_DO
        at = instant_at(fields, "statuscategorychangedate") or instant_at(fields, "updated")
        url = f"{self._connection.base}/browse/{key}"
        place = Place(key.rpartition("-")[0], key)
        text = words(dig(fields, "description"))
        return Issue(place, text_at(said, "id"), url, text_at(fields, "summary"), status, at, text)


def _transition(offered: list[Any], status: ActionStatus) -> Any:
    """The transition that leads there best; None where none does."""
    category = {ActionStatus.OPEN: "new", ActionStatus.IN_PROGRESS: "indeterminate"}.get(status, "done")
    fitting = [one for one in offered if text_at(one, "to", "statusCategory", "key") == category]
    is_wont_do = status == ActionStatus.WONT_DO

    def worth(one: Any) -> int:
        named = _plain(text_at(one, "to", "name")) in _WONT_DO
        resolved = bool(_resolution(one, status))
        return 2 * (named == is_wont_do) + resolved

    return max(fitting, key=worth, default=None)


def _resolution(transition: Any, status: ActionStatus) -> str:
    """The resolution to give with it, where its screen asks for one."""
    allowed = dig(transition, "fields", "resolution", "allowedValues")
    names = [text_at(one, "name") for one in (allowed if isinstance(allowed, list) else [])]
    if status == ActionStatus.WONT_DO:
        return next((name for name in names if _plain(name) in _WONT_DO), "")
    if status != ActionStatus.DONE:
        return ""
    usual = [name for name in names if _plain(name) in _DONE]
    others = [name for name in names if _plain(name) not in _WONT_DO]
    return next(iter(usual + others), "")


def _plain(name: str) -> str:
    return re.sub(r"['’`]", "", name).strip().casefold()
