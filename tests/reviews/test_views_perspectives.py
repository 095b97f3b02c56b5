"""Perspectives in the editor: forms, stale saves, undo, what the published page and the history make of them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from incidents.models import Participant
from reviews.comparing import compare
from reviews.models import Review
from reviews.publishing import publish_review
from reviews.snapshot import snapshot_of
from tests import factories
from tests.reviews.test_stale_items import form_values
from timeline.models import Event, Perspective
from timeline.operations import add_event
from timeline.perspectives import add_perspective, change_perspective

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


@pytest.fixture
def event(author: Person, review: Review) -> Event:
    return add_event(author, review.incident, occurred_at=factories.NOON, zone="UTC", kind="response", text="Restart.")


@pytest.fixture
def base(review: Review) -> str:
    return review.incident.get_edit_url()


@pytest.fixture
def client(author: Person, sign_in: Callable[[Person], Client]) -> Client:
    return sign_in(author)


def opened(client: Client, base: str, query: str, keep: str) -> dict[str, Any]:
    page = client.get(f"{base}?edit=timeline&{query}", headers=HTMX).content.decode()
    return form_values(page, keep)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_form_begins_with_who_writes_and_adds(
    client: Client, base: str, event: Event, author: Person, headers: dict[str, str]
) -> None:
    form = opened(client, base, f"below={event.pk}", f"perspective-new-{event.pk}")
    assert form["whose"] == ["author"]
    answer = client.post(
        f"{base}timeline/{event.pk}/perspectives", {**form, "known": "One graph"}, headers=headers, follow=True
    )
    assert answer.status_code == 200
    assert "One graph" in answer.content.decode()
    assert Perspective.objects.get().person == author


def test_a_name_nobody_has_stands_as_written(client: Client, base: str, event: Event) -> None:
    values = {"whose": "the vendor’s  support", "known": "", "sense": "To wait"}
    assert client.post(f"{base}timeline/{event.pk}/perspectives", values, headers=HTMX).status_code == 200
    assert Perspective.objects.get().who == "the vendor’s support"


def test_what_is_refused_stays_as_typed(client: Client, base: str, event: Event) -> None:
    answer = client.post(f"{base}timeline/{event.pk}/perspectives", {"whose": "x" * 121, "known": "Kept"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    answer = client.post(f"{base}timeline/{event.pk}/perspectives", {"whose": "me", "known": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert "Write what was known" in answer.content.decode()
    for whose in ("\x00", "\ud800".encode("utf-8", "surrogatepass"), ""):
        answer = client.post(f"{base}timeline/{event.pk}/perspectives", {"whose": whose, "known": "x"}, headers=HTMX)
        assert answer.status_code in (200, 422)


def test_somebody_else_saved_it_first(client: Client, base: str, event: Event, author: Person, review: Review) -> None:
    lee = factories.person("lee")
    Participant.objects.create(incident=review.incident, person=lee)
    one = add_perspective(author, event.pk, person=author, known="First", sense="Same")
    form = opened(client, base, f"perspective={one.pk}", f"perspective-{one.pk}")
    change_perspective(lee, one.pk, known="Theirs")
    answer = client.post(f"{base}perspectives/{one.pk}", {**form, "known": "Mine"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Lee changed this" in page
    assert "Theirs" in page
    again = form_values(page, f"perspective-{one.pk}")
    assert client.post(f"{base}perspectives/{one.pk}", again, headers=HTMX).status_code == 200
    one.refresh_from_db()
    assert (one.known, one.sense) == ("Mine", "Same")


def test_deleting_offers_undo_below_the_event(client: Client, base: str, event: Event, author: Person) -> None:
    one = add_perspective(author, event.pk, person=author, known="First")
    page = client.post(f"{base}perspectives/{one.pk}/delete", headers=HTMX).content.decode()
    assert "Deleted “Author: First”" in page
    deletion = event.incident.deletions.get()
    answer = client.post(f"{base}undo/{deletion.pk}", headers=HTMX)
    assert f"perspective-{one.pk}-edit" in answer.headers["HX-Trigger-After-Settle"]
    assert Perspective.objects.count() == 1


def test_a_perspective_of_another_review_is_not_there(client: Client, base: str, author: Person, event: Event) -> None:
    other = factories.draft(author, "Other").incident
    there = add_event(author, other, occurred_at=factories.NOON, zone="UTC", kind="note", text="There.")
    one = add_perspective(author, there.pk, person=author, known="x")
    assert client.post(f"{base}perspectives/{one.pk}", {"whose": "a", "known": "b"}).status_code == 404
    assert client.post(f"{base}perspectives/{one.pk}/delete").status_code == 404
    assert client.post(f"{base}timeline/{there.pk}/perspectives", {"whose": "a", "known": "b"}).status_code == 404


def test_a_person_who_left_stays_who_it_was(client: Client, base: str, event: Event, author: Person) -> None:
    gone = factories.person("gone", is_active=False)
    one = add_perspective(author, event.pk, person=gone, known="First")
    form = opened(client, base, f"perspective={one.pk}", f"perspective-{one.pk}")
    client.post(f"{base}perspectives/{one.pk}", {**form, "known": "Second"}, headers=HTMX)
    one.refresh_from_db()
    assert (one.person, one.who, one.known) == (gone, "", "Second")


def test_readers_see_them_below_the_event(client: Client, event: Event, author: Person, review: Review) -> None:
    add_perspective(author, event.pk, person=author, known="One graph", sense="To wait")
    publish_review(author, review)
    page = client.get(review.incident.get_absolute_url(), follow=True).content.decode()
    assert "What made sense at the time" in page
    assert "One graph" in page
    assert len(client.get("/reviews/?q=graph").content.decode().split("row-title")) == 2


def test_the_history_tells_of_them(client: Client, base: str, event: Event, author: Person, review: Review) -> None:
    before = snapshot_of(review)
    one = add_perspective(author, event.pk, person=author, known="One graph", sense="To wait")
    client.post(f"{base}perspectives/{one.pk}/delete")
    client.post(f"{base}undo/{event.incident.deletions.get().pk}")
    page = client.get(f"{base}history").content.decode()
    assert "added a perspective to" in page
    assert "deleted the perspective" in page
    (part,) = compare(before, snapshot_of(review)).parts
    assert [one.label for one in part.items[0].differences] == ["What was known, Author", "What made sense, Author"]
