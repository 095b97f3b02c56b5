"""Checking a review as it is stored: what is read, in which order findings come, and what was dismissed."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from reviews.checker.check import check_review
from reviews.models import Review
from reviews.queries import draft_for
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author, summary="")


def test_a_dismissed_finding_is_told_apart_with_its_reason(review: Review, author: Person) -> None:
    assert "summary-missing" in [one.rule for one in check_review(review).open]
    review.dismissals.create(rule="summary-missing", place="summary", reason="Told elsewhere", person=author)
    checked = check_review(review)
    assert [(one.rule, said.reason) for one, said in checked.dismissed] == [("summary-missing", "Told elsewhere")]
    assert (checked.blocking, "summary-missing" in [one.rule for one in checked.open]) == (0, False)


def test_texts_of_a_browser_are_checked_instead_of_the_stored_ones(review: Review) -> None:
    checked = check_review(review, instead={"section:summary": "Checkout was slow."})
    assert "summary-missing" not in [one.rule for one in checked.open]


def test_checking_takes_the_same_few_queries_however_much_there_is(
    review: Review, author: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        event = review.incident.events.create(occurred_at=factories.NOON, text=f"e{n}", html="<p>e</p>")
        event.perspectives.create(person=author, known="k")
        review.factors.create(text=f"f{n}").actions.add(review.incident.actions.create(title=f"a{n}", owner=author))
        review.whys.create(question=f"q{n}")
    stored = draft_for(author, review.incident.number)
    with django_assert_max_num_queries(11):
        check_review(stored)
