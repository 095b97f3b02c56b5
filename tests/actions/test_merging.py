"""Several action items become one."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Person
from actions.bulk import change_actions
from actions.merging import merge_actions, unmerge_action
from actions.models import ActionItem, ActionMerge
from actions.operations import add_action, change_action, delete_action
from actions.seen import Seen
from reviews.models import Factor, Review
from reviews.operations import undo
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author).review


@pytest.fixture
def first(author: Person, review: Review) -> ActionItem:
    return add_action(author, review.incident, title="Alert on the pool")


@pytest.fixture
def second(author: Person, review: Review) -> ActionItem:
    return add_action(author, review.incident, title="Alert for pool use", status="proposed")


def factor(review: Review, text: str, *actions: ActionItem) -> Factor:
    made = Factor.objects.create(review=review, text=text, html=f"<p>{text}</p>")
    made.actions.set(actions)
    return made


def merged(person: Person, into: ActionItem, *others: ActionItem) -> None:
    merge_actions(person, into.pk, [one.pk for one in others])
    for one in (into, *others):
        one.refresh_from_db()


def test_the_merged_one_is_not_done_and_names_the_other(author: Person, first: ActionItem, second: ActionItem) -> None:
    merged(author, first, second)

    assert (second.status, second.reason) == ("wont-do", "Merged into “Alert on the pool”.")
    assert second.merged_into == first


def test_factors_move_to_the_one_that_stays(
    author: Person, review: Review, first: ActionItem, second: ActionItem
) -> None:
    own = factor(review, "No alert", second)

    merged(author, first, second)

    assert list(own.actions.all()) == [first]


def test_what_it_waits_for_and_holds_up_moves(
    author: Person, review: Review, first: ActionItem, second: ActionItem
) -> None:
    before = add_action(author, review.incident, title="Before")
    after = add_action(author, review.incident, title="After")
    second.waits_for.add(before)
    second.holds_up.add(after)

    merged(author, first, second)

    assert (first.waits_for.get(), first.holds_up.get()) == (before, after)


def test_an_item_does_not_wait_for_itself_after_a_merge(author: Person, first: ActionItem, second: ActionItem) -> None:
    second.waits_for.add(first)

    merged(author, first, second)

    assert not first.waits_for.exists()


def test_both_sides_keep_it_in_their_history(author: Person, first: ActionItem, second: ActionItem) -> None:
    merged(author, first, second)

    assert first.changes.get(field="merged").before == str(second.pk)
    assert second.changes.get(field="merged").after == str(first.pk)


def test_a_factor_of_another_review_stays_with_its_item(author: Person, first: ActionItem) -> None:
    other = factories.published(author, "Another one").review
    elsewhere = add_action(author, other.incident, title="The same there")
    theirs = factor(other, "No alert", elsewhere)

    merged(author, first, elsewhere)

    assert list(theirs.actions.all()) == [elsewhere]
    assert elsewhere.reason == f"Merged into an item of review {first.incident.number}."


def test_the_reason_tells_nothing_of_a_review_that_others_may_not_see(author: Person, first: ActionItem) -> None:
    hidden = add_action(author, factories.draft(author, "Secret").incident, title="Secret work")

    merged(author, hidden, first)

    assert first.reason == "Merged into an item of another review."


def test_a_merge_is_taken_back_with_all_that_it_moved(
    author: Person, review: Review, first: ActionItem, second: ActionItem
) -> None:
    shared, own = factor(review, "Shared", first, second), factor(review, "Own", second)
    before = add_action(author, review.incident, title="Before")
    second.waits_for.add(before)
    merged(author, first, second)

    unmerge_action(author, second.pk)

    second.refresh_from_db()
    assert (second.status, second.reason, second.merged_into) == ("proposed", "", None)
    assert {*second.factors.all()} == {shared, own}
    assert list(first.factors.all()) == [shared]
    assert (second.waits_for.get(), first.waits_for.count()) == (before, 0)
    assert not ActionMerge.objects.exists()


def test_reopening_the_merged_one_ends_the_merge(author: Person, first: ActionItem, second: ActionItem) -> None:
    merged(author, first, second)

    reopened = change_action(author, second.pk, status="open")

    assert reopened.merged_into is None
    assert not ActionMerge.objects.exists()


@pytest.mark.parametrize("in_bulk", [True, False])
def test_reopening_it_gives_back_what_the_merge_moved(
    author: Person, review: Review, first: ActionItem, second: ActionItem, in_bulk: bool
) -> None:
    own, before = factor(review, "No alert", second), add_action(author, review.incident, title="Metrics first")
    second.waits_for.add(before)
    merged(author, first, second)

    if in_bulk:
        change_actions(author, [Seen.of(second)], status="open")
    else:
        change_action(author, second.pk, status="open")

    assert (second.factors.get(), second.waits_for.get()) == (own, before)
    assert (first.factors.get(), first.waits_for.get()) == (own, before)
    assert not ActionMerge.objects.exists()


def test_what_was_merged_into_a_deleted_one_can_be_reopened_and_merged_again(
    author: Person, review: Review, first: ActionItem, second: ActionItem
) -> None:
    third = add_action(author, review.incident, title="Alert on the queue")
    merged(author, first, second)
    delete_action(author, first.pk)
    change_action(author, second.pk, status="open")

    merge_actions(author, third.pk, [second.pk])

    assert ActionItem.objects.get(pk=second.pk).merged_into == third


def test_what_is_done_after_all_is_merged_no_more(author: Person, first: ActionItem, second: ActionItem) -> None:
    merged(author, first, second)

    assert change_action(author, second.pk, status="done").merged_into is None


def test_what_is_finished_is_not_merged(author: Person, first: ActionItem, second: ActionItem) -> None:
    change_action(author, second.pk, status="done")

    with pytest.raises(ValidationError, match="is finished"):
        merge_actions(author, first.pk, [second.pk])


def test_nothing_to_merge_is_said(author: Person, first: ActionItem) -> None:
    with pytest.raises(ValidationError, match="at least one other"):
        merge_actions(author, first.pk, [first.pk])


def test_all_or_nothing_where_one_may_not_be_assigned(author: Person, first: ActionItem, second: ActionItem) -> None:
    stranger = factories.person("stranger")
    change_action(author, first.pk, owner=stranger)

    with pytest.raises(PermissionDenied):
        merge_actions(stranger, first.pk, [second.pk])
    second.refresh_from_db()
    assert second.status == "proposed"


def test_an_item_of_a_hidden_review_does_not_exist(author: Person, first: ActionItem) -> None:
    hidden = add_action(author, factories.draft(author).incident, title="x")

    with pytest.raises(Http404):
        merge_actions(factories.person("lead", role="team-lead"), first.pk, [hidden.pk])


def test_an_undone_deletion_can_still_be_unmerged(author: Person, first: ActionItem, second: ActionItem) -> None:
    merged(author, first, second)
    undo(author, delete_action(author, first.pk).pk)
    undo(author, delete_action(author, second.pk).pk)

    assert unmerge_action(author, second.pk).status == "proposed"
