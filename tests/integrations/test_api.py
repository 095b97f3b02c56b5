"""The JSON API: who is let in, what it answers, and how it refuses."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from accounts.tokens import create_token
from tests import factories

SignIn = Callable[[Person], Client]
BLAMING = "🔥 The outage was caused by human error."


def _bearer(person: Person, scope: str = "write") -> Client:
    return Client(headers={"authorization": f"Bearer {create_token(person, scope=scope)}"})


def _post(client: Client, path: str, payload: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(payload), content_type="application/json")


def test_a_text_is_checked(author: Person) -> None:
    answer = _post(_bearer(author), "check", {"text": BLAMING})
    assert answer.status_code == 200
    found = answer.json()["findings"]
    assert [one["rule"] for one in found] == ["language-human-error"]
    assert BLAMING[found[0]["start"] : found[0]["end"]] == found[0]["text"]
    assert {*found[0]} == {"rule", "severity", "start", "end", "text", "why", "suggestion"}


def test_a_token_for_reading_checks_texts(author: Person) -> None:
    assert _post(_bearer(author, "read"), "check", {"text": "All well."}).json() == {"findings": []}


@pytest.mark.parametrize("path", ["reviews/1/findings", "openapi-of-nothing"])
def test_nobody_is_let_in_without_a_token(db: None, path: str) -> None:
    assert Client().get(f"/api/v1/{path}").status_code in (401, 404)


def test_without_a_token_the_door_says_what_to_send(db: None) -> None:
    answer = _post(Client(), "check", {"text": "x"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "not-signed-in"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_not_helped_by_a_session(author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.cookies.clear()
    answer = client.get("/api/v1/reviews/1/findings", headers={"authorization": "Bearer debrief_wrong"})
    assert answer.status_code == 401


def test_a_session_changes_nothing_without_its_csrf_token(author: Person) -> None:
    review = factories.draft(author)
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    answer = _post(client, f"reviews/{review.incident.number}/publish", {})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not-allowed"


def test_findings_say_where_they_are(author: Person) -> None:
    review = factories.draft(author, summary=BLAMING)
    answer = _bearer(author, "read").get(f"/api/v1/reviews/{review.incident.number}/findings").json()
    assert answer["blocking"] == 0
    [finding] = [one for one in answer["findings"] if one["rule"] == "language-human-error"]
    assert finding["where"] == "section:summary"
    assert {"severity", "message", "suggestion"} <= {*finding}


def test_a_session_reads_findings(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    assert sign_in(author).get(f"/api/v1/reviews/{review.incident.number}/findings").status_code == 200


def test_findings_of_a_draft_do_not_exist_for_others(author: Person, outsider: Person) -> None:
    review = factories.draft(author)
    answer = _bearer(outsider).get(f"/api/v1/reviews/{review.incident.number}/findings")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not-found"


def test_findings_of_a_published_review_are_for_who_wrote_it(author: Person, outsider: Person) -> None:
    version = factories.published(author)
    assert _bearer(outsider).get(f"/api/v1/reviews/{version.review.incident.number}/findings").status_code == 404


def test_a_review_is_published(author: Person) -> None:
    review = factories.draft(author)
    answer = _post(_bearer(author), f"reviews/{review.incident.number}/publish", {"note": "First."})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["number"], said["version"]) == (review.incident.number, 1)
    assert said["url"].startswith(f"http://testserver/reviews/{said['number']}/")


def test_publishing_needs_no_body(author: Person) -> None:
    review = factories.draft(author)
    path = f"/api/v1/reviews/{review.incident.number}/publish"
    assert _bearer(author).post(path, content_type="application/json").status_code == 200


def test_what_blocks_publishing_is_told(author: Person) -> None:
    review = factories.draft(author, summary="")
    answer = _post(_bearer(author), f"reviews/{review.incident.number}/publish", {})
    assert answer.status_code == 422
    said = answer.json()
    assert said["blocking"] == 1
    assert [one["rule"] for one in said["findings"]] == ["summary-missing"]
    assert said["error"]["code"] == "invalid"


def test_a_token_for_reading_publishes_nothing(author: Person) -> None:
    review = factories.draft(author)
    answer = _post(_bearer(author, "read"), f"reviews/{review.incident.number}/publish", {})
    assert answer.status_code == 403
    assert not review.versions.exists()


def test_who_only_takes_part_as_a_reader_publishes_nothing(author: Person, outsider: Person) -> None:
    review = factories.draft(author)
    review.incident.participants.create(person=outsider)
    answer = _post(_bearer(outsider), f"reviews/{review.incident.number}/publish", {})
    assert answer.status_code == 403


def test_publishing_what_one_may_not_see_answers_as_if_it_were_not_there(author: Person, outsider: Person) -> None:
    review = factories.draft(author)
    assert _post(_bearer(outsider), f"reviews/{review.incident.number}/publish", {}).status_code == 404


def test_a_note_that_is_too_long_is_named(author: Person) -> None:
    review = factories.draft(author)
    answer = _post(_bearer(author), f"reviews/{review.incident.number}/publish", {"note": "n" * 400})
    assert answer.status_code == 422
    assert "note" in answer.json()["error"]["fields"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'{"text": 3}', 422),
        (b'{"text": null}', 422),
        (b'{"text": "\\u0000"}', 200),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "a", "more": {}}', 200),
    ],
)
def test_bodies_that_cannot_be_read_are_refused_in_words(author: Person, body: bytes, status: int) -> None:
    answer = _bearer(author).post("/api/v1/check", body, content_type="application/json")
    assert answer.status_code == status
    if status != 200:
        assert {*answer.json()["error"]} == {"code", "message", "fields"}


def test_a_text_that_is_too_long_is_refused(author: Person) -> None:
    answer = _post(_bearer(author), "check", {"text": "a" * 2_000_001})
    assert answer.status_code in (413, 422)
    assert "error" in answer.json()


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999"])
def test_numbers_that_no_review_has_answer_404(author: Person, number: str) -> None:
    assert _bearer(author).get(f"/api/v1/reviews/{number}/findings").status_code == 404


def test_an_address_that_is_none_answers_in_json(author: Person) -> None:
    answer = _bearer(author).get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not-found"


def test_the_api_describes_itself(db: None) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {"/api/v1/check", "/api/v1/reviews/{number}/findings", "/api/v1/reviews/{number}/publish"} <= {
        *described["paths"]
    }


def test_findings_take_few_queries(author: Person, django_assert_max_num_queries: Any) -> None:
    review = factories.draft(author)
    client = _bearer(author)
    with django_assert_max_num_queries(30):
        client.get(f"/api/v1/reviews/{review.incident.number}/findings")
