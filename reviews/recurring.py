"""Saying that an incident happened before, and taking that back."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from accounts.access import PUBLISHED_STATES, Verb
from accounts.models import Person
from core import audit
from core.text import storable
from incidents.models import Incident
from incidents.operations import locked_incident
from reviews.models import Recurrence, Review

# A number alone, with its sign, or as it stands in the address of a review.
_NUMBER = re.compile(r"#?\s*([0-9]{1,18})|(?:https?://\S+?)?/(?:reviews|drafts)/([0-9]{1,18})(?:/\S*)?")


@transaction.atomic
def confirm_recurrence(person: Person, review: Review, earlier: str) -> Recurrence:
    """Keep that `review` is a recurrence of the published review with the number (or address) `earlier`.

    What is kept already stays as it is. Raises Http404 or PermissionDenied without access, ValidationError where there
    is no such review, and where it cannot have been before.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    before = _published(person, earlier)
    if problem := _why_not(incident, before):
        raise ValidationError({"earlier": [problem]})
    recurrence, is_new = Recurrence.objects.get_or_create(
        review_id=incident.pk, earlier_id=before.pk, defaults={"person": person}
    )
    if is_new:
        # Not of which one: others who write this review may not be allowed to know of that one.
        audit.record(person, "confirm-recurrence", f"incident {incident.number}")
    return recurrence


@transaction.atomic
def take_back_recurrence(person: Person, review: Review, earlier: int) -> None:
    """Let `review` be no recurrence of the review with the number `earlier`. Http404 where it is none."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    if earlier >= 2**63:
        raise Http404
    recurrence = recurrences_of(person, incident.pk).filter(earlier__incident__number=earlier).first()
    if recurrence is None:
        raise Http404
    recurrence.delete()
    audit.record(person, "take-back-recurrence", f"incident {incident.number}")


def recurrences_of(person: Person, review: int) -> "QuerySet[Recurrence]":
    """What happened before, as far as `person` may see it: one row for each earlier review."""
    return Recurrence.objects.filter(review=review, earlier__incident__in=Incident.objects.visible_to(person))


def _published(person: Person, written: str) -> Incident:
    found = _NUMBER.fullmatch(storable(written).strip())
    if found is None:
        raise ValidationError({"earlier": ["Give the number of the earlier review, such as 12, or its address."]})
    number = int(found[1] or found[2])
    visible = Incident.objects.visible_to(person).filter(status__in=PUBLISHED_STATES)
    before = visible.filter(number=number).first()
    if before is None:
        raise ValidationError({"earlier": [f"There is no published review {number} that you may read."]})
    return before


def _why_not(incident: Incident, before: Incident) -> str:
    if before.pk == incident.pk:
        return "This is the number of this review. Give the one of the earlier review."
    if Recurrence.objects.filter(review=before.pk, earlier=incident.pk).exists():
        return f"Review {before.number} is kept as a recurrence of this one. Take that back there first."
    if incident.occurred_at and before.occurred_at and before.occurred_at > incident.occurred_at:
        return f"Review {before.number} is about something that began later than this. Say it there instead."
    return ""
