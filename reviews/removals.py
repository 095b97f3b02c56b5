"""Which actions remove which contributing factors, changed from either side."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from accounts.access import Verb
from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action
from core import audit
from incidents.models import Incident
from incidents.operations import locked_incident
from reviews.models import Factor, Review


@transaction.atomic
def set_removal(person: Person, review: Review, factor_pk: int, action_pk: int, removes: bool) -> None:
    """Say whether the action removes the factor. Http404 where one of them is not in the review."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    factor = Factor.objects.filter(review=incident.pk, pk=factor_pk).first()
    action = incident.actions.filter(pk=action_pk).first()
    if factor is None or action is None:
        raise Http404
    if factor.actions.filter(pk=action.pk).exists() != removes:
        _connect(person, incident, factor, action, removes)


@transaction.atomic
def set_removed(person: Person, action_pk: int, factors: Iterable[Factor]) -> None:
    """Say which factors the action removes; those it does not name, it does not. ValidationError where one is gone."""
    found = ActionItem.objects.visible_to(person).filter(pk=action_pk).values_list("incident", flat=True).first()
    if found is None:
        raise Http404
    incident = locked_incident(person, Verb.EDIT, found)
    action = incident.actions.filter(pk=action_pk).first()
    if action is None:
        raise Http404
    wanted = {factor.pk for factor in factors}
    own = list(Factor.objects.filter(review=incident.pk))
    removed = set(action.factors.values_list("pk", flat=True))
    if not wanted <= {factor.pk for factor in own}:
        raise ValidationError({"factors": ["One of these factors is no longer in this review."]})
    for factor in own:
        if (factor.pk in wanted) != (factor.pk in removed):
            _connect(person, incident, factor, action, factor.pk in wanted)


@transaction.atomic
def add_review_action(
    person: Person, review: Review, *, factors: Iterable[Factor] | None = None, **values: Any
) -> ActionItem:
    """Add an action item (its `values` are those of actions.operations.add_action) that removes `factors`."""
    action = add_action(person, review.incident, **values)
    if factors is not None:
        set_removed(person, action.pk, factors)
    return action


@transaction.atomic
def change_review_action(
    person: Person, action_pk: int, *, factors: Iterable[Factor] | None = None, **changed: Any
) -> ActionItem:
    """Change an action item as actions.operations.change_action does, and which factors it removes."""
    action = change_action(person, action_pk, **changed)
    if factors is not None:
        set_removed(person, action_pk, factors)
    return action


def _connect(person: Person, incident: Incident, factor: Factor, action: ActionItem, removes: bool) -> None:
    verb = "connect-factor" if removes else "disconnect-factor"
    (factor.actions.add if removes else factor.actions.remove)(action)
    audit.record(person, verb, f"incident {incident.number}", f"factor {factor.pk}: action {action.pk}")
