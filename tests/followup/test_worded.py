"""Action items as their reader may read them."""

from datetime import date

import pytest

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action
from followup.worded import LATER, Worded, all_worded, for_reader, owner_told_condition
from reviews.models import Review
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Person:
    return factories.person("ada")


@pytest.fixture
def reader() -> Person:
    return factories.person("zora", role="team-lead")


def published(ada: Person, *, roles: bool) -> ActionItem:
    review = factories.draft(ada, "Ada's pool ran dry")
    Review.objects.filter(pk=review.pk).update(names_as_roles=roles)
    action = add_action(ada, review.incident, title="Ask Ada about the index", owner=ada, due=date(2026, 12, 1))
    publish_review(ada, Review.objects.get(pk=review.pk))
    return action


def read_by(person: Person) -> Worded:
    return all_worded(for_reader(ActionItem.objects.visible_to(person), person), person)[0]


def test_a_review_that_names_people_names_them(ada: Person, reader: Person) -> None:
    published(ada, roles=False)

    found = read_by(reader)

    assert (found.title, found.about, found.owner) == ("Ask Ada about the index", "Ada's pool ran dry", "Ada")


def test_a_review_with_roles_tells_roles_to_those_who_took_no_part(ada: Person, reader: Person) -> None:
    published(ada, roles=True)

    found = read_by(reader)

    assert "Ada" not in found.title + found.about + found.owner
    assert found.owner


def test_those_who_take_part_read_names(ada: Person) -> None:
    published(ada, roles=True)

    assert read_by(ada).owner == "Ada"


def test_an_owner_who_took_no_part_reads_their_own_name(ada: Person, reader: Person) -> None:
    change_action(ada, published(ada, roles=True).pk, owner=reader)

    assert read_by(reader).owner == "Zora"


def test_an_item_that_came_after_the_version_is_worded_for_its_owner_alone(ada: Person, reader: Person) -> None:
    review = published(ada, roles=True).incident
    later = add_action(ada, review, title="Brask adds it", owner=reader)
    rows = ActionItem.objects.filter(pk=later.pk)

    told = [all_worded(for_reader(rows, one), one)[0].title for one in (reader, ada, factories.person("sam"))]

    assert told == ["Brask adds it", "Brask adds it", LATER]


def test_evidence_that_came_after_the_version_is_for_those_who_take_part(ada: Person, reader: Person) -> None:
    change_action(ada, published(ada, roles=True).pk, evidence="Brask saw it")

    assert read_by(reader).evidence_html == ""
    assert "Brask" in read_by(ada).evidence_html


def test_a_reason_that_came_after_the_version_is_for_those_who_take_part(ada: Person, reader: Person) -> None:
    change_action(ada, published(ada, roles=True).pk, status="wont-do", reason="Brask said no")

    assert read_by(reader).reason == ""
    assert read_by(ada).reason == "Brask said no"


def test_owners_are_counted_only_for_those_who_may_know_them(ada: Person, reader: Person) -> None:
    action = published(ada, roles=True)
    items = ActionItem.objects.filter(pk=action.pk)

    assert not items.filter(owner_told_condition(reader)).exists()
    assert items.filter(owner_told_condition(ada)).exists()


def test_wording_runs_no_query_beside_the_one_that_reads_the_items(
    ada: Person, reader: Person, django_assert_num_queries: object
) -> None:
    published(ada, roles=True)

    with django_assert_num_queries(1):  # type: ignore[operator]
        assert read_by(reader).review_url
