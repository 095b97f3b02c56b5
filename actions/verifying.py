"""Somebody else looks whether what is done is done."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Verb, may
from accounts.models import Person
from actions.locking import locked_action
from actions.models import ActionItem, ActionStatus, ChangedField
from actions.operations import keep_change
from core import audit
from core.text import storable
from incidents.models import Incident


def may_verify(person: Person, action: ActionItem) -> bool:
    """Whether `person` may say that it is done: who takes part in its review or may assign it, but never its owner."""
    return action.owner_id != person.pk and _may_judge(person, action.incident)


def may_take_back(person: Person, action: ActionItem) -> bool:
    """Whether `person` may take back that it was verified: whoever verified it, and who may assign it."""
    return action.verified_by_id == person.pk or may(person, Verb.ASSIGN, action.incident)


@transaction.atomic
def verify_action(person: Person, action_pk: int, note: str = "") -> ActionItem:
    """Say that the item is done, having looked; `note` is what was seen. ValidationError where that makes no sense."""
    action, incident = locked_action(person, Verb.SEE, action_pk)
    if action.owner_id == person.pk:
        raise ValidationError("You own this item, so somebody else looks whether it is done.")
    if not _may_judge(person, incident):
        raise PermissionDenied
    if action.status != ActionStatus.DONE:
        raise ValidationError("Only what is done can be verified. It is not set to done, or no longer is.")
    if action.verified_by_id is not None:
        return action
    action.verified_by, action.verified_at = person, timezone.now()
    action.save(update_fields=["verified_by", "verified_at"])
    keep_change(person, action, ChangedField.VERIFIED, after=person.pk, note=storable(note).strip())
    audit.record(person, "verify-action", f"incident {incident.number}", f"action {action.pk}")
    return action


@transaction.atomic
def take_back_verification(person: Person, action_pk: int, note: str = "") -> ActionItem:
    """Say that it is not verified after all; the item stays done."""
    action, incident = locked_action(person, Verb.SEE, action_pk)
    if action.verified_by_id is None:
        return action
    action.incident = incident
    if not may_take_back(person, action):
        raise PermissionDenied
    before, action.verified_by, action.verified_at = action.verified_by_id, None, None
    action.save(update_fields=["verified_by", "verified_at"])
    keep_change(person, action, ChangedField.VERIFIED, before=before, note=storable(note).strip())
    audit.record(person, "unverify-action", f"incident {incident.number}", f"action {action.pk}")
    return action


def _may_judge(person: Person, incident: Incident) -> bool:
    return may(person, Verb.COMMENT, incident) or may(person, Verb.ASSIGN, incident)
