"""The forms on the page of an action item: each changes one thing, and says what it was made of."""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.utils.crypto import salted_hmac

from accounts.form_fields import PersonField
from actions.forms import DONE_WHEN_HELP, EVIDENCE_HELP
from actions.models import ActionItem, ActionKind, ActionStatus
from catalog.models import Team
from core.form_fields import DueField
from core.text import whole_number
from followup.item.addresses import item_key
from reviews.forms import FactorsField
from reviews.models import Factor

_WHY = "Why, for those who ask later"


class ItemForm(forms.Form):
    """A form about an item. `guarded` are the fields of the item that it would change.

    `tells_all` is False for readers who may not know by name who owns it, nor what was written since it was published.
    """

    guarded: ClassVar[tuple[str, ...]] = ()
    required_css_class = "is-required"

    def __init__(self, typed: Any = None, *, action: ActionItem, tells_all: bool = True, **more: Any) -> None:
        self.action, self.tells_all = action, tells_all
        self.made_of = seen_of(action, self.guarded)
        super().__init__(typed, initial=self.stored(action), **more)

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """What the fields hold at first."""
        return {name: getattr(action, name) for name in self.guarded}

    def values(self) -> dict[str, Any]:
        """What change_action takes."""
        return {name: self.cleaned_data[name] for name in self.guarded}


