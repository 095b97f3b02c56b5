"""The timeline as a table one can type into."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone

from incidents.models import Deletion
from reviews.models import Review
from reviews.views.parts.opened import Opened
from timeline.course import Row, rows_of
from timeline.forms import EventForm, PasteForm, PerspectiveForm
from timeline.milestones import Milestones, milestones_of
from timeline.models import Event, EventKind
from timeline.pasted import PastedLine
from timeline.typed_times import day_of


@dataclass(frozen=True)
class TimelinePart:
    """Rows in order, the empty row for the next event, and the forms for many lines and for a perspective while open.

    `perspective` is the key of the one that is edited, `perspective_of` of the event that a new one is about.
    """

    rows: list[Row]
    milestones: Milestones
    new: forms.Form
    item: int | None
    form: forms.Form | None
    paste: forms.Form | None
    pasted: list[PastedLine] | None
    deletion: Deletion | None
    after: int | None
    perspective: int | None = None
    perspective_of: int | None = None
    perspective_form: forms.Form | None = None
    offered: list[Any] = field(default_factory=list)
    name: str = "timeline"
    title: str = "Timeline"
    template: str = "reviews/parts/timeline.html"
    kinds: tuple[tuple[str, str], ...] = tuple(EventKind.choices)

    @property
    def ready(self) -> int:
        """How many of the pasted lines can be added."""
        return sum(not line.problem for line in self.pasted or [])


def build_timeline(review: Review, opened: Opened) -> TimelinePart:
    """The timeline. Two queries, up to four more while something of it is edited."""
    incident = review.incident
    events = list(incident.events.prefetch_related("perspectives__person"))
    asked = opened.asks_for("timeline")
    told = _perspective(opened, events) if asked else None
    mine = asked and told is None
    edited = next((event for event in events if event.pk == opened.item), None) if mine and opened.item else None
    form: forms.Form | None = None
    if edited is not None:
        form = opened.form or EventForm(incident=incident, events=events, event=edited, auto_id=f"event-{edited.pk}-%s")
    new: forms.Form | None = opened.form if mine and edited is None and isinstance(opened.form, EventForm) else None
    paste: forms.Form | None = opened.form if mine and isinstance(opened.form, PasteForm) else None
    if mine and edited is None and new is None and paste is None:
        day = events[-1].local_time.date() if events else day_of(incident)
        zone = events[-1].zone if events else incident.time_zone
        paste = PasteForm(initial={"day": day.isoformat() if day else "", "zone": zone}, auto_id="paste-%s")
    return TimelinePart(
        rows=rows_of(events, now=timezone.now()),
        milestones=milestones_of(incident, events),
        new=new or EventForm(incident=incident, events=events, auto_id="event-new-%s"),
        item=edited.pk if edited else None,
        form=form,
        paste=paste,
        pasted=opened.pasted if paste else None,
        deletion=opened.deleted_from("timeline"),
        after=opened.after,
        **(told or {}),
    )


def _perspective(opened: Opened, events: list[Event]) -> dict[str, Any] | None:
    """The form of a perspective, where one is written; a new one is of who writes, until they say else."""
    event = next((one for one in events if one.pk == opened.below), None)
    stored = [one for each in events for one in each.perspectives.all() if one.pk == opened.perspective]
    if event is None and not stored:
        return None
    form: forms.Form | None = opened.form
    if form is None:
        place = f"perspective-{stored[0].pk}-%s" if stored else f"perspective-new-{opened.below}-%s"
        form = PerspectiveForm(me=opened.me, perspective=stored[0] if stored else None, auto_id=place)
    incident = (event or stored[0].event).incident
    taking_part = {one.person for one in incident.participants.select_related("person")}
    return {
        "perspective": stored[0].pk if stored else None,
        "perspective_of": None if stored or event is None else event.pk,
        "perspective_form": form,
        "offered": sorted(taking_part, key=str),
    }
