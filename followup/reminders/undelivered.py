"""Messages that could not be delivered: once more, or away with them."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import Person
from core import audit
from followup.models import Outgoing, OutgoingState
from followup.reminders.outbox import note_dropped

MOST = 200


def undelivered() -> "QuerySet[Outgoing]":
    """The last ones, the newest first."""
    found = Outgoing.objects.filter(state=OutgoingState.FAILED).select_related("person", "team")
    return found.order_by("-ended_at", "-pk")[:MOST]


@transaction.atomic
def try_again(person: Person, pk: int) -> Outgoing:
    """Let it wait in the outbox as if it were new. Http404 where it is not among them."""
    outgoing = _undelivered(pk)
    outgoing.state, outgoing.attempts, outgoing.ended_at = OutgoingState.WAITING, 0, None
    outgoing.next_try_at = timezone.now()
    outgoing.save()
    audit.record(person, "try-message-again", f"message {pk}")
    return outgoing


@transaction.atomic
def drop(person: Person, pk: int) -> Outgoing:
    """Never send it. Http404 where it is not among them."""
    outgoing = _undelivered(pk)
    note_dropped(outgoing, f"{outgoing.problem} Dropped by {person}.")
    audit.record(person, "drop-message", f"message {pk}", outgoing.problem)
    return outgoing


def _undelivered(pk: int) -> Outgoing:
    found = Outgoing.objects.select_for_update().filter(pk=pk, state=OutgoingState.FAILED).first()
    if found is None:
        raise Http404
    return found
