"""Forms for the facts of an incident."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.form_fields import PeopleField, PersonField
from catalog.models import CauseCategory, Service, Team
from core.form_fields import ZoneField, typed_form
from incidents.models import DetectedBy, Incident, ParticipantRole, Severity, Visibility
from incidents.typed_when import When, read_when

NOT_RATED = ("", "Not rated yet")
MILESTONES = ("detected_at", "responded_at", "mitigated_at", "resolved_at")


class BeginningForm(forms.Form):
    """What a new incident is known by; only its title is required."""

    title = forms.CharField(
        label="Title",
        help_text="What people saw, in a few words: “Checkout refused card payments”.",
        error_messages={"required": "Give the incident a title, so that others find it."},
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    severity = forms.ChoiceField(label="Severity", required=False, choices=[NOT_RATED, *Severity.choices])
    began = forms.CharField(
        label="When did the impact begin?",
        required=False,
        help_text="Such as 14:03, 2:03pm, yesterday 23:50 or 2026-03-14 14:03. The day alone will do.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    zone = ZoneField(
        label="Time zone",
        required=False,
        help_text="Such as Europe/Berlin, UTC or PST.",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    services = forms.ModelMultipleChoiceField(
        label="Services",
        required=False,
        queryset=Service.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of the services is no longer there.", "invalid_pk_value": "Unknown."},
    )

    def clean(self) -> dict[str, Any]:
        """Adds `occurred_at` and `occurred_is_date`, read in the zone beside the time."""
        super().clean()
        zone = self.cleaned_data.get("zone") or self.zone_by_default
        self.cleaned_data["zone"] = zone
        when = self.read("began", zone, day_is_enough=True)
        self.cleaned_data["occurred_at"] = when.at if when else None
        self.cleaned_data["occurred_is_date"] = bool(when and when.only_day)
        return self.cleaned_data

    @property
    def zone_by_default(self) -> str:
        """The zone that counts when none is typed."""
        return str(self.initial.get("zone") or "UTC")

    def read(self, field: str, zone: str, **how: Any) -> When | None:
        """The instant typed in `field`, None where it is empty or wrong (then the field has an error)."""
        text = self.cleaned_data.get(field)
        if not text or "zone" in self.errors:
            return None
        try:
            return read_when(text, zone, **how)
        except ValidationError as problem:
            self.add_error(field, problem)
            return None

    def operation_values(self) -> dict[str, Any]:
        """What the operations on incidents take."""
        names = ("title", "severity", "services", "occurred_at", "occurred_is_date")
        return {name: self.cleaned_data[name] for name in names} | {"time_zone": self.cleaned_data["zone"]}


class NewIncidentForm(BeginningForm):
    """A new incident, with a first summary if there is one already."""

    summary = forms.CharField(
        label="Summary",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What happened, when, for how long, and what users noticed. It can wait.",
    )


def _milestone(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class FactsForm(BeginningForm):
    """All facts of an incident. Times that nobody changed keep their exact instant."""

    detected_at = _milestone("Detected")
    responded_at = _milestone("First response")
    detected_by = forms.ChoiceField(
        label="Noticed first by", required=False, choices=[("", "Not known"), *DetectedBy.choices]
    )
    mitigated_at = _milestone("Mitigated")
    resolved_at = _milestone("Resolved")
    causes = forms.ModelMultipleChoiceField(
        label="Cause categories",
        required=False,
        queryset=CauseCategory.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Those of root causes and factors count by themselves.",
    )
    tags = forms.CharField(label="Tags", required=False, help_text="Separated by commas.")

    def __init__(self, typed: Any = None, *, incident: Incident, causes: Any = (), **more: Any) -> None:
        zone = incident.time_zone
        self.incident = incident
        initial = {
            "title": incident.title,
            "severity": incident.severity,
            "detected_by": incident.detected_by,
            "services": [service.pk for service in incident.services.all()],
            "began": typed_form(incident.occurred_at, zone, only_day=incident.occurred_is_date),
            "zone": zone,
            "tags": ", ".join(incident.tags),
            "causes": [cause.pk for cause in causes],
            **{name: typed_form(getattr(incident, name), zone) for name in MILESTONES},
        }
        super().__init__(typed, initial=initial, **more)

    def clean(self) -> dict[str, Any]:
        """Adds the milestones; a time of day falls on the day on which the impact began."""
        super().clean()
        zone = self.cleaned_data["zone"]
        if self._untouched("began", zone):
            self.cleaned_data["occurred_at"] = self.incident.occurred_at
            self.cleaned_data["occurred_is_date"] = self.incident.occurred_is_date
        after = self.cleaned_data["occurred_at"]
        for name in MILESTONES:
            if self._untouched(name, zone):
                self.cleaned_data[name] = getattr(self.incident, name)
                continue
            when = self.read(name, zone, after=after)
            self.cleaned_data[name] = when.at if when else None
        return self.cleaned_data

    def clean_tags(self) -> list[str]:
        """The tags, each once."""
        tags = (" ".join(tag.split()) for tag in self.cleaned_data["tags"].split(","))
        return list(dict.fromkeys(tag for tag in tags if tag))

    def operation_values(self) -> dict[str, Any]:
        """What `change_facts` takes."""
        return super().operation_values() | {
            name: self.cleaned_data[name] for name in ("tags", "detected_by", *MILESTONES)
        }

    def _untouched(self, name: str, zone: str) -> bool:
        typed = self.data.get(self.add_prefix(name), "")
        return zone == self.incident.time_zone and typed.strip() == self.initial[name]


class ParticipantForm(forms.Form):
    """Someone who takes part."""

    whom = PersonField(
        label="Person",
        help_text="Username or full name.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        error_messages={"required": "Write who takes part."},
    )
    role = forms.ChoiceField(label="Role", choices=ParticipantRole.choices, initial=ParticipantRole.RESPONDER)


class VisibilityForm(forms.Form):
    """Who may read the review once it is published."""

    visibility = forms.ChoiceField(
        label="Readers once published",
        choices=[
            (Visibility.INTERNAL, "Everyone who signs in"),
            (Visibility.RESTRICTED, "Only those who take part, and the people and teams named here"),
        ],
        widget=forms.RadioSelect,
    )
    people = PeopleField(
        label="People",
        required=False,
        help_text="Usernames or full names, separated by commas.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    teams = forms.ModelMultipleChoiceField(
        label="Teams", required=False, queryset=Team.objects.all(), widget=forms.CheckboxSelectMultiple
    )


def zones_offered(*more: str) -> list[str]:
    """Zone names offered while one is typed: those given, the reader's, and one for each part of the world."""
    usual = (
        "UTC Europe/London Europe/Lisbon Europe/Berlin Europe/Paris Europe/Madrid Europe/Warsaw Europe/Athens "
        "Europe/Helsinki Europe/Kyiv Europe/Istanbul Africa/Lagos Africa/Cairo Africa/Johannesburg Africa/Nairobi "
        "Asia/Dubai Asia/Jerusalem Asia/Karachi Asia/Kolkata Asia/Dhaka Asia/Bangkok Asia/Singapore Asia/Shanghai "
        "Asia/Tokyo Asia/Seoul Australia/Perth Australia/Sydney Pacific/Auckland America/Sao_Paulo "
        "America/Argentina/Buenos_Aires America/Halifax America/New_York America/Chicago America/Denver "
        "America/Phoenix America/Los_Angeles America/Anchorage America/Mexico_City America/Bogota Pacific/Honolulu"
    )
    return list(dict.fromkeys([*filter(None, more), timezone.get_current_timezone_name(), *usual.split()]))
