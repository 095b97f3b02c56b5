"""What to do where an action item and its issue differ.

Both are compared with what they were when they last agreed, so that it is known who changed. Who did not change
follows. Where both changed, the later change wins. As an issue is linked, the item takes over its status, unless the
item is finished and the issue is not: then the issue follows. A title is never written, neither here nor there.

Nothing goes round in a circle: what one side took over from the other is what they agree on from then on.
"""

from datetime import datetime
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.models import UNFINISHED, ActionItem, ActionStatus, ChangedField
from actions.operations import set_fields
from core import audit
from incidents.models import Incident, Status
from integrations.models import TrackedIssue
from integrations.trackers.tracker import Issue, Tracker
from integrations.trackers.trouble import Refused


class Winner(Enum):
    """Whose status holds."""

    BOTH = "both"
    HERE = "here"
    THERE = "there"


def settle(linked: TrackedIssue, issue: Issue, tracker: Tracker) -> ActionStatus | None:
    """Take over what the issue says, where it wins: the status that the issue must get instead, if that wins."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(of=("self",)).get(actions=linked.action_id)
        action = ActionItem.objects.select_for_update(of=("self",)).get(pk=linked.action_id)
        now_linked = TrackedIssue.objects.select_for_update(of=("self",)).filter(pk=linked.pk).first()
        if now_linked is None:
            return None
        _note_place(now_linked, action, issue)
        winner = winning(now_linked, action, issue, tracker)
        if winner is Winner.HERE:
            return tracker.shows(action.status)
        if winner is Winner.THERE:
            if incident.status == Status.ARCHIVED:
                raise Refused("The review is archived, so that the item stays as it is, whatever its issue says.")
            agree(now_linked, issue.status, issue.status)
            _take_over(action, issue, linked, incident.number)
        else:
            agree(now_linked, action.status, issue.status)
    return None


def winning(linked: TrackedIssue, action: ActionItem, issue: Issue, tracker: Tracker) -> Winner:
    """Whose status holds, by the rule at the top of this file."""
    if tracker.shows(action.status) == issue.status:
        return Winner.BOTH
    if not linked.agreed_here:
        return Winner.HERE if action.is_finished and issue.status in UNFINISHED else Winner.THERE
    is_changed_here = action.status != linked.agreed_here
    is_changed_there = issue.status != linked.agreed_there
    if is_changed_here and is_changed_there:
        at_here, at_there = _changed_here(action), issue.changed_at
        return Winner.THERE if at_there is not None and at_there >= at_here else Winner.HERE
    if is_changed_here:
        return Winner.HERE
    return Winner.THERE if is_changed_there else Winner.BOTH


def agree(linked: TrackedIssue, here: str, there: str) -> None:
    """From now on, who differs from this has changed."""
    TrackedIssue.objects.filter(pk=linked.pk).update(agreed_here=here, agreed_there=there)


def _changed_here(action: ActionItem) -> datetime:
    last = action.changes.filter(field=ChangedField.STATUS).last()
    return last.at if last else action.created_at


def _take_over(action: ActionItem, issue: Issue, linked: TrackedIssue, number: int) -> None:
    name, label = linked.connection.name, issue_label(linked, issue)
    changed: dict[str, str] = {"status": issue.status}
    if issue.status == ActionStatus.WONT_DO:
        changed["reason"] = f"Closed in {name} as something that won’t be done: {label}."
    if issue.status == ActionStatus.DONE and not action.evidence:
        changed["evidence"] = f"Closed in {name}: {issue.url}"
    try:
        set_fields(None, action, f"As in {name}, {label}", **changed)
    except ValidationError as problem:
        raise Refused(f"The item cannot follow its issue: {' '.join(problem.messages)}") from problem
    audit.record(None, "change-action", f"incident {number}", f"action {action.pk}: status as in {name}")


def _note_place(linked: TrackedIssue, action: ActionItem, issue: Issue) -> None:
    """Where the issue is now, and that it was seen. It may have moved, or have been created just now."""
    place = issue.place
    if (linked.project, linked.key) != (place.project, place.key):
        if not linked.connection.follows(place.project):
            raise Refused(f"The issue has moved to {place.project}, which is not set up here. Unlink it, or add that.")
        linked.project, linked.key, linked.url = place.project, place.key, issue.url
    linked.external_id, linked.fetched_at, linked.checked_at = issue.id, timezone.now(), timezone.now()
    linked.save()
    if linked.url and action.tracker_url != linked.url:
        set_fields(None, action, tracker_url=linked.url)
        TrackedIssue.objects.filter(pk=linked.pk).update(url=action.tracker_url)
        number = action.incident.number
        audit.record(None, "change-action", f"incident {number}", f"action {action.pk}: tracker_url")


def issue_label(linked: TrackedIssue, issue: Issue) -> str:
    """As people write it: "acme/payments#12"."""
    linked.project, linked.key = issue.place.project, issue.place.key
    return linked.label
