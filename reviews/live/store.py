"""The log of a live document in the database, and bringing its texts into their rows.

Whoever appends to the log holds the lock on the document's row until the commit, so that ids ascend in the order in
which other processes can see them. A commit tells every live process through NOTIFY on the channel `debrief_live`,
with JSON: {"review": key, "kind": "updates", "by": who} after an append, {"review", "kind": "texts", "places"} after
texts reached their rows.
"""

import json
import logging
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from pycrdt import Doc

from accounts.models import Person
from core import audit
from core.text import storable
from reviews import history
from reviews.live.document import document_from, set_text, text_at
from reviews.live.places import Written, texts_in_rows
from reviews.models import LiveDocument, LiveUpdate, Origin, Review, TextVersion

CHANNEL = "debrief_live"
LEFT_BEHIND = timedelta(seconds=15)  # the process that stored an update brings it into the rows in half a second
MERGE_AFTER = 200  # updates; more of them make a document slow to load

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Edit:
    """Edits of one person (None: the system), as Yjs encodes them, and the places that they change."""

    data: bytes
    places: list[str]
    person_pk: int | None


@transaction.atomic
def open_document(review_pk: int) -> LiveDocument:
    """The live document of the review with every text of its rows in it, made at the first call."""
    LiveDocument.objects.get_or_create(review_id=review_pk, defaults={"state": _EMPTY})
    document = LiveDocument.objects.select_for_update(no_key=True).get(pk=review_pk)
    _bring_into_rows(document)
    return document


@transaction.atomic
def append(review_pk: int, edits: Iterable[Edit], by: str = "") -> list[int]:
    """Store edits and tell every live process; `by` lets one know its own. Returns the ids of the updates.

    Raises LiveDocument.DoesNotExist where the review is gone.
    """
    document = _locked(review_pk)
    if document is None:
        raise LiveDocument.DoesNotExist
    return _append(document, edits, by)


def updates_since(review_pk: int, seen: int, own: Container[int] = ()) -> list[tuple[int, bytes]]:
    """What was stored after the update `seen`, each with its id, in order; those of the ids `own` without their data.

    Where updates were merged since, the first is all of those as one, which may hold others' besides `own`: applying
    an update twice changes nothing. Raises LiveDocument.DoesNotExist where the review is gone.
    """
    document = LiveDocument.objects.get(pk=review_pk)
    rows = document.updates.filter(pk__gt=seen).order_by("pk").values_list("pk", "data")
    merged = [(document.merged_to, bytes(document.state))] if document.merged_to > seen else []
    return merged + [(pk, b"" if pk in own else bytes(data)) for pk, data in rows]


def unfinished(since: timedelta = timedelta()) -> list[int]:
    """The reviews with updates that are not in their rows yet, and that old: their live process ended too early."""
    until = timezone.now() - since
    behind = LiveDocument.objects.filter(updates__pk__gt=F("projected_to"), updates__at__lte=until)
    return list(behind.values_list("pk", flat=True).distinct())


def finish(since: timedelta = timedelta()) -> None:
    """Bring into the rows what live processes that were killed left behind, as far as it is that old."""
    for review_pk in unfinished(since):
        try:
            bring_into_rows(review_pk)
        except (OperationalError, InterfaceError):
            raise  # the database does not answer: it is tried again
        except Exception:  # one review that cannot be read must not keep the others from being written
            _log.exception("review %s", review_pk)


@transaction.atomic
def bring_into_rows(review_pk: int) -> None:
    """Let the rows of the review say what its live document says; cheap where they do already.

    Held in a transaction, this also keeps others from changing the texts until its end.
    """
    document = _locked(review_pk)
    if document is not None:
        _bring_into_rows(document)


