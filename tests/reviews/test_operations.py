"""Changing the document: who may, what is refused, two people at once, and what undo brings back."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from accounts.models import Person
from actions.operations import delete_action
from core.models import AuditEntry
from incidents.models import Incident
from reviews import operations
from reviews.models import Review, Why
from reviews.queries import drafts_of
from tests import factories
from timeline.operations import delete_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def questions(review: Review, parent: Why | None = None) -> list[str]:
    return list(Why.objects.filter(review=review, parent=parent).values_list("question", flat=True))


def test_readers_begin_no_review(outsider: Person) -> None:
    with pytest.raises(PermissionDenied):
        operations.start_review(outsider, title="x")
    assert not Incident.objects.exists()


CHANGES: list[Callable[[Person, Review], Any]] = [
    lambda who, review: operations.save_section(who, review, "summary", "x", 1),
    lambda who, review: operations.set_causes(who, review, []),
    lambda who, review: operations.add_why(who, review, question="Why?"),
    lambda who, review: operations.change_why(who, review.whys.get().pk, answer="x"),
    lambda who, review: operations.move_why(who, review.whys.get().pk, "up"),
    lambda who, review: operations.delete_why(who, review.whys.get().pk),
    lambda who, review: operations.add_factor(who, review, text="x"),
    lambda who, review: operations.change_factor(who, review.factors.get().pk, text="x"),
    lambda who, review: operations.delete_factor(who, review.factors.get().pk),
    lambda who, review: operations.undo(who, review.incident.deletions.get().pk),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_of_others_does_not_exist_and_a_published_one_is_only_read(
    change: Callable[[Person, Review], Any], author: Person
) -> None:
    review = factories.draft(author)
    review.whys.create(question="Why?")
    review.factors.create(text="No alert")
    event = review.incident.events.create(occurred_at=factories.NOON, text="x", html="")
    delete_event(author, event.pk)
    stranger = factories.person("stranger")
    with pytest.raises(Http404):
        change(stranger, review)
    Incident.objects.filter(pk=review.pk).update(status="published")
    with pytest.raises(PermissionDenied):
        change(stranger, review)


def test_the_first_save_makes_the_section_and_each_save_counts(author: Person, review: Review) -> None:
    first = operations.save_section(author, review, "impact", "*All* users", 0)
    assert (first.revision, first.html.count("<em>")) == (1, 1)
    second = operations.save_section(author, review, "impact", "Half of them", 1)
    assert (second.pk, second.revision, second.updated_by) == (first.pk, 2, author)


def test_the_same_text_again_is_no_conflict(author: Person, review: Review) -> None:
    operations.save_section(author, review, "impact", "Same", 0)
    assert operations.save_section(author, review, "impact", "Same", 0).revision == 1


def test_a_stale_save_stores_nothing_and_gives_both_texts_back(author: Person, review: Review) -> None:
    with pytest.raises(operations.StaleEdit) as stale:
        operations.save_section(author, review, "summary", "Mine", 0)
    assert (stale.value.section.text, stale.value.typed) == ("Checkout was slow.", "Mine")
    assert review.sections.get().text == "Checkout was slow."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(author: Person) -> None:
    review = factories.draft(author)
    outcomes: list[str] = []
    begin = threading.Barrier(2)

    def save(text: str) -> None:
        begin.wait()
        try:
            operations.save_section(author, review, "summary", text, 1)
            outcomes.append("saved")
        except operations.StaleEdit:
            outcomes.append("told")
        finally:
            connection.close()

    writers = [threading.Thread(target=save, args=(text,)) for text in ("One", "Two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(outcomes) == ["saved", "told"]
    assert review.sections.get().revision == 2


def test_whys_move_up_down_in_and_out(author: Person, review: Review) -> None:
    first, second, third = (operations.add_why(author, review, question=text) for text in ("1?", "2?", "3?"))
    operations.move_why(author, third.pk, "up")
    assert questions(review) == ["1?", "3?", "2?"]
    operations.move_why(author, third.pk, "down")
    operations.move_why(author, second.pk, "in")
    assert (questions(review), questions(review, first)) == (["1?", "3?"], ["2?"])
    operations.move_why(author, second.pk, "out")
    assert questions(review) == ["1?", "2?", "3?"]


@pytest.mark.parametrize("direction", ["up", "down", "in", "out"])
def test_an_only_why_has_nowhere_to_move(author: Person, review: Review, direction: str) -> None:
    why = operations.add_why(author, review, question="Why?")
    with pytest.raises(ValidationError):
        operations.move_why(author, why.pk, direction)


def test_a_why_below_one_of_another_review_is_refused(author: Person, review: Review) -> None:
    other = operations.add_why(author, factories.draft(author, "Other"), question="Why?")
    with pytest.raises(Http404):
        operations.add_why(author, review, parent=other, question="Why?")


def test_the_database_refuses_a_why_below_itself(author: Person, review: Review) -> None:
    top = operations.add_why(author, review, question="1?")
    below = operations.add_why(author, review, parent=top, question="2?")
    with pytest.raises(IntegrityError), transaction.atomic():
        Why.objects.filter(pk=top.pk).update(parent=below)


def test_a_deleted_branch_comes_back_with_its_tree_and_the_factors_found_by_it(author: Person, review: Review) -> None:
    top = operations.add_why(author, review, question="1?")
    below = operations.add_why(author, review, parent=top, question="2?", answer="Because")
    factor = operations.add_factor(author, review, text="No index", why=below)
    deletion = operations.delete_why(author, top.pk)
    factor.refresh_from_db()
    assert (factor.why, review.whys.count()) == (None, 0)
    assert operations.undo(author, deletion.pk) == top
    factor.refresh_from_db()
    assert (factor.why, review.whys.get(pk=below.pk).parent) == (below, top)


def test_a_deleted_action_comes_back_with_the_factors_it_removes(author: Person, review: Review) -> None:
    action = review.incident.actions.create(title="Add an alert")
    factor = operations.add_factor(author, review, text="No alert", actions=[action])
    deletion = delete_action(author, action.pk)
    assert not factor.actions.exists()
    operations.undo(author, deletion.pk)
    assert factor.actions.get() == action


def test_a_deleted_factor_comes_back_without_an_action_that_went_meanwhile(author: Person, review: Review) -> None:
    kept, gone = (review.incident.actions.create(title=title) for title in ("Keep", "Go"))
    factor = operations.add_factor(author, review, text="No alert", actions=[kept, gone])
    deletion = operations.delete_factor(author, factor.pk)
    delete_action(author, gone.pk)
    operations.undo(author, deletion.pk)
    assert review.factors.get().actions.get() == kept


def test_nothing_is_brought_back_twice(author: Person, review: Review) -> None:
    deletion = operations.delete_factor(author, operations.add_factor(author, review, text="x").pk)
    operations.undo(author, deletion.pk)
    with pytest.raises(ValidationError):
        operations.undo(author, deletion.pk)
    assert review.factors.count() == 1


def test_a_factor_is_removed_only_by_actions_of_its_own_review(author: Person, review: Review) -> None:
    foreign = factories.draft(author, "Other").incident.actions.create(title="Foreign")
    with pytest.raises(ValidationError):
        operations.add_factor(author, review, text="No alert", actions=[foreign])
    factor = operations.add_factor(author, review, text="No alert")
    with pytest.raises(IntegrityError), transaction.atomic():
        factor.actions.add(foreign)


@pytest.mark.parametrize("gone", ["action", "why"])
def test_what_was_deleted_since_the_form_was_read_is_named(author: Person, review: Review, gone: str) -> None:
    factor = review.factors.create(text="No alert")
    action = review.incident.actions.create(title="Add an alert")
    why = review.whys.create(question="Why?")
    chosen: dict[str, Any] = {"action": {"actions": [action]}, "why": {"why": why}}[gone]
    delete_action(author, action.pk)
    operations.delete_why(author, why.pk)
    with pytest.raises(ValidationError, match="no longer"):
        operations.change_factor(author, factor.pk, **chosen)
    with pytest.raises(ValidationError, match="no longer"):
        operations.add_factor(author, review, text="No alert", **chosen)


def test_every_change_is_written_down(author: Person, review: Review) -> None:
    operations.save_section(author, review, "impact", "All", 0)
    why = operations.add_why(author, review, question="Why?")
    operations.delete_why(author, why.pk)
    subject = f"incident {review.incident.number}"
    verbs = AuditEntry.objects.filter(subject=subject, person=author).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["save-section", "add-why", "delete-why"]


def test_drafts_say_who_changed_them_last(
    author: Person, review: Review, django_assert_num_queries: Callable[[int], Any]
) -> None:
    other = factories.person("helper")
    review.incident.participants.create(person=other, role="responder")
    older = factories.draft(author, "Older")
    operations.save_section(author, older, "impact", "x", 0)
    operations.save_section(other, review, "impact", "x", 0)
    with django_assert_num_queries(1):
        drafts = drafts_of(author)
    assert [(one.incident.title, one.changed_by) for one in drafts] == [
        ("Checkout slow", "Helper"),
        ("Older", "Author"),
    ]
