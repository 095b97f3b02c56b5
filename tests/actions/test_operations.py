"""Changing action items: what team leads may set, what must be said, what the database holds."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action, delete_action
from core.models import AuditEntry
from reviews.models import Review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author).review


@pytest.fixture
def action(author: Person, review: Review) -> ActionItem:
    return add_action(author, review.incident, title="Add an alert for pool use")


def test_actions_stand_in_the_order_they_were_added(author: Person, review: Review) -> None:
    for title in ("First", "Second", "Third"):
        add_action(author, review.incident, title=title)
    assert list(review.incident.actions.values_list("title", flat=True)) == ["First", "Second", "Third"]


def test_a_team_lead_assigns_what_others_wrote(action: ActionItem) -> None:
    lead = factories.person("lead", role="team-lead")
    changed = change_action(lead, action.pk, owner=lead, due=date(2026, 12, 1), status="in-progress")
    assert (changed.owner, changed.due, changed.status) == (lead, date(2026, 12, 1), "in-progress")


def test_a_team_lead_does_not_rewrite_what_others_wrote(action: ActionItem) -> None:
    with pytest.raises(PermissionDenied):
        change_action(factories.person("lead", role="team-lead"), action.pk, title="Something else")


def test_fields_that_stay_as_they_are_need_no_right(action: ActionItem) -> None:
    lead = factories.person("lead", role="team-lead")
    assert change_action(lead, action.pk, title=action.title, status="in-progress").status == "in-progress"


def test_readers_and_strangers_change_nothing(action: ActionItem, outsider: Person) -> None:
    for stranger in (outsider, factories.person("stranger")):
        with pytest.raises(PermissionDenied):
            change_action(stranger, action.pk, status="done")
        with pytest.raises(PermissionDenied):
            delete_action(stranger, action.pk)


def test_actions_of_a_hidden_review_do_not_exist(author: Person) -> None:
    action = add_action(author, factories.draft(author).incident, title="x")
    lead = factories.person("lead", role="team-lead")
    for change in (lambda: change_action(lead, action.pk, status="done"), lambda: delete_action(lead, action.pk)):
        with pytest.raises(Http404):
            change()


def test_done_says_when_and_reopened_forgets_it(author: Person, action: ActionItem) -> None:
    assert change_action(author, action.pk, status="done").done_at is not None
    assert change_action(author, action.pk, status="open").done_at is None


def test_what_wont_be_done_needs_a_reason(author: Person, action: ActionItem) -> None:
    with pytest.raises(ValidationError) as refused:
        change_action(author, action.pk, status="wont-do")
    assert refused.value.message_dict == {"reason": ["Say why it won't be done, for those who ask later."]}
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=action.pk).update(status="wont-do")
    assert change_action(author, action.pk, status="wont-do", reason="The service goes away.").is_finished


def test_someone_who_left_gets_no_action(author: Person, action: ActionItem) -> None:
    gone = factories.person("gone", is_active=False)
    with pytest.raises(ValidationError):
        change_action(author, action.pk, owner=gone)


def test_a_due_date_with_a_wrong_year_is_asked_about(author: Person, action: ActionItem) -> None:
    with pytest.raises(ValidationError) as refused:
        change_action(author, action.pk, due=date(2206, 12, 1))
    assert "Check the year" in str(refused.value)


def test_nothing_is_written_down_where_nothing_changed(author: Person, action: ActionItem) -> None:
    before = AuditEntry.objects.count()
    change_action(author, action.pk, title=action.title)
    assert AuditEntry.objects.count() == before
