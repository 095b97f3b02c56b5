"""Reads of reviews that more than one place needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident, Participant, ParticipantRole, Status
from reviews.models import Approval, Review
from reviews.readiness import State, state_of


@dataclass(frozen=True)
class Draft:
    """A review that is being written: who changed it last and when, how far it is, and whether it awaits the reader."""

    incident: Incident
    changed_at: datetime | None
    changed_by: str
    state: State
    facilitator: str
    awaits_me: bool
    request: str


def draft_for(person: Any, number: int) -> Review:
    """The review of that number with its incident and template, if `person` may see it; Http404 otherwise."""
    reviews = Review.objects.visible_to(person).select_related("incident", "template")
    review = reviews.prefetch_related("template__sections").filter(incident__number=number).first()
    if review is None:
        raise Http404
    return review


def drafts_of(person: Person) -> list[Draft]:
    """The drafts and reviews in review in which `person` takes part, the last changed first. One query."""
    entries = AuditEntry.objects.filter(
        subject=Concat(Value("incident "), Cast(OuterRef("number"), CharField()))
    ).order_by("-at", "-pk")
    facilitators = Participant.objects.filter(incident=OuterRef("pk"), role=ParticipantRole.FACILITATOR)
    approvals = Approval.objects.filter(review=OuterRef("pk"))
    incidents = (
        Incident.objects.visible_to(person)
        .filter(pk__in=person.participations.values("incident"), status__in=[Status.DRAFT, Status.IN_REVIEW])
        .annotate(
            changed_at=Subquery(entries.values("at")[:1]),
            changer=Subquery(entries.values("person__name")[:1]),
            changer_username=Subquery(entries.values("person__username")[:1]),
            facilitator_name=Subquery(facilitators.values("person__name")[:1]),
            facilitator_username=Subquery(facilitators.values("person__username")[:1]),
            verdicts=ArraySubquery(approvals.values("verdict")),
            asked_of_me=Subquery(approvals.filter(person=person, verdict="").values("request")[:1]),
        )
        .order_by(F("changed_at").desc(nulls_last=True), "-number")
    )
    return [_draft(one) for one in incidents]


def _draft(incident: Any) -> Draft:
    return Draft(
        incident=incident,
        changed_at=incident.changed_at,
        changed_by=incident.changer or incident.changer_username or "",
        state=state_of(incident.status, incident.verdicts),
        facilitator=incident.facilitator_name or incident.facilitator_username or "",
        awaits_me=incident.status == Status.IN_REVIEW and incident.asked_of_me is not None,
        request=incident.asked_of_me or "",
    )
