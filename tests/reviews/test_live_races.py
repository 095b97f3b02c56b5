"""Several threads append, bring texts into rows and save forms at once."""

import threading
import time

import pytest
from django.db import connection, transaction

from accounts.models import Person
from reviews.live import store
from reviews.live.document import document_from, set_text, text_at
from reviews.live.store import Edit
from reviews.models import LiveDocument, Review, Section
from reviews.operations import StaleEdit, add_factor, change_factor, save_section
from tests import factories

SUMMARY = "section:summary"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_between_writers_forms_and_rows() -> None:
    author = factories.person("author")
    review = factories.draft(author)
    store.open_document(review.pk)
    threads = [
        *(threading.Thread(target=_write, args=(review, author, n)) for n in range(4)),
        *(threading.Thread(target=_bring, args=(review,)) for _ in range(2)),
        threading.Thread(target=_save_forms, args=(review, author)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.bring_into_rows(review.pk)
    text = Section.objects.get(review=review, kind="summary").text
    held = document_from(data for _, data in store.updates_since(review.pk, 0))
    assert text == text_at(held, SUMMARY)
    for n in range(4):
        for m in range(15):
            assert text.count(f"<{n}.{m}>") == 1
    for m in range(10):
        assert text.count(f"[form {m}]") == 1


def _write(review: Review, author: Person, n: int) -> None:
    """As a live process of its own: it knows only what it has seen."""
    doc = document_from(data for _, data in store.updates_since(review.pk, 0))
    for m in range(15):
        update = set_text(doc, SUMMARY, f"{text_at(doc, SUMMARY)} <{n}.{m}>")
        store.append(review.pk, [Edit(update, [SUMMARY], author.pk)])
    connection.close()


def _bring(review: Review) -> None:
    for _ in range(20):
        store.bring_into_rows(review.pk)
    connection.close()


def _save_forms(review: Review, author: Person) -> None:
    for m in range(10):
        while True:  # the others do not write for ever
            section = Section.objects.get(review=review, kind="summary")
            try:
                save_section(author, review, "summary", f"{section.text} [form {m}]", section.revision)
                break
            except StaleEdit:
                continue
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_form_and_the_rows_of_its_text_do_not_wait_for_each_other() -> None:
    author = factories.person("author")
    review = factories.draft(author)
    factor = add_factor(author, review, text="No index.")
    store.open_document(review.pk)
    _type(review, author, f"factor:{factor.pk}", " Typed.")
    form = threading.Thread(target=_change, args=(author, factor.pk))
    with transaction.atomic():
        LiveDocument.objects.select_for_update(no_key=True).get(pk=review.pk)
        form.start()
        while form.is_alive() and not _somebody_waits():
            time.sleep(0.01)
        store.bring_into_rows(review.pk)
    form.join()
    factor.refresh_from_db()
    assert factor.text == "No alert."


def _type(review: Review, author: Person, place: str, words: str) -> None:
    doc = document_from(data for _, data in store.updates_since(review.pk, 0))
    update = set_text(doc, place, f"{text_at(doc, place)}{words}")
    store.append(review.pk, [Edit(update, [place], author.pk)])


def _change(author: Person, factor_pk: int) -> None:
    change_factor(author, factor_pk, text="No alert.")
    connection.close()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None
