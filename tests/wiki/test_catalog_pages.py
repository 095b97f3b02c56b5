"""The pages of services, cause categories and teams."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from actions.models import ActionItem
from catalog.models import CauseCategory, ServiceAlias
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split("<main")[1].split())


def test_a_service_says_whose_it_is_and_how_it_is_called(author: Person, outsider: Person, sign_in: SignIn) -> None:
    owner = factories.team("Core", author)
    service = factories.service("Payments", owner=owner, about="Takes money.")
    ServiceAlias.objects.create(service=service, name="paygate")
    page = shown(sign_in(outsider), "/services/payments/")
    for words in ("Takes money.", "paygate", "/teams/core/", "No published review names this service"):
        assert words in page


def test_its_reviews_come_newest_first(author: Person, outsider: Person, sign_in: SignIn) -> None:
    service = factories.service("Payments")
    for day in (1, 3, 2):
        factories.published(author, f"Day {day}", services=[service], occurred_at=datetime(2026, 3, day, tzinfo=UTC))
    factories.published(author, "Elsewhere", services=[factories.service("Search")])
    page = shown(sign_in(outsider), "/services/payments/")
    assert page.index("Day 3") < page.index("Day 2") < page.index("Day 1")
    assert "Elsewhere" not in page
    assert "3 reviews" in page
    assert 'href="/reviews/?q=service%3Apayments"' in page


def test_open_actions_are_those_the_reader_may_see(author: Person, outsider: Person, sign_in: SignIn) -> None:
    service = factories.service("Payments")
    for visibility, status in (("internal", "open"), ("internal", "done"), ("restricted", "open")):
        incident = factories.published(author, services=[service], visibility=visibility).review.incident
        ActionItem.objects.create(incident=incident, title="Alert", status=status)
    ActionItem.objects.create(incident=factories.draft(author, services=[service]).incident, title="Of a draft")
    assert "1 open action<" in shown(sign_in(outsider), "/services/payments/")
    assert "2 open actions<" in shown(sign_in(author), "/services/payments/")


def test_a_category_shows_the_reviews_of_those_below_it(author: Person, outsider: Person, sign_in: SignIn) -> None:
    above, below = factories.cause("capacity"), factories.cause("memory")
    CauseCategory.objects.filter(pk=below.pk).update(parent=above)
    factories.published(author, "Out of memory", causes=[below])
    client = sign_in(outsider)
    assert "Out of memory" in shown(client, "/causes/capacity/")
    assert "/causes/memory/" in shown(client, "/causes/capacity/")
    assert "/causes/capacity/" in shown(client, "/causes/memory/")


def test_a_team_shows_its_people_services_and_reviews(author: Person, outsider: Person, sign_in: SignIn) -> None:
    team = factories.team("Core", factories.person("zoe"), factories.person("ann"))
    team.memberships.filter(person__username="zoe").update(is_lead=True)
    Person.objects.filter(username="ann").update(name="Ann")
    gone = factories.person("gone", is_active=False)
    team.memberships.create(person=gone)
    factories.published(author, "Pool ran dry", services=[factories.service("Payments", owner=team)])
    page = shown(sign_in(outsider), "/teams/core/")
    assert "Zoe (lead), Ann" in page
    assert "Gone" not in page
    assert "Pool ran dry" in page
    assert "/services/payments/" in page


def test_many_reviews_come_in_pages(author: Person, outsider: Person, sign_in: SignIn) -> None:
    service = factories.service("Payments")
    for number in range(21):
        factories.published(author, f"Review {number:02}", services=[service])
    client = sign_in(outsider)
    assert 'href="?page=2"' in shown(client, "/services/payments/")
    assert 'href="?page=1"' in shown(client, "/services/payments/?page=2")
    assert "There is no page 9 here" in shown(client, "/services/payments/?page=9")


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 40, "٣", "\x00", "1.5"])
def test_a_page_that_is_no_number_is_the_first(page: str, author: Person, sign_in: SignIn) -> None:
    factories.service("Payments")
    assert sign_in(author).get("/services/payments/", {"page": page}).status_code == 200


@pytest.mark.parametrize("kind", ["services", "causes", "teams"])
def test_an_unknown_name_is_not_there(kind: str, author: Person, sign_in: SignIn) -> None:
    assert sign_in(author).get(f"/{kind}/no-such-thing/").status_code == 404


@pytest.mark.parametrize("address", ["/services/payments/", "/causes/capacity/", "/teams/core/"])
def test_however_many_reviews_a_page_asks_few_queries(
    address: str, author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    team = factories.team("Core", *(factories.person(f"member{number}") for number in range(5)))
    services = [factories.service(name, owner=team) for name in ("Payments", "Search", "Mail")]
    for _ in range(12):
        factories.published(author, services=services, causes=[factories.cause("capacity")])
    client = sign_in(author)
    with django_assert_max_num_queries(12):
        assert "12 reviews" in shown(client, address)
