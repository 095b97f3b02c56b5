"""The facts of the incident, who takes part, and who may read."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms

from accounts.form_fields import people_offered
from catalog.models import CauseCategory, Service
from incidents.forms import FactsForm, ParticipantForm, VisibilityForm
from incidents.models import Grant, Incident, Participant, ParticipantRole
from reviews.models import Review
from reviews.views.parts.opened import Opened
from timeline.milestones import Milestones, milestones_of


@dataclass(frozen=True)
class FactsPart:
    """Title, severity, services, times, categories and tags."""

    incident: Incident
    services: list[Service]
    causes: list[CauseCategory]
    milestones: Milestones
    form: forms.Form | None
    name: str = "facts"
    title: str = "Facts"
    template: str = "reviews/parts/facts.html"

    @property
    def stated(self) -> list[tuple[str, datetime | None, bool]]:
        """Each milestone with its label, and whether it comes from the timeline."""
        incident, known = self.incident, self.milestones
        return [
            ("Detected", known.detected_at, not incident.detected_at),
            ("First response", known.responded_at, not incident.responded_at),
            ("Mitigated", known.mitigated_at, not incident.mitigated_at),
            ("Resolved", known.resolved_at, not incident.resolved_at),
        ]


def build_facts(review: Review, opened: Opened) -> FactsPart:
    """The facts; four queries, a few more while they are edited."""
    incident = review.incident
    causes = list(review.causes.all())
    form = None
    if opened.asks_for("facts"):
        form = opened.form or FactsForm(incident=incident, causes=causes, auto_id="facts-%s")
    return FactsPart(
        incident=incident,
        services=list(incident.services.all()),
        causes=causes,
        milestones=milestones_of(incident, incident.events.only("kind", "occurred_at", "incident")),
        form=form,
    )


@dataclass(frozen=True)
class PeoplePart:
    """Who takes part, in which role."""

    participants: list[Participant]
    form: forms.Form | None
    offered: list[Any] = field(default_factory=list)
    name: str = "participants"
    title: str = "People"
    template: str = "reviews/parts/participants.html"

    @property
    def facilitator(self) -> Participant | None:
        """Who leads the review."""
        return next((one for one in self.participants if one.role == ParticipantRole.FACILITATOR), None)


def build_people(review: Review, opened: Opened) -> PeoplePart:
    """The participants."""
    participants = list(review.incident.participants.select_related("person"))
    form = None
    if opened.asks_for("participants"):
        initial = {"role": opened.role} if opened.role in ParticipantRole.values else {}
        form = opened.form or ParticipantForm(initial=initial, auto_id="participants-%s")
    return PeoplePart(participants, form, people_offered() if form else [])


@dataclass(frozen=True)
class ReadersPart:
    """Who may read the review once it is published."""

    incident: Incident
    grants: list[Grant]
    form: forms.Form | None
    name: str = "visibility"
    title: str = "Readers"
    template: str = "reviews/parts/visibility.html"


def build_readers(review: Review, opened: Opened) -> ReadersPart:
    """The readers that a restricted review names."""
    incident = review.incident
    grants = list(incident.grants.select_related("person", "team"))
    form = None
    if opened.asks_for("visibility"):
        form = opened.form or VisibilityForm(
            initial={
                "visibility": incident.visibility,
                "people": ", ".join(grant.person.username for grant in grants if grant.person),
                "teams": [grant.team_id for grant in grants if grant.team_id],
            },
            auto_id="visibility-%s",
        )
    return ReadersPart(incident, grants, form)
