"""The log of a live document and the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app

from accounts.models import Person
from core.models import AuditEntry
from reviews.live import store
from reviews.live.document import document_from, set_text, text_at
from reviews.live.store import Edit
from reviews.models import LiveDocument, LiveUpdate, Review, Section
from reviews.operations import StaleEdit, add_factor, add_why, change_why, save_section
from reviews.publishing import publish_review
from reviews.tasks import finish_texts
from tests import factories

pytestmark = pytest.mark.django_db
SUMMARY = "section:summary"


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def loaded(review: Review):
    return document_from(data for _, data in store.updates_since(review.pk, 0))


def typed(review: Review, author: Person, text: str, place: str = SUMMARY) -> list[int]:
    """As a live process stores what somebody types."""
    return store.append(review.pk, [Edit(set_text(loaded(review), place, text), [place], author.pk)])


def row(review: Review) -> Section:
    return Section.objects.get(review=review, kind="summary")


def test_opening_brings_every_text_into_the_document(review: Review, author: Person) -> None:
    why = add_why(author, review, question="Why?", answer="No index.")
    store.open_document(review.pk)
    doc = loaded(review)
    assert text_at(doc, SUMMARY) == "Checkout was slow."
    assert text_at(doc, f"why:{why.pk}") == "No index."


def test_opening_again_changes_nothing(review: Review) -> None:
    first = store.open_document(review.pk)
    before = store.updates_since(review.pk, 0)
    assert store.open_document(review.pk).guid == first.guid
    assert store.updates_since(review.pk, 0) == before


def test_stored_edits_reach_the_row(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    typed(review, author, "Checkout was *very* slow.")
    store.bring_into_rows(review.pk)
    assert row(review).text == "Checkout was *very* slow."
    assert "<em>" in row(review).html
    assert row(review).updated_by == author


def test_typing_counts_as_a_save_for_whoever_has_the_form_open(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    revision = row(review).revision
    typed(review, author, "Typed by others.")
    with pytest.raises(StaleEdit) as stale:
        save_section(author, review, "summary", "From the form.", revision)
    assert stale.value.section.text == "Typed by others."


def test_a_saved_form_is_an_edit_of_the_document(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    save_section(author, review, "summary", "From the form.", row(review).revision)
    assert text_at(loaded(review), SUMMARY) == "From the form."
    store.bring_into_rows(review.pk)
    assert row(review).text == "From the form."


def test_a_changed_answer_is_an_edit_of_the_document(review: Review, author: Person) -> None:
    why = add_why(author, review, question="Why?", answer="One.")
    store.open_document(review.pk)
    change_why(author, why.pk, answer="Two.")
    assert text_at(loaded(review), f"why:{why.pk}") == "Two."
    why.refresh_from_db()
    assert "Two." in why.answer_html


def test_a_text_made_after_opening_is_in_the_document(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    factor = add_factor(author, review, text="No alert.")
    assert text_at(loaded(review), f"factor:{factor.pk}") == "No alert."


def test_blank_text_is_no_text(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    typed(review, author, " \n ")
    store.bring_into_rows(review.pk)
    assert row(review).text == ""


def test_publishing_takes_what_was_typed_a_moment_ago(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    typed(review, author, "The last words.")
    version = publish_review(author, review)
    assert version.document["sections"]["summary"]["text"] == "The last words."


def test_many_updates_are_merged_and_nothing_is_lost(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    doc, seen = loaded(review), store.updates_since(review.pk, 0)[-1][0]
    for n in range(store.MERGE_AFTER + 5):
        text = f"Word {n}."
        store.append(review.pk, [Edit(set_text(doc, SUMMARY, text), [SUMMARY], author.pk)])
    store.bring_into_rows(review.pk)
    document = LiveDocument.objects.get(pk=review.pk)
    assert document.updates.count() == 0
    assert text_at(loaded(review), SUMMARY) == text == row(review).text
    late = document_from(data for _, data in store.updates_since(review.pk, seen))
    assert text_at(late, SUMMARY) == text, "who was behind gets all of it"


def test_bringing_nothing_new_costs_two_queries(review: Review) -> None:
    store.open_document(review.pk)
    store.bring_into_rows(review.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        store.bring_into_rows(review.pk)
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) <= 2


def test_writing_is_noted_once_for_a_while(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    for text in ("A", "A b", "A b c"):
        typed(review, author, text)
        store.bring_into_rows(review.pk)
    assert AuditEntry.objects.filter(verb="write", person=author).count() == 1


def test_a_review_that_is_gone_takes_no_edits(review: Review) -> None:
    with pytest.raises(LiveDocument.DoesNotExist):
        store.append(review.pk, [Edit(b"\x00\x00", [], None)])


def test_what_no_process_finished_is_found(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    assert store.unfinished() == []
    typed(review, author, "Left behind.")
    assert store.unfinished() == [review.pk]


def test_what_was_typed_a_moment_ago_is_left_to_the_process_that_stored_it(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    typed(review, author, "Left behind.")
    assert store.unfinished(store.LEFT_BEHIND) == []
    LiveUpdate.objects.update(at=timezone.now() - 2 * store.LEFT_BEHIND)
    assert store.unfinished(store.LEFT_BEHIND) == [review.pk]


def test_the_worker_finishes_what_a_killed_process_left_behind(review: Review, author: Person) -> None:
    store.open_document(review.pk)
    typed(review, author, "Left behind.")
    LiveUpdate.objects.update(at=timezone.now() - 2 * store.LEFT_BEHIND)
    finish_texts(0)
    assert row(review).text == "Left behind."
    assert store.unfinished() == []


def test_one_review_that_cannot_be_read_does_not_keep_the_others_from_their_rows(
    review: Review, author: Person
) -> None:
    broken = factories.draft(author)
    store.open_document(broken.pk)
    LiveUpdate.objects.create(document_id=broken.pk, data=b"nonsense", places=[])
    store.open_document(review.pk)
    typed(review, author, "Left behind.")
    store.finish()
    assert store.unfinished() == [broken.pk]


def test_the_worker_knows_when_to_look() -> None:
    known = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    assert "reviews.tasks.finish_texts" in known
