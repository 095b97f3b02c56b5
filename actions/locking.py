"""Action items held by the transaction that changes them, for those who may."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.access import Verb, may
from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Incident
from incidents.operations import locked_incident


def locked_action(person: Person, verb: Verb, action_pk: int) -> tuple[ActionItem, Incident]:
    """The action item and its incident, both locked, if `person` may do `verb`. Http404 where it may not be seen."""
    found = ActionItem.objects.visible_to(person).filter(pk=action_pk).first()
    if found is None:
        raise Http404
    incident = locked_incident(person, verb, found.incident_id)
    action = incident.actions.select_for_update(of=("self",)).filter(pk=action_pk).first()
    if action is None:
        raise Http404
    return action, incident


def locked_to_assign(person: Person, action_pk: int) -> tuple[ActionItem, Incident]:
    """As `locked_action`, if `person` may assign it or owns it."""
    own = ActionItem.objects.filter(pk=action_pk, owner=person).exists()
    action, incident = locked_action(person, Verb.SEE if own else Verb.ASSIGN, action_pk)
    if own and action.owner_id != person.pk and not may(person, Verb.ASSIGN, incident):
        raise PermissionDenied
    return action, incident


def all_locked_to_assign(person: Person, action_pks: Iterable[int]) -> dict[int, ActionItem]:
    """Each as `locked_to_assign`, by key, with its incident; always locked in the same order."""
    wanted = sorted(set(action_pks))
    found = dict(ActionItem.objects.visible_to(person).filter(pk__in=wanted).values_list("pk", "incident"))
    if len(found) < len(wanted):
        raise Http404
    incidents = {pk: locked_incident(person, Verb.SEE, pk) for pk in sorted(set(found.values()))}
    rows = ActionItem.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    actions = {action.pk: action for action in rows}
    if len(actions) < len(wanted):
        raise Http404
    for action in actions.values():
        action.incident = incidents[action.incident_id]
    asked = {action.incident_id for action in actions.values() if action.owner_id != person.pk}
    if not all(may(person, Verb.ASSIGN, incidents[pk]) for pk in asked):
        raise PermissionDenied
    return actions
