"""Webhooks: signed ones make Debrief look, forged ones are told so in JSON, and none makes it fail."""

import json
import time
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from integrations.models import TrackerConnection, TrackerDelivery
from tests.fakes.trackers import FakeTrackers
from tests.fakes.trackers.exchange import SECRET
from tests.integrations.trackers.sides import Issue, Side
from tests.integrations.trackers.worker import waiting, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(author: Person, item: ActionItem, side: Side) -> Issue:
    """Linked, and in step."""
    made: Issue = side.fake.add()
    change_action(author, item.pk, tracker_url=side.url(made))
    work()
    return made


def send(side: Side, body: bytes, headers: dict[str, str], address: str = "", **more: str) -> Any:
    client = Client(enforce_csrf_checks=True, raise_request_exception=True)
    address = address or f"/api/v1/hooks/{side.fake.kind}"
    content_type = more.get("content_type", "application/json")
    return client.post(address, body, content_type=content_type, headers=headers)


def test_a_signed_webhook_brings_the_change(item: ActionItem, side: Side, issue: Issue) -> None:
    side.move(issue, "done")
    answer = send(side, *side.webhook(issue))
    assert (answer.status_code, answer.json()) == (202, {"status": "taken"})
    work()
    item.refresh_from_db()
    assert item.status == "done"


def test_the_same_delivery_again_does_nothing(side: Side, issue: Issue) -> None:
    body, headers = side.webhook(issue)
    send(side, body, headers)
    work()
    answer = send(side, body, headers)
    assert (answer.status_code, answer.json()) == (200, {"status": "repeated"})
    assert waiting().count() == 0


def test_a_webhook_with_another_secret_is_refused(side: Side, issue: Issue) -> None:
    answer = send(side, *side.webhook(issue, secret="guessed"))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not-signed-in"
    assert waiting().count() == 0


def test_a_webhook_whose_body_was_changed_is_refused(side: Side, issue: Issue) -> None:
    body, headers = side.webhook(issue)
    if side.fake.kind == "gitlab":  # sends its secret, and signs nothing
        headers["X-Gitlab-Token"] += "x"
    assert send(side, body + b" ", headers).status_code == 401


def test_a_webhook_without_a_signature_is_refused(side: Side, issue: Issue) -> None:
    assert send(side, side.webhook(issue)[0], {}).status_code == 401


def test_nothing_is_signed_with_a_secret_that_is_not_set(
    side: Side, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(f"DEBRIEF_TRACKER_{side.fake.kind.upper()}_SECRET")
    assert send(side, *side.webhook(issue, secret="")).status_code == 401


def test_a_connection_that_is_off_takes_none(side: Side, issue: Issue) -> None:
    TrackerConnection.objects.update(is_on=False)
    assert send(side, *side.webhook(issue)).status_code == 401


def test_what_a_webhook_says_is_only_a_hint(item: ActionItem, side: Side, issue: Issue) -> None:
    side.move(issue, "done")
    late = side.webhook(issue)
    side.move(issue, "open")
    send(side, *late)
    work()
    item.refresh_from_db()
    assert item.status == "open"


def test_an_issue_that_nobody_linked_is_ignored(side: Side) -> None:
    answer = send(side, *side.webhook(side.fake.add()))
    assert (answer.status_code, answer.json()) == (200, {"status": "ignored"})


NONSENSE = [
    b"", b"{}", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"{", b'{"issue": 1}', b'{"issue": {"number": {}}}', b"[" * 100_000,
    json.dumps({"object_kind": "issue", "project": [], "object_attributes": "x"}).encode(),
    json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"key": "\ud800\x00", "id": "9" * 3000}}).encode(),
    json.dumps({"repository": {"full_name": "\ud800/\x00"}, "issue": {"number": 10**400, "id": True}}).encode(),
    b'{"object_kind": "issue", "object_attributes": {"iid": ' + b"9" * 5000 + b"}}",
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_signed_nonsense_is_no_failure(side: Side, body: bytes, fakes: FakeTrackers) -> None:
    answer = send(side, body, signed(side, body))
    assert answer.status_code in (200, 400, 401)
    assert answer.headers["Content-Type"].startswith("application/json")


def signed(side: Side, body: bytes) -> dict[str, str]:
    """The headers of a delivery of such a body, from who knows the secret."""
    import hashlib
    import hmac

    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "X-GitHub-Event": "issues",
        "X-Hub-Signature-256": f"sha256={signature}",
        "X-Hub-Signature": f"sha256={signature}",
        "X-Gitlab-Token": SECRET,
        "Linear-Signature": signature,
    }


def test_a_body_that_is_too_long_is_not_read(side: Side) -> None:
    assert send(side, b" " * 5_000_001, {}).status_code == 413


def test_only_post_is_answered(side: Side) -> None:
    answer = Client().get(f"/api/v1/hooks/{side.fake.kind}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "no-such-method")


def test_odd_headers_are_no_failure(side: Side, issue: Issue) -> None:
    body, headers = side.webhook(issue)
    odd = dict.fromkeys(headers, "é�" * 300)
    assert (
        send(
            side, body, {name: value.encode("utf-8", "replace").decode("latin-1") for name, value in odd.items()}
        ).status_code
        == 401
    )


# What only one of them does


def test_linear_sends_nothing_that_is_old(connect: Any, fakes: FakeTrackers, author: Person, item: ActionItem) -> None:
    connect("linear")
    made = fakes.linear.add()
    body, headers = fakes.linear.webhook(made, "update", sent=time.time() - 90)
    answer = Client().post("/api/v1/hooks/linear", body, content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_jira_may_send_its_secret_in_the_address_where_it_cannot_sign(connect: Any, fakes: FakeTrackers) -> None:
    connect("jira")
    body, _ = fakes.jira.webhook(fakes.jira.add(), "jira:issue_updated")
    for secret, status in ((SECRET, 200), ("guessed", 401), ("", 401)):
        address = f"/api/v1/hooks/jira?secret={secret}"
        assert Client().post(address, body, content_type="application/json").status_code == status


def test_github_may_send_a_form(connect: Any, fakes: FakeTrackers, author: Person, item: ActionItem) -> None:
    from urllib.parse import urlencode

    connection = connect("github")
    made = fakes.github.add()
    change_action(author, item.pk, tracker_url=made["html_url"])
    work()
    body = urlencode({"payload": fakes.github.webhook(made, "closed")[0].decode()}).encode()
    side = Side(fakes.github, connection)
    answer = send(side, body, signed(side, body), content_type="application/x-www-form-urlencoded")
    assert answer.json() == {"status": "taken"}


def test_github_says_hello_with_a_ping(connect: Any, fakes: FakeTrackers) -> None:
    side = Side(fakes.github, connect("github"))
    body = b'{"zen": "Keep it logically awesome."}'
    answer = send(side, body, signed(side, body) | {"X-GitHub-Event": "ping"})
    assert (answer.status_code, TrackerDelivery.objects.count()) == (200, 1)


def test_of_two_connections_the_signature_says_which(
    connect: Any, fakes: FakeTrackers, author: Person, item: ActionItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect("github")
    monkeypatch.setenv("DEBRIEF_TRACKER_OTHER_SECRET", "another")
    other = connect("github", code="other", name="A", base="https://github.example.org")
    body, headers = fakes.github.webhook(fakes.github.add(), "closed", secret="another")
    Client().post("/api/v1/hooks/github", body, content_type="application/json", headers=headers)
    assert TrackerDelivery.objects.get().connection == other
