"""The publish page: what is missing, the next version, and asking for review."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Person
from tests import factories

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


def test_without_a_summary_nothing_is_published(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author, summary="")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = client.get(address).content.decode()
    assert "There is no summary." in page
    assert "?edit=summary#summary" in page
    assert 'class="button is-primary"' not in page
    assert client.post(address).status_code == 422
    assert not review.versions.exists()


def test_what_is_missing_is_named_and_counted_but_not_in_the_way(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    review.incident.actions.create(title="Add an alert")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = client.get(address).content.decode()
    assert "Publish with 3 things missing" in " ".join(page.split())
    answer = client.post(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/reviews/{review.incident.number}/")
    assert review.versions.get().number == 1


def test_the_second_version_says_what_changed(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = client.get(address).content.decode()
    assert "Publish version 2" in page
    client.post(address, {"note": "Corrected the times"})
    assert review.versions.first().note == "Corrected the times"


def test_a_note_with_odd_characters_is_refused_or_stored(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    for note in ("a\x00b", "n" * 5000):
        answer = sign_in(author).post(f"{review.incident.get_edit_url()}publish", {"note": note})
        assert answer.status_code in (302, 422)


def test_a_draft_goes_to_review_and_back(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}status"
    for status in ("in-review", "draft"):
        client.post(address, {"status": status})
        review.incident.refresh_from_db()
        assert review.incident.status == status
    for status in ("published", "archived", "nonsense", ""):
        assert client.post(address, {"status": status}).status_code == 302
        review.incident.refresh_from_db()
        assert review.incident.status == "draft"
