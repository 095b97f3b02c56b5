"""What each form of the page does, and what became of the item while it stood open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Person
from actions.linking import wait_for, wait_no_more
from actions.locking import locked_to_assign
from actions.merging import merge_actions, unmerge_action
from actions.models import ActionItem, ActionKind, ActionStatus
from actions.splitting import split_action
from actions.verifying import take_back_verification, verify_action
from followup.item.forms import ItemForm, changed_since
from followup.item.page import ItemPage
from reviews.removals import change_review_action

_LABELS = {
    "done_when": "How one will know",
    "due": "Due",
    "evidence": "What shows it",
    "factors": "Factors that it removes",
    "reason": "Why it won't be done",
    "title": "What will be done",
}
_NOT_THEIRS = "You may not change that item, so nothing can be merged into it. Ask its owner, or its team lead."
_GONE = "There is no item of that number, or you may not see it."


@dataclass(frozen=True)
class Difference:
    """A field that both changed, with what each wants there."""

    label: str
    theirs: str
    mine: str


class Overtaken(Exception):
    """Somebody else changed what the form would change. Nothing is stored."""

    def __init__(self, differences: list[Difference], by: str, at: datetime | None) -> None:
        self.differences, self.by, self.at = differences, by, at
        super().__init__()


def submit(page: ItemPage, name: str, form: ItemForm, seen: str) -> str:
    """Do what the form of that name says; gives what to tell. `seen` is what it was made of.

    Overtaken where somebody was there first; ValidationError, by field, where it cannot be done; PermissionDenied.
    """
    person, action, told = page.person, page.action, form.cleaned_data
    if name == "verify":
        verify_action(person, action.pk, told["note"])
        return "Verified."
    if name == "unverify":
        take_back_verification(person, action.pk, told["note"])
        return "No longer verified."
    if name == "unmerge":
        _unmerge(person, action)
        return "It is an item of its own again."
    if name == "merge":
        return _merged(person, action, told)
    if name == "wait":
        return _waits(page, told["other"])
    if overtaken := overtaken_by(page, form, changed_since(action, seen)):
        raise overtaken
    if name == "split":
        parts = split_action(person, action.pk, **form.values())
        return f"Split off {len(parts)} item{'' if len(parts) == 1 else 's'}."
    values = form.values()
    # What was read a moment ago is expected once more under the lock.
    expecting = {one: getattr(action, one) for one in values if one != "factors"}
    change_review_action(person, action.pk, expecting=expecting, note=told.get("note", ""), **values)
    return _said(values)


def take_away(person: Person, action_pk: int, other_pk: int) -> str:
    """End a link; gives what to tell."""
    wait_no_more(person, action_pk, other_pk)
    return "It no longer waits for that."


def overtaken_by(page: ItemPage, form: ItemForm, changed: Iterable[str]) -> Overtaken | None:
    """What of the fields that others `changed` the form would change in another way; None for nothing."""
    wanted: dict[str, Any] = form.values()
    if "titles" in wanted:
        wanted = {"title": wanted["stays"]} if wanted["stays"] else {}
    found = [
        (name, theirs, wanted[name])
        for name in changed
        if name in wanted and _plain(wanted[name]) != _plain(theirs := _stored(page.action, name))
    ]
    if not found:
        return None
    last = page.action.changes.filter(field__in=[name for name, *_ in found]).select_related("by").last()
    differences = [
        Difference(
            _LABELS.get(name, name.capitalize()), _in_words(page, name, theirs), _in_words(page, name, mine, True)
        )
        for name, theirs, mine in found
    ]
    by = (page.item.person(last.by) if last.by else "Its tracker") if last else "Somebody"
    return Overtaken(differences, by, last.at if last else None)


def _stored(action: ActionItem, name: str) -> Any:
    return list(action.factors.all()) if name == "factors" else getattr(action, name)


def _plain(value: Any) -> Any:
    """For comparing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return {one.pk for one in value} if isinstance(value, (list, QuerySet)) else value


def _in_words(page: ItemPage, name: str, value: Any, is_typed: bool = False) -> str:
    if value is None or value == "":
        return ""
    if name == "owner":
        return str(value) if is_typed or value == page.person else page.item.person(value)
    if name == "status":
        return str(ActionStatus(value).label)
    if name == "kind":
        return str(ActionKind(value).label)
    if name == "due":
        return f"{value.day} {value:%b %Y}"
    if name == "factors":
        return ", ".join(sorted(one.text[:80] for one in value))
    if name in ("evidence", "reason") and not (page.tells_all or is_typed):
        return "Something that is told to those who take part in its review"
    return str(_plain(value))


def _merged(person: Person, action: ActionItem, told: dict[str, Any]) -> str:
    try:
        into = merge_actions(person, told["other"], [action.pk], told["note"])
    except Http404:
        raise ValidationError({"other": [_GONE]}) from None
    except PermissionDenied:
        locked_to_assign(person, action.pk)  # refused where it is this one that is not theirs
        raise ValidationError({"other": [_NOT_THEIRS]}) from None
    except ValidationError as problem:
        raise ValidationError({"other": problem.messages}) from None
    return f"Merged into item {into.pk}."


def _unmerge(person: Person, action: ActionItem) -> None:
    try:
        unmerge_action(person, action.pk)
    except (Http404, PermissionDenied):
        locked_to_assign(person, action.pk)
        raise ValidationError("The item that it was merged into is not yours to change. Ask its team lead.") from None


def _waits(page: ItemPage, other_pk: int) -> str:
    try:
        wait_for(page.person, page.action.pk, other_pk)
    except Http404:
        raise ValidationError({"other": [_GONE]}) from None
    except ValidationError as problem:
        raise ValidationError({"other": problem.messages}) from None
    return "It waits for that, which is a note to people: nothing is held back."


def _said(values: dict[str, Any]) -> str:
    if "status" not in values:
        return "Saved."
    if values["status"] == ActionStatus.DONE:
        return "Done."
    return f"It is {str(ActionStatus(values['status']).label).lower()} now."
