"""Rules about the timeline: what structures an incident is there, in order, and the time between is told."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from core.templatetags.instants import duration
from core.zones import zone_named
from reviews.checker.findings import Finding, about
from reviews.checker.instants import in_words
from reviews.checker.material import EventTold, Material
from reviews.checker.wordlists import finder, wordlists
from timeline.models import EventKind

_LONG_GAP = timedelta(minutes=30)
_WRONG_DAY = timedelta(hours=12)
_SHARE = 24  # half an hour is nothing in days of impact: there a gap is longer than this share of it
_SAME = timedelta(minutes=1)  # facts are told to the minute, events often to the second
_MILESTONES = {
    "detected_at": (EventKind.DETECTION, "The detection", "detected"),
    "responded_at": (EventKind.RESPONSE, "The first response", "responded to"),
    "mitigated_at": (EventKind.MITIGATION, "The mitigation", "mitigated"),
    "resolved_at": (EventKind.RESOLUTION, "The resolution", "resolved"),
}
_WAITING = finder(*wordlists("waiting")["waiting"])
_WATCHING = re.compile(
    r"\b(?:alert|alarm|monitor|detect|notice|page[ds]?\b|dashboard|metric|graph|observab|visib)", re.I
)
_ZONED = re.compile(
    r"\b(?:UTC|GMT|[A-Z]{1,3}[SD]?T)\b|\d ?Z\b|[+-]\d\d:?\d\d\b|\b[A-Z][a-z]+/[A-Z][a-z_]+|\b[A-Z][a-z]+ time\b"
)


def timeline_findings(material: Material) -> Iterator[Finding]:
    """Every finding of the group."""
    yield from _lacking(material)
    yield from _before_impact(material)
    yield from _out_of_order(material)
    yield from _no_zone(material)
    yield from _gaps(material)


def _lacking(material: Material) -> Iterator[Finding]:
    """Where nothing is told yet, that is said once."""
    milestones = material.milestones
    if not material.events and not any(getattr(milestones, name) for name in _MILESTONES):
        yield about("timeline-no-detection", "timeline", "The timeline is empty.", "How did you learn of it, and when?")
        return
    kinds = {event.kind for event in material.events}
    if milestones.detected_at is None:
        message = "The timeline has no detection event."
        yield about("timeline-no-detection", "timeline", message, "What told you first: an alert, a colleague, a user?")
    if milestones.responded_at is None and EventKind.ESCALATION not in kinds:
        message = "No escalation and no response is told."
        yield about("timeline-no-escalation", "timeline", message, "Who was called in, and when did they begin?")
    if milestones.mitigated_at is None and milestones.resolved_at is None:
        message = "No mitigation and no resolution is told."
        yield about("timeline-no-mitigation", "timeline", message, "When did it stop hurting, and what did that?")


def _before_impact(material: Material) -> Iterator[Finding]:
    began = material.began
    if began is None:
        return
    said = in_words(began, material.zone)
    for name, (_, subject, _) in _MILESTONES.items():
        moment: datetime | None = getattr(material.milestones, name)
        if moment is not None and _is_before(moment, began, material.zone):
            message = f"{subject} ({_clock(moment, material)}) stands before the impact began ({said})."
            yield about("timeline-before-impact", _place(material, name), message, "Which of the two times is right?")
    escalation = _first_escalation(material)
    if escalation and _is_before(escalation.at, began, material.zone):
        message = f"The escalation ({_clock(escalation.at, material)}) stands before the impact began ({said})."
        suggestion = "Which of the two times is right?"
        yield about("timeline-before-impact", f"event:{escalation.pk}", message, suggestion)


def _first_escalation(material: Material) -> EventTold | None:
    return next((event for event in material.events if event.kind == EventKind.ESCALATION), None)


def _is_before(moment: datetime, began: datetime | date, zone: str) -> bool:
    if isinstance(began, datetime):
        return moment < began
    return moment.astimezone(zone_named(zone)).date() < began


def _out_of_order(material: Material) -> Iterator[Finding]:
    """Of milestones that contradict each other the later one in the course of an incident is named."""
    known = [(name, at) for name in _MILESTONES if (at := getattr(material.milestones, name)) is not None]
    for at, (name, moment) in enumerate(known):
        late = [other for other, then in known[:at] if then > moment]
        if late:
            other = late[-1]
            message = f"{_MILESTONES[name][1]} stands before {_lower(_MILESTONES[other][1])}."
            yield about("timeline-out-of-order", _place(material, name), message, "Is one of the times wrong?")
    escalation, detected = _first_escalation(material), material.milestones.detected_at
    if escalation and detected and escalation.at < detected:
        message = "The escalation stands before the detection."
        yield about("timeline-out-of-order", f"event:{escalation.pk}", message, "Is one of the times wrong?")
    for name, stated in asdict(material.stated).items():
        if stated is None or name not in _MILESTONES:
            continue
        kind, subject, said = _MILESTONES[name]
        told = [event for event in material.events if event.kind == kind]
        if told and all(abs(event.at - stated) >= _SAME for event in told):
            message = (
                f"{subject} is told at {_clock(told[0].at, material)}, while the facts say that it was {said} at "
                f"{_clock(stated, material)}."
            )
            yield about("timeline-out-of-order", f"event:{told[0].pk}", message, "Which of the two is right?")


def _place(material: Material, name: str) -> str:
    """Where a milestone is told: by its event, or among the facts that stand above the timeline."""
    kind = _MILESTONES[name][0]
    moment = getattr(material.milestones, name)
    event = next((one for one in material.events if one.kind == kind and one.at == moment), None)
    return f"event:{event.pk}" if event else "timeline"


def _no_zone(material: Material) -> Iterator[Finding]:
    """Times that were typed or imported without a zone stand in UTC; nobody may have meant that."""
    written = [event for event in material.events if event.written_as]
    if not written or any(event.zone != "UTC" or _ZONED.search(event.written_as) for event in material.events):
        return
    if material.zone != "UTC":
        message = f"The incident is told in {material.zone}, but every event stands in UTC."
        yield about("timeline-no-zone", "timeline", message, f"Are these times UTC, or {material.zone}?")
    elif material.is_imported and not any(_ZONED.search(text) for _, text in material.texts()):
        message = "Nothing says in which time zone the times are; they were read as UTC."
        yield about("timeline-no-zone", "timeline", message, "In which zone were they written?")


def _gaps(material: Material) -> Iterator[Finding]:
    """During the impact, from the first event of it to its end; a gap is told at the event before it."""
    start = material.milestones.started_at
    end = material.milestones.resolved_at or material.milestones.mitigated_at
    whole = material.milestones.duration or timedelta()
    longest = max(_LONG_GAP, whole / _SHARE)
    told = [e for e in material.events if (start is None or e.at >= start) and (end is None or e.at <= end)]
    detected = material.milestones.detected_at
    for before, after in pairwise(told):
        gap = after.at - before.at
        if gap <= longest or _explains(before) or _explains(after):
            continue
        unnoticed = detected is not None and after.at <= detected
        if unnoticed and _says_why_unnoticed(material):
            continue
        stretch = f"Nothing is told for {duration(gap)} after {_clock(before.at, material)}"
        if unnoticed:
            stretch, asked = f"{stretch}, until it was noticed", _UNNOTICED
        else:
            asked = _UNTOLD
        doubt = f" {_IS_IT_THE_DAY}" if gap > _WRONG_DAY else ""
        yield about("timeline-gap", f"event:{before.pk}", f"{stretch}.", f"{asked}{doubt}")


_UNNOTICED = "What was there to see in that time, and why did it reach nobody?"
_IS_IT_THE_DAY = "Or is a day wrong?"
_UNTOLD = "What were people trying, or waiting for? What did they see?"


def _explains(event: EventTold) -> bool:
    """Whether the event or somebody's view of it says why time passed."""
    return any(_WAITING.search(text) for text in (event.text, *(v.known or v.sense for v in event.views)))


def _says_why_unnoticed(material: Material) -> bool:
    answers = [why.answer for why in material.whys] + [factor.text for factor in material.factors]
    return any(_WATCHING.search(text) for text in answers)


def _clock(moment: datetime, material: Material) -> str:
    """The time of day; with the day where the incident spans several."""
    days = {event.at.astimezone(UTC).date() for event in material.events}
    local = moment.astimezone(zone_named(material.zone))
    return f"{local:%H:%M}" if len(days) < 2 else f"{local.day} {local:%b, %H:%M}"


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
