"""A search remembers earlier answers, and never gives one that is out of date or somebody else's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person, Role
from catalog.models import Service
from incidents.models import Grant, Incident, Visibility
from reviews.publishing import publish_review
from tests import factories
from wiki.models import Change, Listed
from wiki.remembered import State, state_for
from wiki.search import Found, find

pytestmark = pytest.mark.django_db


def seek(person: Person, text: str = "checkout", **more: Any) -> Found:
    return find(person, text, now=datetime(2026, 11, 24, tzinfo=UTC), zone=UTC, **more)


def titles(person: Person, text: str = "checkout") -> list[str]:
    return sorted(row.title for row in seek(person, text).rows)


def restricted(author: Person, title: str = "Secret") -> Incident:
    incident = factories.published(author, title, summary="Checkout was slow.").review.incident
    Incident.objects.filter(pk=incident.pk).update(visibility=Visibility.RESTRICTED)
    return incident


def test_the_same_search_again_takes_one_query_less(
    author: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.published(author, services=[factories.service("Ledger")])
    seek(author, "service:ledger")
    with django_assert_num_queries(4):
        seek(author, "service:ledger")
    factories.published(author, "Another", services=[Service.objects.get()])
    with django_assert_num_queries(5):
        assert len(seek(author, "service:ledger").rows) == 2


def test_what_is_published_is_found_by_the_next_search(author: Person) -> None:
    assert titles(author) == []
    for title in ("One", "Two"):
        factories.published(author, title, summary="Checkout was slow.")
    assert titles(author) == ["One", "Two"]


def test_a_new_version_is_shown_in_the_words_around(author: Person) -> None:
    published = factories.published(author, summary="The checkout was slow.")
    assert "slow" in seek(author).rows[0].text
    section = published.review.sections.get(kind="summary")
    section.text, section.html = "The checkout was down.", "<p>The checkout was down.</p>"
    section.save()
    publish_review(author, published.review, note="Corrected.")
    assert "down" in seek(author).rows[0].text


def test_nobody_gets_what_was_remembered_for_somebody_who_may_see_more(author: Person) -> None:
    restricted(author)
    reader = factories.person("reader", role="reader")
    assert titles(author) == ["Secret"]
    assert titles(reader) == []
    assert titles(factories.person("admin", role="administrator")) == ["Secret"]
    assert titles(reader) == []
    assert seek(reader).counts.count == 0


def test_a_grant_counts_at_once_and_so_does_its_end(author: Person) -> None:
    incident = restricted(author)
    reader = factories.person("reader", role="reader")
    assert titles(reader) == []
    grant = Grant.objects.create(incident=incident, person=reader)
    assert titles(reader) == ["Secret"]
    grant.delete()
    assert titles(reader) == []


def test_a_team_that_is_named_or_left_counts_at_once(author: Person) -> None:
    incident = restricted(author)
    reader = factories.person("reader", role="reader")
    team = factories.team("Core", reader)
    Grant.objects.create(incident=incident, team=team)
    assert titles(reader) == ["Secret"]
    team.memberships.all().delete()
    assert titles(reader) == []


def test_a_review_that_is_restricted_now_is_gone_at_once(author: Person) -> None:
    published = factories.published(author, "Open for now", summary="Checkout was slow.")
    reader = factories.person("reader", role="reader")
    assert titles(reader) == ["Open for now"]
    Incident.objects.filter(pk=published.review.incident.pk).update(visibility=Visibility.RESTRICTED)
    assert titles(reader) == []


def test_a_service_bears_its_new_name_at_once(author: Person) -> None:
    service = factories.service("Ledger")
    factories.published(author, services=[service])
    seek(author)
    Service.objects.update(name="Accounts", slug="accounts")
    assert [(one.value, one.label) for one in seek(author).counts.facets["service"]] == [("accounts", "Accounts")]


@pytest.mark.parametrize("role", Role.values)
def test_the_state_and_what_is_open_to_all_make_what_the_rule_lets_through(author: Person, role: str) -> None:
    person = factories.person("somebody", role=role)
    team = factories.team("Core", person)
    factories.published(author, "Open")
    restricted(author, "Closed")
    Grant.objects.create(incident=restricted(author, "Named"), person=person)
    Grant.objects.create(incident=restricted(author, "Of the team"), team=team)
    if person.has_role(Role.AUTHOR):
        restricted(person, "Their own")
    visible = set(Listed.objects.visible_to(person).values_list("pk", flat=True))
    own = state_for(person).seen.own
    everyones = set(Listed.objects.filter(visibility="internal").values_list("pk", flat=True))
    assert (visible if own is None else everyones | {*own}) == visible


def test_a_closed_account_sees_nothing(author: Person) -> None:
    factories.published(author)
    author.is_active = False
    assert not state_for(author).seen.sees_any


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wiki_listed SET severity = 'sev1'",
        "UPDATE wiki_searchentry SET title = 'Other'",
        "UPDATE wiki_searchtext SET body = 'Other'",
        "DELETE FROM wiki_listed",
        "UPDATE incidents_incident SET status = 'archived'",
    ],
)
def test_each_change_of_the_index_makes_a_state_that_never_was(author: Person, change: str) -> None:
    factories.published(author)
    states: list[State] = [state_for(author)]
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute(change)
            cursor.execute("UPDATE incidents_incident SET status = 'published'")
        states.append(state_for(author))
    assert states[0] != states[1]
    assert states[0] != states[2]


def test_few_rows_tell_of_many_changes(author: Person) -> None:
    for _ in range(3):
        factories.published(author)
    assert Change.objects.count() == 1


def test_quarters_are_counted_whatever_the_order_of_the_matches(author: Person) -> None:
    for month in (2, 8, 5, 11, 3):
        title = "Checkout " * month  # the rank follows from it, and not from the date
        factories.published(author, title, occurred_at=datetime(2026, month, 1, tzinfo=UTC))
    facet = seek(author).counts.facets["quarter"]
    assert [(one.value, one.count) for one in facet] == [("2026-Q4", 1), ("2026-Q3", 1), ("2026-Q2", 1), ("2026-Q1", 2)]
