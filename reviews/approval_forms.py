"""Forms for asking for a review and for answering."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from accounts.form_fields import PeopleField
from accounts.models import Person
from reviews.approving import Answer
from reviews.models import Verdict


class AskForm(forms.Form):
    """Whom to ask, by a tick or by name, and what they should look at."""

    suggested = forms.MultipleChoiceField(
        label="Suggested",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these people is no longer offered. Write the name below."},
    )
    people = PeopleField(
        label="By name",
        required=False,
        help_text="Usernames or full names, separated by commas.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    request = forms.CharField(
        label="What to look at",
        required=False,
        help_text="One line, if there is something in particular: “Are the times right? Do the factors hold?”",
    )

    def __init__(self, typed: Any = None, *, suggested: Iterable[Person], answers: list[Answer], **more: Any) -> None:
        said = {one.approval.person_id: one.approval for one in answers}
        self._people = {one.pk: one for one in suggested if one.pk not in said or said[one.pk].verdict}
        again = [str(one.pk) for one in self._people.values() if one.pk in said and said[one.pk].verdict == "changes"]
        super().__init__(typed, initial={"suggested": again}, **more)
        field = cast(forms.MultipleChoiceField, self.fields["suggested"])
        field.choices = [(str(pk), _described(one, said)) for pk, one in self._people.items()]
        if not self._people:
            field.widget = forms.MultipleHiddenInput()
            self.fields["people"].label = "Who should look at it?"

    def operation_values(self) -> dict[str, Any]:
        """What `ask_for_review` takes."""
        ticked = [self._people[int(pk)] for pk in self.cleaned_data["suggested"]]
        return {"people": [*ticked, *self.cleaned_data["people"]], "request": self.cleaned_data["request"]}


class VerdictForm(forms.Form):
    """What a reviewer says."""

    verdict = forms.ChoiceField(
        choices=Verdict.choices, error_messages={"required": "Choose one.", "invalid_choice": "Choose one of the two."}
    )
    note = forms.CharField(
        label="What should change?",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The authors read it here. Comments beside the text say more about single passages.",
    )

    def operation_values(self) -> dict[str, Any]:
        """What `give_verdict` takes."""
        return dict(self.cleaned_data)


def _described(person: Person, said: dict[int, Any]) -> str:
    verdict = said[person.pk].get_verdict_display().lower() if person.pk in said else ""
    return f"{person} ({verdict}; ask again)" if verdict else str(person)
