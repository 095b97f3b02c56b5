"""Every change to an action item."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb, may
from accounts.models import Person
from actions.models import ActionItem, ActionKind, ActionStatus
from catalog.models import Team
from core import audit
from core.markdown import render
from core.positions import swap_places
from core.problems import Problems
from incidents.deletions import delete_kept
from incidents.models import Deletion, Incident
from incidents.operations import locked_incident

ASSIGNABLE = {"owner", "team", "due", "status", "reason"}
FURTHEST = timedelta(days=3653)


@transaction.atomic
def add_action(
    person: Person,
    incident: Incident,
    *,
    title: str,
    details: str = "",
    kind: str = ActionKind.PREVENT,
    owner: Person | None = None,
    team: Team | None = None,
    due: date | None = None,
) -> ActionItem:
    """Add an action item at the end of the list."""
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    action = ActionItem(incident=incident)
    _set(action, title=title, details=details, kind=kind, owner=owner, team=team, due=due)
    action.position = (incident.actions.aggregate(last=Max("position"))["last"] or 0) + 1
    action.save()
    audit.record(person, "add-action", f"incident {incident.number}", f"action {action.pk}")
    return action


@transaction.atomic
def change_action(person: Person, action_pk: int, **changed: Any) -> ActionItem:
    """Change the given fields of an action item: those of `add_action`, `status` and `reason`.

    Owner, team, due date, status and reason may be set by team leads as well (Verb.ASSIGN).
    """
    action, incident = _locked(person, Verb.ASSIGN, action_pk)
    really = {name: value for name, value in changed.items() if getattr(action, name) != value}
    if not really.keys() <= ASSIGNABLE and not may(person, Verb.EDIT, incident):
        raise PermissionDenied
    _set(action, **really)
    action.save()
    if really:
        detail = f"action {action.pk}: {', '.join(sorted(really))}"
        audit.record(person, "change-action", f"incident {incident.number}", detail)
    return action


@transaction.atomic
def move_action(person: Person, action_pk: int, direction: str) -> None:
    """Move an action item one place "up" or "down". ValidationError where there is none."""
    action, incident = _locked(person, Verb.EDIT, action_pk)
    swap_places(list(incident.actions.all()), action, direction)
    audit.record(person, "move-action", f"incident {incident.number}", f"action {action.pk} {direction}")


@transaction.atomic
def delete_action(person: Person, action_pk: int) -> Deletion:
    """Delete an action item; reviews.operations.undo brings it back, with the factors that it removes."""
    action, incident = _locked(person, Verb.EDIT, action_pk)
    removed = list(action.factors.values_list("pk", flat=True))
    return delete_kept(person, incident, "action", action.title, [action], {"factors": removed})


def _locked(person: Person, verb: Verb, action_pk: int) -> tuple[ActionItem, Incident]:
    """The action item and its incident, both locked, if `person` may do `verb`. Http404 where it may not be seen."""
    found = ActionItem.objects.visible_to(person).filter(pk=action_pk).first()
    if found is None:
        raise Http404
    incident = locked_incident(person, verb, found.incident_id)
    action = incident.actions.select_for_update(of=("self",)).filter(pk=action_pk).first()
    if action is None:
        raise Http404
    return action, incident


def _set(action: ActionItem, **changed: Any) -> None:
    problems = Problems()
    today = timezone.localdate()
    for name, value in changed.items():
        if name == "title":
            value = problems.line("title", value, longest=300, required="Write what will be done.")
        elif name in ("details", "reason"):
            value = problems.text(name, value)
        elif name == "kind":
            value = problems.choice("kind", value, ActionKind.values)
        elif name == "status":
            value = problems.choice("status", value, ActionStatus.values)
        elif name == "due":
            if value and not today - FURTHEST < value < today + FURTHEST:
                problems.add("due", f"{value:%Y-%m-%d} is more than ten years away. Check the year.")
        elif name == "owner":
            if value and not value.is_active:
                problems.add("owner", f"{value} no longer has an account that works. Choose someone else.")
            action.owner_as_written = "" if value else action.owner_as_written
        elif name != "team":
            raise TypeError(f"{name} is not a part of an action item")
        setattr(action, name, value)
    if action.status == ActionStatus.WONT_DO and not action.reason:
        problems.add("reason", "Say why it won't be done, for those who ask later.")
    problems.refuse_any()
    if "details" in changed:
        action.details_html = render(action.details) if action.details else ""
    if "status" in changed:
        action.done_at = timezone.now() if action.status == ActionStatus.DONE else None
