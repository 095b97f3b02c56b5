"""Forms for timeline events."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.form_fields import ZoneField, typed_form
from incidents.models import Incident
from timeline.models import Event, EventKind
from timeline.typed_times import day_of, event_before, read_time


class EventForm(forms.Form):
    """One row of the timeline. A time that nobody changed keeps its exact instant."""

    time = forms.CharField(
        label="Time",
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "14:03 or +5m"}),
        error_messages={"required": "Write when it happened, such as 14:03 or +5m."},
    )
    zone = ZoneField(
        label="Zone", required=False, widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label="Kind", choices=EventKind.choices, initial=EventKind.NOTE)
    text = forms.CharField(
        label="What happened",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": "Write what happened."},
    )

    def __init__(
        self, typed: Any = None, *, incident: Incident, events: list[Event], event: Event | None = None, **more: Any
    ) -> None:
        self.incident, self.event = incident, event
        self.above = event_before(events, event.pk if event else None)
        self.first = events[0].occurred_at if events else None
        latest_zone = events[-1].zone if events else incident.time_zone
        self.default_zone = event.zone if event else latest_zone
        initial = {"zone": self.default_zone, "kind": EventKind.NOTE}
        if event is not None:
            initial |= {"time": typed_form(event.occurred_at, event.zone), "kind": event.kind, "text": event.text}
        super().__init__(typed, initial=initial, **more)

    def clean(self) -> dict[str, Any]:
        """Adds `occurred_at` and `written_as`; a zone typed with the time counts before the one beside it."""
        super().clean()
        values = self.cleaned_data
        values["zone"] = zone = values.get("zone") or self.default_zone
        typed = values.get("time", "")
        if self.event is not None and typed == self.initial["time"] and zone == self.event.zone:
            values["occurred_at"], values["written_as"] = self.event.occurred_at, self.event.written_as
        elif typed and "zone" not in self.errors:
            try:
                previous = self.above.occurred_at if self.above else None
                found = read_time(typed, zone, previous=previous, first=self.first, day=day_of(self.incident))
                values |= {"occurred_at": found.at, "zone": found.zone, "written_as": typed[:80]}
            except ValidationError as problem:
                self.add_error("time", problem)
        return values

    def operation_values(self) -> dict[str, Any]:
        """What the operations on events take."""
        names = ("occurred_at", "zone", "kind", "text", "written_as")
        return {name: self.cleaned_data[name] for name in names} | (
            {"source_url": self.event.source_url} if self.event else {}
        )


class PasteForm(forms.Form):
    """Many lines at once, each beginning with a time."""

    lines = forms.CharField(
        label="Lines",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="One event a line: 14:03 alert fired. Lines without a time belong to the event above them.",
        error_messages={"required": "Paste or write at least one line, such as 14:03 alert fired."},
    )
    day = forms.CharField(
        label="Day",
        required=False,
        help_text="For lines that name none, such as 2026-03-14.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    zone = ZoneField(
        label="Zone",
        required=False,
        help_text="For lines that name none.",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
