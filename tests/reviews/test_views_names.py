"""The names that "@" offers."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from reviews.models import Review
from tests import factories

pytestmark = pytest.mark.django_db


def called(username: str, name: str) -> Person:
    person = factories.person(username)
    person.name = name
    person.save()
    return person


@pytest.fixture
def ada() -> Person:
    return called("ada", "Ada Byron")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada)


@pytest.fixture
def client_of_ada(client: Client, ada: Person) -> Client:
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    return client


def names(client: Client, review: Review, begun: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = client.get(f"/drafts/{review.incident.number}/names", {"q": begun}).json()
    return found


def usernames(client: Client, review: Review, begun: str) -> list[str]:
    return [person["username"] for person in names(client, review, begun)["people"]]


def test_people_are_found_by_the_beginning_of_any_of_their_names(client_of_ada: Client, review: Review) -> None:
    called("grace", "Grace Hopper")
    assert usernames(client_of_ada, review, "gra") == ["grace"]
    assert usernames(client_of_ada, review, "HOP") == ["grace"]
    assert usernames(client_of_ada, review, "opper") == []


def test_who_takes_part_comes_first(client_of_ada: Client, review: Review) -> None:
    factories.person("aaron")
    assert usernames(client_of_ada, review, "a") == ["ada", "aaron"]


def test_who_left_is_not_offered(client_of_ada: Client, review: Review) -> None:
    factories.person("gone", is_active=False)
    assert usernames(client_of_ada, review, "gone") == []


def test_services_come_with_their_pages(client_of_ada: Client, review: Review) -> None:
    service = factories.service("Payment gateway")
    found = names(client_of_ada, review, "gate")["services"]
    assert found == [{"name": "Payment gateway", "url": service.get_absolute_url()}]


def test_services_are_found_by_their_other_names_once(client_of_ada: Client, review: Review) -> None:
    service = factories.service("Payments")
    service.aliases.create(name="pay-api")
    service.aliases.create(name="pay-core")
    assert [one["name"] for one in names(client_of_ada, review, "pay")["services"]] == ["Payments"]


def test_little_is_asked_of_the_database(
    client_of_ada: Client, review: Review, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        factories.person(f"person{n}")
        factories.service(f"Service {n}")
    with django_assert_max_num_queries(8):
        found = names(client_of_ada, review, "")
    assert (len(found["people"]), len(found["services"])) == (8, 6)


@pytest.mark.parametrize("begun", ["\x00", "%", "_", "\\", "x" * 5000, b"\xed\xa0\x80"])
def test_nonsense_finds_nobody(client_of_ada: Client, review: Review, begun: Any) -> None:
    assert names(client_of_ada, review, begun) == {"people": [], "services": []}


def test_who_may_not_edit_gets_no_names(client: Client, review: Review) -> None:
    client.force_login(factories.person("eve"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/drafts/{review.incident.number}/names").status_code == 404


def told(client: Client, review: Review, begun: str) -> list[str]:
    asked = {"q": begun, "for": "comment"}
    found = client.get(f"/drafts/{review.incident.number}/names", asked).json()
    return [person["username"] for person in found["people"]]


def test_a_comment_offers_whom_it_can_tell(client_of_ada: Client, review: Review) -> None:
    review.incident.participants.create(person=factories.person("amy"))
    factories.person("amos")
    factories.person("amber", role="administrator")
    assert told(client_of_ada, review, "am") == ["amy", "amber"]


def test_a_reader_who_takes_part_is_offered_names_in_comments_alone(client: Client, review: Review) -> None:
    reader = factories.person("rita", role="reader")
    review.incident.participants.create(person=reader)
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    assert told(client, review, "ad") == ["ada"]
    assert client.get(f"/drafts/{review.incident.number}/names", {"q": "ad"}).status_code == 403


def test_an_outsider_is_offered_no_names_in_comments(client: Client, review: Review) -> None:
    client.force_login(factories.person("mallory"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/drafts/{review.incident.number}/names", {"q": "a", "for": "comment"}).status_code == 404
