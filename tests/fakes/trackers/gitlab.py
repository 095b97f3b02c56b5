"""GitLab's REST API, version 4, as far as issues go."""

import hashlib
import json
import re
import uuid
from typing import Any
from urllib.parse import unquote

from tests.fakes.trackers.exchange import SECRET, Asked, FakeTracker, Said, instant, now

_ISSUE = re.compile(r"/projects/([^/]+)/issues/(\d+)")
_PROJECT = re.compile(r"/projects/([^/]+)(/issues)?")


class FakeGitLab(FakeTracker):
    """Issues by project and number."""

    kind = "gitlab"
    prefix = "/gitlab"

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.projects = ["acme/web/shop"]
        self.shows_moved = False

    def add(self, project: str = "acme/web/shop", **more: Any) -> dict[str, Any]:
        """An open issue, made by somebody over there."""
        number = self.next_number()
        made = {
            "id": 7_000 + number,
            "iid": number,
            "project_id": 5,
            "title": "An issue",
            "description": "",
            "state": "opened",
            "labels": [],
            "issue_type": "issue",
            "author": {"id": 1, "username": "root"},
            "created_at": now(True),
            "updated_at": now(True),
            "closed_at": None,
            "closed_by": None,
            "moved_to_id": None,
            "confidential": False,
            "web_url": f"{self.base}/{project}/-/issues/{number}",
            "references": {"short": f"#{number}", "full": f"{project}#{number}"},
            **more,
        }
        self.issues[project, number] = made
        return made

    def change(self, issue: dict[str, Any], state: str, labels: list[str] | None = None, at: str = "") -> None:
        """Somebody over there closes or opens it."""
        issue |= {"state": state, "updated_at": at or now(True)}
        issue["closed_at"] = issue["updated_at"] if state == "closed" else None
        if labels is not None:
            issue["labels"] = labels

    def webhook(self, issue: dict[str, Any], action: str, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
        """What it sends about it."""
        project = issue["references"]["full"].partition("#")[0]
        about = {name: issue[name] for name in ("id", "iid", "project_id", "title", "state")}
        said = {
            "object_kind": "issue",
            "event_type": "issue",
            "user": {"id": 1, "username": "root"},
            "project": {"id": 5, "path_with_namespace": project, "web_url": f"{self.base}/{project}"},
            "object_attributes": {**about, "action": action, "url": issue["web_url"]},
            "labels": [{"id": 1, "title": label} for label in issue["labels"]],
        }
        return json.dumps(said).encode(), {
            "X-Gitlab-Event": "Issue Hook",
            "X-Gitlab-Token": secret,
            "Idempotency-Key": str(uuid.uuid4()),
            "X-Gitlab-Event-UUID": str(uuid.uuid4()),
        }

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("PRIVATE-TOKEN") == self.token

    def route(self, asked: Asked) -> Said:
        if re.fullmatch(r"/issues/\d+", asked.path):
            found = [one for one in self.issues.values() if str(one["id"]) == asked.path.rpartition("/")[2]]
            return Said(200, found[0]) if found and self.shows_moved else Said(403, {"message": "403 Forbidden"})
        if place := _ISSUE.fullmatch(asked.path):
            return self._issue(asked, self.issues.get((unquote(place[1]), int(place[2]))))
        place = _PROJECT.fullmatch(asked.path)
        if place is None or unquote(place[1]) not in self.projects:
            return Said(404, {"message": "404 Project Not Found"})
        project = unquote(place[1])
        if not place[2]:
            access = {"project_access": {"access_level": 30}, "group_access": None}
            return Said(200, {"id": 5, "path_with_namespace": project, "issues_enabled": True, "permissions": access})
        if asked.method == "POST":
            wanted = asked.json
            return Said(201, self.add(project, title=wanted["title"], description=wanted["description"]))
        return self._list(asked, project)

    def _list(self, asked: Asked, project: str) -> Said:
        since = instant(asked.query["updated_after"])
        rows = [one for (name, _), one in self.issues.items() if name == project]
        rows = sorted((one for one in rows if instant(one["updated_at"]) >= since), key=lambda one: one["updated_at"])
        size, page = int(asked.query["per_page"]), int(asked.query["page"])
        rows = rows[size * (page - 1) : size * page]
        etag = f'W/"{hashlib.md5(json.dumps(rows).encode()).hexdigest()}"'
        if asked.headers.get("If-None-Match") == etag:
            return Said(304, None, {"ETag": etag})
        return Said(200, rows, {"ETag": etag})

    def _issue(self, asked: Asked, issue: dict[str, Any] | None) -> Said:
        if issue is None:
            return Said(404, {"message": "404 Not found"})
        if asked.method == "PUT":
            wanted = asked.json
            if event := wanted.get("state_event"):
                self.change(issue, "closed" if event == "close" else "opened")
            added = [one for one in wanted.get("add_labels", "").split(",") if one]
            removed = wanted.get("remove_labels", "").split(",")
            issue["labels"] = [one for one in {*issue["labels"], *added} if one not in removed]
            issue["updated_at"] = now(True)
        return Said(200, issue)
