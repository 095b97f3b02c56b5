"""What `is:recurring` finds agrees with what pages call a recurrence."""

from datetime import UTC, datetime

import pytest

from accounts.models import Person
from incidents.models import Incident
from reviews.recurring import confirm_recurrence
from tests import factories
from wiki.search import find

pytestmark = pytest.mark.django_db


def recurring(person: Person) -> set[str]:
    found = find(person, "is:recurring", now=datetime(2026, 6, 1, tzinfo=UTC), zone=UTC)
    return {row.title for row in found.rows}


def test_what_its_writers_confirmed_is_recurring_with_what_it_recurs_from(author: Person, outsider: Person) -> None:
    factories.published(author, "Something else")
    first = factories.published(author, "First").review.incident
    again = factories.published(author, "Again").review
    assert recurring(outsider) == set()
    confirm_recurrence(author, again, str(first.number))
    assert recurring(outsider) == {"First", "Again"}


def test_a_draft_makes_nothing_recurring(author: Person) -> None:
    first = factories.published(author, "First").review.incident
    confirm_recurrence(author, factories.draft(author, "Again"), str(first.number))
    assert recurring(author) == set()


@pytest.mark.parametrize("hidden", ["First", "Again"])
def test_a_confirmed_recurrence_tells_of_no_restricted_review(hidden: str, author: Person, outsider: Person) -> None:
    first = factories.published(author, "First").review.incident
    again = factories.published(author, "Again").review
    confirm_recurrence(author, again, str(first.number))
    Incident.objects.filter(title=hidden).update(visibility="restricted")
    assert recurring(outsider) == set()
    assert recurring(author) == {"First", "Again"}
