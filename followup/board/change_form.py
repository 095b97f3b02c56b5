"""The form that changes many action items, or one: what is left empty stays as it is."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.form_fields import PersonField
from accounts.models import Person
from actions.models import ActionStatus
from catalog.models import Team
from core.form_fields import read_day

NOBODY = "nobody"
NO_TEAM = "none"
NO_DATE = "none"
_LATER = re.compile(r"([+-])\s*(\d{1,3})\s*(d|days?|w|weeks?|m|months?)", re.ASCII | re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30}
FIELDS = ("status", "owner", "team", "due")


class OwnerField(PersonField):
    """A person, or `NOBODY`; cleans to a Person, NOBODY or None."""

    def to_python(self, value: Any) -> Any:
        """Who is called so."""
        return NOBODY if str(value or "").strip().casefold() == NOBODY else super().to_python(value)


class WhenField(forms.CharField):
    """A day, "none", or by how much each due date moves: "+2w"; cleans to a date, NO_DATE, a timedelta or None."""

    def to_python(self, value: Any) -> Any:
        """The day, counted from today where it has no year."""
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        if text.casefold() in (NO_DATE, "never"):
            return NO_DATE
        if by := _LATER.fullmatch(text):
            days = int(by[2]) * _DAYS[by[3][0].lower()]
            return timedelta(days=days if by[1] == "+" else -days)
        return read_day(text, timezone.localdate())


class ChangeForm(forms.Form):
    """What becomes of the chosen items."""

    status = forms.ChoiceField(label="Status", required=False, choices=[("", "As it is"), *ActionStatus.choices])
    evidence = forms.CharField(
        label="What shows that it is done?",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A link to the change, the alert, the test; or words. Markdown.",
    )
    reason = forms.CharField(
        label="Why won't it be done?",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For those who ask later. Markdown.",
    )
    owner = OwnerField(
        label="Owner",
        required=False,
        help_text="Username or full name; “nobody” takes the owner away.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off", "spellcheck": "false"}),
    )
    team = forms.ChoiceField(label="Team", required=False)
    due = WhenField(
        label="Due",
        required=False,
        help_text="A day, such as 2026-12-01 or 1 Dec. “+2w” moves each by two weeks, “none” takes the date away.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=1_000,
        help_text="Optional; kept in the history of each item.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        teams = [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")]
        team: Any = self.fields["team"]
        team.choices = [("", "As it is"), (NO_TEAM, "No team"), *teams]

    def clean(self) -> dict[str, Any]:
        """Something must change, and who will not do a thing says why."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in FIELDS):
            raise ValidationError("Nothing was chosen to change: set a status, an owner, a team or a date.")
        if cleaned.get("status") == ActionStatus.WONT_DO and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", "Say why it won't be done, for those who ask later.")
        return cleaned

    def operation_values(self) -> dict[str, Any]:
        """What actions.bulk.change_actions takes."""
        given = self.cleaned_data
        values: dict[str, Any] = {"note": given["note"]}
        if given["status"]:
            values["status"] = given["status"]
        if given["status"] == ActionStatus.DONE and given["evidence"].strip():
            values["evidence"] = given["evidence"]
        if given["status"] == ActionStatus.WONT_DO:
            values["reason"] = given["reason"]
        if given["owner"]:
            values["owner"] = given["owner"] if isinstance(given["owner"], Person) else None
        if given["team"]:
            chosen = given["team"]
            values["team"] = None if chosen == NO_TEAM else Team.objects.filter(pk=chosen).first()
        return values | _due_value(given["due"])

    def said(self) -> str:
        """What was done to the items, in words that a subject can stand before."""
        given, parts = self.cleaned_data, []
        if given["status"]:
            parts.append(f"moved to “{ActionStatus(given['status']).label}”")
        if given["owner"]:
            parts.append("taken from their owner" if given["owner"] == NOBODY else f"assigned to {given['owner']}")
        if given["team"]:
            team: Any = self.fields["team"]
            name = dict(team.choices)[given["team"]]
            parts.append("taken from their team" if given["team"] == NO_TEAM else f"given to {name}")
        if (due := given["due"]) is not None:
            parts.append(_due_said(due))
        return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def _due_value(due: date | timedelta | str | None) -> dict[str, Any]:
    if due is None:
        return {}
    if isinstance(due, timedelta):
        return {"later_by": due}
    return {"due": due if isinstance(due, date) else None}


def _due_said(due: date | timedelta | str) -> str:
    if isinstance(due, timedelta):
        days = abs(due.days)
        return f"moved {days} day{'s' * (days != 1)} {'later' if due.days >= 0 else 'earlier'}"
    if isinstance(due, date):
        return f"due {due.day} {due:%b %Y} now"
    return "without a due date now"
