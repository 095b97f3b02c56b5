"""Reading a review for the checker: each table once, and nothing that the rules do not look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from incidents.models import ParticipantRole
from reviews.checker.material import ActionTold, EventTold, FactorTold, Material, ViewTold, WhyTold
from reviews.models import Factor, ImportedSource, Review
from reviews.wording import wording_of
from timeline.milestones import milestones_of
from timeline.models import Event, Perspective

Texts = Mapping[str, str]


def material_of(review: Review, *, instead: Texts, today: date) -> Material:
    """What `review` holds, with the texts of `instead` by place. Eight queries, one more where its template was not
    read with it.
    """
    incident = review.incident
    events = list(incident.events.all())
    views = list(Perspective.objects.filter(event__incident=incident).select_related("person"))
    actions = list(incident.actions.select_related("owner"))
    factors = _factors(review, instead)
    participants = list(incident.participants.select_related("person"))
    facilitators = [str(one.person) for one in participants if one.role == ParticipantRole.FACILITATOR]
    people = [
        *(str(one.person) for one in participants),
        *(str(view.person or view.who) for view in views),
        *(str(action.owner or action.owner_as_written) for action in actions),
        *review.authors_as_written,
    ]
    removed = defaultdict(list)
    for factor in factors:
        for action_pk in factor.actions:
            removed[action_pk].append(factor.pk)
    return Material(
        sections=_sections(review, instead),
        events=tuple(_events(events, views, instead)),
        whys=tuple(_whys(review, instead)),
        factors=tuple(factors),
        actions=tuple(
            ActionTold(
                pk=action.pk,
                title=instead.get(f"action:{action.pk}", action.title),
                details=instead.get(f"action-details:{action.pk}", action.details),
                done_when=instead.get(f"action-done-when:{action.pk}", action.done_when),
                has_owner=action.owner_id is not None or bool(action.owner_as_written),
                due=action.due,
                is_finished=action.is_finished,
                removes=tuple(removed[action.pk]),
            )
            for action in actions
        ),
        milestones=milestones_of(incident, events),
        stated=milestones_of(incident, []),
        is_imported=any(event.written_as for event in events) and ImportedSource.objects.filter(review=review).exists(),
        began=incident.began,
        zone=incident.time_zone,
        people=tuple(sorted({name for name in people if name})),
        facilitator=next(iter(facilitators), ""),
        services=tuple(incident.services.values_list("name", flat=True)),
        today=today,
    )


def _sections(review: Review, instead: Texts) -> dict[str, str]:
    """The sections as written, what their template put there blanked out."""
    wording = wording_of(review)
    stored = {section.kind: section.text for section in review.sections.all()}
    return {kind: one.blanked(instead.get(f"section:{kind}", stored.get(kind, ""))) for kind, one in wording.items()}


def _events(events: Iterable[Event], views: Iterable[Perspective], instead: Texts) -> Iterator[EventTold]:
    seen: dict[int, list[ViewTold]] = defaultdict(list)
    for view in views:
        seen[view.event_id].append(ViewTold(view.pk, view.known, view.sense))
    for event in events:
        text = instead.get(f"event:{event.pk}", event.text)
        yield EventTold(
            event.pk, event.occurred_at, event.kind, text, event.zone, event.written_as, tuple(seen[event.pk])
        )


def _whys(review: Review, instead: Texts) -> Iterator[WhyTold]:
    """Each above the questions about its answer."""
    below = defaultdict(list)
    for why in review.whys.all():
        below[why.parent_id].append(why)
    waiting = below[None][::-1]
    while waiting:
        why = waiting.pop()
        waiting += below[why.pk][::-1]
        yield WhyTold(
            pk=why.pk,
            question=instead.get(f"why-question:{why.pk}", why.question),
            answer=instead.get(f"why:{why.pk}", why.answer),
            parent=why.parent_id,
            is_root_cause=why.is_root_cause,
            has_category=why.cause_id is not None,
        )


def _factors(review: Review, instead: Texts) -> list[FactorTold]:
    links = Factor.actions.through.objects.filter(factor=OuterRef("pk")).order_by("pk")
    rows = review.factors.annotate(removers=ArraySubquery(links.values("actionitem")))
    return [
        FactorTold(pk, instead.get(f"factor:{pk}", text), why, tuple(actions))
        for pk, text, why, actions in rows.values_list("pk", "text", "why", "removers")
    ]
