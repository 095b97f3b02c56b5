"""Forms for the parts of a review."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast

from django import forms

from actions.forms import ActionForm
from actions.models import ActionItem
from catalog.models import CauseCategory
from reviews.anchors import first_words, shortened
from reviews.models import Factor, Review, Why
from timeline.models import Event


class SectionForm(forms.Form):
    """The text of one prose section, with the revision that was on screen when typing began."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12}))
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def clean_revision(self) -> int:
        """The revision; 0, which is older than every save, where it is missing."""
        return self.cleaned_data.get("revision") or 0


def cause_choices() -> list[tuple[int, str]]:
    """All cause categories in the order of their tree."""
    below: dict[int | None, list[CauseCategory]] = defaultdict(list)
    for cause in CauseCategory.objects.all():
        below[cause.parent_id].append(cause)
    ordered: list[tuple[int, str]] = []
    waiting = [(cause, 0) for cause in reversed(below[None])]
    while waiting:
        cause, depth = waiting.pop()
        ordered.append((cause.pk, "\u2003" * depth + cause.name))
        waiting.extend((child, depth + 1) for child in reversed(below[cause.pk]))
    return ordered


class EventsField(forms.ModelMultipleChoiceField):
    """Timeline events, each in a line."""

    def label_from_instance(self, obj: Event) -> str:
        """Its time where it happened, and its first words."""
        return f"{obj.local_time:%H:%M} {first_words(obj.text, obj.html)}"


class FactorsField(forms.ModelMultipleChoiceField):
    """Contributing factors, each by its first words."""

    def label_from_instance(self, obj: Factor) -> str:
        """Its first words."""
        return first_words(obj.text, obj.html)


class FoundByField(forms.ModelChoiceField):
    """The question whose answer a factor comes from."""

    def label_from_instance(self, obj: Why) -> str:
        """The question, and whether its answer is a root cause."""
        said = shortened(obj.question)
        return f"{said} (root cause)" if obj.is_root_cause else said


class WhyForm(forms.Form):
    """A question and its answer."""

    question = forms.CharField(
        label="Question",
        help_text="Ask what made it possible: “How could a migration reach production without its index?”",
        error_messages={"required": "Write the question."},
        widget=forms.TextInput(attrs={"placeholder": "Why …, How …, What made …", "autocomplete": "off"}),
    )
    answer = forms.CharField(
        label="Answer", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="It can wait."
    )

    def __init__(self, typed: Any = None, *, why: Why | None = None, **more: Any) -> None:
        self.why = why
        initial = {"question": why.question, "answer": why.answer} if why else {}
        self.written_live, typed = _written_live(typed, "answer", why.answer if why else None)
        super().__init__(typed, initial=initial, **more)
        self.awaits_answer = why is not None and not why.answer
        if self.awaits_answer:
            self.fields["answer"].widget.attrs["data-focus-first"] = ""

    def operation_values(self) -> dict[str, Any]:
        """What the operations on whys take."""
        return _without("answer" if self.written_live else "", self.cleaned_data)


class CiteForm(forms.Form):
    """What an answer rests on: events of the timeline, or a link."""

    events = EventsField(
        label="Timeline events",
        required=False,
        queryset=Event.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these events is no longer there.", "invalid_pk_value": "Unknown."},
    )
    url = forms.CharField(
        label="Or a link", required=False, help_text="A graph, a log search, a pull request: https://…"
    )
    label = forms.CharField(label="What the link shows", required=False, help_text="In a few words.")

    def __init__(self, typed: Any = None, *, why: Why, **more: Any) -> None:
        super().__init__(typed, **more)
        offered = Event.objects.filter(incident=why.review_id).exclude(cited_by__why=why)
        cast(EventsField, self.fields["events"]).queryset = offered

    def operation_values(self) -> dict[str, Any]:
        """What reviews.evidence.cite takes."""
        return dict(self.cleaned_data)


