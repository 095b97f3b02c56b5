"""Trends over the API."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Person
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(client: Client, outsider: Person) -> Client:
    client.force_login(outsider)
    return client


def test_what_reviews_say_together_has_the_shape_of_the_contract(author: Person, program: Client) -> None:
    began = datetime(2026, 8, 1, 12, tzinfo=UTC)
    for _ in range(2):
        review = factories.draft(
            author,
            occurred_at=began,
            services=[factories.service("Payments")],
            detected_at=began + timedelta(minutes=5),
            resolved_at=began + timedelta(minutes=65),
        )
        review.causes.add(factories.cause("capacity"))
        publish_review(author, review)
    found = program.get("/api/v1/trends?from=2026-Q3&to=2026-Q4").json()
    assert found["quarters"] == [{"quarter": "2026-Q3", "reviews": 2}, {"quarter": "2026-Q4", "reviews": 0}]
    assert found["by_cause"] == [{"slug": "capacity", "name": "Capacity and load", "count": 2, "before": 0}]
    assert [one["slug"] for one in found["by_service"]] == ["payments"]
    assert found["durations"]["resolve"]["now"] == {"count": 2, "median": 3900.0, "p90": 3900.0}
    assert [(one["service"], one["cause"], one["count"]) for one in found["recurring"]] == [("payments", "capacity", 2)]
    assert found["actions"] == {"all": 0, "done": 0, "done_in_time": 0, "wont_do": 0}
    assert [one["service"] for one in found["invest"]] == ["payments"]


def test_what_may_not_be_seen_is_not_counted(author: Person, program: Client) -> None:
    began = datetime(2026, 8, 1, 12, tzinfo=UTC)
    publish_review(author, factories.draft(author, occurred_at=began, visibility="restricted"))
    found = program.get("/api/v1/trends?from=2026-Q3&to=2026-Q3").json()
    assert (found["quarters"][0]["reviews"], found["by_service"], found["invest"]) == (0, [], [])


def test_a_quarter_that_is_none_is_refused(program: Client) -> None:
    answer = program.get("/api/v1/trends?from=2026-Q7")
    assert answer.status_code == 422
    assert "from Q1 to Q4" in answer.json()["error"]["message"]
