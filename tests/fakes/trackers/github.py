"""GitHub's REST API, as far as issues go (GitHub Enterprise's address: /api/v3)."""

import hashlib
import hmac
import json
import re
import uuid
from typing import Any
from urllib.parse import unquote

from tests.fakes.trackers.exchange import SECRET, Asked, FakeTracker, Said, instant, now

_REPOSITORY = re.compile(r"/repos/([^/]+/[^/]+)")
_ISSUE = re.compile(r"/repos/([^/]+/[^/]+)/issues/(\d+)(/labels(?:/(.+))?)?")


class FakeGitHub(FakeTracker):
    """Issues by repository and number."""

    kind = "github"

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.repositories = ["acme/payments", "acme/secret"]
        self.transferred: dict[tuple[str, int], tuple[str, int]] = {}
        self.may_push = True

    def add(self, repository: str = "acme/payments", **more: Any) -> dict[str, Any]:
        """An open issue, made by somebody over there."""
        number = self.next_number()
        made = {
            "id": 9_000_000 + number,
            "node_id": f"I_{number}",
            "url": f"{self.origin}/api/v3/repos/{repository}/issues/{number}",
            "repository_url": f"{self.origin}/api/v3/repos/{repository}",
            "html_url": f"{self.origin}/{repository}/issues/{number}",
            "number": number,
            "title": "An issue",
            "body": None,
            "user": {"login": "octo", "id": 1, "type": "User"},
            "labels": [],
            "state": "open",
            "state_reason": None,
            "locked": False,
            "assignees": [],
            "milestone": None,
            "comments": 0,
            "created_at": now(),
            "updated_at": now(),
            "closed_at": None,
            **more,
        }
        self.issues[repository, number] = made
        return made

    def change(self, issue: dict[str, Any], state: str, reason: str | None = None, at: str = "") -> None:
        """Somebody over there closes or opens it."""
        issue |= {"state": state, "state_reason": reason, "updated_at": at or now()}
        issue["closed_at"] = issue["updated_at"] if state == "closed" else None

    def webhook(self, issue: dict[str, Any], action: str, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
        """What it sends about it."""
        name = "/".join(issue["html_url"].split("/")[3:5])
        said = {
            "action": action,
            "issue": issue,
            "repository": {"id": 1, "full_name": name},
            "sender": {"login": "octo"},
        }
        body = json.dumps(said).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return body, {
            "X-GitHub-Event": "issues",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": f"sha256={signature}",
        }

    def knows(self, asked: Asked) -> bool:
        return asked.headers.get("Authorization") == f"Bearer {self.token}"

    def unknown_token(self) -> Said:
        return Said(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})

    def route(self, asked: Asked) -> Said:
        if found := _ISSUE.fullmatch(asked.path):
            return self._issue(asked, (found[1], int(found[2])), found[3], found[4])
        listed = asked.path.endswith("/issues")
        found = _REPOSITORY.fullmatch(asked.path.removesuffix("/issues"))
        if found is None or found[1] not in self.repositories:
            return Said(404, {"message": "Not Found"})
        if not listed:
            permissions = {"pull": True, "triage": self.may_push, "push": self.may_push, "admin": False}
            return Said(200, {"full_name": found[1], "has_issues": True, "permissions": permissions})
        if asked.method == "POST":
            return Said(201, self.add(found[1], title=asked.json["title"], body=asked.json["body"]))
        return self._list(asked, found[1])

    def _list(self, asked: Asked, repository: str) -> Said:
        since = instant(asked.query["since"])
        rows = [one for (name, _), one in self.issues.items() if name == repository]
        rows = sorted((one for one in rows if instant(one["updated_at"]) >= since), key=lambda one: one["updated_at"])
        size, page = int(asked.query["per_page"]), int(asked.query["page"])
        rows = rows[size * (page - 1) : size * page]
        etag = f'W/"{hashlib.sha256(json.dumps(rows).encode()).hexdigest()}"'
        if asked.headers.get("If-None-Match") == etag:
            return Said(304, None, {"ETag": etag})
        return Said(200, rows, {"ETag": etag})

    def _issue(self, asked: Asked, key: tuple[str, int], labels: str | None, label: str | None) -> Said:
        if key in self.transferred:
            repository, number = self.transferred[key]
            place = f"{self.origin}/api/v3/repos/{repository}/issues/{number}"
            return Said(301, {"message": "Moved Permanently", "url": place}, {"Location": place})
        issue = self.issues.get(key)
        if issue is None:
            return Said(404, {"message": "Not Found"})
        if issue.get("deleted"):
            return Said(410, {"message": "This issue was deleted"})
        if labels:
            return self._labels(asked, issue, unquote(label) if label else "")
        if asked.method == "PATCH":
            self._patch(issue, asked.json)
        return Said(200, issue)

    def _patch(self, issue: dict[str, Any], wanted: dict[str, Any]) -> None:
        issue |= {name: wanted[name] for name in ("title", "body") if name in wanted}
        if wanted.get("state", issue["state"]) != issue["state"]:  # a reason alone is ignored
            self.change(issue, wanted["state"], wanted.get("state_reason"))

    def _labels(self, asked: Asked, issue: dict[str, Any], label: str) -> Said:
        if asked.method == "POST":
            issue["labels"] += [{"id": 1, "name": name, "color": "ededed"} for name in asked.json["labels"]]
        elif label not in [one["name"] for one in issue["labels"]]:
            return Said(404, {"message": "Label does not exist"})
        else:
            issue["labels"] = [one for one in issue["labels"] if one["name"] != label]
        issue["updated_at"] = now()
        return Said(200, issue["labels"])
