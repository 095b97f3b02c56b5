"""Putting back what a text said before; what stands there now stays in the history."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Verb
from accounts.models import Person
from core import audit
from incidents.operations import locked_incident
from reviews.live.places import texts_in_rows
from reviews.live.store import bring_into_rows, write_text
from reviews.models import Origin, Review

_GONE = {
    "factor": "This factor is no longer in the review. Bring it back first: its deletion stands in the history.",
    "why": "This question is no longer in the review. Bring it back first: its deletion stands in the history.",
}


@transaction.atomic
def restore_text(person: Person, review: Review, place: str, text: str) -> bool:
    """Let `place` read `text` again, for everyone who has it open; False where it does already.

    Raises ValidationError where the place is gone, or the text would leave a factor without words.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    bring_into_rows(incident.pk)
    written = texts_in_rows(incident.pk).get(place)
    if written is None:
        raise ValidationError(_GONE.get(place.partition(":")[0], "There is no such part."))
    if written.text == text:
        return False
    if not text.strip() and not written.may_be_empty:
        raise ValidationError("A factor cannot be without words. Delete it instead.")
    write_text(person, incident.pk, place, text, Origin.RESTORED)
    audit.record(person, "restore-text", f"incident {incident.number}", place)
    return True


def texts_of(document: dict[str, Any]) -> dict[str, str]:
    """Every text of a document of reviews.snapshot by its place; sections that are empty are not in it."""
    texts = {f"section:{kind}": section["text"] for kind, section in document["sections"].items()}
    texts |= {f"factor:{factor['id']}": factor["text"] for factor in document["factors"]}
    waiting = list(document["whys"])
    while waiting:
        why = waiting.pop()
        texts[f"why:{why['id']}"] = why["answer"]
        waiting.extend(why["children"])
    return texts
