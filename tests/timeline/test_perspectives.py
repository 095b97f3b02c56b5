"""How an event looked to those who were there."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Person
from incidents.models import Participant
from reviews.operations import undo
from tests import factories
from timeline.models import Event, Perspective
from timeline.operations import add_event, delete_event
from timeline.perspectives import add_perspective, change_perspective, delete_perspective

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(author: Person) -> Event:
    incident = factories.draft(author).incident
    return add_event(author, incident, occurred_at=factories.NOON, zone="UTC", kind="response", text="Failed over.")


def test_several_people_tell_of_one_event_in_order(author: Person, event: Event) -> None:
    add_perspective(author, event.pk, person=author, known="One *graph*", sense="Waiting")
    add_perspective(author, event.pk, who="the vendor’s support", known="Nothing")
    first, second = event.perspectives.all()
    assert (first.person, first.who, first.known_html) == (author, "", "<p>One <em>graph</em></p>")
    assert (second.person, second.who, second.sense_html) == (None, "the vendor’s support", "")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"who": "x"}, "known"), ({"who": "x", "known": " \n"}, "known"), ({"known": "x"}, "whose"), ({}, "whose")],
)
def test_it_is_somebodys_and_says_something(author: Person, event: Event, values: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add_perspective(author, event.pk, **values)  # type: ignore[arg-type]
    assert field in refused.value.message_dict
    assert not Perspective.objects.exists()


def test_it_changes_and_is_deleted_and_comes_back(author: Person, event: Event) -> None:
    one = add_perspective(author, event.pk, person=author, known="One graph")
    change_perspective(author, one.pk, sense="Waiting", who="the scribe", person=None)
    deletion = delete_perspective(author, one.pk)
    assert not Perspective.objects.exists()
    undo(author, deletion.pk)
    back = Perspective.objects.get()
    assert (back.pk, back.who, back.known, back.sense_html) == (one.pk, "the scribe", "One graph", "<p>Waiting</p>")


def test_an_event_takes_its_perspectives_along_and_brings_them_back(author: Person, event: Event) -> None:
    kept = [add_perspective(author, event.pk, person=author, known=text).pk for text in ("One", "Two")]
    deletion = delete_event(author, event.pk)
    assert not Perspective.objects.exists()
    undo(author, deletion.pk)
    assert [one.pk for one in Event.objects.get(pk=event.pk).perspectives.all()] == kept


def test_a_perspective_waits_for_its_event(author: Person, event: Event) -> None:
    one = add_perspective(author, event.pk, person=author, known="One")
    deletion = delete_perspective(author, one.pk)
    gone = delete_event(author, event.pk)
    with pytest.raises(ValidationError, match="Bring that back first"):
        undo(author, deletion.pk)
    undo(author, gone.pk)
    undo(author, deletion.pk)
    assert Perspective.objects.get().pk == one.pk


def test_only_who_may_edit_the_review_writes_them(author: Person, event: Event, outsider: Person) -> None:
    one = add_perspective(author, event.pk, person=author, known="One")
    stranger, reader = factories.person("stranger"), outsider
    Participant.objects.create(incident=event.incident, person=reader, role="reviewer")
    for who, refusal in ((stranger, Http404), (reader, PermissionDenied)):
        with pytest.raises(refusal):
            add_perspective(who, event.pk, person=who, known="x")
        with pytest.raises(refusal):
            change_perspective(who, one.pk, known="x")
        with pytest.raises(refusal):
            delete_perspective(who, one.pk)
    with pytest.raises(Http404):
        change_perspective(author, one.pk + 100, known="x")


def test_odd_characters_are_stored_as_others_are(author: Person, event: Event) -> None:
    one = add_perspective(author, event.pk, who="a\x00b\ud800", known="x\x00<script>", sense="\ud800")
    assert "\x00" not in one.who + one.known
    assert "<script" not in one.known_html
