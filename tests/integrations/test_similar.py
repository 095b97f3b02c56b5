"""GET /api/v1/reviews/N/similar: which reviews, why, and for whom."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from accounts.tokens import create_token
from actions.models import ActionItem
from reviews.models import Review
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

LAG = "The replica lag grew. Every reader of the ledger met the replica lag and saw a replica of the past."


def ask(person: Person, review: Review, query: str = "") -> Any:
    client = Client(headers={"authorization": f"Bearer {create_token(person, scope='read')}"})
    return client.get(f"/api/v1/reviews/{review.incident.number}/similar{query}")


def earlier(author: Person, **facts: Any) -> Review:
    review = factories.draft(author, "Replica fell behind", summary=LAG, services=[factories.service()], **facts)
    ActionItem.objects.create(incident=review.incident, title="Alert on lag")
    return publish_review(author, review).review


def test_the_nearest_come_with_reasons_and_open_actions(author: Person, outsider: Person) -> None:
    found = earlier(author)
    again = factories.published(author, "Behind once more", summary=LAG, services=[factories.service()]).review
    result = ask(outsider, again).json()["results"][0]
    assert {*result} == {"number", "title", "score", "why", "open_actions"}
    assert (result["number"], result["title"]) == (found.incident.number, "Replica fell behind")
    assert 0 < result["score"] <= 1
    assert result["why"][0] == "Same service: Payments"
    assert result["open_actions"] == 1


def test_a_draft_is_compared_as_it_stands_for_who_takes_part(author: Person, outsider: Person) -> None:
    earlier(author)
    draft = factories.draft(author, "Behind once more", summary=LAG)
    assert [one["title"] for one in ask(author, draft).json()["results"]] == ["Replica fell behind"]
    assert ask(outsider, draft).status_code == 404


def test_restricted_reviews_do_not_exist_for_outsiders(author: Person, outsider: Person) -> None:
    hidden = earlier(author, visibility="restricted")
    again = factories.published(author, "Behind once more", summary=LAG).review
    assert ask(outsider, again).json() == {"results": []}
    assert ask(outsider, hidden).status_code == 404


def test_a_limit_is_kept(author: Person) -> None:
    for place in range(4):
        last = factories.published(author, f"Behind {place}", summary=LAG).review
    assert len(ask(author, last, "?limit=2").json()["results"]) == 2


@pytest.mark.parametrize("limit", ["0", "21", "x", "9" * 40])
def test_a_limit_that_is_none_is_told(limit: str, author: Person) -> None:
    answer = ask(author, factories.published(author).review, f"?limit={limit}")
    assert answer.status_code == 422
    assert "limit" in answer.json()["error"]["fields"]


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_what_is_not_there_answers_404(number: str, author: Person) -> None:
    client = Client(headers={"authorization": f"Bearer {create_token(author, scope='read')}"})
    assert client.get(f"/api/v1/reviews/{number}/similar").status_code == 404
