"""Who says that an item is done, and what takes that back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action
from actions.verifying import may_verify, take_back_verification, verify_action
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return factories.person("owner")


@pytest.fixture
def done(author: Person, owner: Person) -> ActionItem:
    action = add_action(author, factories.published(author).review.incident, title="Add an alert", owner=owner)
    return change_action(author, action.pk, status="done")


def test_somebody_else_verifies_and_is_kept_with_what_they_saw(author: Person, done: ActionItem) -> None:
    verified = verify_action(author, done.pk, "It fired on Tuesday.")

    assert verified.verified_by == author
    change = done.changes.get(field="verified")
    assert (change.after, change.note, change.by) == (str(author.pk), "It fired on Tuesday.", author)


def test_a_team_lead_who_took_no_part_verifies(done: ActionItem) -> None:
    assert verify_action(factories.person("lead", role="team-lead"), done.pk).verified_by_id is not None


def test_the_owner_does_not_verify_their_own(owner: Person, done: ActionItem) -> None:
    with pytest.raises(ValidationError, match="somebody else looks"):
        verify_action(owner, done.pk)
    assert not may_verify(owner, done)


def test_those_who_only_read_do_not_verify(done: ActionItem) -> None:
    with pytest.raises(PermissionDenied):
        verify_action(factories.person("reader", role="reader"), done.pk)


def test_what_is_not_done_cannot_be_verified(author: Person, done: ActionItem) -> None:
    change_action(author, done.pk, status="in-progress")

    with pytest.raises(ValidationError, match="Only what is done"):
        verify_action(author, done.pk)


def test_an_item_of_a_hidden_review_does_not_exist(author: Person) -> None:
    action = add_action(author, factories.draft(author).incident, title="x")

    with pytest.raises(Http404):
        verify_action(factories.person("lead", role="team-lead"), action.pk)


def test_verifying_twice_keeps_who_was_first(author: Person, done: ActionItem) -> None:
    verify_action(author, done.pk)

    assert verify_action(factories.person("lead", role="team-lead"), done.pk).verified_by == author
    assert done.changes.filter(field="verified").count() == 1


def test_reopening_takes_the_verification_with_it(author: Person, done: ActionItem) -> None:
    verify_action(author, done.pk)
    reopened = change_action(author, done.pk, status="open")

    assert (reopened.verified_by, reopened.verified_at) == (None, None)
    assert done.changes.filter(field="verified").last().before == str(author.pk)  # type: ignore[union-attr]


def test_other_evidence_has_to_be_looked_at_again(author: Person, owner: Person, done: ActionItem) -> None:
    verify_action(author, done.pk)

    assert change_action(owner, done.pk, evidence="Another graph").verified_by is None


def test_a_verification_is_taken_back_and_the_item_stays_done(author: Person, done: ActionItem) -> None:
    verify_action(author, done.pk)
    back = take_back_verification(author, done.pk, "It was the wrong graph.")

    assert (back.status, back.verified_by) == ("done", None)


def test_an_owner_who_may_not_assign_does_not_take_it_back(author: Person, owner: Person, done: ActionItem) -> None:
    verify_action(author, done.pk)

    with pytest.raises(PermissionDenied):
        take_back_verification(owner, done.pk)
