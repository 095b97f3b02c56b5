"""Every change to an action item."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb, may
from accounts.models import Person
from actions.models import ActionChange, ActionItem, ActionKind, ActionStatus, ChangedField
from actions.signals import action_changed
from catalog.models import Team
from core import audit
from core.markdown import render
from core.positions import swap_places
from core.problems import Problems
from core.text import storable
from incidents.deletions import delete_kept
from incidents.models import Deletion, Incident
from incidents.operations import locked_incident

ASSIGNABLE = {"owner", "team", "due", "status", "reason", "evidence", "tracker_url"}
_KEPT = {"status": "status", "due": "due", "owner": "owner_id", "team": "team_id"}
FURTHEST = timedelta(days=3653)


class ChangedMeanwhile(ValidationError):
    """Someone changed what the caller expected to find; nothing was stored.

    `action` is as it stands now, `fields` names what differs, `last` is the newest change to one of them, if kept.
    """

    def __init__(self, action: ActionItem, fields: list[str]) -> None:
        self.action, self.fields = action, fields
        self.last = action.changes.filter(field__in=fields).select_related("by").last()
        who = str(self.last.by or "Its tracker") if self.last else "Someone"
        super().__init__(f"{who} changed the {' and the '.join(_NAMES.get(one, one) for one in fields)} meanwhile.")


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
    done_when: str = "",
    status: str = ActionStatus.OPEN,
) -> ActionItem:
    """Add an action item at the end of the list."""
    incident = locked_incident(person, Verb.EDIT, incident.pk)
    action = ActionItem(incident=incident)
    _set(action, title=title, details=details, kind=kind, owner=owner, team=team, due=due, done_when=done_when)
    _set(action, status=status)
    action.position = (incident.actions.aggregate(last=Max("position"))["last"] or 0) + 1
    action.save()
    audit.record(person, "add-action", f"incident {incident.number}", f"action {action.pk}")
    return action


@transaction.atomic
def change_action(
    person: Person, action_pk: int, *, expecting: Mapping[str, Any] | None = None, note: str = "", **changed: Any
) -> ActionItem:
    """Change the given fields of an action item: those of `add_action`, `reason`, `evidence` and `tracker_url`.

    Those in ASSIGNABLE may be set by team leads (Verb.ASSIGN) and by its owner as well.
    `expecting` gives what the caller saw in the fields that it changes: ChangedMeanwhile where one differs by now.
    `note` is kept beside the changes to status, due date, owner and team.
    """
    action, incident = _locked_to_assign(person, action_pk)
    really = {name: value for name, value in changed.items() if getattr(action, name) != value}
    if not really.keys() <= ASSIGNABLE and not may(person, Verb.EDIT, incident):
        raise PermissionDenied
    meanwhile = [name for name, seen in (expecting or {}).items() if name in really and getattr(action, name) != seen]
    if meanwhile:
        raise ChangedMeanwhile(action, meanwhile)
    set_fields(person, action, note, **really)
    if really:
        detail = f"action {action.pk}: {', '.join(sorted(really))}"
        audit.record(person, "change-action", f"incident {incident.number}", detail)
    return action


def set_fields(by: Person | None, action: ActionItem, note: str = "", **changed: Any) -> None:
    """Set fields of a locked action item and keep their history. `by` is nobody where a tracker did it.

    ValidationError, by field, where a value will not do. Checks no right: whoever calls it has.
    """
    before = {field: _key(action, name) for field, name in _KEPT.items()}
    values = {name: getattr(action, name) for name in changed}
    _set(action, **changed)
    action.save()
    note = storable(note).strip()
    for field, name in _KEPT.items():
        if (after := _key(action, name)) != before[field]:
            ActionChange.objects.create(
                action=action, field=ChangedField(field), before=before[field], after=after, note=note, by=by
            )
    if differ := {name for name, value in values.items() if getattr(action, name) != value}:
        action_changed.send(ActionItem, action=action, fields=differ, by=by)


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
    return delete_kept(person, incident, "action", action.title, [action, *action.changes.all()], {"factors": removed})


def _locked_to_assign(person: Person, action_pk: int) -> tuple[ActionItem, Incident]:
    """As `_locked`, if `person` may assign it or owns it."""
    own = ActionItem.objects.filter(pk=action_pk, owner=person).exists()
    action, incident = _locked(person, Verb.SEE if own else Verb.ASSIGN, action_pk)
    if own and action.owner_id != person.pk and not may(person, Verb.ASSIGN, incident):
        raise PermissionDenied
    return action, incident


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
        elif name in ("details", "reason", "done_when", "evidence"):
            value = problems.text(name, value)
        elif name == "kind":
            value = problems.choice("kind", value, ActionKind.values)
        elif name == "status":
            value = problems.choice("status", value, ActionStatus.values)
        elif name == "tracker_url":
            value = problems.address("tracker_url", value)
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
    if "evidence" in changed:
        action.evidence_html = render(action.evidence) if action.evidence else ""
    if "status" in changed:
        action.done_at = timezone.now() if action.status == ActionStatus.DONE else None
        if action.status != ActionStatus.DONE:
            action.verified_by = action.verified_at = None


def _key(action: ActionItem, name: str) -> str:
    """A value as ActionChange keeps it."""
    value = getattr(action, name)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


_NAMES = {"due": "due date"}
