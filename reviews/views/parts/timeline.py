"""The timeline as a table one can type into."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone

from incidents.models import Deletion
from reviews.models import Review
from reviews.views.parts.opened import Opened
from timeline.course import Row, rows_of
from timeline.forms import EventForm, PasteForm
from timeline.milestones import Milestones, milestones_of
from timeline.models import EventKind
from timeline.pasted import PastedLine
from timeline.typed_times import day_of


@dataclass(frozen=True)
class TimelinePart:
    """Rows in order, the empty row for the next event, and the form for many lines while it is open."""

    rows: list[Row]
    milestones: Milestones
    new: forms.Form
    item: int | None
    form: forms.Form | None
    paste: forms.Form | None
    pasted: list[PastedLine] | None
    deletion: Deletion | None
    after: int | None
    name: str = "timeline"
    title: str = "Timeline"
    template: str = "reviews/parts/timeline.html"
    kinds: tuple[tuple[str, str], ...] = tuple(EventKind.choices)

    @property
    def ready(self) -> int:
        """How many of the pasted lines can be added."""
        return sum(not line.problem for line in self.pasted or [])


def build_timeline(review: Review, opened: Opened) -> TimelinePart:
    """The timeline. One query, two while an event is edited."""
    incident = review.incident
    events = list(incident.events.all())
    mine = opened.asks_for("timeline")
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
    )
