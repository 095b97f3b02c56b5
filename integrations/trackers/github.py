"""GitHub, at github.com and GitHub Enterprise Server: REST, version 2022-11-28.

An issue is open, or closed as completed or not planned. There is no "in progress" unless a label means it.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from actions.models import ActionStatus
from integrations.models import TrackerConnection
from integrations.trackers.addresses import path_below
from integrations.trackers.credentials import token
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
from integrations.trackers.trouble import Gone, Refused
from integrations.trackers.wire import Wire

_PAGE = re.compile(r"([A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100})/issues/([1-9][0-9]{0,17})")
_PER_PAGE = 100
_MOST_PAGES = 20


class GitHub:
    """The tracker of a GitHub connection."""

    def __init__(self, connection: TrackerConnection) -> None:
        self._connection = connection
        is_public = connection.base == "https://github.com"
        api = "https://api.github.com" if is_public else f"{connection.base}/api/v3"
        headers = {"X-GitHub-Api-Version": "2022-11-28", "Authorization": f"Bearer {token(connection.code)}"}
        self._wire = Wire(connection.name, connection.code, api, {**headers, "Accept": "application/vnd.github+json"})

    def recognise(self, url: str) -> Place | None:
        """https://github.com/acme/payments/issues/12."""
        found = _PAGE.fullmatch(path_below(url, self._connection.base) or "")
        return Place(found[1], found[2]) if found else None

    def shows(self, status: str) -> ActionStatus:
        """Open for what is in progress, where no label says it."""
        if status == ActionStatus.IN_PROGRESS and self._connection.in_progress_label:
            return ActionStatus.IN_PROGRESS
        return ActionStatus(status) if status in (ActionStatus.DONE, ActionStatus.WONT_DO) else ActionStatus.OPEN

    def fetch(self, place: Place) -> Issue:
        """One request; a second one where the issue was transferred."""
        answer = self._wire.call("GET", _issue(place), allowed=(301,))
        if answer.status == 301:
            path = self._wire.moved_to(answer)
            if path is None:
                raise Gone(f"{self._wire.name} has moved the issue to where Debrief cannot follow.")
            answer = self._wire.call("GET", path)
        return self._read(answer.json)

    def create(self, project: str, new: NewIssue) -> Issue:
        """One request."""
        body = {"title": new.title, "body": new.text}
        return self._read(self._wire.call("POST", f"/repos/{quote(project)}/issues", body=body).json)

    def find_created(self, project: str, reference: str, since: datetime) -> Issue | None:
        """Looked for among what changed since, which is up to date where the search may not be."""
        found = self.changed_since(project, since, "").issues
        return next((issue for issue in found if reference in issue.text), None)

    def set_status(self, issue: Issue, status: ActionStatus) -> Issue:
        """One request; labels take one more each way."""
        body: dict[str, Any] = {"state": "open"}
        if status in (ActionStatus.DONE, ActionStatus.WONT_DO):
            body = {"state": "closed", "state_reason": "completed" if status == ActionStatus.DONE else "not_planned"}
        elif issue.status in (ActionStatus.DONE, ActionStatus.WONT_DO):
            body["state_reason"] = "reopened"
        if {issue.status, status} == {ActionStatus.DONE, ActionStatus.WONT_DO}:
            # A reason is taken only where the state changes.
            self._wire.call("PATCH", _issue(issue.place), body={"state": "open"})
        said = self._wire.call("PATCH", _issue(issue.place), body=body).json
        return self.fetch(issue.place) if self._label(issue.place, said, status) else self._read(said)

    def changed_since(self, project: str, since: datetime, etag: str) -> Changes:
        """The oldest change first; the next call begins where this one ended. An answer of 304 costs no limit."""
        issues: list[Issue] = []
        newest = since
        for page in range(1, _MOST_PAGES + 1):
            query = {"state": "all", "since": utc_text(since), "sort": "updated", "direction": "asc"}
            query |= {"per_page": str(_PER_PAGE), "page": str(page)}
            unless = {"If-None-Match": etag} if etag and page == 1 else {}
            path = f"/repos/{quote(project)}/issues"
            answer = self._wire.call("GET", path, query=query, headers=unless, allowed=(304,))
            if answer.status == 304:
                return Changes([], since, etag)
            if page == 1:
                etag = answer.headers.get("etag", "")
            rows = answer.json if isinstance(answer.json, list) else []
            issues += [self._read(row) for row in rows if isinstance(row, dict) and "pull_request" not in row]
            newest = max([newest, *(at for row in rows if (at := instant_at(row, "updated_at")))])
            if len(rows) < _PER_PAGE:
                break
        return Changes(issues, newest, etag if newest == since else "")

    def probe(self, project: str) -> str:
        """Reads the repository and what the token may do there."""
        found = self._wire.call("GET", f"/repos/{quote(project)}").json
        if dig(found, "has_issues") is False:
            raise Refused(f"{project} has issues turned off.")
        if dig(found, "permissions", "push") is False and dig(found, "permissions", "triage") is not True:
            return f"{project}: can be read; the owner of the token may not close issues there."
        return f"{project}: fine."

    @staticmethod
    def delivered(headers: Headers, query: Mapping[str, str], body: bytes, secret: str) -> Delivery | None:
        """X-Hub-Signature-256 over the body; JSON, or JSON in a form."""
        kind, _, signature = headers.get("X-Hub-Signature-256", "").partition("=")
        if kind != "sha256" or not is_signed(body, secret, signature):
            return None
        if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            body = parse_qs(body.decode()).get("payload", [""])[0].encode()
        said = json.loads(body)
        id_ = headers.get("X-GitHub-Delivery", "") or fingerprint(body)
        if headers.get("X-GitHub-Event") != "issues":
            return Delivery(id_)
        place = Place(text_at(said, "repository", "full_name"), text_at(said, "issue", "number"))
        return Delivery(id_, place, text_at(said, "issue", "id"))

    def _label(self, place: Place, said: Any, status: ActionStatus) -> bool:
        """Put the label of "in progress" on, or take it off; whether that was needed."""
        label = self._connection.in_progress_label
        if not label or self._is_labelled(said) == (status == ActionStatus.IN_PROGRESS):
            return False
        path = f"{_issue(place)}/labels"
        if status == ActionStatus.IN_PROGRESS:
            self._wire.call("POST", path, body={"labels": [label]})
        else:
            self._wire.call("DELETE", f"{path}/{quote(label, safe='')}", allowed=(404,))
        return True

    def _read(self, said: Any) -> Issue:
        url, number = text_at(said, "html_url"), text_at(said, "number")
        place = self.recognise(url)
        if place is None or place.key != number or text_at(said, "state") not in ("open", "closed"):
            raise Refused(f"{self._wire.name} answered with something that is no issue: {url[:200]}")
        is_closed = text_at(said, "state") == "closed"
        if is_closed:
            reason = text_at(said, "state_reason")
            status = ActionStatus.WONT_DO if reason in ("not_planned", "duplicate") else ActionStatus.DONE
        else:
            status = ActionStatus.IN_PROGRESS if self._is_labelled(said) else ActionStatus.OPEN
        at = instant_at(said, "closed_at") if is_closed else instant_at(said, "updated_at")
        title, text = text_at(said, "title"), text_at(said, "body")
        return Issue(place, text_at(said, "id"), url, title, status, at, text)

    def _is_labelled(self, said: Any) -> bool:
        wanted = self._connection.in_progress_label.casefold()
        labels = dig(said, "labels")
        return bool(wanted) and any(
            text_at(one, "name").casefold() == wanted for one in (labels if isinstance(labels, list) else [])
        )


def _issue(place: Place) -> str:
    return f"/repos/{quote(place.project)}/issues/{quote(place.key)}"
