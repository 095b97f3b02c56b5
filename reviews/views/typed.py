"""What a time means, shown while it is typed."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from core.form_fields import read_zone
from core.text import whole_number
from core.zones import zone_named
from incidents.forms import MILESTONES
from incidents.typed_when import read_when
from reviews.views.editor import editable
from timeline.typed_times import day_of, event_before, read_time

Reading = tuple[datetime, str, bool]  # the instant, its zone, and whether only the day is known


@signed_in
@require_safe
def time_of_a_new_incident(request: PersonRequest) -> HttpResponse:
    """When an incident began that has no review yet."""
    return _answer(request, "began", lambda text: _when(text, _zone(request, request.user.time_zone)))


@signed_in
@require_safe
def time_of_a_fact(request: PersonRequest, number: int) -> HttpResponse:
    """When an incident began, or one of its milestones."""
    incident = editable(request, number).incident
    zone = request.GET.get("zone", "").strip() or incident.time_zone
    name = next((name for name in MILESTONES if name in request.GET), "began")
    after = incident.occurred_at if name != "began" else None
    return _answer(request, name, lambda text: _when(text, read_zone(zone), after=after))


@signed_in
@require_safe
def time_of_an_event(request: PersonRequest, number: int) -> HttpResponse:
    """When the event of a timeline row happened; `item` is its key while it is edited."""
    incident = editable(request, number).incident
    events = list(incident.events.all())
    key = request.GET.get("item", "")
    above = event_before(events, whole_number(key))
    default = events[-1].zone if events else incident.time_zone

    def read(text: str) -> Reading:
        found = read_time(
            text,
            _zone(request, default),
            previous=above.occurred_at if above else None,
            first=events[0].occurred_at if events else None,
            day=day_of(incident),
        )
        return found.at, found.zone, False

    return _answer(request, "time", read)


def _zone(request: PersonRequest, default: str) -> str:
    return read_zone(request.GET.get("zone", "").strip() or default)


def _when(text: str, zone: str, *, after: datetime | None = None) -> Reading:
    found = read_when(text, zone, after=after, day_is_enough=after is None)
    return found.at, found.zone, found.only_day


def _answer(request: PersonRequest, name: str, read: Callable[[str], Reading]) -> HttpResponse:
    """The instant in words, or why the text names none."""
    text = request.GET.get(name, "").strip()
    if not text:
        return HttpResponse("")
    try:
        at, zone, only_day = read(text)
    except ValidationError as problem:
        return render(request, "reviews/understood.html", {"problem": " ".join(problem.messages)})
    return render(request, "reviews/understood.html", {"at": at.astimezone(zone_named(zone)), "only_day": only_day})
