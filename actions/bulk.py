"""Changing many action items at once: all of them, or none.

A constant number of queries, however many items, incidents and people there are. Rows are locked in the order of their
keys, incidents before items, as `change_action` locks one of each; so two changes wait for each other and never block
each other for good.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.access import may_write
from accounts.models import Person, Role
from actions.models import ActionChange, ActionItem, ActionStatus, ChangedField
from actions.operations import history_of, kept_values, set_values
from actions.reopening import give_back
from actions.seen import Seen
from actions.signals import actions_changed
from core.models import AuditEntry
from core.text import storable
from incidents.models import Incident, Status

MOST = 5_000
_SAID = ("evidence", "reason")
GUARDED = ("status", "due", "owner", "team")
CHANGEABLE = {*GUARDED, "reason", "evidence"}
_COLUMNS = {
    "status": "varchar",
    "reason": "text",
    "evidence": "text",
    "evidence_html": "text",
    "verified_by_id": "bigint",
    "verified_at": "timestamptz",
    "owner_id": "bigint",
    "owner_as_written": "varchar",
    "team_id": "bigint",
    "due": "date",
    "done_at": "timestamptz",
    "merged_into_id": "bigint",
}
# Each row is written once, whatever of it differs.
_STORE = f"""
    UPDATE actions_actionitem AS action SET {", ".join(f"{name} = new.{name}" for name in _COLUMNS)}
    FROM unnest(%s::bigint[], {", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
        AS new (id, {", ".join(_COLUMNS)}) WHERE action.id = new.id
"""  # noqa: S608  names of columns


@dataclass(frozen=True)
class Meanwhile:
    """An item that is not as it was seen: as it stands now, what of it differs, and who changed that last, if known."""

    action: ActionItem
    fields: list[str]
    last: ActionChange | None


class NothingChanged(ValidationError):
    """Why none of the items was changed. What is `gone` was deleted, or is no longer for the person."""

    def __init__(
        self,
        gone: Sequence[int] = (),
        not_theirs: Sequence[ActionItem] = (),
        archived: Sequence[ActionItem] = (),
        meanwhile: Sequence[Meanwhile] = (),
    ) -> None:
        self.gone, self.not_theirs, self.archived, self.meanwhile = gone, not_theirs, archived, meanwhile
        super().__init__("Nothing was changed.")


@transaction.atomic
def change_actions(
    person: Person,
    seen: Iterable[Seen],
    *,
    later_by: timedelta | None = None,
    note: str = "",
    **changed: Any,
) -> list[ActionItem]:
    """Set the given fields of CHANGEABLE on all these items; gives those that differ now.

    `later_by` moves each due date, counting from today where an item has none. NothingChanged where an item is not as
    it was seen in a field that would change, where one is gone or not for `person` to change; ValidationError, by
    field, where a value will not do. Ten queries at most, and eight
    more where merged items are reopened.
    """
    wanted = {one.pk: one for one in seen}
    if len(wanted) > MOST:
        raise ValidationError(f"These are {len(wanted):,} items; at most {MOST:,} change at once. Choose fewer.")
    if not changed.keys() <= CHANGEABLE:
        raise TypeError(f"not changed in bulk: {changed.keys() - CHANGEABLE}")
    actions = _locked(person, wanted)
    before = {one.pk: kept_values(one) for one in actions}
    values = {one.pk: _values(one, changed, later_by) for one in actions}
    _refuse_changed_meanwhile(actions, wanted, values)
    differing = _set_all(actions, values)
    _store(differing)
    _keep(person, differing, before, values, storable(note).strip())
    return differing


def _locked(person: Person, wanted: Mapping[int, Seen]) -> list[ActionItem]:
    """The items with their incidents, locked. NothingChanged where one of them is not for `person` to change."""
    visible = ActionItem.objects.visible_to(person).filter(pk__in=wanted).values("incident").order_by()
    incidents = {
        one.pk: one
        for one in Incident.objects.select_for_update(of=("self",)).filter(pk__in=list(_keys(visible))).order_by("pk")
    }
    actions = list(
        ActionItem.objects.visible_to(person)
        .filter(pk__in=wanted, incident__in=incidents)
        .select_for_update(of=("self",))
        .select_related("owner", "team")
        .order_by("pk")
    )
    gone = sorted(wanted.keys() - {one.pk for one in actions})
    archived, not_theirs = [], []
    own_incidents = _assignable(person, incidents)
    for action in actions:
        action.incident = incidents[action.incident_id]
        if action.incident.status == Status.ARCHIVED:
            archived.append(action)
        elif action.incident_id not in own_incidents and action.owner_id != person.pk:
            not_theirs.append(action)
    if gone or archived or not_theirs:
        raise NothingChanged(gone, not_theirs, archived)
    return actions


def _keys(rows: Any) -> set[int]:
    return {key for (key,) in rows.values_list("incident")}


def _assignable(person: Person, incidents: Mapping[int, Incident]) -> set[int]:
    """Those of `incidents`, all of which `person` may see, whose items they may assign (accounts.access)."""
    if person.has_role(Role.TEAM_LEAD):
        return {*incidents}
    if not may_write(person):
        return set()
    return {*person.participations.filter(incident__in=incidents).values_list("incident", flat=True)}


def _values(action: ActionItem, changed: Mapping[str, Any], later_by: timedelta | None) -> dict[str, Any]:
    """What becomes of one item: only what differs from what it has.

    What is done already, or won't be, keeps what was said of it then.
    """
    values = dict(changed)
    if action.status == values.get("status"):
        values = {name: value for name, value in values.items() if name not in _SAID or not getattr(action, name)}
    if later_by is not None:
        values["due"] = _later(action.due, later_by)
    return {name: value for name, value in values.items() if getattr(action, name) != value}


def _later(due: date | None, by: timedelta) -> date:
    try:
        return (due or timezone.localdate()) + by
    except OverflowError:
        raise ValidationError({"due": ["That leads out of the calendar. Check the number."]}) from None


def _refuse_changed_meanwhile(
    actions: list[ActionItem], wanted: Mapping[int, Seen], values: Mapping[int, Mapping[str, Any]]
) -> None:
    found = {
        action.pk: differing
        for action in actions
        if (differing := wanted[action.pk].differs(action, [name for name in GUARDED if name in values[action.pk]]))
    }
    if not found:
        return
    changes = ActionChange.objects.filter(action__in=found, field__in=GUARDED).select_related("by").order_by("at", "pk")
    last = {(one.action_id, one.field): one for one in changes}
    newest = {
        pk: max((one for name in names if (one := last.get((pk, name)))), key=lambda one: one.pk, default=None)
        for pk, names in found.items()
    }
    raise NothingChanged(
        meanwhile=[Meanwhile(one, found[one.pk], newest[one.pk]) for one in actions if one.pk in found]
    )


def _set_all(actions: list[ActionItem], values: Mapping[int, dict[str, Any]]) -> list[ActionItem]:
    """Sets the values by the rules of a single change; gives the items that differ now."""
    differing = [action for action in actions if values[action.pk]]
    for action in differing:
        set_values(action, **values[action.pk])
    return differing


def _store(actions: list[ActionItem]) -> None:
    """One statement for all."""
    with connection.cursor() as cursor:
        values = [[getattr(one, name) for one in actions] for name in _COLUMNS]
        cursor.execute(_STORE, [[one.pk for one in actions], *values])


def _keep(
    person: Person,
    actions: list[ActionItem],
    before: Mapping[int, dict[str, str]],
    values: Mapping[int, dict[str, Any]],
    note: str,
) -> None:
    """History and audit trail, as for a single change; whoever listens is told of all of them at once."""
    changes = [one for action in actions for one in history_of(person, action, before[action.pk], note)]
    ActionChange.objects.bulk_create(changes)
    status = [one for one in changes if one.field == ChangedField.STATUS]
    if reopened := [one.action_id for one in status if one.before == ActionStatus.WONT_DO]:
        give_back(reopened)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            person=person,
            verb="change-action",
            subject=f"incident {action.incident.number}",
            detail=f"action {action.pk}: {', '.join(sorted(values[action.pk]))}",
        )
        for action in actions
    )
    fields = {action.pk: {*values[action.pk]} for action in actions}
    actions_changed.send(ActionItem, actions=actions, fields=fields, by=person)
