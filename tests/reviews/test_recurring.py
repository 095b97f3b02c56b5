"""Saying that an incident happened before: who may, of what, and taking it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident, Participant
from reviews.models import Recurrence, Review
from reviews.recurring import confirm_recurrence, recurrences_of, take_back_recurrence
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(author: Person) -> Incident:
    """A published review of someone else."""
    writer = factories.person("writer")
    return factories.published(writer, "Pool ran dry", occurred_at=factories.NOON - timedelta(days=9)).review.incident


@pytest.fixture
def review(author: Person) -> Review:
    """A draft."""
    return factories.draft(author, "Pools once more")


def refused(person: Person, review: Review, written: str) -> str:
    with pytest.raises(ValidationError) as refusal:
        confirm_recurrence(person, review, written)
    assert not Recurrence.objects.exists()
    return str(refusal.value.message_dict["earlier"][0])


@pytest.mark.parametrize(
    "written",
    ["{}", " #{} ", "/reviews/{}/", "https://debrief.example.org/reviews/{}/pool-ran-dry?version=1#whys", "/drafts/{}"],
)
def test_the_earlier_review_is_named_by_number_or_address(
    written: str, author: Person, review: Review, earlier: Incident
) -> None:
    confirm_recurrence(author, review, written.format(earlier.number))
    assert Recurrence.objects.get().earlier_id == earlier.pk


def test_confirming_twice_keeps_it_once(author: Person, review: Review, earlier: Incident) -> None:
    first = confirm_recurrence(author, review, str(earlier.number))
    assert confirm_recurrence(author, review, str(earlier.number)) == first
    assert AuditEntry.objects.filter(verb="confirm-recurrence").count() == 1


def test_the_audit_trail_does_not_say_of_which_review(author: Person, review: Review, earlier: Incident) -> None:
    confirm_recurrence(author, review, str(earlier.number))
    assert AuditEntry.objects.get(verb="confirm-recurrence").detail == ""


@pytest.mark.parametrize(
    "written", ["", " ", "twelve", "-1", "1.5", "9" * 400, "12\x00", "\ud800", "javascript:alert(1)", "/reviews/", "٣"]
)
def test_what_is_no_number_is_told(written: str, author: Person, review: Review) -> None:
    assert "Give the number of the earlier review" in refused(author, review, written)


@pytest.mark.parametrize("written", ["0", "999999", "9" * 18])
def test_a_review_that_is_not_there_is_told(written: str, author: Person, review: Review) -> None:
    assert "no published review" in refused(author, review, written)


def test_what_one_may_not_see_is_told_as_if_it_were_not_there(
    author: Person, review: Review, earlier: Incident
) -> None:
    Incident.objects.filter(pk=earlier.pk).update(visibility="restricted")
    hidden = refused(author, review, str(earlier.number))
    assert hidden == refused(author, review, "999999").replace("999999", str(earlier.number))


def test_a_draft_is_no_earlier_review(author: Person, review: Review) -> None:
    other = factories.draft(author, "Another draft")
    assert "no published review" in refused(author, review, str(other.incident.number))


def test_a_review_is_no_recurrence_of_itself(author: Person) -> None:
    review = factories.published(author).review
    assert "number of this review" in refused(author, review, str(review.incident.number))


def test_what_began_later_happened_not_before(author: Person, review: Review) -> None:
    later = factories.published(author, occurred_at=factories.NOON + timedelta(days=1)).review.incident
    assert "began later" in refused(author, review, str(later.number))


def test_two_are_not_recurrences_of_each_other(author: Person) -> None:
    one, two = factories.published(author, "One").review, factories.published(author, "Two").review
    confirm_recurrence(author, two, str(one.incident.number))
    with pytest.raises(ValidationError, match="Take that back there first"):
        confirm_recurrence(author, one, str(two.incident.number))


def test_only_authors_confirm(review: Review, earlier: Incident, outsider: Person) -> None:
    with pytest.raises(Http404):
        confirm_recurrence(outsider, review, str(earlier.number))
    Participant.objects.create(incident=review.incident, person=outsider)
    with pytest.raises(PermissionDenied):
        confirm_recurrence(outsider, review, str(earlier.number))


def test_it_is_taken_back(author: Person, review: Review, earlier: Incident) -> None:
    confirm_recurrence(author, review, str(earlier.number))
    take_back_recurrence(author, review, earlier.number)
    assert not Recurrence.objects.exists()


@pytest.mark.parametrize("number", [1, 999_999, 10**30])
def test_what_was_never_said_cannot_be_taken_back(number: int, author: Person, review: Review) -> None:
    with pytest.raises(Http404):
        take_back_recurrence(author, review, number)


def test_a_restricted_earlier_review_is_hidden_from_those_who_may_not_see_it(
    author: Person, review: Review, earlier: Incident, outsider: Any
) -> None:
    confirm_recurrence(author, review, str(earlier.number))
    Incident.objects.filter(pk=earlier.pk).update(visibility="restricted")
    assert not recurrences_of(author, review.pk).exists()
    with pytest.raises(Http404):
        take_back_recurrence(author, review, earlier.number)
    assert recurrences_of(factories.person("writer"), review.pk).exists()
