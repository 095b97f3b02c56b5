"""However the API says no, it says so in one shape."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Person
from accounts.tokens import create_token
from tests import factories

pytestmark = pytest.mark.django_db
JSON = "application/json"


def _bearer(person: Person, **more: Any) -> Client:
    return Client(headers={"authorization": f"Bearer {create_token(person, scope='write')}"}, **more)


def _refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer["Content-Type"] == JSON
    said: dict[str, Any] = answer.json()["error"]
    assert {*said} == {"code", "message", "fields"}
    assert said["code"] == code
    assert len(said["message"]) > 10
    return said


@pytest.mark.parametrize("path", ["", "v1", "v1/", "v1/nothing", "v1/check/", "v1/reviews/one/findings", "v2/check"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_none(path: str, method: str, author: Person) -> None:
    _refused(_bearer(author).generic(method, f"/api/{path}"), 404, "not-found")
    _refused(Client().generic(method, f"/api/{path}"), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "check", "POST"),
        ("PUT", "check", "POST"),
        ("DELETE", "reviews/1/findings", "GET"),
        ("PATCH", "reviews/1/publish", "POST"),
    ],
)
def test_a_method_that_is_none(method: str, path: str, allowed: str, author: Person) -> None:
    answer = _bearer(author).generic(method, f"/api/v1/{path}")
    _refused(answer, 405, "no-such-method")
    assert allowed in answer["Allow"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"Some text"),
        ("application/xml", b"<text/>"),
        ("application/x-www-form-urlencoded", b"text=a"),
        ("multipart/form-data; boundary=x", b"--x\r\nnot a form"),
        ("application/json; charset=utf-16", b"\xff\xfe{"),
        ("nonsense", b"\x00"),
    ],
)
def test_a_body_that_is_no_json(content_type: str, body: bytes, author: Person) -> None:
    answer = _bearer(author).generic("POST", "/api/v1/check", body, content_type=content_type)
    _refused(answer, 400, "bad-request")


@pytest.mark.parametrize("is_strict", [True, False])
def test_a_form_of_somebody_signed_in(is_strict: bool, author: Person) -> None:
    client = Client(enforce_csrf_checks=is_strict)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/api/v1/check", {"text": "x", "file": SimpleUploadedFile("a.txt", b"x")})
    _refused(answer, *((403, "not-allowed") if is_strict else (400, "bad-request")))


def test_a_form_of_somebody_signed_in_with_its_token(author: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/")
    token = client.cookies["csrftoken"].value
    _refused(client.post("/api/v1/check", {"text": "x", "csrfmiddlewaretoken": token}), 400, "bad-request")


@pytest.mark.parametrize("path", ["check", "reviews/1/publish"])
def test_a_body_that_is_too_large(path: str, author: Person, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    _refused(_bearer(author).post(f"/api/v1/{path}", b'"' + b"a" * 2000 + b'"', content_type=JSON), 413, "too-long")


def test_a_host_that_is_not_ours(author: Person, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["debrief.example.org"]
    _refused(_bearer(author).get("/api/v1/openapi.json"), 400, "bad-request")


def test_a_failure_of_ours(author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("integrations.api.check_text", fails)
    client = _bearer(author, raise_request_exception=False)
    answer = client.post("/api/v1/check", b'{"text": "x"}', content_type=JSON)
    said = _refused(answer, 500, "failed")
    assert "ZeroDivision" not in said["message"]


def test_pages_keep_their_own_words(client: Client) -> None:
    assert client.get("/nothing").headers["Content-Type"].startswith("text/html")


def test_too_many_requests_of_one_person(author: Person, outsider: Person, settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    number = factories.draft(author).incident.number
    first, second = _bearer(author), _bearer(author)
    answers = [one.get(f"/api/v1/reviews/{number}/findings") for _ in range(4) for one in (first, second)]
    refused = [one for one in answers if one.status_code == 429]
    assert refused, "tokens of one person are counted together"
    _refused(refused[0], 429, "too-many")
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert _bearer(outsider).get(f"/api/v1/reviews/{number}/findings").status_code == 404


def test_the_next_minute_begins_anew(author: Person, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_PER_MINUTE = 1
    client = _bearer(author)
    statuses = []
    for now in (6000.0, 6001.0, 6060.0):
        monkeypatch.setattr("integrations.limit.time.time", lambda now=now: now)
        statuses.append(client.post("/api/v1/check", b'{"text": "x"}', content_type=JSON).status_code)
    assert statuses == [200, 429, 200]


def test_describing_itself_counts_for_nobody(settings: Any) -> None:
    settings.API_PER_MINUTE = 0
    assert Client().get("/api/v1/openapi.json").status_code == 200
