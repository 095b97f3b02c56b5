"""One action item becomes several."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.access import Verb, may
from accounts.models import Person
from actions.locking import locked_to_assign
from actions.models import ActionItem, ActionStatus, ChangedField
from actions.operations import keep_change, set_fields
from core import audit
from core.positions import renumber
from core.problems import Problems

MOST_PARTS = 20


@transaction.atomic
def split_action(
    person: Person, action_pk: int, titles: Iterable[str], *, stays: str | None = None
) -> list[ActionItem]:
    """Make an item of each of the `titles`, right below the one they are split from, which goes on with the rest.

    Each has its owner, team and due date, removes the same factors, and waits for and holds up the same items. `stays`
    is what the item itself is called from now on; who may only assign it leaves its title as it is.
    ValidationError, by field, where a title will not do.
    """
    action, incident = locked_to_assign(person, action_pk)
    if action.is_finished:
        raise ValidationError("This is finished. Reopen it to split it.")
    wanted = _checked(titles)
    if stays is not None and stays != action.title:
        if not may(person, Verb.EDIT, incident):
            raise PermissionDenied
        set_fields(person, action, title=stays)
    parts = [_part_of(person, action, title) for title in wanted]
    rows = [row for row in incident.actions.all() if row not in parts]
    place = rows.index(action) + 1
    renumber([*rows[:place], *parts, *rows[place:]])
    made = ", ".join(str(part.pk) for part in parts)
    audit.record(person, "split-action", f"incident {incident.number}", f"action {action.pk}: {made}")
    return parts


def _checked(titles: Iterable[str]) -> list[str]:
    problems = Problems()
    wanted = [line for one in titles if (line := problems.line("titles", one, longest=300))]
    if not wanted:
        problems.add("titles", "Write at least one title: what a part of it will be done as.")
    if len(wanted) > MOST_PARTS:
        problems.add("titles", f"These are {len(wanted)} parts; at most {MOST_PARTS} at a time.")
    problems.refuse_any()
    return wanted


def _part_of(person: Person, action: ActionItem, title: str) -> ActionItem:
    is_proposed = action.status == ActionStatus.PROPOSED
    part = ActionItem.objects.create(
        incident=action.incident,
        title=title,
        kind=action.kind,
        status=ActionStatus.PROPOSED if is_proposed else ActionStatus.OPEN,
        owner=action.owner,
        owner_as_written=action.owner_as_written,
        team=action.team,
        due=action.due,
        position=action.position,
        split_from=action,
    )
    part.factors.set(action.factors.all())
    part.waits_for.set(action.waits_for.all())
    part.holds_up.set(action.holds_up.all())
    keep_change(person, action, ChangedField.SPLIT, after=part.pk)
    keep_change(person, part, ChangedField.SPLIT, before=action.pk)
    return part
