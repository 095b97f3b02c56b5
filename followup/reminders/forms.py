"""Forms for what a person and a team choose about reminders."""

from typing import Any

from django import forms

from core.form_fields import ZoneField
from followup.models import Channel, ReminderPreference, Rhythm, TeamReminders, Weekday
from followup.reminders.preferences import DAYS_BEFORE, MOST_LEAD_AFTER

_BEFORE = {0: "On the day itself", 1: "1 day before"}
_ZONE = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}


def _hours() -> list[tuple[int, str]]:
    return [(hour, f"{hour:02}:00") for hour in range(24)]


class PreferenceForm(forms.Form):
    """What somebody wants to be told of their action items, by what, and when. Channels not set up are left out."""

    mail = forms.ChoiceField(label="By mail", choices=Rhythm.choices, widget=forms.RadioSelect)
    slack = forms.ChoiceField(label="In Slack", choices=Rhythm.choices, widget=forms.RadioSelect)
    days_before = forms.TypedMultipleChoiceField(
        label="Before an item is due",
        choices=[(days, _BEFORE.get(days, f"{days} days before")) for days in DAYS_BEFORE],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    when_late = forms.BooleanField(label="When it is overdue: after 3 days, then every week", required=False)
    hour = forms.TypedChoiceField(label="Not before", choices=_hours, coerce=int)
    weekday = forms.TypedChoiceField(label="Day of the weekly digest", choices=Weekday.choices, coerce=int)
    time_zone = ZoneField(
        label="Your time zone",
        max_length=60,
        help_text="A name such as Europe/Berlin. The times on all pages are shown in it too.",
        widget=forms.TextInput(attrs=_ZONE),
        error_messages={"required": "Write where you are, such as Europe/Berlin."},
    )

    def __init__(
        self, typed: Any = None, *, kept: ReminderPreference, time_zone: str, channels: list[Channel], **more: Any
    ) -> None:
        initial = {name: getattr(kept, name) for name in self.base_fields if name != "time_zone"}
        super().__init__(typed, initial=initial | {"time_zone": time_zone}, **more)
        self._left_out = {str(one): getattr(kept, one) for one in Channel if one not in channels}
        for channel in self._left_out:
            del self.fields[channel]

    def chosen(self) -> dict[str, Any]:
        """What `set_preference` takes."""
        return self._left_out | self.cleaned_data


class TeamForm(forms.Form):
    """What a team wants its leads to hear of, and its channel."""

    lead_after = forms.IntegerField(
        label="Days overdue after which the team lead is told",
        min_value=1,
        max_value=MOST_LEAD_AFTER,
        required=False,
        help_text="Once for each due date. Left empty: never.",
    )
    webhook = forms.CharField(
        label="Incoming webhook of a Slack channel",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the address that Slack gave you."},
    )
    removes_webhook = forms.BooleanField(label="Post there no more", required=False)
    weekday = forms.TypedChoiceField(label="Posted on", choices=Weekday.choices, coerce=int)
    hour = forms.TypedChoiceField(label="Not before", choices=_hours, coerce=int)
    time_zone = ZoneField(
        label="Time zone of the team",
        max_length=60,
        widget=forms.TextInput(attrs=_ZONE),
        error_messages={"required": "Write where the team is, such as Europe/Berlin."},
    )

    def __init__(self, typed: Any = None, *, kept: TeamReminders, **more: Any) -> None:
        names = ("lead_after", "weekday", "hour", "time_zone")
        super().__init__(typed, initial={name: getattr(kept, name) for name in names}, **more)
        if kept.webhook:
            self.fields["webhook"].label = "Another webhook"
            self.fields["webhook"].help_text = f"Posts go to …{kept.webhook[-4:]}. It is a secret, so it is not shown."
        else:
            self.fields["webhook"].help_text = "Begins with https://hooks.slack.com/services/."
            del self.fields["removes_webhook"]

    def chosen(self) -> dict[str, Any]:
        """What `set_team_reminders` takes; an empty webhook leaves the one that is kept."""
        values = dict(self.cleaned_data)
        removes = values.pop("removes_webhook", False)
        return values | {"webhook": values["webhook"] or ("" if removes else None)}
