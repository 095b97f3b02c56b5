"""The four fakes told apart by nothing: what is over there, in the words of action items."""

from typing import Any

from integrations.models import TrackerConnection

Issue = dict[str, Any]


class Side:
    """One tracker. `folded` says what it calls what it has no word for."""

    folded: dict[str, str] = {}

    def __init__(self, fake: Any, connection: TrackerConnection) -> None:
        self.fake, self.connection = fake, connection

    def url(self, issue: Issue) -> str:
        raise NotImplementedError

    def status(self, issue: Issue) -> str:
        raise NotImplementedError

    def move(self, issue: Issue, status: str, at: str = "") -> None:
        raise NotImplementedError

    def webhook(self, issue: Issue, **more: Any) -> tuple[bytes, dict[str, str]]:
        raise NotImplementedError

    def delete(self, issue: Issue) -> None:
        """As if it had never been."""
        self.fake.issues.clear()

    def words(self, issue: Issue) -> str:
        """Title and text."""
        return f"{issue['title']} {issue.get('body') or issue.get('description')}"

    def only(self) -> Issue:
        (issue,) = self.fake.issues.values()
        return issue


class GitHubSide(Side):
    folded = {"in-progress": "open"}

    def url(self, issue: Issue) -> str:
        return issue["html_url"]

    def status(self, issue: Issue) -> str:
        if issue["state"] == "open":
            return "open"
        return "wont-do" if issue["state_reason"] == "not_planned" else "done"

    def move(self, issue: Issue, status: str, at: str = "") -> None:
        is_closed = status in ("done", "wont-do")
        reason = {"done": "completed", "wont-do": "not_planned"}.get(status, "reopened")
        self.fake.change(issue, "closed" if is_closed else "open", reason, at)

    def webhook(self, issue: Issue, **more: Any) -> tuple[bytes, dict[str, str]]:
        return self.fake.webhook(issue, "closed", **more)

    def delete(self, issue: Issue) -> None:
        issue["deleted"] = True


class GitLabSide(Side):
    def url(self, issue: Issue) -> str:
        return issue["web_url"]

    def status(self, issue: Issue) -> str:
        if issue["state"] == "opened":
            return "in-progress" if "doing" in issue["labels"] else "open"
        return "wont-do" if "wont-do" in issue["labels"] else "done"

    def move(self, issue: Issue, status: str, at: str = "") -> None:
        labels = {"in-progress": ["doing"], "wont-do": ["wont-do"]}.get(status, [])
        self.fake.change(issue, "closed" if status in ("done", "wont-do") else "opened", labels, at)

    def webhook(self, issue: Issue, **more: Any) -> tuple[bytes, dict[str, str]]:
        return self.fake.webhook(issue, "close", **more)


class JiraSide(Side):
    def url(self, issue: Issue) -> str:
        return f"{self.fake.base}/browse/{issue['key']}"

    def status(self, issue: Issue) -> str:
        fields = issue["fields"]
        category = fields["status"]["statusCategory"]["key"]
        if category == "done" and (fields["resolution"] or {}).get("name") == "Won't Do":
            return "wont-do"
        return {"new": "open", "indeterminate": "in-progress", "done": "done"}[category]

    def move(self, issue: Issue, status: str, at: str = "") -> None:
        name = {"open": "To Do", "in-progress": "In Progress"}.get(status, "Done")
        resolution = {"done": "Fixed", "wont-do": "Won't Do"}.get(status)
        self.fake.change(issue, name, resolution, at.replace("Z", "+0000"))

    def webhook(self, issue: Issue, **more: Any) -> tuple[bytes, dict[str, str]]:
        return self.fake.webhook(issue, "jira:issue_updated", **more)

    def words(self, issue: Issue) -> str:
        return f"{issue['fields']['summary']} {issue['fields']['description']}"


class LinearSide(Side):
    def url(self, issue: Issue) -> str:
        return issue["url"]

    def status(self, issue: Issue) -> str:
        types = {"started": "in-progress", "completed": "done", "canceled": "wont-do"}
        return types.get(issue["state"]["type"], "open")

    def move(self, issue: Issue, status: str, at: str = "") -> None:
        types = {"in-progress": "started", "done": "completed", "wont-do": "canceled"}
        self.fake.change(issue, types.get(status, "backlog"), at)

    def webhook(self, issue: Issue, **more: Any) -> tuple[bytes, dict[str, str]]:
        return self.fake.webhook(issue, "update", **more)

    def delete(self, issue: Issue) -> None:
        issue["trashed"] = True


SIDES: dict[str, type[Side]] = {"github": GitHubSide, "gitlab": GitLabSide, "jira": JiraSide, "linear": LinearSide}
