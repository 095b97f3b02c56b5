"""A tracker that answers in no way that it should: it is said, and nothing fails over it."""

import threading
from typing import Any

import pytest
from django.db import connections

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from integrations.models import TrackedIssue
from integrations.trackers.asking import alone
from integrations.trackers.linking import create_issue
from tests import factories
from tests.fakes.trackers.exchange import Said
from tests.integrations.trackers.conftest import PROJECTS
from tests.integrations.trackers.sides import Side
from tests.integrations.trackers.test_both_ways import link, set_status
from tests.integrations.trackers.worker import poll, time_passes, try_again, waiting, work

pytestmark = pytest.mark.django_db

ODD: list[Any] = [
    None, [], {}, "x", True, [{}], {"errors": "x"}, {"errors": [1]},
    {"data": {"issue": [], "teams": 1, "issues": {"nodes": {"a": 1}}}}, {"issues": [1, None, {}]},
    {"html_url": 5, "number": [], "state": {}, "labels": 3, "iid": {}, "web_url": None, "updated_at": "99999-01-01"},
    {"key": "\ud800", "fields": [], "id": None, "transitions": {"to": 1}, "message": {"a": "\x00"}},
]  # fmt: skip


@pytest.mark.parametrize("status", [200, 422])
def test_no_answer_makes_the_worker_fail(author: Person, item: ActionItem, side: Side, status: int) -> None:
    issue = link(author, item, side)
    usual = side.fake.route
    set_status(author, item, "done")
    waiting().delete()
    for odd in ODD:
        side.fake.route = lambda asked, odd=odd: Said(status, odd)
        time_passes(days=2)
        poll()
        try_again()
        assert not TrackedIssue.objects.filter(due_at=None).exists(), f"{odd!r} counts as done"
    side.fake.route = usual
    time_passes(days=2)
    try_again()
    assert side.status(issue) == "done"


def test_no_answer_to_a_new_issue_makes_the_worker_fail(author: Person, item: ActionItem, side: Side) -> None:
    usual = side.fake.route
    create_issue(author, item.pk, side.connection, PROJECTS[side.fake.kind])
    for odd in ODD:
        side.fake.route = lambda asked, odd=odd: Said(200, odd)
        time_passes(days=2)
        work()
        try_again()
        assert TrackedIssue.objects.get().error
    side.fake.route = usual
    time_passes(days=2)
    try_again()
    item.refresh_from_db()
    assert item.tracker_url == side.url(side.only())


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_look_at_one_issue_at_once(fakes: Any, connect: Any) -> None:
    connect("github")
    author = factories.person("author")
    item = ActionItem.objects.create(incident=factories.draft(author).incident, title="Add an alert", owner=author)
    change_action(author, item.pk, tracker_url=fakes.github.add()["html_url"])
    linked = TrackedIssue.objects.get()
    with alone(linked.pk) as is_alone:
        assert is_alone
        in_another_process(work)
    assert fakes.github.asked == []
    assert TrackedIssue.objects.get().due_at is not None, "it is not forgotten"
    try_again()
    assert TrackedIssue.objects.get().agreed_there == "open"


def in_another_process(job: Any) -> None:
    """With a connection to the database of its own."""

    def run() -> None:
        try:
            job()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
