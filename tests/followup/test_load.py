"""Who has how much to do: each number leads to as many items."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from actions.models import ActionItem
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


@pytest.fixture
def lead(db: None) -> Person:
    return factories.person("lena", role="team-lead")


def item(**values: Any) -> ActionItem:
    incident = factories.published(factories.person("writer")).review.incident
    return ActionItem.objects.create(incident=incident, title="Add an alert", **values)


def page_of(client: Client, query: str) -> LexborHTMLParser:
    return LexborHTMLParser(client.get("/actions/load/", {"q": query}).content.decode())


@pytest.mark.parametrize(
    "query",
    ["", "is:overdue", "owner:dana owner:lou", "status:open,in-progress", "status:open is:overdue", "-owner:lou"],
)
def test_each_number_leads_to_as_many_items(lead: Person, sign_in: SignIn, query: str) -> None:
    today, core = date.today(), factories.team("Core")
    dana, lou = factories.person("dana"), factories.person("lou")
    for owner in (dana, lou, None):
        for due in (today - timedelta(days=3), today, None):
            item(owner=owner, due=due, team=core if owner else None)
        item(owner=owner, due=today - timedelta(days=3), status="in-progress", team=core)
        item(owner=owner, due=today - timedelta(days=3), status="done", team=core)
    client = sign_in(lead)
    links = page_of(client, query).css(".load .is-number a, .load-facts a")
    told = {node.attributes["href"] or "": int(node.text()) for node in links if node.text() != "0"}
    found = {url: _total(client, url) for url in told}
    assert told
    assert found == told


def _total(client: Client, url: str) -> int:
    count = LexborHTMLParser(client.get(url).content.decode()).css_first(".board-count")
    return int(count.text().split()[0]) if count else 0


def test_one_of_two_owners_that_were_asked_for_hands_over_only_their_own(lead: Person, sign_in: SignIn) -> None:
    dana, lou = factories.person("dana"), factories.person("lou")
    own = item(owner=dana)
    item(owner=lou)
    client = sign_in(lead)
    links = page_of(client, "owner:dana owner:lou").css(".load a")
    link = next(
        node.attributes["href"] or "" for node in links if node.text().startswith("Hand over all items of Dana")
    )
    page = LexborHTMLParser(client.get(link).content.decode())
    assert [(node.attributes["value"] or "").partition(".")[0] for node in page.css('[name="item"]')] == [str(own.pk)]


def test_a_reader_is_offered_to_hand_over_their_own_items_alone(sign_in: SignIn) -> None:
    reader = factories.person("zora", role="reader")
    item(owner=reader)
    item(owner=factories.person("dana"))
    links = page_of(sign_in(reader), "").css(".load a")
    assert [node.text() for node in links if node.text().startswith("Hand over")] == ["Hand over all items of Zora"]
