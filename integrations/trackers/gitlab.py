"""GitLab, at gitlab.com and elsewhere: REST, version 4.

An issue is opened or closed; labels that the connection names say that it is in progress or won't be done.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from actions.models import ActionStatus
from integrations.models import TrackerConnection
from integrations.trackers.addresses import path_below
from integrations.trackers.credentials import token
from integrations.trackers.signatures import fingerprint, is_secret
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

_PAGE = re.compile(
    r"((?:[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}/){1,20}?[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254})"
    r"/(?:-/)?(?:issues|work_items)/([1-9][0-9]{0,17})"
)
_PER_PAGE = 100
_MOST_PAGES = 20
_REPORTER = 20
_FINISHED = (ActionStatus.DONE, ActionStatus.WONT_DO)


class GitLab:
    """The tracker of a GitLab connection."""

    def __init__(self, connection: TrackerConnection) -> None:
        self._connection = connection
        headers = {"PRIVATE-TOKEN": token(connection.code)}
        self._wire = Wire(connection.name, connection.code, f"{connection.base}/api/v4", headers)

    def recognise(self, url: str) -> Place | None:
        """https://gitlab.com/acme/web/shop/-/issues/12, and its younger name with work_items."""
        found = _PAGE.fullmatch(path_below(url, self._connection.base) or "")
        return Place(found[1], found[2]) if found else None

    def shows(self, status: str) -> ActionStatus:
        """What no label says is folded into open or done."""
        if status == ActionStatus.IN_PROGRESS and self._connection.in_progress_label:
            return ActionStatus.IN_PROGRESS
        if status == ActionStatus.WONT_DO and self._connection.wont_do_label:
            return ActionStatus.WONT_DO
        return ActionStatus.DONE if status in _FINISHED else ActionStatus.OPEN

    def fetch(self, place: Place) -> Issue:
        """One request; a second one where it was moved to another project."""
        said = self._wire.call("GET", _issue(place)).json
        if moved_to := text_at(said, "moved_to_id"):
            said = self._wire.call("GET", f"/issues/{quote(moved_to)}", allowed=(403, 404)).json
            if not text_at(said, "iid"):
                raise Gone(f"{self._wire.name} says that the issue was moved to another project. Link it there.")
        return self._read(said, place)

    def create(self, project: str, new: NewIssue) -> Issue:
        """One request."""
        body = {"title": new.title, "description": new.text}
        said = self._wire.call("POST", f"{_project(project)}/issues", body=body).json
        return self._read(said, Place(project, text_at(said, "iid")))

    def find_created(self, project: str, reference: str, since: datetime) -> Issue | None:
        """Looked for among what changed since."""
        found = self.changed_since(project, since, "").issues
        return next((issue for issue in found if reference in issue.text), None)

    def set_status(self, issue: Issue, status: ActionStatus) -> Issue:
        """State and labels in one request."""
        body: dict[str, Any] = {}
        if (status in _FINISHED) != (issue.status in _FINISHED):
            body["state_event"] = "close" if status in _FINISHED else "reopen"
        labels = {
            ActionStatus.IN_PROGRESS: self._connection.in_progress_label,
            ActionStatus.WONT_DO: self._connection.wont_do_label,
        }
        if labels.get(status):
            body["add_labels"] = labels[status]
        if taken_off := [label for other, label in labels.items() if label and other != status]:
            body["remove_labels"] = ",".join(taken_off)
        if not body:
            return issue
        return self._read(self._wire.call("PUT", _issue(issue.place), body=body).json, issue.place)

    def changed_since(self, project: str, since: datetime, etag: str) -> Changes:
        """The oldest change first; the next call begins where this one ended."""
        issues: list[Issue] = []
        newest = since
        for page in range(1, _MOST_PAGES + 1):
            query = {"updated_after": utc_text(since), "order_by": "updated_at", "sort": "asc", "scope": "all"}
            query |= {"per_page": str(_PER_PAGE), "page": str(page)}
            unless = {"If-None-Match": etag} if etag and page == 1 else {}
            path = f"{_project(project)}/issues"
            answer = self._wire.call("GET", path, query=query, headers=unless, allowed=(304,))
            if answer.status == 304:
                return Changes([], since, etag)
            if page == 1:
                etag = answer.headers.get("etag", "")
            rows = answer.json if isinstance(answer.json, list) else []
            issues += [self._read(row, Place(project, text_at(row, "iid"))) for row in rows if text_at(row, "iid")]
            newest = max([newest, *(at for row in rows if (at := instant_at(row, "updated_at")))])
            if len(rows) < _PER_PAGE:
                break
        return Changes(issues, newest, etag if newest == since else "")

    def probe(self, project: str) -> str:
        """Reads the project and what the token may do there."""
        found = self._wire.call("GET", _project(project)).json
        if text_at(found, "issues_access_level") == "disabled" or dig(found, "issues_enabled") is False:
            raise Refused(f"{project} has issues turned off.")
        access = [dig(found, "permissions", kind, "access_level") for kind in ("project_access", "group_access")]
        levels = [level for level in access if isinstance(level, int)]
        if levels and max(levels) < _REPORTER:
            return f"{project}: can be read; closing issues takes a token of a Reporter or more."
        return f"{project}: fine."

    @staticmethod
    def delivered(headers: Headers, query: Mapping[str, str], body: bytes, secret: str) -> Delivery | None:
        """X-Gitlab-Token is the secret itself."""
        if not is_secret(headers.get("X-Gitlab-Token", ""), secret):
            return None
        said = json.loads(body)
        id_ = headers.get("Idempotency-Key", "") or fingerprint(body)
        if text_at(said, "object_kind") not in ("issue", "work_item"):
            return Delivery(id_)
        place = Place(text_at(said, "project", "path_with_namespace"), text_at(said, "object_attributes", "iid"))
        return Delivery(id_, place, text_at(said, "object_attributes", "id"))

    def _read(self, said: Any, asked: Place) -> Issue:
        url = text_at(said, "web_url")
        place = self.recognise(url) or asked
        shown = url if url.startswith("https://") and len(url) <= 500 else _page(self._connection.base, place)
        if text_at(said, "state") not in ("opened", "closed") or text_at(said, "iid") != place.key:
            raise Refused(f"{self._wire.name} answered with something that is no issue.")
        is_closed = text_at(said, "state") == "closed"
        found = dig(said, "labels")
        labels = {text.casefold() for text in (found if isinstance(found, list) else []) if isinstance(text, str)}
        status = ActionStatus.DONE if is_closed else ActionStatus.OPEN
        if is_closed and self._connection.wont_do_label.casefold() in labels:
            status = ActionStatus.WONT_DO
        elif not is_closed and self._connection.in_progress_label.casefold() in labels:
            status = ActionStatus.IN_PROGRESS
        at = (instant_at(said, "closed_at") if is_closed else None) or instant_at(said, "updated_at")
        text = text_at(said, "description")
        return Issue(place, text_at(said, "id"), shown, text_at(said, "title"), status, at, text)


def _page(base: str, place: Place) -> str:
    return f"{base}/{place.project}/-/issues/{place.key}"


def _project(project: str) -> str:
    return f"/projects/{quote(project, safe='')}"


def _issue(place: Place) -> str:
    return f"{_project(place.project)}/issues/{quote(place.key)}"
