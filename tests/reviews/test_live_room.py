"""A room without its sockets."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pycrdt import Text, create_update_message

from accounts.models import Person
from reviews.live import store
from reviews.live.document import document_from, set_text, text_at
from reviews.live.gate import Guest
from reviews.live.room import Connection, Room
from reviews.live.store import Edit, append, bring_into_rows, updates_since
from reviews.live.threads import in_thread
from reviews.models import LiveDocument, Review
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
SUMMARY = "section:summary"


def typed(review: Review, person: Person, words: str) -> bytes:
    """An edit that puts words behind the stored text."""
    doc = document_from(data for _, data in updates_since(review.pk, 0))
    return set_text(doc, SUMMARY, f"{doc.get(SUMMARY, type=Text)}{words}")


def test_what_another_process_stored_is_not_missed_when_it_was_merged_with_ones_own(monkeypatch: Any) -> None:
    alice = factories.person("alice")
    review = factories.draft(alice)
    monkeypatch.setattr(store, "MERGE_AFTER", 0)

    async def meet() -> str | None:
        room = Room(review.pk, "this process", lambda *said: None)
        await room.open()
        connection = Connection(Guest("", alice, review.incident))
        theirs = await in_thread(typed, review, alice, " Theirs.")
        await in_thread(append, review.pk, [Edit(theirs, [SUMMARY], alice.pk)])
        own = await in_thread(typed, review, alice, " Own.")
        room.receive(connection, create_update_message(own))
        while not room._own:
            await asyncio.sleep(0.01)
        await in_thread(bring_into_rows, review.pk)
        merged = await in_thread(lambda: LiveDocument.objects.get(pk=review.pk).merged_to)
        assert merged in room._own
        await room.catch_up()
        await room.close()
        return text_at(room.doc, SUMMARY)

    # In a thread: where browser tests ran before, their event loop stays in this one.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, meet()).result() == "Checkout was slow. Theirs. Own."
