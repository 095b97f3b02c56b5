"""Every change to the facts of an incident, its people and its readers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb, may, may_start_reviews
from accounts.models import Person
from catalog.models import Service, Team
from core import audit
from core.problems import Problems
from incidents.models import DetectedBy, Grant, Incident, Participant, ParticipantRole, Severity, Status, Visibility

MOST_TAGS = 20
LONGEST_TAG = 60
MOMENTS = {
    "occurred_at": "The impact began",
    "detected_at": "It was detected",
    "responded_at": "The first response came",
    "mitigated_at": "It was mitigated",
    "resolved_at": "It was resolved",
}


def locked_incident(person: Person, verb: Verb, pk: int) -> Incident:
    """The incident, locked until the transaction ends, if `person` may do `verb` to it.

    Raises Http404 where it may not be seen and PermissionDenied where it may only be seen. An archived one is fixed.
    """
    incident = Incident.objects.visible_to(person).select_for_update(of=("self",)).filter(pk=pk).first()
    if incident is None:
        raise Http404
    if not may(person, verb, incident) or incident.status == Status.ARCHIVED:
        raise PermissionDenied
    return incident


@transaction.atomic
def start_incident(
    person: Person,
    *,
    title: str,
    severity: str = "",
    services: Iterable[Service] = (),
    occurred_at: datetime | None = None,
    occurred_is_date: bool = False,
    time_zone: str = "UTC",
) -> Incident:
    """Record an incident; `person` is its first author. PermissionDenied for those who may not write reviews."""
    if not may_start_reviews(person):
        raise PermissionDenied
    incident = Incident(created_by=person)
    _set_facts(
        incident,
        title=title,
        severity=severity,
        occurred_at=occurred_at,
        occurred_is_date=occurred_is_date,
        time_zone=time_zone,
    )
    incident.save()
    incident.refresh_from_db(fields=["number"])
    incident.services.set(services)
    Participant.objects.create(incident=incident, person=person, role=ParticipantRole.AUTHOR)
    audit.record(person, "start", f"incident {incident.number}")
    return incident


@transaction.atomic
def change_facts(person: Person, incident: Incident, **changed: Any) -> Incident:
    """Set the given facts: title, severity, services, time_zone, tags, detected_by, occurred_at, occurred_is_date and
    milestones.
    """
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    services = changed.pop("services", None)
    _set_facts(incident, **changed)
    incident.save()
    if services is not None:
        incident.services.set(services)
    named = sorted([*changed, *(["services"] if services is not None else [])])
    audit.record(person, "change-facts", f"incident {incident.number}", ", ".join(named))
    return incident


@transaction.atomic
def add_participant(person: Person, incident: Incident, whom: Person, role: str) -> Participant:
    """Let `whom` take part in `role`; they read and, as an author or above, write the draft from now on.

    A review has one facilitator: another one takes over.
    """
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    problems = Problems()
    problems.choice("role", role, ParticipantRole.values)
    if not whom.is_active:
        problems.add("person", f"{whom} no longer has an account that works.")
    problems.refuse_any()
    if role == ParticipantRole.FACILITATOR:
        _release_facilitator(person, incident, successor=whom)
    participant, added = Participant.objects.get_or_create(incident=incident, person=whom, role=role)
    if not added:
        raise ValidationError({"person": [f"{whom} is already {participant.get_role_display().lower()} here."]})
    audit.record(person, "add-participant", f"incident {incident.number}", f"{whom.username} as {role}")
    return participant


@transaction.atomic
def remove_participant(person: Person, incident: Incident, participant_pk: int) -> None:
    """End one person's one role. The last author stays: someone must be able to write."""
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    participant = incident.participants.select_related("person").filter(pk=participant_pk).first()
    if participant is None:
        raise Http404
    authors = incident.participants.filter(role=ParticipantRole.AUTHOR)
    if participant.role == ParticipantRole.AUTHOR and authors.count() == 1:
        raise ValidationError({"person": [f"{participant.person} is the only author. Add another one first."]})
    participant.delete()
    detail = f"{participant.person.username} as {participant.role}"
    audit.record(person, "remove-participant", f"incident {incident.number}", detail)


