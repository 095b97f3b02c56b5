"""A status goes from the item to its issue and back, for each tracker; no title ever does, and nothing goes round."""

from typing import Any

import pytest

from accounts.models import Person
from actions.bulk import change_actions
from actions.models import ActionItem, ActionStatus, ChangedField
from actions.operations import change_action
from actions.seen import Seen
from core.models import AuditEntry
from integrations.models import TrackedIssue
from integrations.trackers.registry import KINDS
from tests.integrations.trackers.sides import Issue, Side
from tests.integrations.trackers.worker import poll, soon, time_passes, waiting, work

pytestmark = pytest.mark.django_db
STATUSES = ["in-progress", "done", "wont-do"]


def link(author: Person, item: ActionItem, side: Side, status: str = "open") -> Issue:
    """An issue over there, linked to the item, and both in step."""
    issue = side.fake.add()
    if status != "open":
        side.move(issue, status)
    change_action(author, item.pk, tracker_url=side.url(issue))
    work()
    item.refresh_from_db()
    return issue


def set_status(author: Person, item: ActionItem, status: str) -> None:
    reason = {"reason": "Another team did it."} if status == "wont-do" else {}
    change_action(author, item.pk, status=status, **reason)


@pytest.mark.parametrize("status", STATUSES)
def test_the_issue_gets_the_status_of_the_item(author: Person, item: ActionItem, side: Side, status: str) -> None:
    issue = link(author, item, side)
    set_status(author, item, status)
    work()
    assert side.status(issue) == side.folded.get(status, status)
    assert TrackedIssue.objects.get().error == ""


@pytest.mark.parametrize("status", STATUSES)
def test_the_item_gets_the_status_of_the_issue(author: Person, item: ActionItem, side: Side, status: str) -> None:
    issue = link(author, item, side)
    side.move(issue, status)
    poll()
    item.refresh_from_db()
    assert item.status == side.folded.get(status, status)


@pytest.mark.parametrize("status", ["done", "wont-do"])
def test_what_is_opened_again_here_is_opened_there(author: Person, item: ActionItem, side: Side, status: str) -> None:
    issue = link(author, item, side)
    set_status(author, item, status)
    work()
    set_status(author, item, "open")
    work()
    assert side.status(issue) == "open"


@pytest.mark.parametrize("status", ["done", "wont-do"])
def test_what_is_opened_again_there_is_opened_here(author: Person, item: ActionItem, side: Side, status: str) -> None:
    issue = link(author, item, side, status)
    assert item.status == status
    side.move(issue, "open")
    poll()
    item.refresh_from_db()
    assert (item.status, item.done_at) == ("open", None)


def test_done_can_become_wont_do_and_back(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    for status in ("done", "wont-do", "done"):
        set_status(author, item, status)
        work()
        assert side.status(issue) == status


def test_what_a_tracker_did_has_a_history_an_audit_entry_and_words(
    author: Person, item: ActionItem, side: Side
) -> None:
    issue = link(author, item, side)
    side.move(issue, "wont-do")
    poll()
    item.refresh_from_db()
    assert side.connection.name in item.reason
    change = item.changes.filter(field=ChangedField.STATUS).get()
    assert (change.by, change.before, change.after) == (None, "open", "wont-do")
    assert side.connection.name in change.note
    entry = AuditEntry.objects.filter(verb="change-action", person=None).get()
    assert entry.detail == f"action {item.pk}: status as in {side.connection.name}"


def test_what_is_done_there_names_the_issue_as_evidence(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.move(issue, "done")
    poll()
    item.refresh_from_db()
    assert side.url(issue) in item.evidence
    assert item.done_at is not None


def test_evidence_that_somebody_wrote_stays(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    change_action(author, item.pk, evidence="The graph of last week.")
    side.move(issue, "done")
    poll()
    item.refresh_from_db()
    assert item.evidence == "The graph of last week."


def test_what_came_from_a_tracker_is_not_sent_back(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.move(issue, "done")
    poll()
    assert side.fake.changes_asked == []
    assert waiting().count() == 0


def test_what_was_sent_does_not_come_back_as_a_change(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    set_status(author, item, "done")
    work()
    before = (item.changes.count(), AuditEntry.objects.count(), len(side.fake.changes_asked))
    poll()
    time_passes(days=2)
    poll()
    assert (item.changes.count(), AuditEntry.objects.count(), len(side.fake.changes_asked)) == before
    assert side.status(issue) == "done"


def test_a_title_changed_on_either_side_stays_there(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    issue["title"] = "Over there"
    change_action(author, item.pk, title="Over here", status="done")
    work()
    side.move(issue, "open")
    poll()
    item.refresh_from_db()
    assert item.title == "Over here"
    assert issue["title"] == "Over there"


def test_an_item_that_is_only_proposed_leaves_an_open_issue_alone(author: Person, item: ActionItem, side: Side) -> None:
    set_status(author, item, "proposed")
    issue = link(author, item, side)
    assert item.status == "proposed"
    assert side.status(issue) == "open"
    assert side.fake.changes_asked == []


# Both changed


def test_where_both_changed_the_later_change_there_wins(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.fake.fails_with = 503
    set_status(author, item, "done")
    work()
    side.fake.fails_with = 0
    side.move(issue, "wont-do", at=soon())
    time_passes(hours=1)
    poll()
    item.refresh_from_db()
    assert item.status == "wont-do"
    assert side.status(issue) == "wont-do"


def test_where_both_changed_the_later_change_here_wins(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.move(issue, "wont-do", at=soon(-60))
    set_status(author, item, "done")
    work()
    item.refresh_from_db()
    assert item.status == "done"
    assert side.status(issue) == "done"


def test_where_both_changed_alike_nothing_is_sent(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.move(issue, "done")
    set_status(author, item, "done")
    work()
    assert side.fake.changes_asked == []
    assert TrackedIssue.objects.get().agreed_there == "done"


# As an issue is linked


def test_a_linked_item_takes_over_what_its_issue_says(author: Person, item: ActionItem, side: Side) -> None:
    link(author, item, side, "done")
    assert item.status == "done"
    assert side.fake.changes_asked == []


def test_linking_a_finished_item_finishes_its_issue(author: Person, item: ActionItem, side: Side) -> None:
    set_status(author, item, "done")
    issue = link(author, item, side)
    assert item.status == "done"
    assert side.status(issue) == "done"


def test_a_change_made_while_the_tracker_is_told_is_told_as_well(
    author: Person, item: ActionItem, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = link(author, item, side)
    usual: Any = KINDS[side.fake.kind]

    class Interrupted(usual):  # type: ignore[misc]
        """Somebody thinks better of it while the request is on its way."""

        def set_status(self, issue: Any, status: ActionStatus) -> Any:
            if status == ActionStatus.DONE:
                set_status(author, item, "open")
            return super().set_status(issue, status)

    monkeypatch.setitem(KINDS, side.fake.kind, Interrupted)
    set_status(author, item, "done")
    work()
    item.refresh_from_db()
    assert item.status == "open"
    assert side.status(issue) == "open"


def test_many_items_that_change_at_once_are_told_of_with_few_queries(
    author: Person, item: ActionItem, side: Side, django_assert_max_num_queries: Any
) -> None:
    linked = []
    for number in range(6):
        one = ActionItem.objects.create(incident=item.incident, title=f"Add alert {number}", owner=author)
        linked.append((one, link(author, one, side)))
    seen = [Seen.of(one) for one, _ in linked]
    with django_assert_max_num_queries(20):
        change_actions(author, seen, status="done")
    assert waiting().count() == 1
    work()
    assert {side.status(issue) for _, issue in linked} == {"done"}