class OwnerForm(ItemForm):
    """Who does it."""

    guarded = ("owner",)
    owner = PersonField(
        label="Owner",
        required=False,
        help_text="Username or full name. Empty for nobody.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_WHY, required=False)

    def __init__(self, typed: Any = None, **more: Any) -> None:
        super().__init__(typed, **more)
        if not self.tells_all:
            self.fields["owner"].required = True
            self.fields["owner"].help_text = "Username or full name."
            self.fields["owner"].error_messages["required"] = "Write who takes it over."

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """The username, for those who may know it."""
        return {"owner": action.owner.username if action.owner and self.tells_all else ""}


class TeamForm(ItemForm):
    """Whose team it is with."""

    guarded = ("team",)
    team = forms.ModelChoiceField(
        label="Team",
        required=False,
        queryset=Team.objects.all(),
        empty_label="No team",
        error_messages={"invalid_choice": "This team is no longer there. Choose another."},
    )
    note = forms.CharField(label=_WHY, required=False)


class DueForm(ItemForm):
    """Until when."""

    guarded = ("due",)
    due = DueField(
        label="Due",
        required=False,
        help_text="Such as 2026-12-01, 1 Dec or +2w. Empty for no date.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Why it moves", required=False, help_text="It stands in the history, beside the old date."
    )

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """The day as it is typed."""
        return {"due": action.due.isoformat() if action.due else ""}


class MoveForm(ItemForm):
    """Another status that needs no words: agreed to, begun, set back, reopened."""

    guarded = ("status",)
    status = forms.ChoiceField(choices=[(one.value, one.label) for one in ActionStatus if one != ActionStatus.WONT_DO])


class EvidenceForm(ItemForm):
    """What shows that it is done."""

    guarded: ClassVar[tuple[str, ...]] = ("evidence",)
    evidence = forms.CharField(
        label="What shows it",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=EVIDENCE_HELP,
    )

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """The evidence, for those who may read it."""
        return {"evidence": action.evidence if self.tells_all else ""}


class DoneForm(EvidenceForm):
    """Done, and what shows it, which may come later."""

    guarded = ("status", "evidence")

    def values(self) -> dict[str, Any]:
        """Done; the evidence as well, unless it stands where the reader does not see it and wrote none."""
        evidence = self.cleaned_data["evidence"]
        is_unseen = not self.tells_all and not evidence
        return {"status": ActionStatus.DONE} | ({} if is_unseen else {"evidence": evidence})


class WontDoForm(ItemForm):
    """Why it will not be done."""

    guarded = ("status", "reason")
    reason = forms.CharField(
        label="Why it won't be done",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For those who ask later.",
        error_messages={"required": "Say why it won't be done, for those who ask later."},
    )

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """The reason, for those who may read it."""
        return {"reason": action.reason if self.tells_all else ""}

    def values(self) -> dict[str, Any]:
        """Not to be done, and why."""
        return {"status": ActionStatus.WONT_DO, "reason": self.cleaned_data["reason"]}


class WordsForm(ItemForm):
    """What it says; for those who write its review."""

    guarded = ("title", "done_when", "details", "kind", "factors")
    title = forms.CharField(label="What will be done", error_messages={"required": "Write what will be done."})
    done_when = forms.CharField(
        label="How one will know",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=DONE_WHEN_HELP,
    )
    details = forms.CharField(
        label="Details", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="Markdown."
    )
    kind = forms.ChoiceField(label="Kind", choices=ActionKind.choices)
    factors = FactorsField(
        label="Factors that it removes",
        required=False,
        queryset=Factor.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these factors is no longer there.", "invalid_pk_value": "Unknown."},
    )

    def __init__(self, typed: Any = None, *, action: ActionItem, **more: Any) -> None:
        super().__init__(typed, action=action, **more)
        field = cast(FactorsField, self.fields["factors"])
        field.queryset = Factor.objects.filter(review=action.incident_id)

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """As it stands."""
        named = {name: getattr(action, name) for name in self.guarded if name != "factors"}
        return {**named, "factors": [factor.pk for factor in action.factors.all()]}


class NoteForm(ItemForm):
    """A word about what was seen."""

    note = forms.CharField(label="What you saw", required=False, help_text="A few words stand in the history.")


class SplitForm(ItemForm):
    """The parts, a title in each line; what stays may be called anew by those who write the review."""

    guarded = ("title",)
    stays = forms.CharField(
        label="What stays here", required=False, help_text="This item goes on with its number, history and links."
    )
    titles = forms.CharField(
        label="What is split off",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One part a line. Each gets this owner, team, due date, and the factors.",
        error_messages={"required": "Write at least one title: what a part of it will be done as."},
    )

    def __init__(self, typed: Any = None, *, may_write: bool, **more: Any) -> None:
        super().__init__(typed, **more)
        if not may_write:
            del self.fields["stays"]

    def stored(self, action: ActionItem) -> dict[str, Any]:
        """Its title stays."""
        return {"stays": action.title}

    def values(self) -> dict[str, Any]:
        """What split_action takes."""
        return {"titles": self.cleaned_data["titles"].splitlines(), "stays": self.cleaned_data.get("stays") or None}


class OtherItemForm(ItemForm):
    """Another item, by its number or the address of its page."""

    other = forms.CharField(
        label="The other item",
        help_text="Its number, or the address of its page.",
        widget=forms.TextInput(attrs={"list": "items", "autocomplete": "off"}),
        error_messages={"required": "Write the number of the other item."},
    )

    def clean_other(self) -> int:
        """Its key."""
        key = item_key(self.cleaned_data["other"])
        if key is None:
            raise forms.ValidationError("This names no item. Write its number, or copy the address of its page.")
        return key


class MergeForm(OtherItemForm):
    """The item that this one is merged into."""

    note = forms.CharField(label=_WHY, required=False)


class TakeAwayForm(ItemForm):
    """The link to take away."""

    other = forms.CharField(widget=forms.HiddenInput)

    def clean_other(self) -> int:
        """Its key."""
        return whole_number(self.cleaned_data["other"]) or 0


def seen_of(action: ActionItem, names: Iterable[str]) -> str:
    """What stands in the fields, as digests that tell nothing: "due:3f9a10c2,owner:"."""
    return ",".join(f"{name}:{_digest(action, name)}" for name in names)


def changed_since(action: ActionItem, seen: str) -> list[str]:
    """The fields named in `seen` that differ by now."""
    known = dict(part.split(":", 1) for part in seen.split(",") if ":" in part)
    return [name for name, digest in known.items() if name in _GUARDED and _digest(action, name) != digest]


def _digest(action: ActionItem, name: str) -> str:
    value: Any = sorted(action.factors.values_list("pk", flat=True)) if name == "factors" else getattr(action, name)
    written = str(value.pk if hasattr(value, "pk") else "" if value is None else value)
    return salted_hmac("followup.item", f"{action.pk} {name} {written}").hexdigest()[:12]


_GUARDED = {*OwnerForm.guarded, *TeamForm.guarded, *DueForm.guarded, *DoneForm.guarded, *WontDoForm.guarded}
_GUARDED |= {*WordsForm.guarded}