@transaction.atomic
def write_text(person: Person | None, review_pk: int, place: str, text: str, origin: Origin = Origin.TYPED) -> None:
    """Set a text as a whole: in its row, in the history, and for everyone who has it open.

    The caller has checked access and the text. What others typed meanwhile and this text does not know is replaced;
    who must not do that compares the row first, after `bring_into_rows` in the same transaction.
    """
    text = storable(text)
    person_pk = person.pk if person else None
    document = _locked(review_pk)
    if document is not None:
        doc = _bring_into_rows(document) or _loaded(document)
        if text_at(doc, place) != text:
            document.projected_to = _append(document, [Edit(set_text(doc, place, text), [place], person_pk)])[-1]
            document.save(update_fields=["projected_to"])
        _tell(review_pk, kind="texts", places=[place])
    written = texts_in_rows(review_pk)[place]
    if written.text != text:
        _store(review_pk, written, text, [person_pk] if person_pk else [], origin, whole=True)


def seed_text(review_pk: int, place: str, text: str) -> None:
    """Give the live document, where there is one, the text of a row that was made just now."""
    document = _locked(review_pk)
    if document is not None:
        doc = _loaded(document)
        if text_at(doc, place) is None:
            _append(document, [Edit(set_text(doc, place, text), [], None)])


_EMPTY = Doc().get_update()


def _locked(review_pk: int) -> LiveDocument | None:
    return LiveDocument.objects.select_for_update(no_key=True).filter(pk=review_pk).first()


def _append(document: LiveDocument, edits: Iterable[Edit], by: str = "") -> list[int]:
    rows = [
        LiveUpdate(document=document, data=edit.data, places=edit.places, person_id=edit.person_pk) for edit in edits
    ]
    LiveUpdate.objects.bulk_create(rows)
    _tell(document.pk, kind="updates", by=by)
    return [row.pk for row in rows]


def _loaded(document: LiveDocument) -> Doc:
    stored = document.updates.order_by("pk").values_list("data", flat=True)
    return document_from(bytes(data) for data in [document.state, *stored])


def _bring_into_rows(document: LiveDocument) -> Doc | None:
    """Returns the document where it had to be loaded."""
    rows = list(document.updates.filter(pk__gt=document.projected_to).order_by("pk"))
    if not rows and document.projected_to:
        return None
    doc = _loaded(document)
    writers: dict[str, list[int]] = {}
    for row in rows:
        for place in row.places:
            if row.person_id and row.person_id not in writers.setdefault(place, []):
                writers[place].append(row.person_id)
    changed = []
    unknown: list[Edit] = []
    for place, written in texts_in_rows(document.pk).items():
        text = text_at(doc, place)
        if text is None and not written.text:
            continue
        if text is None:
            unknown.append(Edit(set_text(doc, place, written.text), [], None))
            continue
        text = text if text.strip() else ""
        if text != written.text and (text or written.may_be_empty):
            version = _store(document.pk, written, text, writers.get(place, []), Origin.TYPED)
            changed.append(place)
            if version.began_at == version.saved_at:
                _note_writing(version)
    last = _append(document, unknown)[-1] if unknown else rows[-1].pk if rows else document.projected_to
    document.projected_to = max(last, 1)
    _merge_old(document, doc)
    document.save()
    if changed:
        _tell(document.pk, kind="texts", places=changed)
    return doc


def _merge_old(document: LiveDocument, doc: Doc) -> None:
    if document.updates.count() > MERGE_AFTER:
        document.state = doc.get_update()
        document.merged_to = document.projected_to
        document.updates.filter(pk__lte=document.merged_to).delete()


def _store(
    review_pk: int, written: Written, text: str, people: list[int], origin: Origin, *, whole: bool = False
) -> TextVersion:
    before, now = written.text, timezone.now()
    written.store(text, people[-1] if people else None)
    return history.record(review_pk, written.place, before, text, people, origin=origin, at=now, whole=whole)


def _note_writing(version: TextVersion) -> None:
    """In the audit trail, once for each version: typing is stored some times a second."""
    number = Review.objects.values_list("incident__number", flat=True).get(pk=version.review_id)
    audit.record(version.people.first(), "write", f"incident {number}", version.place)


def _tell(review_pk: int, **said: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"review": review_pk, **said})])
