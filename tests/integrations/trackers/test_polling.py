"""What webhooks did not tell is read from the tracker, with few requests; what moved is followed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from integrations.models import TrackedIssue, TrackedProject
from tests.fakes.trackers import FakeTrackers
from tests.integrations.trackers.sides import Side
from tests.integrations.trackers.test_both_ways import link, set_status
from tests.integrations.trackers.worker import poll, soon, time_passes, work

pytestmark = pytest.mark.django_db


def test_a_poll_takes_one_request_for_all_items_of_a_project(author: Person, item: ActionItem, side: Side) -> None:
    for _ in range(5):
        other = ActionItem.objects.create(incident=item.incident, title="Add an alert", owner=author)
        link(author, other, side)
    poll()
    asked = len(side.fake.asked)
    poll()
    assert len(side.fake.asked) == asked + 1


def test_nothing_is_polled_that_nobody_linked(side: Side) -> None:
    poll()
    assert side.fake.asked == []


def test_a_poll_says_that_all_is_in_step(author: Person, item: ActionItem, side: Side) -> None:
    link(author, item, side)
    time_passes(hours=1)
    before = TrackedIssue.objects.get().checked_at
    poll()
    after = TrackedIssue.objects.get().checked_at
    assert before is not None
    assert after is not None
    assert after > before


def test_a_tracker_whose_clock_is_late_is_heard_as_well(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.move(issue, "done", at=soon(-300))
    poll()
    item.refresh_from_db()
    assert item.status == "done"


def test_a_tracker_whose_clock_is_early_is_heard_as_well(author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    TrackedProject.objects.update(changed_since=timezone.now() + timedelta(minutes=5))
    side.move(issue, "done", at=soon(310))
    poll()
    item.refresh_from_db()
    assert item.status == "done"


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_what_did_not_change_is_asked_for_with_a_condition(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any], name: str
) -> None:
    fake = getattr(fakes, name)
    connect(name)
    issue = fake.add()
    change_action(author, item.pk, tracker_url=issue.get("html_url") or issue["web_url"])
    work()
    for _ in range(3):
        poll()
    assert fake.asked[-1].headers["If-None-Match"] == TrackedProject.objects.get().etag


def test_more_changes_than_fit_a_page_are_all_read(
    author: Person, item: ActionItem, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"integrations.trackers.{side.fake.kind}._PER_PAGE", 3)
    issue = link(author, item, side)
    for _ in range(4):
        side.fake.add()
    side.move(issue, "done")
    for _ in range(4):
        side.fake.add()
    poll()
    item.refresh_from_db()
    assert item.status == "done"


def test_an_issue_of_two_items_changes_both(author: Person, item: ActionItem, side: Side) -> None:
    other = ActionItem.objects.create(incident=item.incident, title="The same", owner=author)
    issue = link(author, item, side)
    change_action(author, other.pk, tracker_url=side.url(issue))
    work()
    set_status(author, item, "done")
    work()
    poll()
    other.refresh_from_db()
    assert other.status == "done"


def test_polling_a_thousand_changes_takes_few_queries(
    author: Person, item: ActionItem, side: Side, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    from integrations.trackers.polling import poll as poll_one

    link(author, item, side)
    for _ in range(50):
        side.fake.add()
    with django_assert_max_num_queries(8):
        poll_one(TrackedProject.objects.get())


# What moved


def test_a_transferred_github_issue_is_followed(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("github", projects="acme/payments\nacme/secret")
    old = fakes.github.add()
    change_action(author, item.pk, tracker_url=old["html_url"])
    work()
    new = fakes.github.add("acme/secret")
    fakes.github.transferred["acme/payments", old["number"]] = ("acme/secret", new["number"])
    set_status(author, item, "done")
    work()
    item.refresh_from_db()
    assert new["state"] == "closed"
    assert item.tracker_url == new["html_url"]


def test_an_issue_that_went_where_debrief_may_not_is_left_alone(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("github")
    old = fakes.github.add()
    change_action(author, item.pk, tracker_url=old["html_url"])
    work()
    new = fakes.github.add("acme/secret")
    fakes.github.transferred["acme/payments", old["number"]] = ("acme/secret", new["number"])
    set_status(author, item, "done")
    work()
    assert new["state"] == "open"
    assert "moved to acme/secret" in TrackedIssue.objects.get().error


def test_a_moved_jira_issue_is_followed_under_its_new_key(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("jira", projects="OPS\nWEB")
    fakes.jira.projects.append("WEB")
    issue = fakes.jira.add()
    change_action(author, item.pk, tracker_url=f"{fakes.jira.base}/browse/OPS-1")
    work()
    fakes.jira.issues = {"WEB-9": issue | {"key": "WEB-9"}}
    fakes.jira.moved["OPS-1"] = "WEB-9"
    set_status(author, item, "done")
    work()
    item.refresh_from_db()
    assert item.tracker_url.endswith("/browse/WEB-9")


def test_a_linear_issue_that_went_to_another_team_is_followed(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("linear", projects="ENG\nOPS")
    issue = fakes.linear.add()
    change_action(author, item.pk, tracker_url=issue["url"])
    work()
    fakes.linear.former["ENG-1"] = "OPS-5"
    issue |= {"identifier": "OPS-5", "team": {"id": "team-ops", "key": "OPS"}}
    issue["url"] = f"{fakes.linear.base}/issue/OPS-5/an-issue"
    set_status(author, item, "done")
    work()
    item.refresh_from_db()
    assert issue["state"]["type"] == "completed"
    assert item.tracker_url == issue["url"]


@pytest.mark.parametrize("shows_moved", [True, False])
def test_a_moved_gitlab_issue_is_followed_or_said_to_have_moved(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any], shows_moved: bool
) -> None:
    connect("gitlab", projects="acme/web/*")
    fakes.gitlab.projects.append("acme/web/api")
    fakes.gitlab.shows_moved = shows_moved
    old, new = fakes.gitlab.add(), fakes.gitlab.add("acme/web/api")
    change_action(author, item.pk, tracker_url=old["web_url"])
    work()
    fakes.gitlab.change(old, "closed")
    old["moved_to_id"] = new["id"]
    poll()
    item.refresh_from_db()
    assert item.status == "open"
    assert (item.tracker_url == new["web_url"]) is shows_moved
    assert ("moved" in TrackedIssue.objects.get().error) is not shows_moved


# What only one of them does


def test_github_says_in_progress_with_a_label_where_one_is_named(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("github", in_progress_label="in progress")
    issue = fakes.github.add()
    change_action(author, item.pk, tracker_url=issue["html_url"])
    work()
    set_status(author, item, "in-progress")
    work()
    assert [label["name"] for label in issue["labels"]] == ["in progress"]
    set_status(author, item, "done")
    work()
    assert (issue["labels"], issue["state"]) == ([], "closed")


def test_what_github_calls_a_duplicate_wont_be_done(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("github")
    issue = fakes.github.add()
    change_action(author, item.pk, tracker_url=issue["html_url"])
    work()
    fakes.github.change(issue, "closed", "duplicate")
    poll()
    item.refresh_from_db()
    assert item.status == "wont-do"


def test_jira_that_knows_no_wont_do_is_done_and_the_item_stays_as_it_is(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("jira")
    fakes.jira.asks_for_resolution = False
    issue = fakes.jira.add()
    change_action(author, item.pk, tracker_url=f"{fakes.jira.base}/browse/{issue['key']}")
    work()
    set_status(author, item, "wont-do")
    work()
    poll()
    item.refresh_from_db()
    assert issue["fields"]["status"]["name"] == "Done"
    assert item.status == "wont-do"


def test_a_jira_workflow_without_a_way_says_so(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("jira")
    fakes.jira.transitions = {"21": "In Progress"}
    issue = fakes.jira.add()
    change_action(author, item.pk, tracker_url=f"{fakes.jira.base}/browse/{issue['key']}")
    work()
    set_status(author, item, "done")
    work()
    assert "offers no way from where OPS-1 stands to “done”" in TrackedIssue.objects.get().error


def test_a_status_of_its_own_says_in_jira_that_it_wont_be_done(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("jira")
    fakes.jira.asks_for_resolution = False
    fakes.jira.transitions = {"31": "Done", "41": "Declined"}
    issue = fakes.jira.add()
    change_action(author, item.pk, tracker_url=f"{fakes.jira.base}/browse/{issue['key']}")
    work()
    set_status(author, item, "wont-do")
    work()
    assert issue["fields"]["status"]["name"] == "Declined"


def test_jira_data_center_is_asked_with_a_personal_token_and_plain_text(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    from integrations.trackers.linking import create_issue

    connection = connect("jira", account="")
    create_issue(author, item.pk, connection, "OPS")
    work()
    (issue,) = fakes.jira.issues.values()
    assert isinstance(issue["fields"]["description"], str)
    fakes.jira.change(issue, "Done", "Fixed")
    poll()
    item.refresh_from_db()
    assert item.status == "done"


def test_gitlab_without_labels_closes_what_wont_be_done(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("gitlab", in_progress_label="", wont_do_label="")
    issue = fakes.gitlab.add()
    change_action(author, item.pk, tracker_url=issue["web_url"])
    work()
    set_status(author, item, "wont-do")
    work()
    poll()
    item.refresh_from_db()
    assert (issue["state"], item.status) == ("closed", "wont-do")


def test_other_labels_of_a_gitlab_issue_stay(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Callable[..., Any]
) -> None:
    connect("gitlab")
    issue = fakes.gitlab.add(labels=["bug", "doing"])
    change_action(author, item.pk, tracker_url=issue["web_url"])
    work()
    set_status(author, item, "done")
    work()
    assert issue["labels"] == ["bug"]


def test_a_link_is_seen_by_who_sees_the_item(author: Person, outsider: Person, item: ActionItem, side: Side) -> None:
    link(author, item, side)
    assert TrackedIssue.objects.visible_to(author).exists()
    assert not TrackedIssue.objects.visible_to(outsider).exists()
