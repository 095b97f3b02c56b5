"""The form for an action item."""

from typing import Any

from django import forms

from accounts.form_fields import PersonField
from actions.models import ActionItem, ActionKind, ActionStatus
from catalog.models import Team
from core.form_fields import DueField

STARTING = (ActionStatus.OPEN, ActionStatus.PROPOSED)
DONE_WHEN_HELP = "What anyone can check: “An alert fires within a minute when staging is filled above 80 %”."
EVIDENCE_HELP = "A link to the change, the alert or the graph, or a few words. It can come later."


class ActionForm(forms.Form):
    """One thing to do: what, who, until when."""

    title = forms.CharField(
        label="What will be done",
        help_text="Concrete, so that anyone can see when it is done: “Add an alert for pool use above 80 %”.",
        error_messages={"required": "Write what will be done."},
    )
    done_when = forms.CharField(
        label="How one will know",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=DONE_WHEN_HELP,
    )
    details = forms.CharField(
        label="Details", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="Markdown."
    )
    kind = forms.ChoiceField(label="Kind", choices=ActionKind.choices, initial=ActionKind.PREVENT)
    owner = PersonField(
        label="Owner",
        required=False,
        help_text="Username or full name.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    team = forms.ModelChoiceField(label="Team", required=False, queryset=Team.objects.all(), empty_label="No team")
    due = DueField(
        label="Due",
        required=False,
        help_text="Such as 2026-12-01, 1 Dec or +2w.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, typed: Any = None, *, action: ActionItem | None = None, **more: Any) -> None:
        self.action = action
        super().__init__(typed, initial=_as_typed(action) if action else {}, **more)
        begun = ActionStatus.choices if action else [(one.value, one.label) for one in STARTING]
        self.fields["status"] = forms.ChoiceField(label="Status", choices=begun, required=action is not None)
        if action is None:
            self.initial["status"] = ActionStatus.OPEN
            return
        self.fields["evidence"] = forms.CharField(
            label="What shows it, once it is done",
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=EVIDENCE_HELP,
        )
        self.fields["reason"] = forms.CharField(
            label="Reason, if it won't be done", required=False, widget=forms.Textarea(attrs={"rows": 2})
        )

    def operation_values(self) -> dict[str, Any]:
        """What the operations on action items take."""
        return {**self.cleaned_data, "status": self.cleaned_data["status"] or ActionStatus.OPEN}


def _as_typed(action: ActionItem) -> dict[str, Any]:
    return {
        "title": action.title,
        "done_when": action.done_when,
        "details": action.details,
        "kind": action.kind,
        "owner": action.owner.username if action.owner else "",
        "team": action.team_id,
        "due": action.due.isoformat() if action.due else "",
        "status": action.status,
        "evidence": action.evidence,
        "reason": action.reason,
    }
