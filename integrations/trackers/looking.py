"""One look at an issue: fetch or create it, settle, and tell the tracker what it must take over."""

import logging

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from followup.worded import Worded, all_worded, for_reader
from integrations.models import TrackedIssue
from integrations.trackers.asking import alone, answered, failed
from integrations.trackers.linking import remember
from integrations.trackers.registry import tracker_of
from integrations.trackers.settling import agree, settle
from integrations.trackers.tracker import CLOCKS_DIFFER, Issue, NewIssue, Place, Tracker
from integrations.trackers.trouble import Refused, Trouble

_ROUNDS = 3
_log = logging.getLogger(__name__)


def look(issue: int) -> None:
    """Bring an item and its issue in step. Whoever changes either meanwhile makes it look once more."""
    with alone(issue) as is_alone:
        if is_alone:
            for _ in range(_ROUNDS):
                if not _look_once(issue):
                    return


def _look_once(pk: int) -> bool:
    """Whether something changed meanwhile."""
    linked = TrackedIssue.objects.select_related("connection").filter(pk=pk).first()
    if linked is None or not linked.connection.is_on:
        return False
    connection = linked.connection
    if connection.is_paused(timezone.now()):
        TrackedIssue.objects.filter(pk=pk).update(due_at=connection.paused_until, error=connection.error)
        return False
    try:
        tracker = tracker_of(connection)
        found = tracker.fetch(Place(linked.project, linked.key)) if linked.key else _create(linked, tracker)
        wanted = settle(linked, found, tracker)
        if wanted is not None:
            here = ActionItem.objects.values_list("status", flat=True).get(pk=linked.action_id)
            if tracker.shows(here) == wanted:
                agree(linked, here, tracker.set_status(found, wanted).status)
    except Trouble as trouble:
        failed(linked, trouble)
        return False
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # An answer that no version of this tracker gives. It must not fail anew every minute.
        _log.exception("Looking at %s of %s failed", linked, connection)
        failed(linked, Refused(f"{connection} answered in a way that Debrief does not understand."))
        return False
    answered(connection)
    kept = TrackedIssue.objects.filter(pk=pk)
    kept.update(error="", tries=0, is_gone=False)
    return not kept.filter(due_at=linked.due_at).update(due_at=None)


def _create(linked: TrackedIssue, tracker: Tracker) -> Issue:
    """Create the issue, or find the one whose creation was not heard of: the worker may have been killed."""
    reference = str(linked.reference)
    if linked.creating_since is not None:
        found = tracker.find_created(linked.project, reference, linked.creating_since - CLOCKS_DIFFER)
        if found is not None:
            return _created(linked, found)
    else:
        TrackedIssue.objects.filter(pk=linked.pk).update(creating_since=timezone.now())
    return _created(linked, tracker.create(linked.project, new_issue(linked, reference)))


def _created(linked: TrackedIssue, issue: Issue) -> Issue:
    with transaction.atomic():
        remember(linked.connection, issue.place.project)
        # Both agree on what a new issue is, so that what the item became meanwhile is what changed.
        agree(linked, issue.status, issue.status)
    return issue


def new_issue(linked: TrackedIssue, reference: str) -> NewIssue:
    """What a new issue says, as Markdown: what whoever asked for it may read of the item, people as roles and all."""
    item = _as_read_by(linked.asked_by, linked.action_id)
    details = item.action.details if item.tells_names else str(item.frozen.get("details", ""))
    parts = [details, f"Done when: {item.done_when}" if item.done_when else ""]
    if settings.SITE_ADDRESS:
        parts.append(f"Action item in Debrief: {settings.SITE_ADDRESS.rstrip('/')}/actions/{item.action.pk}/")
    parts.append(f"Kept in step by Debrief, reference {reference}")
    return NewIssue(item.title, "\n\n".join(part.strip() for part in parts if part.strip()), reference)


def _as_read_by(person: Person | None, action_pk: int) -> Worded:
    visible = ActionItem.objects.visible_to(person).filter(pk=action_pk) if person else ActionItem.objects.none()
    found = all_worded(for_reader(visible, person), person) if person else []
    if not found:
        raise Refused("Whoever asked for the issue may no longer see the item. Unlink it, and ask for another one.")
    return found[0]
