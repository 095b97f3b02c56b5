"""Forms for administrators: how the rules of the checker hold, and the organisation's own words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from reviews.checker.rulebook import Rule, RuleBook, usual_rules
from reviews.checker.ruling import FINE, Ruled
from reviews.models import CustomWord, Severity


@dataclass(frozen=True)
class RuleRow:
    """A rule with its fields."""

    rule: Rule
    is_on: forms.BoundField
    severity: forms.BoundField
    blocks: forms.BoundField


class RulesForm(forms.Form):
    """Every rule: whether it is on, how much it matters, whether it blocks publishing."""

    def __init__(self, typed: Any = None, *, rules: RuleBook, **more: Any) -> None:
        super().__init__(typed, **more)
        self._rules = rules.rules
        for code, rule in self._rules.items():
            on = forms.BooleanField(label=f"{rule.title}: on", required=False, initial=rule.is_on)
            severity = forms.ChoiceField(label=f"{rule.title}: how much it matters", choices=Severity.choices)
            severity.initial = rule.severity
            blocks = forms.BooleanField(label=f"{rule.title}: blocks", required=False, initial=rule.blocking)
            self.fields |= {f"{code}-on": on, f"{code}-severity": severity, f"{code}-blocks": blocks}

    def groups(self) -> Iterator[tuple[str, list[RuleRow]]]:
        """The rules of each group with their fields."""
        for group in dict.fromkeys(rule.group for rule in self._rules.values()):
            rows = [
                RuleRow(rule, self[f"{code}-on"], self[f"{code}-severity"], self[f"{code}-blocks"])
                for code, rule in self._rules.items()
                if rule.group == group
            ]
            yield group, rows

    def ruled(self) -> list[Ruled]:
        """What `change_rules` takes."""
        said = self.cleaned_data
        return [
            Ruled(code, said[f"{code}-on"], said[f"{code}-severity"], said[f"{code}-blocks"]) for code in self._rules
        ]


def _what_about_them() -> list[Any]:
    language = [(code, rule.title) for code, rule in usual_rules().rules.items() if rule.group == "language"]
    return [(FINE, "They are always fine"), ("They are found as", language)]


class WordForm(forms.Form):
    """Words of the organisation's own."""

    words = forms.CharField(
        label="Words",
        error_messages={"required": "Write the words."},
        help_text="In any case, with any space between. A word that ends in * stands for all that begin so.",
    )
    finds = forms.ChoiceField(label="What about them", choices=_what_about_them)
    suggestion = forms.CharField(
        label="What to ask instead", required=False, help_text="A question that leads to the system. May stay empty."
    )

    def __init__(self, typed: Any = None, *, word: CustomWord | None = None, **more: Any) -> None:
        initial = {}
        if word is not None:
            initial = {"words": word.words, "finds": word.code or FINE, "suggestion": word.suggestion}
        super().__init__(typed, initial=initial, **more)
