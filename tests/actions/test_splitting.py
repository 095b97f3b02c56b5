"""One action item becomes several."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action, delete_action
from actions.splitting import split_action
from reviews.models import Factor, Review
from reviews.operations import undo
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author).review


@pytest.fixture
def action(author: Person, review: Review) -> ActionItem:
    due = date(2026, 12, 1)
    team = factories.team("Core")
    made = add_action(author, review.incident, title="Alerts", owner=author, team=team, due=due, kind="detect")
    add_action(author, review.incident, title="Last")
    return made


def test_each_part_keeps_owner_team_date_kind_and_factors(author: Person, review: Review, action: ActionItem) -> None:
    factor = Factor.objects.create(review=review, text="No alert", html="<p>No alert</p>")
    factor.actions.add(action)

    (part,) = split_action(author, action.pk, ["Alert on the pool"])

    assert (part.owner, part.team, part.due, part.kind) == (author, action.team, action.due, "detect")
    assert part.factors.get() == factor


def test_parts_stand_right_below_what_they_come_from(author: Person, review: Review, action: ActionItem) -> None:
    split_action(author, action.pk, ["One", "Two"])

    assert list(review.incident.actions.values_list("title", flat=True)) == ["Alerts", "One", "Two", "Last"]


def test_both_sides_keep_it_in_their_history(author: Person, action: ActionItem) -> None:
    (part,) = split_action(author, action.pk, ["One"])

    assert action.changes.get(field="split").after == str(part.pk)
    assert part.changes.get(field="split").before == str(action.pk)
    assert part.split_from == action


def test_parts_wait_for_and_hold_up_the_same(author: Person, review: Review, action: ActionItem) -> None:
    before = add_action(author, review.incident, title="Before")
    after = add_action(author, review.incident, title="After")
    action.waits_for.add(before)
    after.waits_for.add(action)

    (part,) = split_action(author, action.pk, ["One"])

    assert (part.waits_for.get(), part.holds_up.get()) == (before, after)


def test_what_stays_can_be_called_anew(author: Person, action: ActionItem) -> None:
    split_action(author, action.pk, ["Alert on the pool"], stays="Alert on the queue")

    action.refresh_from_db()
    assert action.title == "Alert on the queue"


def test_a_team_lead_splits_but_does_not_rename(action: ActionItem) -> None:
    lead = factories.person("lead", role="team-lead")
    with pytest.raises(PermissionDenied):
        split_action(lead, action.pk, ["One"], stays="Other")

    assert len(split_action(lead, action.pk, ["One"], stays="Alerts")) == 1


@pytest.mark.parametrize("titles", [[], ["", "  "], ["x" * 301], ["x"] * 21])
def test_titles_that_will_not_do_are_refused(author: Person, action: ActionItem, titles: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        split_action(author, action.pk, titles)
    assert "titles" in refused.value.message_dict


def test_what_is_finished_is_not_split(author: Person, action: ActionItem) -> None:
    change_action(author, action.pk, status="done")

    with pytest.raises(ValidationError, match="Reopen it"):
        split_action(author, action.pk, ["One"])


def test_an_undone_deletion_has_its_parts_again(author: Person, action: ActionItem) -> None:
    (part,) = split_action(author, action.pk, ["One"])

    undo(author, delete_action(author, action.pk).pk)

    part.refresh_from_db()
    assert part.split_from == action
