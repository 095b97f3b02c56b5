"""Linear's GraphQL API, as far as issues go. It knows operations by the field that they ask for."""

import hashlib
import hmac
import json
import time
import uuid
from typing import Any

from tests.fakes.trackers.exchange import SECRET, Asked, FakeTracker, Said, instant, now

KEY = "lin_api_t0ken"
_STATES = {
    "triage": "Triage", "backlog": "Backlog", "unstarted": "Todo", "started": "In Progress", "completed": "Done",
    "canceled": "Canceled", "duplicate": "Duplicate",
}  # fmt: skip
_TIMES = {"started": "startedAt", "completed": "completedAt", "canceled": "canceledAt", "duplicate": "canceledAt"}


class FakeLinear(FakeTracker):
    """Issues by their own id; teams with one state of each type."""

    kind = "linear"
    prefix = "/acme"

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.token = KEY
        self.teams = {"ENG": "team-eng", "OPS": "team-ops"}
        self.former: dict[str, str] = {}

    def add(self, team: str = "ENG", **more: Any) -> dict[str, Any]:
        """An issue to do, made by somebody over there."""
        key = f"{team}-{self.next_number()}"
        made = {
            "id": str(uuid.uuid4()),
            "identifier": key,
            "url": f"{self.base}/issue/{key}/an-issue",
            "title": "An issue",
            "description": None,
            "trashed": None,
            "createdAt": now(True),
            "updatedAt": now(True),
            "startedAt": None,
            "completedAt": None,
            "canceledAt": None,
            "state": self._state(team, "unstarted"),
            "team": {"id": self.teams[team], "key": team},
            **more,
        }
        self.issues[made["id"]] = made
        return made

    def change(self, issue: dict[str, Any], type_: str, at: str = "") -> None:
        """Somebody over there moves it."""
        issue |= {"state": self._state(issue["team"]["key"], type_), "updatedAt": at or now(True)}
        issue |= dict.fromkeys(_TIMES.values())
        if type_ in _TIMES:
            issue[_TIMES[type_]] = issue["updatedAt"]

    def webhook(
        self, issue: dict[str, Any], action: str, secret: str = SECRET, sent: float | None = None
    ) -> tuple[bytes, dict[str, str]]:
        """What it sends about it."""
        said = {
            "action": action,
            "type": "Issue",
            "actor": {"type": "user", "name": "Bo"},
            "createdAt": now(True),
            "data": {**issue, "stateId": issue["state"]["id"], "number": int(issue["identifier"].partition("-")[2])},
            "url": issue["url"],
            "organizationId": "org",
            "webhookId": str(uuid.uuid4()),
            "webhookTimestamp": int((time.time() if sent is None else sent) * 1000),
        }
        body = json.dumps(said).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Linear-Event": "Issue", "Linear-Delivery": str(uuid.uuid4()), "Linear-Signature": signature}
        return body, headers

    def is_change(self, asked: Asked) -> bool:
        return asked.json["query"].startswith("mutation")

    def limited(self) -> Said:
        error = {"message": "Rate limit exceeded", "extensions": {"code": "RATELIMITED", "statusCode": 429}}
        reset = int((time.time() + (self.limited_for or 0)) * 1000)
        return Said(400, {"errors": [error]}, {"X-RateLimit-Requests-Reset": str(reset)})

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("Authorization") == self.token

    def unknown_token(self) -> Said:
        error = {"message": "Authentication required", "extensions": {"code": "AUTHENTICATION_ERROR"}}
        return Said(401, {"errors": [error]})

    def route(self, asked: Asked) -> Said:
        query, said = asked.json["query"], asked.json["variables"]
        if "issueCreate(" in query:
            return self._create(said["input"])
        if "issueUpdate(" in query:
            return self._update(said["id"], said["input"])
        if "teams(" in query:
            team = said["key"]
            states = [self._state(team, type_) for type_ in _STATES]
            nodes = [{"id": self.teams[team], "key": team, "states": {"nodes": states}}] if team in self.teams else []
            return Said(200, {"data": {"teams": {"nodes": nodes}}})
        if "issues(" in query:
            return self._list(said)
        issue = self._find(said["id"])
        return Said(200, {"data": {"issue": issue}}) if issue else _nothing("Issue")

    def _find(self, name: str) -> dict[str, Any] | None:
        name = self.former.get(name, name)
        return next((one for one in self.issues.values() if name in (one["id"], one["identifier"])), None)

    def _create(self, wanted: dict[str, Any]) -> Said:
        if wanted["id"] in self.issues:
            return _refused("Entity already exists")
        team = next(key for key, id_ in self.teams.items() if id_ == wanted["teamId"])
        made = self.add(team, id=wanted["id"], title=wanted["title"], description=wanted["description"])
        return Said(200, {"data": {"issueCreate": {"success": True, "issue": made}}})

    def _update(self, id_: str, wanted: dict[str, Any]) -> Said:
        issue = self._find(id_)
        if issue is None:
            return _nothing("Issue")
        type_ = wanted["stateId"].rpartition("/")[2]
        if wanted["stateId"] != self._state(issue["team"]["key"], type_)["id"]:
            return _refused("Discrepancy between issue team and state team")
        self.change(issue, type_)
        return Said(200, {"data": {"issueUpdate": {"success": True, "issue": issue}}})

    def _list(self, said: dict[str, Any]) -> Said:
        since = instant(said["since"])
        rows = [one for one in self.issues.values() if one["team"]["key"] == said["team"]]
        rows = [one for one in rows if instant(one["updatedAt"]) >= since]
        rows.sort(key=lambda one: one["updatedAt"], reverse=True)
        start = int(said["after"] or 0)
        end = start + said["first"]
        more = {"hasNextPage": end < len(rows), "endCursor": str(end)}
        return Said(200, {"data": {"issues": {"nodes": rows[start:end], "pageInfo": more}}})

    def _state(self, team: str, type_: str) -> dict[str, Any]:
        position = list(_STATES).index(type_)
        return {"id": f"{team}/{type_}", "name": _STATES[type_], "type": type_, "position": position}


def _nothing(what: str) -> Said:
    error = {"message": f"Entity not found: {what}", "extensions": {"code": "INPUT_ERROR", "type": "invalid input"}}
    return Said(200, {"errors": [error], "data": None})


def _refused(words: str) -> Said:
    return Said(400, {"errors": [{"message": words, "extensions": {"code": "INPUT_ERROR"}}]})
