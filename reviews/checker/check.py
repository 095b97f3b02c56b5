"""Checking a review: every rule over everything that it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils import timezone

from reviews.checker.actions import action_findings
from reviews.checker.analysis import analysis_findings
from reviews.checker.findings import Finding
from reviews.checker.kept import language_findings
from reviews.checker.material import Material
from reviews.checker.reading import material_of
from reviews.checker.rulebook import RuleBook, rulebook
from reviews.checker.summary import summary_findings
from reviews.checker.timeline import timeline_findings
from reviews.models import Dismissal, Review

_GROUPS = (summary_findings, timeline_findings, analysis_findings, action_findings)
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Checked:
    """What the checker says about `material` by `rules`, in reading order: what is open, what was dismissed and why."""

    material: Material
    rules: RuleBook
    open: list[Finding] = field(default_factory=list)
    dismissed: list[tuple[Finding, Dismissal]] = field(default_factory=list)

    @property
    def blockers(self) -> list[Finding]:
        """What keeps the review from being published."""
        return [finding for finding in self.open if finding.blocking]

    @property
    def blocking(self) -> int:
        """How many findings keep the review from being published."""
        return len(self.blockers)


def check_review(review: Review, *, instead: Mapping[str, str] | None = None, today: date | None = None) -> Checked:
    """Every finding about `review`, read with its incident. `instead` gives texts by place as they stand in a browser;
    due dates are compared with `today`. Eleven queries; what lately was typed reaches them by `bring_into_rows`.
    """
    material = material_of(review, instead=instead or _NOTHING, today=today or timezone.localdate())
    dismissals = {
        (one.rule, one.place, one.words): one
        for one in Dismissal.objects.filter(review=review).select_related("person")
    }
    checked = Checked(material, rulebook())
    for finding in check_material(material, checked.rules):
        dismissal = dismissals.get((finding.rule, finding.where, finding.words))
        if dismissal:
            checked.dismissed.append((finding, dismissal))
        else:
            checked.open.append(finding)
    return checked


def check_material(material: Material, rules: RuleBook) -> list[Finding]:
    """Every finding of the rules that are on, in reading order. Runs no query."""
    order = material.order()
    found = [_weighed(finding, rules) for finding in _found(material, rules) if rules.has(finding.rule)]
    return sorted(found, key=lambda one: (order[one.where], one.start is not None, one.start or 0, one.end or 0))


def _found(material: Material, rules: RuleBook) -> Iterator[Finding]:
    for group in _GROUPS:
        yield from group(material)
    for place, text in material.texts():
        for finding in language_findings(text, rules, material.people):
            yield replace(finding, where=place)


def _weighed(finding: Finding, rules: RuleBook) -> Finding:
    rule = rules.rules[finding.rule]
    return replace(finding, severity=rule.severity, blocking=rule.blocking)
