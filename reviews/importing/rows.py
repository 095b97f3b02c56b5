"""From parsed text to the rows of a review."""

from collections.abc import Iterable

from accounts.models import Person
from actions.models import ActionItem, ActionStatus
from catalog.queries import find_causes, known_service_names
from core.markdown import render
from core.text import one_line, storable
from incidents.models import Incident, Participant
from reviews.importing.document import ParsedAction, ParsedEvent, ParsedReview, ParsedWhy
from reviews.importing.known_names import known_in
from reviews.importing.named_here import people_by_name, service_called
from reviews.models import Factor, Review, Section, Why
from timeline.models import Event

LONGEST_TITLE = 200
LONGEST_WRITTEN = 80


def store_parsed(parsed: ParsedReview, name: str, owner: Person | None, beside: list[str]) -> Review:
    """A draft of what was read in the file `name`; `beside` are services that files beside it name."""
    sections = dict(parsed.sections)
    whole, title = whole_title(parsed, name), short_title(parsed, name)
    if whole != title:
        sections["narrative"] = f"{whole}\n\n{sections.get('narrative', '')}".strip()
    incident = Incident.objects.create(
        title=title,
        severity=parsed.severity or "",
        occurred_at=parsed.occurred_at,
        occurred_is_date=bool(parsed.occurred_at) and parsed.occurred_is_date,
        detected_at=parsed.detected_at,
        mitigated_at=parsed.mitigated_at,
        resolved_at=parsed.resolved_at,
        time_zone=parsed.zone or "UTC",
        tags=[storable(tag)[:60] for tag in parsed.tags],
        created_by=owner,
    )
    called = services_named(parsed, title, beside)
    incident.services.set([service for one in called if (service := service_called(one)) is not None])
    if owner is not None:
        Participant.objects.create(incident=incident, person=owner)
    review = Review.objects.create(
        incident=incident, authors_as_written=[storable(author)[:200] for author in parsed.authors]
    )
    review.causes.set(find_causes(parsed.causes))
    Section.objects.bulk_create(
        Section(review=review, kind=kind, text=storable(text), html=render(text), updated_by=owner)
        for kind, text in sections.items()
        if text.strip()
    )
    _store_events(parsed, incident, owner)
    _store_actions(parsed, incident)
    Factor.objects.bulk_create(
        Factor(review=review, position=position, text=storable(factor.text), html=render(factor.text))
        for position, factor in enumerate(parsed.factors)
        if factor.text.strip()
    )
    _store_whys(parsed.whys, review)
    return review


def whole_title(parsed: ParsedReview, name: str) -> str:
    """The title as it is written, or the name of the file."""
    return one_line(parsed.title) or name


def short_title(parsed: ParsedReview, name: str) -> str:
    """The title as a review can have it."""
    title = whole_title(parsed, name)
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def services_named(parsed: ParsedReview, title: str, beside: Iterable[str]) -> list[str]:
    """The names of the services that a write-up is about; `beside` are those that files beside it name."""
    return parsed.services or known_in(title, parsed.telling, {*known_service_names(), *beside})


def _store_events(parsed: ParsedReview, incident: Incident, owner: Person | None) -> None:
    texts = [_event_text(event) for event in parsed.events]
    Event.objects.bulk_create(
        Event(
            incident=incident,
            position=position,
            occurred_at=event.occurred_at,
            zone=event.zone,
            written_as=storable(event.written_as)[:LONGEST_WRITTEN],
            kind=event.kind,
            text=text,
            html=render(text),
            created_by=owner,
        )
        for position, (event, text) in enumerate(zip(parsed.events, texts, strict=True))
    )


def _event_text(event: ParsedEvent) -> str:
    text = storable(event.text).strip() or event.kind.capitalize()
    return text if len(event.written_as) <= LONGEST_WRITTEN else f"{storable(event.written_as)} {text}"


def _store_actions(parsed: ParsedReview, incident: Incident) -> None:
    people = people_by_name() if any(action.owner for action in parsed.actions) else {}
    ActionItem.objects.bulk_create(
        _action(action, position, incident, people) for position, action in enumerate(parsed.actions)
    )


def _action(action: ParsedAction, position: int, incident: Incident, people: dict[str, Person | None]) -> ActionItem:
    title, details = storable(action.title), storable(action.details)
    written, url = storable(action.owner).strip(), storable(action.tracker_url)
    if len(title) > 300:
        title, details = title[:299] + "…", f"{title}\n\n{details}".strip()
    person = people.get(written.lstrip("@").casefold())
    if person is None and len(written) > 120:
        details, written = f"{details}\n\n{written}".strip(), written[:119] + "…"
    if len(url) > 500:
        details, url = f"{details}\n\n<{url}>".strip(), ""
    return ActionItem(
        incident=incident,
        position=position,
        title=title or "Action",
        details=details,
        details_html=render(details) if details else "",
        kind=action.kind,
        status=_status(action),
        reason="Struck through in the imported text." if action.dropped else "",
        owner=person,
        owner_as_written="" if person else written,
        due=action.due,
        tracker_url=url,
    )


def _status(action: ParsedAction) -> str:
    if action.dropped:
        return ActionStatus.WONT_DO
    return ActionStatus.DONE if action.done else ActionStatus.OPEN


def _store_whys(whys: Iterable[ParsedWhy], review: Review) -> None:
    waiting: list[tuple[ParsedWhy, Why | None, int]] = [(why, None, n) for n, why in enumerate(whys)]
    while waiting:
        parsed, parent, position = waiting.pop(0)
        question, answer = storable(parsed.question), storable(parsed.answer)
        if len(question) > 500:
            question, answer = question[:499] + "…", f"{question}\n\n{answer}".strip()
        why = Why.objects.create(
            review=review, parent=parent, position=position, question=question or "Why?", answer=answer,
            answer_html=render(answer) if answer else "",
        )  # fmt: skip
        waiting.extend((child, why, n) for n, child in enumerate(parsed.children))
