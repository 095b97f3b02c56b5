"""Every change to an action item."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.access import Verb, may
from accounts.models import Person
from actions.locking import locked_action, locked_to_assign
from actions.models import ActionChange, ActionItem, ActionKind, ActionMerge, ActionStatus, ChangedField
from actions.reopening import give_back
from actions.signals import actions_changed
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
_KEPT = {
    "status": "status",
    "due": "due",
    "owner": "owner_id",
    "team": "team_id",
    "verified": "verified_by_id",
    "merged": "merged_into_id",
}
POINTING = ("holds_up", "parts", "merged")  # how other items point to one
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
    set_values(action, title=title, details=details, kind=kind, owner=owner, team=team, due=due, done_when=done_when)
    set_values(action, status=status)
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
    `note` is kept beside the changes to status, due date, owner and team; without one, the reason beside "won't do".
    """
    action, incident = locked_to_assign(person, action_pk)
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
    before = kept_values(action)
    values = {name: getattr(action, name) for name in changed}
    set_values(action, **changed)
    action.save()
    for change in history_of(by, action, before, storable(note).strip()):
        change.save()
    if before["status"] == ActionStatus.WONT_DO != action.status:
        give_back([action.pk])
    if differ := {name for name, value in values.items() if getattr(action, name) != value}:
        actions_changed.send(ActionItem, actions=[action], fields={action.pk: differ}, by=by)


def kept_values(action: ActionItem) -> dict[str, str]:
    """The values of which the history is kept, as ActionChange keeps them."""
    return {field: _key(action, name) for field, name in _KEPT.items()}


def history_of(by: Person | None, action: ActionItem, before: Mapping[str, str], note: str) -> list[ActionChange]:
    """What the history says of a change, not yet stored. `before`: the item's `kept_values` as they were.

    Without a `note`, the reason stands beside "won't do".
    """
    after = kept_values(action)
    why = {field: note or (action.reason if value == ActionStatus.WONT_DO else "") for field, value in after.items()}
    return [
        ActionChange(action=action, field=field, before=before[field], after=after[field], note=why[field], by=by)
        for field in after
        if after[field] != before[field]
    ]


def keep_change(
    by: Person | None, action: ActionItem, field: ChangedField, *, before: Any = "", after: Any = "", note: str = ""
) -> None:
    """Add to the history of an action item."""
    ActionChange.objects.create(action=action, field=field, before=before, after=after, note=note, by=by)


@transaction.atomic
def move_action(person: Person, action_pk: int, direction: str) -> None:
    """Move an action item one place "up" or "down". ValidationError where there is none."""
    action, incident = locked_action(person, Verb.EDIT, action_pk)
    swap_places(list(incident.actions.all()), action, direction)
    audit.record(person, "move-action", f"incident {incident.number}", f"action {action.pk} {direction}")


@transaction.atomic
def delete_action(person: Person, action_pk: int) -> Deletion:
    """Delete an action item; reviews.operations.undo brings it back, with its history and all that points to it."""
    action, incident = locked_action(person, Verb.EDIT, action_pk)
    links = {name: list(getattr(action, name).values_list("pk", flat=True)) for name in ("factors", *POINTING)}
    rows = [action, *action.changes.all(), *ActionMerge.objects.filter(action=action)]
    return delete_kept(person, incident, "action", action.title, rows, links)


def point_again(action: ActionItem, links: Mapping[str, Any]) -> None:
    """Let what pointed to `action` before it was deleted point to it again, unless it points elsewhere now."""
    action.holds_up.add(*ActionItem.objects.filter(pk__in=links.get("holds_up", ())))
    ActionItem.objects.filter(pk__in=links.get("parts", ()), split_from=None).update(split_from=action)
    merged = ActionItem.objects.filter(pk__in=links.get("merged", ()), merged_into=None, status=ActionStatus.WONT_DO)
    merged.update(merged_into=action)


def set_values(action: ActionItem, **changed: Any) -> None:
    """Set fields without storing them: the rules of what an item may be. ValidationError, by field."""
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
        elif name not in ("team", "merged_into"):
            raise TypeError(f"{name} is not a part of an action item")
        setattr(action, name, value)
    if action.status == ActionStatus.WONT_DO and not action.reason:
        problems.add("reason", "Say why it won't be done, for those who ask later.")
    problems.refuse_any()
    if "details" in changed:
        action.details_html = _rendered(action.details) if action.details else ""
    if "evidence" in changed:
        action.evidence_html = _rendered(action.evidence) if action.evidence else ""
    if "status" in changed:
        action.done_at = (action.done_at or timezone.now()) if action.status == ActionStatus.DONE else None
        if action.status != ActionStatus.WONT_DO and "reason" not in changed:
            action.reason = ""
    if action.status != ActionStatus.DONE or "evidence" in changed:
        action.verified_by = action.verified_at = None
    if action.status != ActionStatus.WONT_DO:
        action.merged_into = None


@lru_cache(maxsize=4)
def _rendered(text: str) -> str:
    """Kept for a change to many items, which gives the same text to all."""
    return render(text)


def _key(action: ActionItem, name: str) -> str:
    """A value as ActionChange keeps it."""
    value = getattr(action, name)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


_NAMES = {"due": "due date"}
