"""What the answer to a why rests on: timeline events and links, cited and taken away again."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.problems import Problems
from incidents.models import Incident
from incidents.operations import locked_incident
from reviews.models import Evidence, Why
from timeline.models import Event

KEPT = ("why_id", "event_id", "url", "label", "position")


@transaction.atomic
def cite(
    person: Person, why_pk: int, *, events: Iterable[Event] = (), url: str = "", label: str = ""
) -> list[Evidence]:
    """Let the answer cite `events` of its incident, and a link; what it cites already stays as it is, once.

    Returns what came. ValidationError where nothing was named, an event is gone, or `url` is no address of the web.
    """
    incident = _locked(person, why_pk)
    problems = Problems()
    url = problems.address("url", url)
    label = problems.line("label", label, longest=200)
    if label and not url:
        problems.add("url", "Give the address that this leads to.")
    wanted = {event.pk for event in events}
    found = list(incident.events.filter(pk__in=wanted))
    if len(found) < len(wanted):
        problems.add("events", "One of these events is no longer on the timeline.")
    if not wanted and not url and not problems.messages:
        problems.add("events", "Choose an event, or give an address below.")
    problems.refuse_any()
    cited = Evidence.objects.filter(why=why_pk)
    present = set(cited.values_list("event", flat=True))
    last = cited.aggregate(last=Max("position"))["last"] or 0
    new = [Evidence(why_id=why_pk, event=event) for event in found if event.pk not in present]
    if url and not cited.filter(url=url).exists():
        new.append(Evidence(why_id=why_pk, url=url, label=label))
    for position, one in enumerate(new, last + 1):
        one.position = position
    Evidence.objects.bulk_create(new)
    if new:
        audit.record(person, "cite-evidence", f"incident {incident.number}", f"why {why_pk}")
    return new


@transaction.atomic
def remove_evidence(person: Person, evidence_pk: int) -> Evidence:
    """Take away what an answer cites; returns it as it was, so that it can be cited again."""
    why_pk = Evidence.objects.filter(pk=evidence_pk).values_list("why", flat=True).first()
    if why_pk is None:
        raise Http404
    incident = _locked(person, why_pk)
    evidence = Evidence.objects.select_related("event").filter(pk=evidence_pk).first()
    if evidence is None:
        raise Http404
    Evidence.objects.filter(pk=evidence_pk).delete()
    audit.record(person, "remove-evidence", f"incident {incident.number}", f"why {why_pk}")
    return evidence


def kept_evidence(whys: Iterable[Why]) -> list[dict[str, Any]]:
    """What the answers cite, as it is kept while they are deleted."""
    return list(Evidence.objects.filter(why__in=whys).values(*KEPT))


def restore_evidence(incident: Incident, kept: Iterable[dict[str, Any]]) -> None:
    """Let answers cite what they cited before, as far as both are still there."""
    kept = [one for one in kept if one["url"] or one["event_id"]]
    whys = set(
        Why.objects.filter(review=incident.pk, pk__in=[one["why_id"] for one in kept]).values_list("pk", flat=True)
    )
    events = set(incident.events.filter(pk__in=[one["event_id"] for one in kept]).values_list("pk", flat=True))
    there = [one for one in kept if one["why_id"] in whys and (one["url"] or one["event_id"] in events)]
    Evidence.objects.bulk_create([Evidence(**one) for one in there], ignore_conflicts=True)


def _locked(person: Person, why_pk: int) -> Incident:
    """The incident of the why, locked; Http404 where the why went before the lock was had."""
    review_pk = Why.objects.filter(pk=why_pk).values_list("review_id", flat=True).first()
    if review_pk is None:
        raise Http404
    incident = locked_incident(person, Verb.EDIT, review_pk)
    if not Why.objects.filter(pk=why_pk).exists():
        raise Http404
    return incident
