"""A review as plain data: what a published version freezes, and what pages and the index read.

The shape, with instants as ISO 8601 in UTC or None:

    number title severity occurred_at occurred_is_date time_zone tags authors
    services: [{id slug name}]    causes: [{id slug name}]    people: [{name role role_label}]
    detected_by: monitoring, customer, person or "" (older versions lack it)
    milestones: {started_at detected_at responded_at mitigated_at resolved_at}
    sections: {kind: {text html title?}}, empty ones and headings with nothing below them left out; a title only
        where the review's template calls the section otherwise than usual
    events: [{id at zone kind kind_label text html written_as source_url
              perspectives: [{id who known known_html sense sense_html}]}]
    whys: [{id question answer answer_html is_root_cause cause evidence children: [...]}], evidence as
        [{event url label}]: the id of an event, or a link
    factors: [{id text html cause why actions: [id]}], why as the id of the one that it was found by, or None
    actions: [{id title done_when details details_html kind kind_label owner team due reason}], reason for what won't be
        done; pages show the present one. Versions of before November 2026 hold no done_when
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from catalog.models import CauseCategory, Service
from core.markdown import render
from reviews.models import Review, Why
from reviews.wording import wording_of
from timeline.milestones import milestones_of


def snapshot_of(review: Review) -> dict[str, Any]:
    """Everything that `review` says at this moment. Some ten queries."""
    incident = review.incident
    events = list(incident.events.prefetch_related("perspectives__person"))
    whys = list(review.whys.select_related("cause").prefetch_related("evidence"))
    factors = list(review.factors.select_related("cause").prefetch_related("actions"))
    participants = list(incident.participants.select_related("person"))
    authors = [str(one.person) for one in participants if one.role == "author"]
    return {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity,
        "services": [_named(service) for service in incident.services.all()],
        "causes": _causes(review, whys, factors),
        "occurred_at": _iso(incident.occurred_at),
        "occurred_is_date": incident.occurred_is_date,
        "time_zone": incident.time_zone,
        "detected_by": incident.detected_by,
        "milestones": {name: _iso(at) for name, at in asdict(milestones_of(incident, events)).items()},
        "tags": incident.tags,
        "authors": review.authors_as_written or authors,
        "people": [
            {"name": str(one.person), "role": one.role, "role_label": one.get_role_display()} for one in participants
        ],
        "sections": _sections(review),
        "events": [
            {
                "id": event.pk,
                "at": _iso(event.occurred_at),
                "zone": event.zone,
                "kind": event.kind,
                "kind_label": event.get_kind_display(),
                "text": event.text,
                "html": event.html,
                "written_as": event.written_as,
                "source_url": event.source_url,
                "perspectives": [
                    {
                        "id": one.pk,
                        "who": str(one.person) if one.person else one.who,
                        "known": one.known,
                        "known_html": one.known_html,
                        "sense": one.sense,
                        "sense_html": one.sense_html,
                    }
                    for one in event.perspectives.all()
                ],
            }
            for event in events
        ],
        "whys": _tree(whys),
        "factors": [
            {
                "id": factor.pk,
                "text": factor.text,
                "html": factor.html,
                "cause": _named(factor.cause),
                "why": factor.why_id,
                "actions": sorted(action.pk for action in factor.actions.all()),
            }
            for factor in factors
        ],
        "actions": [
            {
                "id": action.pk,
                "title": action.title,
                "done_when": action.done_when,
                "details": action.details,
                "details_html": action.details_html,
                "kind": action.kind,
                "kind_label": action.get_kind_display(),
                "owner": str(action.owner) if action.owner else action.owner_as_written,
                "team": str(action.team or ""),
                "due": action.due.isoformat() if action.due else None,
                "reason": action.reason,
            }
            for action in incident.actions.select_related("owner", "team")
        ],
    }


def _sections(review: Review) -> dict[str, dict[str, str]]:
    stored = {section.kind: section for section in review.sections.all()}
    found: dict[str, dict[str, str]] = {}
    for kind, wording in wording_of(review).items():
        section = stored.get(kind)
        text = wording.written(section.text) if section else ""
        if section is None or not text:
            continue
        found[kind] = {"text": text, "html": section.html if text == section.text else render(text)}
        if wording.title != wording.usual_title:
            found[kind]["title"] = wording.title
    return found


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _named(row: Service | CauseCategory | None) -> dict[str, Any] | None:
    return {"id": row.pk, "slug": row.slug, "name": row.name} if row else None


def _causes(review: Review, whys: Iterable[Why], factors: Iterable[Any]) -> list[dict[str, Any]]:
    """The review's cause categories, and those of its root causes and factors, each once."""
    found: dict[int, CauseCategory] = {}
    for cause in [
        *review.causes.all(),
        *(why.cause for why in whys if why.is_root_cause),
        *(factor.cause for factor in factors),
    ]:
        if cause is not None:
            found.setdefault(cause.pk, cause)
    return [entry for cause in found.values() if (entry := _named(cause))]


def _tree(whys: Iterable[Why]) -> list[dict[str, Any]]:
    below: dict[int | None, list[Why]] = defaultdict(list)
    for why in whys:
        below[why.parent_id].append(why)

    roots: list[dict[str, Any]] = []
    # A stack instead of recursion: the depth of a tree is its authors' choice.
    waiting: list[tuple[Why, list[dict[str, Any]]]] = [(why, roots) for why in reversed(below[None])]
    while waiting:
        why, siblings = waiting.pop()
        below_it: list[dict[str, Any]] = []
        node = {
            "id": why.pk,
            "question": why.question,
            "answer": why.answer,
            "answer_html": why.answer_html,
            "is_root_cause": why.is_root_cause,
            "cause": _named(why.cause),
            "evidence": [{"event": one.event_id, "url": one.url, "label": one.label} for one in why.evidence.all()],
            "children": below_it,
        }
        siblings.append(node)
        waiting.extend((child, below_it) for child in reversed(below[why.pk]))
    return roots
