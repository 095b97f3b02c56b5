"""Changing the timeline: one row, or many pasted lines."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from core.form_fields import read_day
from core.zones import zone_named
from incidents.models import Incident
from reviews.models import Review
from reviews.views.editor import UNPROCESSABLE, above, deleted, editable, saved, show, show_problem, submit
from reviews.views.parts.opened import Opened
from reviews.views.stale import save_change
from timeline.forms import EventForm, PasteForm
from timeline.models import EventKind
from timeline.operations import add_event, change_event, delete_event
from timeline.pasted import PastedLine, read_paste


@signed_in
@require_POST
def add(request: PersonRequest, number: int) -> HttpResponse:
    """A new row; the focus goes on to the next one."""
    review = editable(request, number)
    incident = review.incident
    form = EventForm(request.POST, incident=incident, events=list(incident.events.all()), auto_id="event-new-%s")
    return submit(
        request,
        review,
        Opened("timeline", form=form),
        lambda **values: add_event(request.user, incident, **values),
        focus=lambda done: "event-new-time",
        said="Added.",
    )


@signed_in
@require_POST
def change(request: PersonRequest, number: int, event: int) -> HttpResponse:
    """A row as it was typed anew."""
    review = editable(request, number)

    def opened(fresh: Review) -> Opened:
        incident = fresh.incident
        stored = get_object_or_404(incident.events, pk=event)
        events = list(incident.events.all())
        form = EventForm(request.POST, incident=incident, events=events, event=stored, auto_id=f"event-{stored.pk}-%s")
        return Opened("timeline", item=stored.pk, form=form)

    return save_change(
        request,
        review,
        opened,
        lambda **values: change_event(request.user, event, **values),
        thing=f"event {event}",
        focus=f"event-{event}-edit",
    )


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, event: int) -> HttpResponse:
    """Without asking; a line with Undo takes its place."""
    review = editable(request, number)
    stored = get_object_or_404(review.incident.events, pk=event)
    keys = list(review.incident.events.values_list("pk", flat=True))
    deletion = delete_event(request.user, stored.pk)
    return deleted(request, review, "timeline", deletion, above(keys, stored.pk))


@signed_in
@require_POST
def paste(request: PersonRequest, number: int) -> HttpResponse:
    """A preview of many lines; with `add`, the lines that could be read become events and the others stay."""
    review = editable(request, number)
    form = PasteForm(request.POST, auto_id="paste-%s")
    if not form.is_valid():
        return show(request, review, Opened("timeline", form=form), status=UNPROCESSABLE)
    zone = form.cleaned_data["zone"] or review.incident.time_zone
    day: date | None = None
    if text := form.cleaned_data["day"]:
        try:
            day = read_day(text, timezone.localdate(timezone=zone_named(zone)))
        except ValidationError as problem:
            form.add_error("day", problem)
            return show(request, review, Opened("timeline", form=form), status=UNPROCESSABLE)
    lines = read_paste(form.cleaned_data["lines"], day=day, zone=zone)
    _mark_known(review.incident, lines)
    for line in lines:
        kind = request.POST.get(f"kind-{line.number}", "")
        line.kind = kind if kind in EventKind.values else line.kind
    if "add" not in request.POST or not any(not line.problem for line in lines):
        return show(request, review, Opened("timeline", form=form, pasted=lines))
    return _add_lines(request, review, form, lines)


def _add_lines(request: PersonRequest, review: Review, form: PasteForm, lines: list[PastedLine]) -> HttpResponse:
    ready = [line for line in lines if not line.problem]
    try:
        with transaction.atomic():
            for line in ready:
                add_event(
                    request.user,
                    review.incident,
                    occurred_at=line.instant,
                    zone=line.zone,
                    kind=line.kind,
                    text=line.text,
                    written_as=line.written[:80],
                )
    except ValidationError as problem:
        show_problem(form, problem)
        return show(request, review, Opened("timeline", form=form, pasted=lines), status=UNPROCESSABLE)
    said = f"Added {len(ready)} event{'' if len(ready) == 1 else 's'}."
    left = [line for line in lines if line.problem]
    if not left:
        return saved(request, review, "timeline", focus="event-new-time", said=said)
    typed = {"lines": "\n".join(line.source for line in left), "day": form["day"].value(), "zone": form["zone"].value()}
    rest = PasteForm(typed, auto_id="paste-%s")
    opened = Opened("timeline", form=rest, pasted=left)
    if request.htmx:
        return saved(request, review, "timeline", focus="paste-lines", said=said, opened=opened)
    return show(request, review, opened)


def _mark_known(incident: Incident, lines: list[PastedLine]) -> None:
    """Lines that stand on the timeline already are not added twice."""
    known = {(event.occurred_at, event.text.strip()) for event in incident.events.all()}
    for line in lines:
        if not line.problem and (line.instant, line.text.strip()) in known:
            line.problem = "This event is on the timeline already."
