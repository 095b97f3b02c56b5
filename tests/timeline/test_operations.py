"""Changing a timeline: order, zones, what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Person
from reviews.models import Review
from tests import factories
from timeline.models import Event
from timeline.operations import add_event, change_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def event(author: Person, review: Review, **changed: Any) -> Event:
    values = {"occurred_at": factories.NOON, "zone": "UTC", "kind": "note", "text": "Alert fired"}
    return add_event(author, review.incident, **{**values, **changed})


def test_events_of_one_instant_keep_the_order_in_which_they_came(author: Person, review: Review) -> None:
    for text in ("First", "Second", "Third"):
        event(author, review, text=text)
    assert list(review.incident.events.values_list("text", flat=True)) == ["First", "Second", "Third"]


def test_an_event_remembers_the_zone_it_was_written_in(author: Person, review: Review) -> None:
    stored = event(author, review, zone="Asia/Kolkata")
    stored.refresh_from_db()
    assert f"{stored.local_time:%H:%M %z}" == "17:30 +0530"
    assert stored.occurred_at == factories.NOON


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("text", " ", "text"),
        ("kind", "party", "kind"),
        ("zone", "Mars/Phobos", "zone"),
        ("occurred_at", datetime(1026, 3, 14, tzinfo=UTC), "time"),
        ("source_url", "javascript:alert(1)", "source_url"),
        ("source_url", "not a link", "source_url"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    author: Person, review: Review, field: str, value: Any, beside: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        event(author, review, **{field: value})
    assert list(refused.value.message_dict) == [beside]
    assert not review.incident.events.exists()


def test_all_that_is_wrong_is_said_at_once(author: Person, review: Review) -> None:
    with pytest.raises(ValidationError) as refused:
        event(author, review, text="", kind="party")
    assert set(refused.value.message_dict) == {"text", "kind"}


def test_a_changed_text_is_rendered_anew(author: Person, review: Review) -> None:
    changed = change_event(author, event(author, review).pk, text="It was *not* us")
    assert "<em>not</em>" in changed.html


def test_the_database_refuses_an_unknown_kind(author: Person, review: Review) -> None:
    stored = event(author, review)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=stored.pk).update(kind="party")
