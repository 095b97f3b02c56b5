"""Jira's REST API as far as issues go: Cloud (version 3, documents in ADF) and Data Center (version 2, text)."""

import hashlib
import hmac
import json
import re
import uuid
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.trackers.exchange import SECRET, Asked, FakeTracker, Said, instant

ACCOUNT = "bot@example.org"
_STATUSES = {
    "To Do": ("2", "new"),
    "In Progress": ("4", "indeterminate"),
    "In Review": ("4", "indeterminate"),
    "Done": ("3", "done"),
    "Declined": ("3", "done"),
}
_RESOLUTIONS = [{"id": "1", "name": "Fixed"}, {"id": "2", "name": "Won't Do"}, {"id": "3", "name": "Done"}]


class FakeJira(FakeTracker):
    """Issues by key; one workflow, whose closing transition asks for a resolution."""

    kind = "jira"
    prefix = "/jira"

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.projects = ["OPS"]
        self.transitions = {"11": "To Do", "21": "In Progress", "31": "Done"}
        self.asks_for_resolution = True
        self.may_transition = True
        self.moved: dict[str, str] = {}

    def add(self, project: str = "OPS", **fields: Any) -> dict[str, Any]:
        """An issue to do, made by somebody over there."""
        number = self.next_number()
        made = {
            "expand": "renderedFields,names",
            "id": str(10_000 + number),
            "key": f"{project}-{number}",
            "self": f"{self.base}/rest/api/3/issue/{10_000 + number}",
            "fields": {
                "summary": "An issue",
                "description": None,
                "status": _status("To Do"),
                "resolution": None,
                "resolutiondate": None,
                "updated": _now(),
                "statuscategorychangedate": _now(),
                **fields,
            },
        }
        self.issues[made["key"]] = made
        return made

    def change(self, issue: dict[str, Any], status: str, resolution: str | None = None, at: str = "") -> None:
        """Somebody over there moves it."""
        at = at or _now()
        issue["fields"] |= {"status": _status(status), "updated": at, "statuscategorychangedate": at}
        issue["fields"]["resolution"] = {"id": "9", "name": resolution} if resolution else None
        issue["fields"]["resolutiondate"] = at if resolution else None

    def webhook(self, issue: dict[str, Any], event: str, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
        """What it sends about it."""
        said = {"timestamp": 1_700_000_000_000, "webhookEvent": event, "user": {"displayName": "Bo"}, "issue": issue}
        body = json.dumps(said).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return body, {
            "X-Hub-Signature": f"sha256={signature}",
            "X-Atlassian-Webhook-Identifier": str(uuid.uuid4()),
            "X-Atlassian-Webhook-Flow": "Primary",
        }

    def knows(self, asked: Asked) -> bool:
        if asked.path.startswith("/2/"):
            return asked.headers.get("Authorization") == f"Bearer {self.token}"
        basic = b64encode(f"{ACCOUNT}:{self.token}".encode()).decode()
        return asked.headers.get("Authorization") == f"Basic {basic}"

    def unknown_token(self) -> Said:
        return Said(401, None)

    def route(self, asked: Asked) -> Said:
        version, path = asked.path[1], asked.path[2:]
        if path.startswith("/project/"):
            known = path.rpartition("/")[2] in self.projects
            return Said(200, {"key": "OPS"}) if known else Said(404, {"errorMessages": ["No project could be found"]})
        if path == "/mypermissions":
            names = asked.query["permissions"].split(",")
            return Said(200, {"permissions": {name: {"havePermission": self.may_transition} for name in names}})
        if path == ("/search/jql" if version == "3" else "/search"):
            return self._search(asked, version)
        if path == "/issue" and asked.method == "POST":
            return self._create(asked, version)
        if found := re.fullmatch(r"/issue/([A-Z]+-\d+)(/transitions)?", path):
            issue = self.issues.get(self.moved.get(found[1], found[1]))
            if issue is None:
                words = "Issue does not exist or you do not have permission to see it."
                return Said(404, {"errorMessages": [words], "errors": {}})
            return self._transitions(asked, issue) if found[2] else Said(200, issue)
        return Said(404, {"errorMessages": ["null for uri"]})

    def _create(self, asked: Asked, version: str) -> Said:
        fields = asked.json["fields"]
        is_document = isinstance(fields["description"], dict) and fields["description"].get("type") == "doc"
        if is_document != (version == "3"):
            return Said(400, {"errorMessages": [], "errors": {"description": "Operation value must be a string"}})
        if fields["project"]["key"] not in self.projects:
            return Said(400, {"errorMessages": [], "errors": {"project": "valid project is required"}})
        made = self.add(fields["project"]["key"], summary=fields["summary"], description=fields["description"])
        return Said(201, {name: made[name] for name in ("id", "key", "self")})

    def _search(self, asked: Asked, version: str) -> Said:
        said = re.fullmatch(r'project = "([A-Z]+)" AND updated >= -(\d+)m ORDER BY updated ASC', asked.query["jql"])
        if said is None:
            return Said(400, {"errorMessages": ["Error in the JQL Query"]})
        since = datetime.now(UTC) - timedelta(minutes=int(said[2]))
        rows = [one for key, one in self.issues.items() if key.startswith(f"{said[1]}-")]
        rows = sorted(
            (one for one in rows if instant(one["fields"]["updated"]) >= since),
            key=lambda one: one["fields"]["updated"],
        )
        size = int(asked.query["maxResults"])
        if version == "2":
            start = int(asked.query["startAt"])
            return Said(200, {"startAt": start, "total": len(rows), "issues": rows[start : start + size]})
        start = int(asked.query.get("nextPageToken") or 0)
        page: dict[str, Any] = {"issues": rows[start : start + size], "isLast": start + size >= len(rows)}
        if not page["isLast"]:
            page["nextPageToken"] = str(start + size)
        return Said(200, page)

    def _transitions(self, asked: Asked, issue: dict[str, Any]) -> Said:
        if asked.method == "GET":
            return Said(200, {"transitions": [self._transition(id_, name) for id_, name in self.transitions.items()]})
        wanted = asked.json
        name = self.transitions.get(wanted["transition"]["id"])
        if name is None:
            return Said(400, {"errorMessages": ["It is not possible to do this transition."]})
        resolution = wanted.get("fields", {}).get("resolution", {}).get("name")
        if resolution and not (self.asks_for_resolution and _STATUSES[name][1] == "done"):
            return Said(400, {"errors": {"resolution": "Field 'resolution' cannot be set. It is not on the screen."}})
        self.change(issue, name, resolution)
        return Said(204, None)

    def _transition(self, id_: str, name: str) -> dict[str, Any]:
        asks = self.asks_for_resolution and _STATUSES[name][1] == "done"
        fields = {"resolution": {"required": True, "allowedValues": _RESOLUTIONS}} if asks else {}
        return {"id": id_, "name": f"Move to {name}", "to": _status(name), "fields": fields}


def _status(name: str) -> dict[str, Any]:
    id_, category = _STATUSES[name]
    return {"id": id_, "name": name, "statusCategory": {"id": int(id_), "key": category, "name": name}}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
