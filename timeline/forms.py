"""Forms for timeline events."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.form_fields import find_person
from accounts.models import Person
from core.form_fields import ZoneField, typed_form
from incidents.models import Incident
from timeline.models import Event, EventKind, Perspective
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


class PerspectiveForm(forms.Form):
    """What somebody knew at an event, and what made sense to them."""

    whose = forms.CharField(
        label="Whose perspective",
        max_length=120,
        help_text="A person, or a role such as “the vendor’s support”.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        error_messages={"required": "Say whose perspective it is."},
    )
    known = forms.CharField(
        label="What was known",
        required=False,
        strip=False,
        help_text="What could be seen or heard then, and where: dashboards, alerts, messages.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sense = forms.CharField(
        label="What made sense at the time",
        required=False,
        strip=False,
        help_text="What looked like the right thing to do, and why. What was expected to happen next?",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, typed: Any = None, *, me: str = "", perspective: Perspective | None = None, **more: Any) -> None:
        self.perspective = perspective
        initial = {"whose": me}
        if perspective is not None:
            whose = perspective.person.username if perspective.person else perspective.who
            initial = {"whose": whose, "known": perspective.known, "sense": perspective.sense}
        super().__init__(typed, initial=initial, **more)

    def clean_whose(self) -> str:
        """The words as typed; `person` is whom they name, if anybody."""
        called = " ".join(self.cleaned_data["whose"].split())
        self.person: Person | None = None
        if self.perspective and self.perspective.person and called == self.initial["whose"]:
            self.person = self.perspective.person  # who may have left since
            return called
        try:
            self.person = find_person(called)
        except ValidationError as problem:
            if "Several people" in problem.messages[0]:
                raise
        return called

    def operation_values(self) -> dict[str, Any]:
        """What the operations on perspectives take."""
        values = self.cleaned_data
        return {"person": self.person, "who": values["whose"], "known": values["known"], "sense": values["sense"]}
