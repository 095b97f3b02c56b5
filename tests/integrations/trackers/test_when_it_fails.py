"""A tracker that fails, limits or forgets: nobody is blocked, it is said in words, and it is tried again."""

import pytest
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from integrations.models import TrackedIssue, TrackerConnection
from tests.integrations.trackers.sides import Issue, Side
from tests.integrations.trackers.test_both_ways import link, set_status
from tests.integrations.trackers.worker import poll, time_passes, try_again, waiting, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(author: Person, item: ActionItem, side: Side) -> Issue:
    """Linked, and in step."""
    return link(author, item, side)


def error() -> str:
    return TrackedIssue.objects.get().error


def test_the_item_is_saved_and_the_failure_said(author: Person, item: ActionItem, side: Side, issue: Issue) -> None:
    side.fake.fails_with = 500
    set_status(author, item, "done")
    work()
    item.refresh_from_db()
    assert item.status == "done"
    assert f"{side.connection.name} has trouble of its own (500)" in error()
    assert TrackedIssue.objects.get().due_at > timezone.now()  # type: ignore[operator]


def test_what_failed_is_done_once_it_works_again(author: Person, item: ActionItem, side: Side, issue: Issue) -> None:
    side.fake.fails_with = 502
    set_status(author, item, "done")
    work()
    side.fake.fails_with = 0
    assert try_again() == 0, "not before it is time"
    time_passes(minutes=2)
    try_again()
    assert side.status(issue) == "done"
    assert error() == ""


def test_a_tracker_that_is_down_for_an_hour_is_asked_ever_less(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    side.fake.fails_with = 503
    set_status(author, item, "done")
    work()
    asked = len(side.fake.asked)
    for minute in range(60):
        time_passes(minutes=1)
        try_again()
        if minute % 5 == 0:
            poll()
    assert 4 <= len(side.fake.asked) - asked <= 16
    side.fake.fails_with = 0
    time_passes(minutes=16)
    try_again()
    assert side.status(issue) == "done"
    assert TrackerConnection.objects.get().error == ""


def test_a_limit_is_kept_for_as_long_as_the_tracker_asks(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    side.fake.limited_for = 600
    set_status(author, item, "done")
    work()
    assert "left alone" in error()
    asked = len(side.fake.asked)
    time_passes(minutes=8)
    try_again()
    poll()
    assert len(side.fake.asked) == asked
    side.fake.limited_for = None
    time_passes(minutes=3)
    try_again()
    assert side.status(issue) == "done"


def test_a_token_that_ended_is_said_with_where_to_put_another(
    author: Person, item: ActionItem, side: Side, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = f"DEBRIEF_TRACKER_{side.fake.kind.upper()}_TOKEN"
    monkeypatch.setenv(variable, "ended")
    set_status(author, item, "done")
    work()
    assert error() == f"{side.connection.name} does not take the token. Put a valid one into {variable}."


def test_an_answer_that_comes_too_late_is_a_failure_like_others(
    author: Person, item: ActionItem, side: Side, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    import urllib3

    monkeypatch.setattr("integrations.trackers.wire.SECONDS", urllib3.Timeout(connect=1, read=0.1))
    side.fake.slow = 0.6
    set_status(author, item, "done")
    work()
    assert error() == f"{side.connection.name} did not answer in time."


def test_a_tracker_that_is_not_there_is_a_failure_like_others(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    TrackerConnection.objects.update(base="http://127.0.0.1:9/acme")
    set_status(author, item, "done")
    work()
    assert error() == f"{side.connection.name} could not be reached: Connection refused"


def test_an_issue_that_was_deleted_leaves_the_item_as_it_is(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    side.delete(issue)
    time_passes(days=2)
    poll()
    item.refresh_from_db()
    assert item.status == "open"
    linked = TrackedIssue.objects.get()
    assert linked.is_gone
    assert linked.error


def test_what_a_killed_worker_left_is_taken_up(author: Person, item: ActionItem, side: Side, issue: Issue) -> None:
    set_status(author, item, "done")
    waiting().delete()
    time_passes(seconds=1)
    try_again()
    assert side.status(issue) == "done"


def test_a_change_that_is_undone_before_the_worker_looks_is_not_told(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    set_status(author, item, "done")
    set_status(author, item, "open")
    work()
    assert side.fake.changes_asked == []


def test_a_connection_that_is_off_asks_nothing_until_it_is_on(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    TrackerConnection.objects.update(is_on=False)
    asked = len(side.fake.asked)
    set_status(author, item, "done")
    work()
    poll()
    assert len(side.fake.asked) == asked
    TrackerConnection.objects.update(is_on=True)
    time_passes(seconds=1)
    try_again()
    assert side.status(issue) == "done"


def test_the_issue_of_an_archived_review_changes_nothing(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    item.incident.status = "archived"
    item.incident.save()
    side.move(issue, "done")
    poll()
    item.refresh_from_db()
    assert item.status == "open"
    assert "archived" in error()


def test_an_item_with_a_link_is_deleted_like_any_other(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    from actions.operations import delete_action

    set_status(author, item, "done")
    delete_action(author, item.pk)
    work()
    assert side.status(issue) == "open"


def test_nothing_is_asked_for_an_item_that_changed_otherwise(
    author: Person, item: ActionItem, side: Side, issue: Issue
) -> None:
    change_action(author, item.pk, title="Add two alerts")
    assert waiting().count() == 0
