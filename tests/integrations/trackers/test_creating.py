"""Creating an issue from an item: once, whatever happens, with what the item says."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from integrations.models import TrackedIssue, TrackerConnection
from integrations.trackers.linking import create_issue, unlink
from reviews.publishing import publish_review
from tests import factories
from tests.integrations.trackers.conftest import PROJECTS
from tests.integrations.trackers.sides import Side
from tests.integrations.trackers.worker import poll, time_passes, try_again, work

pytestmark = pytest.mark.django_db


def create(person: Person, item: ActionItem, side: Side) -> None:
    create_issue(person, item.pk, side.connection, PROJECTS[side.fake.kind])


def test_the_issue_says_what_the_item_says(author: Person, item: ActionItem, side: Side, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://debrief.example.org/"
    change_action(author, item.pk, details="The pool **ran dry**.", done_when="It rings in a drill.")
    create(author, item, side)
    work()
    words = side.words(side.only())
    for part in ("Add an alert on pool use", "The pool **ran dry**.", "It rings in a drill."):
        assert part in words
    assert f"https://debrief.example.org/actions/{item.pk}/" in words


def test_the_item_links_to_what_was_created(author: Person, item: ActionItem, side: Side) -> None:
    create(author, item, side)
    work()
    item.refresh_from_db()
    assert item.tracker_url == side.url(side.only())
    linked = TrackedIssue.objects.get()
    assert (linked.url, linked.error, linked.due_at) == (item.tracker_url, "", None)


def test_what_was_created_is_kept_in_step(author: Person, item: ActionItem, side: Side) -> None:
    create(author, item, side)
    work()
    side.move(side.only(), "done")
    poll()
    item.refresh_from_db()
    assert item.status == "done"


def test_what_is_in_progress_by_then_is_in_progress_there(author: Person, item: ActionItem, side: Side) -> None:
    change_action(author, item.pk, status="in-progress")
    create(author, item, side)
    work()
    item.refresh_from_db()
    assert item.status == "in-progress"
    assert side.status(side.only()) == side.folded.get("in-progress", "in-progress")


def test_an_issue_whose_creation_was_not_heard_of_is_found_again(author: Person, item: ActionItem, side: Side) -> None:
    side.fake.loses_next_change = True
    create(author, item, side)
    work()
    assert item.tracker_url == ""
    for _ in range(3):
        time_passes(minutes=20)
        try_again()
    item.refresh_from_db()
    assert item.tracker_url == side.url(side.only())


def test_a_tracker_that_is_down_creates_it_later_once(author: Person, item: ActionItem, side: Side) -> None:
    side.fake.fails_with = 503
    create(author, item, side)
    work()
    assert side.fake.issues == {}
    assert TrackedIssue.objects.get().error
    side.fake.fails_with = 0
    for _ in range(2):
        time_passes(minutes=20)
        try_again()
    assert side.only()


def test_what_is_being_created_is_not_created_twice(author: Person, item: ActionItem, side: Side) -> None:
    create(author, item, side)
    with pytest.raises(ValidationError, match="an issue already"):
        create(author, item, side)


def test_what_is_linked_is_not_created(author: Person, item: ActionItem, side: Side) -> None:
    change_action(author, item.pk, tracker_url=side.url(side.fake.add()))
    with pytest.raises(ValidationError, match="an issue already"):
        create(author, item, side)


def test_unlinking_before_it_was_created_creates_none(author: Person, item: ActionItem, side: Side) -> None:
    create(author, item, side)
    unlink(author, item.pk)
    work()
    assert side.fake.issues == {}


def test_an_issue_that_was_unlinked_goes_its_own_way(author: Person, item: ActionItem, side: Side) -> None:
    create(author, item, side)
    work()
    unlink(author, item.pk)
    change_action(author, item.pk, status="done")
    work()
    item.refresh_from_db()
    assert (item.tracker_url, side.status(side.only())) == ("", "open")


def test_nothing_is_created_where_the_administrator_named_no_place(
    author: Person, item: ActionItem, side: Side
) -> None:
    with pytest.raises(ValidationError, match="Choose another place"):
        create_issue(author, item.pk, side.connection, "elsewhere")
    TrackerConnection.objects.update(is_on=False)
    side.connection.refresh_from_db()
    with pytest.raises(ValidationError, match="Choose another place"):
        create(author, item, side)


def test_who_may_not_see_the_item_creates_nothing(outsider: Person, item: ActionItem, side: Side) -> None:
    for change in (lambda: create(outsider, item, side), lambda: unlink(outsider, item.pk)):
        with pytest.raises(Http404):
            change()


def test_who_may_only_see_the_item_creates_nothing(outsider: Person, author: Person, side: Side) -> None:
    incident = factories.published(author).review.incident
    item = ActionItem.objects.create(incident=incident, title="Add an alert")
    with pytest.raises(PermissionDenied):
        create(outsider, item, side)


def test_a_new_issue_says_no_more_than_its_asker_may_read(author: Person, item: ActionItem, side: Side) -> None:
    lead = factories.person("lead", role="team-lead")
    author.name = "Mary Stone"
    author.save()
    review = item.incident.review
    review.names_as_roles = True
    review.save()
    change_action(author, item.pk, title="Ask Mary Stone for an alert", details="Mary Stone knows.")
    publish_review(author, review)
    create(lead, item, side)
    work()
    assert "alert" in side.words(side.only())
    assert "Mary" not in side.words(side.only())


def test_nothing_is_created_for_who_lost_sight_of_the_item(author: Person, item: ActionItem, side: Side) -> None:
    create(author, item, side)
    item.incident.participants.all().delete()
    work()
    assert side.fake.issues == {}
    assert "may no longer see the item" in TrackedIssue.objects.get().error
