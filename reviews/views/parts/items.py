"""The contributing factors and the action items."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from accounts.form_fields import people_offered
from actions.models import ActionItem
from incidents.models import Deletion
from reviews.anchors import first_words
from reviews.forms import FactorForm, ReviewActionForm
from reviews.models import Factor, Review
from reviews.traceability import Matrix, matrix_of
from reviews.views.parts.opened import Opened


@dataclass(frozen=True)
class FactorsPart:
    """The factors beside the actions that remove them, and the matrix of both."""

    factors: list[Factor]
    matrix: Matrix
    item: int | None
    form: forms.Form | None
    deletion: Deletion | None
    after: int | None
    name: str = "factors"
    title: str = "Contributing factors"
    template: str = "reviews/parts/factors.html"


def build_factors(review: Review, opened: Opened) -> FactorsPart:
    """The factors. Three queries, some more while one is edited."""
    factors = list(review.factors.select_related("cause", "why").prefetch_related("actions"))
    edited, form = None, None
    if opened.asks_for("factors"):
        edited = next((factor for factor in factors if factor.pk == opened.item), None)
        form = opened.form or FactorForm(
            review=review, factor=edited, auto_id=f"factor-{edited.pk if edited else 'new'}-%s"
        )
    matrix = matrix_of(
        [(one.pk, first_words(one.text, one.html), {action.pk for action in one.actions.all()}) for one in factors],
        list(review.incident.actions.values_list("pk", "title")),
    )
    return FactorsPart(
        factors, matrix, edited.pk if edited else None, form, opened.deleted_from("factors"), opened.after
    )


@dataclass(frozen=True)
class ActionsPart:
    """The action items, with the factors that each removes."""

    actions: list[ActionItem]
    today: date
    item: int | None
    form: forms.Form | None
    deletion: Deletion | None
    after: int | None
    overdue: set[int]
    offered: list[Any] = field(default_factory=list)
    name: str = "actions"
    title: str = "Action items"
    template: str = "reviews/parts/actions.html"


def build_actions(review: Review, opened: Opened) -> ActionsPart:
    """The action items. Two queries, some more while one is edited."""
    actions = list(review.incident.actions.select_related("owner", "team").prefetch_related("factors"))
    today = timezone.localdate()
    edited, form = None, None
    if opened.asks_for("actions"):
        edited = next((action for action in actions if action.pk == opened.item), None)
        auto_id = f"action-{edited.pk if edited else 'new'}-%s"
        form = opened.form or ReviewActionForm(review=review, action=edited, auto_id=auto_id)
    return ActionsPart(
        actions=actions,
        today=today,
        item=edited.pk if edited else None,
        form=form,
        deletion=opened.deleted_from("actions"),
        after=opened.after,
        overdue={action.pk for action in actions if action.is_overdue(today)},
        offered=people_offered() if form else [],
    )
