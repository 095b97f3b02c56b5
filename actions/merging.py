"""Several action items become one."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from accounts.models import Person
from actions.locking import all_locked_to_assign
from actions.models import ActionItem, ActionMerge, ActionStatus, ChangedField
from actions.operations import keep_change, set_fields
from core import audit
from core.text import storable
from incidents.models import Visibility

MOST_MERGED = 50
_LINKS = ("waits_for", "holds_up")


@transaction.atomic
def merge_actions(person: Person, into_pk: int, action_pks: Iterable[int], note: str = "") -> ActionItem:
    """Let one item stand for the others, which will not be done themselves; `unmerge_action` takes it back.

    What they wait for and hold up moves to it, and the factors they remove, where they belong to its review: a factor
    of another review stays with the item of that review, which names the one it was merged into.
    """
    others = {pk for pk in action_pks if pk != into_pk}
    if not others:
        raise ValidationError("Choose at least one other item to merge.")
    if len(others) > MOST_MERGED:
        raise ValidationError(f"These are {len(others)} items; at most {MOST_MERGED} at a time.")
    actions = all_locked_to_assign(person, [into_pk, *others])
    into = actions.pop(into_pk)
    if finished := [one for one in (into, *actions.values()) if one.is_finished]:
        raise ValidationError(f"“{finished[0]}” is finished. Reopen it to merge it.")
    for action in actions.values():
        _merge(person, action, into, note)
    return into


@transaction.atomic
def unmerge_action(person: Person, action_pk: int) -> ActionItem:
    """Take a merge back: the item is as it was, and has its factors and links again."""
    into_pk = ActionItem.objects.visible_to(person).filter(pk=action_pk).values_list("merged_into", flat=True).first()
    if into_pk is None:
        raise Http404
    locked = all_locked_to_assign(person, [action_pk, into_pk])
    action, into = locked[action_pk], locked[into_pk]
    kept = ActionMerge.objects.filter(action=action).first()
    if kept is None or action.merged_into_id != into.pk:
        raise ValidationError("This was merged elsewhere, or taken back, a moment ago. Look again.")
    factors = into.factors.filter(pk__in=kept.factors)
    action.factors.add(*factors)
    into.factors.remove(*factors)
    for name in _LINKS:
        links = getattr(into, name).filter(pk__in=getattr(kept, name))
        getattr(action, name).add(*links)
        getattr(into, name).remove(*links)
    kept.delete()
    set_fields(person, action, status=kept.status_before)
    keep_change(person, into, ChangedField.MERGED, before=into.pk, after=action.pk)
    _record(person, "unmerge-action", action, into)
    return action


def _merge(person: Person, action: ActionItem, into: ActionItem, note: str) -> None:
    kept = ActionMerge(action=action, status_before=action.status)
    if action.incident_id == into.incident_id:
        known = list(into.factors.values_list("pk", flat=True))
        kept.factors = list(action.factors.exclude(pk__in=known).values_list("pk", flat=True))
        into.factors.add(*kept.factors)
        action.factors.remove(*kept.factors)
    for name in _LINKS:
        linked = [into.pk, *getattr(into, name).values_list("pk", flat=True)]
        moved = list(getattr(action, name).exclude(pk__in=linked).values_list("pk", flat=True))
        setattr(kept, name, moved)
        getattr(into, name).add(*moved)
        getattr(action, name).remove(*moved)
    set_fields(person, action, note, status=ActionStatus.WONT_DO, reason=_reason(action, into), merged_into=into)
    kept.save()
    keep_change(person, into, ChangedField.MERGED, before=action.pk, after=into.pk, note=storable(note).strip())
    _record(person, "merge-action", action, into)


def _reason(action: ActionItem, into: ActionItem) -> str:
    """Names the other item to those who read this one: they may not see every review."""
    if action.incident_id == into.incident_id:
        return f"Merged into “{into.title}”."
    incident = into.incident
    if incident.is_published and incident.visibility == Visibility.INTERNAL:
        return f"Merged into an item of review {incident.number}."
    return "Merged into an item of another review."


def _record(person: Person, verb: str, action: ActionItem, into: ActionItem) -> None:
    """Once for each review."""
    for one, other in ((action, into), (into, action)):
        if one is action or one.incident_id != other.incident_id:
            audit.record(person, verb, f"incident {one.incident.number}", f"action {one.pk}: {other.pk}")
