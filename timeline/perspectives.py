"""How an event looked to those who were there: every change to a perspective."""

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
from incidents.models import Deletion
from incidents.operations import locked_incident
from timeline.models import Event, Perspective
from timeline.operations import locked_event

LONGEST_WHO = 120


@transaction.atomic
def add_perspective(
    author: Person, event_pk: int, *, person: Person | None = None, who: str = "", known: str = "", sense: str = ""
) -> Perspective:
    """Tell what `person`, or `who` as written, knew at an event and what made sense to them; after those there are."""
    event = locked_event(author, event_pk)
    perspective = Perspective(event=event)
    _set(perspective, person=person, who=who, known=known, sense=sense)
    perspective.position = (event.perspectives.aggregate(last=Max("position"))["last"] or 0) + 1
    perspective.save()
    _record(author, "add-perspective", perspective)
    return perspective


@transaction.atomic
def change_perspective(author: Person, perspective_pk: int, **changed: Any) -> Perspective:
    """Change the given fields of a perspective (those of `add_perspective`)."""
    perspective = _locked(author, perspective_pk)
    _set(perspective, **changed)
    perspective.save()
    _record(author, "change-perspective", perspective)
    return perspective


@transaction.atomic
def delete_perspective(author: Person, perspective_pk: int) -> Deletion:
    """Delete a perspective; reviews.operations.undo brings it back."""
    perspective = _locked(author, perspective_pk)
    return delete_kept(author, perspective.event.incident, "perspective", str(perspective), [perspective])


def may_be_restored(deletion: Deletion) -> bool:
    """Whether the event of a deleted perspective is still there."""
    event = deletion.data["rows"][0]["fields"]["event"]
    return Event.objects.filter(pk=event, incident=deletion.incident_id).exists()


def _locked(author: Person, perspective_pk: int) -> Perspective:
    found = Event.objects.visible_to(author).filter(perspectives=perspective_pk).first()
    if found is None:
        raise Http404
    locked_incident(author, Verb.EDIT, found.incident_id)
    # Read anew after the lock was had: it may have been deleted meanwhile.
    perspective = Perspective.objects.select_related("event__incident", "person").filter(pk=perspective_pk).first()
    if perspective is None:
        raise Http404
    return perspective


def _record(author: Person, verb: str, perspective: Perspective) -> None:
    event = perspective.event
    audit.record(author, verb, f"incident {event.incident.number}", f"event {event.pk}, perspective {perspective.pk}")


def _set(perspective: Perspective, **changed: Any) -> None:
    problems = Problems()
    for name, value in changed.items():
        if name == "who":
            value = problems.line("whose", value, longest=LONGEST_WHO)
        elif name in ("known", "sense"):
            value = problems.text(name, value)
        elif name != "person":
            raise TypeError(f"{name} is not a part of a perspective")
        setattr(perspective, name, value)
    if perspective.person is None and not perspective.who:
        problems.add("whose", "Say whose perspective it is: a person here, or a role such as “the vendor’s support”.")
    if not perspective.known and not perspective.sense:
        problems.add("known", "Write what was known, or what made sense.")
    problems.refuse_any()
    if perspective.person is not None:
        perspective.who = ""
    for name in ("known", "sense"):
        text = getattr(perspective, name)
        setattr(perspective, f"{name}_html", render(text) if text else "")
