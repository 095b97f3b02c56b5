"""Which action items wait for which. A link tells people; it forbids nothing."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from accounts.models import Person
from actions.locking import locked_to_assign
from actions.models import ActionItem
from core import audit

MOST_LINKS = 50
_FURTHEST = 20  # links to follow until a circle is no longer looked for


@transaction.atomic
def wait_for(person: Person, action_pk: int, other_pk: int) -> ActionItem:
    """Say that the item waits for another one, of whatever review `person` may see. ValidationError for itself."""
    action, incident = locked_to_assign(person, action_pk)
    other = ActionItem.objects.visible_to(person).filter(pk=other_pk).first()
    if other is None:
        raise Http404
    if other == action:
        raise ValidationError("An item cannot wait for itself.")
    if action.waits_for.filter(pk=other.pk).exists():
        return other
    if action.waits_for.count() >= MOST_LINKS:
        raise ValidationError(f"It waits for {MOST_LINKS} items already. Take one away first.")
    action.waits_for.add(other)
    audit.record(person, "link-action", f"incident {incident.number}", f"action {action.pk}: {other.pk}")
    return other


@transaction.atomic
def wait_no_more(person: Person, action_pk: int, other_pk: int) -> None:
    """Say that the item does not wait for the other one."""
    action, incident = locked_to_assign(person, action_pk)
    if not action.waits_for.visible_to(person).filter(pk=other_pk).exists():
        return
    action.waits_for.remove(other_pk)
    audit.record(person, "unlink-action", f"incident {incident.number}", f"action {action.pk}: {other_pk}")


def is_in_circle(person: Person, action: ActionItem) -> bool:
    """Whether it waits, over unfinished items that `person` may see, for itself. A query for each step."""
    if action.is_finished:
        return False
    links = ActionItem.waits_for.through.objects
    seen: set[int] = set()
    ahead = {action.pk}
    for _ in range(_FURTHEST):
        unfinished = ActionItem.objects.visible_to(person).unfinished().values("pk")
        steps = links.filter(from_actionitem__in=ahead, to_actionitem__in=unfinished)
        ahead = set(steps.values_list("to_actionitem", flat=True)) - seen
        if action.pk in ahead:
            return True
        if not ahead:
            return False
        seen |= ahead
    return False