@transaction.atomic
def change_visibility(
    person: Person, incident: Incident, visibility: str, people: Iterable[Person] = (), teams: Iterable[Team] = ()
) -> Incident:
    """Say who reads the published review: everyone, or participants and the named people and teams only."""
    incident = locked_incident(person, Verb.RESTRICT, incident.pk)
    problems = Problems()
    incident.visibility = problems.choice("visibility", visibility, Visibility.values)
    problems.refuse_any()
    incident.save(update_fields=["visibility"])
    incident.grants.all().delete()
    if visibility == Visibility.RESTRICTED:
        Grant.objects.bulk_create(Grant(incident=incident, person=one) for one in set(people))
        Grant.objects.bulk_create(Grant(incident=incident, team=team) for team in set(teams))
    readers = ", ".join([*(one.username for one in people), *(team.slug for team in teams)])
    audit.record(person, "change-visibility", f"incident {incident.number}", f"{visibility} {readers}".strip())
    return incident


@transaction.atomic
def change_status(person: Person, incident: Incident, status: str) -> Incident:
    """Move between draft and in review. Publishing has its own way (reviews.publishing)."""
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    movable = (Status.DRAFT, Status.IN_REVIEW)
    if status not in movable:
        raise ValidationError({"status": ["Here a review moves between draft and in review only."]})
    if incident.status not in movable:
        raise ValidationError({"status": ["This review is published; its status stays as it is."]})
    if incident.status != status:
        incident.status = status
        incident.save(update_fields=["status"])
        audit.record(person, "change-status", f"incident {incident.number}", status)
    return incident


def _release_facilitator(person: Person, incident: Incident, successor: Person) -> None:
    facilitators = incident.participants.filter(role=ParticipantRole.FACILITATOR).exclude(person=successor)
    for former in facilitators.select_related("person"):
        former.delete()
        detail = f"{former.person.username} as {former.role}"
        audit.record(person, "remove-participant", f"incident {incident.number}", detail)


def _set_facts(incident: Incident, **changed: Any) -> None:
    """Set what was given on the row, or raise ValidationError with everything that is wrong."""
    problems = Problems()
    for name, value in changed.items():
        if name == "title":
            value = problems.line(
                "title", value, longest=200, required="Give the incident a title, so that others find it."
            )
        elif name == "severity":
            value = problems.choice("severity", value or "", ["", *Severity.values])
        elif name == "detected_by":
            value = problems.choice("detected_by", value or "", ["", *DetectedBy.values])
        elif name == "tags":
            value = _tags(problems, value)
        elif name == "time_zone":
            value = problems.zone("time_zone", value)
        elif name not in (*MOMENTS, "occurred_is_date"):
            raise TypeError(f"{name} is not a fact of an incident")
        setattr(incident, name, value)
    incident.occurred_is_date = bool(incident.occurred_at) and incident.occurred_is_date
    _check_moments(problems, incident, changed)
    problems.refuse_any()


def _tags(problems: Problems, tags: Iterable[str]) -> list[str]:
    kept = list(dict.fromkeys(tag for given in tags if (tag := problems.line("tags", given, longest=LONGEST_TAG))))
    if len(kept) > MOST_TAGS:
        problems.add("tags", f"These are {len(kept)} tags; at most {MOST_TAGS} fit.")
    return kept


def _check_moments(problems: Problems, incident: Incident, changed: dict[str, Any]) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    for name, said in MOMENTS.items():
        moment = getattr(incident, name)
        if name in changed and moment and moment > tomorrow:
            problems.add(name, f"{said} on {moment:%Y-%m-%d}? That is still to come. Check the year and the day.")
    began, ended = incident.occurred_at, incident.resolved_at
    if (
        began
        and ended
        and ended < began
        and not incident.occurred_is_date
        and {"occurred_at", "resolved_at"} & {*changed}
    ):
        problems.add("resolved_at", "It cannot be resolved before the impact began. Check both times.")
