"""Where a review writes people as roles, the address of an issue, which may name them, is for those who took part."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
ISSUE = "https://git.example.org/ada/pool/issues/7"
DOORS = ["/actions/{pk}/", "/actions/{pk}/tracker/", "/actions/items.csv", "/api/v1/actions/{pk}", "/api/v1/actions"]


@pytest.fixture
def action() -> ActionItem:
    ada = factories.person("ada")
    review = factories.draft(ada, "Pool ran dry")
    review.names_as_roles = True
    review.save()
    action = add_action(ada, review.incident, title="Add an alert")
    publish_review(ada, review)
    return change_action(ada, action.pk, tracker_url=ISSUE)


def told(client: Client, address: str, action: ActionItem) -> bool:
    answer = client.get(address.format(pk=action.pk))
    return ISSUE in b"".join(answer).decode()


@pytest.mark.parametrize("address", DOORS)
def test_those_who_took_part_are_told(sign_in: SignIn, action: ActionItem, address: str) -> None:
    assert told(sign_in(Person.objects.get(username="ada")), address, action)


@pytest.mark.parametrize("role", ["team-lead", "reader"])
@pytest.mark.parametrize("address", DOORS)
def test_others_are_not(sign_in: SignIn, action: ActionItem, address: str, role: str) -> None:
    assert not told(sign_in(factories.person("zora", role=role)), address, action)


@pytest.mark.parametrize("address", DOORS)
def test_its_owner_is_told(sign_in: SignIn, action: ActionItem, address: str) -> None:
    owner = factories.person("zora", role="reader")
    change_action(Person.objects.get(username="ada"), action.pk, owner=owner)
    assert told(sign_in(owner), address, action)


def test_a_lead_reads_that_there_is_one(sign_in: SignIn, action: ActionItem) -> None:
    page = sign_in(factories.person("zora", role="team-lead")).get(f"/actions/{action.pk}/tracker/").content.decode()
    assert "Its issue is told to those who take part in its review." in page
    assert 'id="tracker-url"' not in page
