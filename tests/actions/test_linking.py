"""Which items wait for which."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from accounts.models import Person
from actions.linking import is_in_circle, wait_for, wait_no_more
from actions.models import ActionItem
from actions.operations import add_action, change_action
from reviews.models import Review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author).review


def item(author: Person, review: Review, title: str = "Something") -> ActionItem:
    return add_action(author, review.incident, title=title)


def test_an_item_waits_for_one_of_another_review(author: Person, review: Review) -> None:
    action, other = item(author, review), item(author, factories.published(author, "Other").review)

    wait_for(author, action.pk, other.pk)

    assert action.waits_for.get() == other


def test_a_link_forbids_nothing(author: Person, review: Review) -> None:
    action, other = item(author, review), item(author, review)
    wait_for(author, action.pk, other.pk)

    assert change_action(author, action.pk, status="done").is_finished


def test_no_item_waits_for_itself(author: Person, review: Review) -> None:
    action = item(author, review)

    with pytest.raises(ValidationError, match="itself"):
        wait_for(author, action.pk, action.pk)


def test_what_may_not_be_seen_cannot_be_waited_for(author: Person, review: Review) -> None:
    hidden = item(author, factories.draft(author, "Hidden"))

    with pytest.raises(Http404):
        wait_for(factories.person("lead", role="team-lead"), item(author, review).pk, hidden.pk)


def test_readers_link_nothing(author: Person, review: Review) -> None:
    with pytest.raises(PermissionDenied):
        wait_for(factories.person("reader", role="reader"), item(author, review).pk, item(author, review).pk)


def test_a_link_is_taken_away(author: Person, review: Review) -> None:
    action, other = item(author, review), item(author, review)
    wait_for(author, action.pk, other.pk)
    wait_no_more(author, action.pk, other.pk)

    assert not action.waits_for.exists()


def test_a_circle_may_be_made_and_is_seen(author: Person, review: Review) -> None:
    first, second, third = (item(author, review) for _ in range(3))
    wait_for(author, first.pk, second.pk)
    wait_for(author, second.pk, third.pk)
    assert not is_in_circle(author, first)

    wait_for(author, third.pk, first.pk)

    assert is_in_circle(author, first)


def test_what_leads_into_a_circle_is_not_in_it(author: Person, review: Review) -> None:
    first, second, third = (item(author, review) for _ in range(3))
    wait_for(author, first.pk, second.pk)
    wait_for(author, second.pk, third.pk)
    wait_for(author, third.pk, second.pk)

    assert not is_in_circle(author, first)


def test_a_circle_ends_where_one_is_finished(author: Person, review: Review) -> None:
    first, second = item(author, review), item(author, review)
    wait_for(author, first.pk, second.pk)
    wait_for(author, second.pk, first.pk)
    change_action(author, second.pk, status="done")

    assert not is_in_circle(author, first)


def test_a_circle_over_hidden_items_is_not_told(author: Person, review: Review) -> None:
    first, hidden = item(author, review), item(author, factories.draft(author, "Hidden"))
    wait_for(author, first.pk, hidden.pk)
    wait_for(author, hidden.pk, first.pk)

    assert not is_in_circle(factories.person("lead", role="team-lead"), first)