class RootCauseForm(forms.Form):
    """The category of a root cause."""

    cause = forms.ModelChoiceField(
        required=False,
        queryset=CauseCategory.objects.all(),
        error_messages={"invalid_choice": "This category is no longer there. Choose another."},
    )


class FactorForm(forms.Form):
    """A condition that made the incident possible, its category, and the actions that remove it."""

    text = forms.CharField(
        label="Contributing factor",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A condition, never a person: “Staging holds too little data to show a slow query”.",
        error_messages={"required": "Write what made the incident possible."},
    )
    cause = forms.ModelChoiceField(
        label="Cause category", required=False, queryset=CauseCategory.objects.all(), empty_label="No category yet"
    )
    actions = forms.ModelMultipleChoiceField(
        label="Actions that remove it",
        required=False,
        queryset=ActionItem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these actions is no longer there.", "invalid_pk_value": "Unknown."},
    )
    why = FoundByField(
        label="Found by asking", required=False, queryset=Why.objects.none(), empty_label="Not from the five whys"
    )

    def __init__(self, typed: Any = None, *, review: Review, factor: Factor | None = None, **more: Any) -> None:
        self.factor = factor
        initial: dict[str, Any] = {}
        if factor is not None:
            initial = {
                "text": factor.text,
                "cause": factor.cause_id,
                "why": factor.why_id,
                "actions": [action.pk for action in factor.actions.all()],
            }
        self.written_live, typed = _written_live(typed, "text", factor.text if factor else None)
        super().__init__(typed, initial=initial, **more)
        _in_tree_order(self)
        self._offer("actions", ActionItem.objects.filter(incident=review.incident))
        self._offer("why", Why.objects.filter(review=review).order_by("-is_root_cause", "position", "pk"))

    def operation_values(self) -> dict[str, Any]:
        """What the operations on factors take."""
        return _without("text" if self.written_live else "", self.cleaned_data)

    def _offer(self, name: str, rows: Any) -> None:
        """Offers `rows`; a field without any is left out of the form."""
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset = rows
        if not rows.exists():
            field.widget = forms.MultipleHiddenInput() if name == "actions" else forms.HiddenInput()


class ReviewActionForm(ActionForm):
    """An action item with the factors that it removes."""

    factors = FactorsField(
        label="Factors that it removes",
        required=False,
        queryset=Factor.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these factors is no longer there.", "invalid_pk_value": "Unknown."},
    )

    def __init__(self, typed: Any = None, *, review: Review, action: ActionItem | None = None, **more: Any) -> None:
        super().__init__(typed, action=action, **more)
        field = cast(FactorsField, self.fields["factors"])
        field.queryset = Factor.objects.filter(review=review)
        if action is not None:
            self.initial["factors"] = [factor.pk for factor in action.factors.all()]
        if not field.queryset.exists():
            field.widget = forms.MultipleHiddenInput()


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class AttachForm(forms.Form):
    """Files to attach; what may be attached is decided by looking into them (reviews.attaching)."""

    file = forms.FileField(label="Files", widget=FilesInput)


class PublishForm(forms.Form):
    """The step that freezes a version."""

    note = forms.CharField(
        label="What changed since the last version",
        required=False,
        help_text="One sentence for those who have read it before.",
    )


def _written_live(typed: Any, field: str, stored: str | None) -> tuple[bool, Any]:
    """Whether the text of a row that stands was left out of what was sent, because it is being written together with
    others and reaches its row by itself; and what was sent, with the stored text to be shown if the form is refused.
    """
    if typed is None or stored is None or field in typed:
        return False, typed
    shown = typed.copy()
    shown[field] = stored
    return True, shown


def _without(field: str, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != field}


def _in_tree_order(form: forms.Form) -> None:
    field = form.fields["cause"]
    offered: Iterable[tuple[Any, str]] = [("", "No category yet"), *cause_choices()]
    field.widget.choices = offered
