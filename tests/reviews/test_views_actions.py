"""Action items in the editor: how one will know, what is proposed, what shows it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from reviews.models import Review
from tests import factories

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


@pytest.fixture
def client(sign_in: Callable[[Person], Client], author: Person) -> Client:
    return sign_in(author)


def send(client: Client, review: Review, typed: dict[str, Any], action: ActionItem | None = None) -> Any:
    address = f"/drafts/{review.incident.number}/actions"
    return client.post(f"{address}/{action.pk}" if action else address, typed, headers=HTMX)


def part(client: Client, review: Review, query: str = "part=actions") -> str:
    return client.get(f"/drafts/{review.incident.number}/?{query}", headers=HTMX).content.decode()


def test_how_one_will_know_is_kept_and_shown(client: Client, review: Review) -> None:
    send(client, review, {"title": "Add an alert", "kind": "detect", "done_when": "It fires in staging."})

    assert review.incident.actions.get().done_when == "It fires in staging."
    assert "It fires in staging." in part(client, review)


def test_an_item_can_be_proposed_first(client: Client, review: Review) -> None:
    send(client, review, {"title": "Add an alert", "kind": "detect", "status": "proposed"})

    assert review.incident.actions.get().status == "proposed"
    assert "Proposed" in part(client, review)


def test_an_item_is_open_where_nothing_is_said(client: Client, review: Review) -> None:
    send(client, review, {"title": "Add an alert", "kind": "detect"})

    assert review.incident.actions.get().status == "open"


def test_a_new_item_is_not_done_from_the_start(client: Client, review: Review) -> None:
    assert send(client, review, {"title": "Add an alert", "kind": "detect", "status": "done"}).status_code == 422


def test_done_without_evidence_is_said_and_with_it_is_shown(client: Client, review: Review) -> None:
    action = review.incident.actions.create(title="Add an alert")
    typed = {"title": "Add an alert", "kind": "detect", "status": "done"}
    assert "Nothing shows it yet" in send(client, review, typed, action).content.decode()

    page = send(client, review, typed | {"evidence": "It fired: [graph](https://example.org/g)"}, action)

    assert 'href="https://example.org/g"' in page.content.decode()


def test_the_form_of_an_item_holds_what_stands(client: Client, review: Review) -> None:
    action = review.incident.actions.create(
        title="x", done_when="It fires.", evidence="It fired.", status="done", due=date(2026, 12, 1)
    )

    page = part(client, review, f"edit=actions&item={action.pk}")

    for words in ("It fires.</textarea>", "It fired.</textarea>"):
        assert words in page


def test_an_item_leads_to_its_page(client: Client, review: Review) -> None:
    action = review.incident.actions.create(title="Add an alert")

    assert f'href="/actions/{action.pk}/"' in part(client, review)
