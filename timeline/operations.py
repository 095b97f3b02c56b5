"""Every change to a timeline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.markdown import render
from core.problems import Problems
from incidents.deletions import delete_kept
from incidents.models import Deletion, Incident
from incidents.operations import locked_incident
from timeline.models import Event, EventKind

EARLIEST_YEAR, LATEST_YEAR = 1990, 2199


@transaction.atomic
def add_event(
    person: Person,
    incident: Incident,
    *,
    occurred_at: datetime,
    zone: str,
    kind: str,
    text: str,
    written_as: str = "",
    source_url: str = "",
) -> Event:
    """Add an event at the aware instant `occurred_at`, told in `zone`; among events of one instant it comes last."""
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    event = Event(incident=incident, created_by=person)
    _set(
        event,
        occurred_at=occurred_at,
        zone=zone,
        kind=kind,
        text=text,
        written_as=written_as,
        source_url=source_url,
    )
    event.position = (incident.events.aggregate(last=Max("position"))["last"] or 0) + 1
    event.save()
    audit.record(person, "add-event", f"incident {incident.number}", f"event {event.pk}")
    return event


@transaction.atomic
def change_event(person: Person, event_pk: int, **changed: Any) -> Event:
    """Change the given fields of an event (those of `add_event`)."""
    event = locked_event(person, event_pk)
    _set(event, **changed)
    event.save()
    audit.record(person, "change-event", f"incident {event.incident.number}", f"event {event.pk}")
    return event


@transaction.atomic
def delete_event(person: Person, event_pk: int) -> Deletion:
    """Delete an event with its perspectives; reviews.operations.undo brings it back, with the answers that cite it."""
    event = locked_event(person, event_pk)
    cited = list(event.cited_by.values("why_id", "event_id", "url", "label", "position"))
    return delete_kept(
        person, event.incident, "event", event.text, [event, *event.perspectives.all()], {"cited": cited}
    )


def locked_event(person: Person, event_pk: int) -> Event:
    """The event, its incident locked to be edited by `person`. Http404 where either is not there."""
    found = Event.objects.visible_to(person).filter(pk=event_pk).first()
    if found is None:
        raise Http404
    incident = locked_incident(person, Verb.EDIT, found.incident_id)
    event = incident.events.filter(pk=event_pk).first()
    if event is None:
        raise Http404
    return event


def _set(event: Event, **changed: Any) -> None:
    problems = Problems()
    for name, value in changed.items():
        if name == "text":
            value = problems.text("text", value, required="Write what happened.")
        elif name == "kind":
            value = problems.choice("kind", value, EventKind.values)
        elif name == "written_as":
            value = problems.line("written_as", value, longest=1000)[:80]
        elif name == "zone":
            value = problems.zone("zone", value)
        elif name == "occurred_at":
            if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
                problems.add("time", f"The year {value.year} is not one of an incident. Check the date.")
        elif name == "source_url":
            value = problems.address("source_url", value)
        else:
            raise TypeError(f"{name} is not a part of an event")
        setattr(event, name, value)
    problems.refuse_any()
    if "text" in changed:
        event.html = render(event.text)
