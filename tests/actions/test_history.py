"""What is kept of the life of an action item, and what two who change it at once are told."""

from datetime import date

import pytest

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import ChangedMeanwhile, add_action, change_action, delete_action, set_fields
from reviews.models import Factor, Review
from reviews.operations import undo
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author).review


@pytest.fixture
def action(author: Person, review: Review) -> ActionItem:
    return add_action(author, review.incident, title="Add an alert for pool use")


def kept(action: ActionItem, field: str) -> list[tuple[str, str, str]]:
    return list(action.changes.filter(field=field).values_list("before", "after", "note"))


def test_a_due_date_keeps_its_history_with_who_and_why(author: Person, action: ActionItem) -> None:
    change_action(author, action.pk, due=date(2026, 12, 1))
    change_action(author, action.pk, due=date(2026, 12, 15), note="The vendor is late.")

    assert kept(action, "due") == [("", "2026-12-01", ""), ("2026-12-01", "2026-12-15", "The vendor is late.")]
    assert {one.by for one in action.changes.all()} == {author}


def test_the_reason_is_kept_beside_wont_do(author: Person, action: ActionItem) -> None:
    change_action(author, action.pk, status="wont-do", reason="The service goes away.")

    assert kept(action, "status") == [("open", "wont-do", "The service goes away.")]


def test_the_reason_goes_when_it_is_reopened(author: Person, action: ActionItem) -> None:
    change_action(author, action.pk, status="wont-do", reason="The service goes away.")

    assert change_action(author, action.pk, status="open").reason == ""


def test_done_needs_no_evidence(author: Person, action: ActionItem) -> None:
    assert change_action(author, action.pk, status="done").evidence == ""


def test_evidence_is_rendered(author: Person, action: ActionItem) -> None:
    changed = change_action(author, action.pk, status="done", evidence="The [alert](https://example.org/a) fired.")

    assert 'href="https://example.org/a"' in changed.evidence_html


def test_what_stays_done_was_done_when_it_was_first(author: Person, action: ActionItem) -> None:
    first = change_action(author, action.pk, status="done").done_at
    action.refresh_from_db()
    set_fields(None, action, status="done")

    assert action.done_at == first


def test_of_two_who_assign_at_once_the_second_is_told(author: Person, action: ActionItem) -> None:
    ada, zora = factories.person("ada"), factories.person("zora")
    change_action(author, action.pk, owner=ada, expecting={"owner": None})

    with pytest.raises(ChangedMeanwhile) as refused:
        change_action(factories.person("lead", role="team-lead"), action.pk, owner=zora, expecting={"owner": None})

    assert refused.value.messages == ["Author changed the owner meanwhile."]
    assert refused.value.action.owner == ada


def test_what_another_field_became_meanwhile_is_no_conflict(author: Person, action: ActionItem) -> None:
    change_action(author, action.pk, due=date(2026, 12, 1))

    assert change_action(author, action.pk, owner=author, expecting={"owner": None}).due == date(2026, 12, 1)


def test_both_wanting_the_same_is_no_conflict(author: Person, action: ActionItem) -> None:
    change_action(author, action.pk, owner=author)

    assert change_action(author, action.pk, owner=author, expecting={"owner": None}).owner == author


def test_an_undone_deletion_brings_history_factors_and_links_back(author: Person, action: ActionItem) -> None:
    other = add_action(author, action.incident, title="Second")
    third = add_action(author, action.incident, title="Third")
    factor = Factor.objects.create(review=action.incident.review, text="No alert", html="<p>No alert</p>")
    factor.actions.add(action)
    change_action(author, action.pk, due=date(2026, 12, 1))
    action.waits_for.add(other)
    action.holds_up.add(third)
    before = list(action.changes.values_list("pk", "after", "by"))

    undo(author, delete_action(author, action.pk).pk)

    back = ActionItem.objects.get(pk=action.pk)
    assert list(back.changes.values_list("pk", "after", "by")) == before
    assert (back.factors.get(), back.waits_for.get(), back.holds_up.get()) == (factor, other, third)
