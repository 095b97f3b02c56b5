"""The replay of a published incident: nothing ahead of time, notes for their writer alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from reviews.models import Review
from reviews.publishing import publish_review
from tests import factories
from timeline.operations import add_event
from wiki.models import ReplayNote

SignIn = Callable[[Person], Client]
TOLD = ("Errors rose", "A page went out", "The pool was made larger")

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    review = factories.draft(author, "The pool was empty", summary="It ran out of connections.")
    for minute, text in enumerate(TOLD):
        at = datetime(2026, 3, 14, 12, minute, tzinfo=UTC)
        add_event(author, review.incident, occurred_at=at, kind="note", text=text, zone="UTC")
    publish_review(author, review)
    return review


@pytest.fixture
def reader(sign_in: SignIn) -> Client:
    return sign_in(factories.person("reader", role="reader"))


def address(review: Review, step: object = "") -> str:
    return f"/reviews/{review.incident.number}/replay/" + (f"?step={step}" if step != "" else "")


def page(client: Client, review: Review, step: object = "") -> str:
    response = client.get(address(review, step))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_what_comes_next_is_hidden_title_and_summary_included(review: Review, reader: Client, step: int) -> None:
    shown = page(reader, review, step)
    assert [text in shown for text in TOLD] == [turn < step for turn in range(3)]
    assert "The pool was empty" not in shown
    assert "It ran out of connections" not in shown


def test_in_the_end_the_title_and_all_notes_stand_beside_the_events(review: Review, reader: Client) -> None:
    reader.post(address(review, 1), {"note": "I would look at <the> dashboard", "go": "next"})
    shown = page(reader, review, 4)
    assert "The pool was empty" in shown
    assert "I would look at &lt;the&gt; dashboard" in shown


def test_a_note_is_kept_and_the_next_event_follows(review: Review, reader: Client) -> None:
    response = reader.post(address(review, 1), {"note": "Look at the queue", "go": "next"})
    assert response["Location"] == address(review, 2) + "#now"
    assert ReplayNote.objects.get().text == "Look at the queue"
    response = reader.post(address(review, 2), {"note": "", "go": "back"})
    assert response["Location"] == address(review, 1) + "#now"
    assert "Look at the queue" in page(reader, review, 1)


def test_a_note_is_changed_and_removed(review: Review, reader: Client) -> None:
    reader.post(address(review, 1), {"note": "One"})
    reader.post(address(review, 1), {"note": "Two"})
    assert ReplayNote.objects.get().text == "Two"
    reader.post(address(review, 1), {"note": " "})
    assert not ReplayNote.objects.exists()


def test_notes_are_for_their_writer_alone(review: Review, reader: Client, sign_in: SignIn, author: Person) -> None:
    reader.post(address(review, 1), {"note": "A secret thought", "go": "next"})
    other = sign_in(author)
    assert "A secret thought" not in page(other, review, 1) + page(other, review, 4)
    other.post(address(review).removesuffix("?step=") + "forget")
    assert ReplayNote.objects.count() == 1


def test_notes_are_deleted_by_their_writer(review: Review, reader: Client) -> None:
    reader.post(address(review, 1), {"note": "A thought", "go": "next"})
    reader.post(address(review) + "forget")
    assert not ReplayNote.objects.exists()


@pytest.mark.parametrize("step", ["-1", "x", "", "²", "1e9", "99999999999999999999", "4&step=%00"])
def test_a_step_that_does_not_exist_is_the_beginning(review: Review, reader: Client, step: str) -> None:
    assert "What would you look at" not in page(reader, review, step)


def test_past_the_end_is_the_end(review: Review, reader: Client) -> None:
    assert "How it went" in page(reader, review, 999)


def test_a_note_that_is_too_long_says_so_and_stays(review: Review, reader: Client) -> None:
    response = reader.post(address(review, 1), {"note": "long " * 2000, "go": "next"})
    assert response.status_code == 422
    assert "long long" in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


def test_odd_characters_are_kept_or_dropped_without_a_failure(review: Review, reader: Client) -> None:
    assert reader.post(address(review, 1), {"note": "a\x00b"}).status_code == 302


def test_a_restricted_review_has_no_replay_for_outsiders(author: Person, sign_in: SignIn) -> None:
    version = factories.published(author, visibility="restricted")
    outsider = sign_in(factories.person("outsider"))
    assert outsider.get(address(version.review)).status_code == 404
    assert outsider.post(address(version.review, 1), {"note": "x"}).status_code == 404
    assert outsider.post(address(version.review) + "forget").status_code == 404


def test_a_review_without_events_has_none(author: Person, reader: Client) -> None:
    review = factories.draft(author)
    publish_review(author, review)
    assert reader.get(address(review)).status_code == 404


def test_a_step_takes_few_queries(
    review: Review, reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        page(reader, review, 3)
