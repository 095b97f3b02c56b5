"""What the pages of services, causes and teams say of all their reviews together."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from actions.models import ActionItem
from core.bars import bars_of
from reviews.models import Recurrence, Version
from tests import factories

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def causes(db: None) -> None:
    """A test that empties the tables takes the starting categories with it."""
    factories.starting_causes()


def page_of(client: Client, address: str = "/services/payments/") -> LexborHTMLParser:
    answer = client.get(address)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def payments(author: Person, title: str, days: int = 10, **facts: Any) -> Version:
    causes = [factories.cause(slug) for slug in facts.pop("causes", [])]
    facts.setdefault("severity", "sev3")
    services = [factories.service("Payments", owner=factories.team("Core"))]
    return factories.published(author, title, services=services, causes=causes, occurred_at=ago(days), **facts)


def test_a_newcomer_is_told_where_to_start_and_why(author: Person, outsider: Person, sign_in: SignIn) -> None:
    first = payments(author, "Came back", 300).review
    Recurrence.objects.create(review=payments(author, "Again", 200).review, earlier=first)
    payments(author, "Worst", 100, severity="sev1")
    for number in range(3):
        payments(author, f"Full {number}", 90 - number, causes=["capacity"])
    payments(author, "Last", 1)
    payments(author, "Long ago", 1000, severity="sev1")
    page = page_of(sign_in(outsider))
    assert texts(page, ".start-here li") == [
        "Came back It happened again once.",
        "Worst One of the worst of the last two years: SEV1.",
        "Full 2 The last of 3 about Capacity and load.",
        "Last The last one.",
    ]


def test_what_recurs_is_named_with_a_search_that_finds_it(author: Person, outsider: Person, sign_in: SignIn) -> None:
    for number in range(2):
        payments(author, f"Full {number}", causes=["capacity"])
    payments(author, "Once", causes=["deploy"])
    client = sign_in(outsider)
    for address, label in (
        ("/services/payments/", "Capacity and load"),
        ("/causes/capacity/", "Payments"),
        ("/teams/core/", "Payments · Capacity and load"),
    ):
        page = page_of(client, address)
        [link] = page.css(".recurring a")
        assert link.text() == label
        assert len(page_of(client, link.attributes["href"] or "").css(".row")) == 2


def test_durations_are_medians_of_those_that_say_when(author: Person, outsider: Person, sign_in: SignIn) -> None:
    for minutes in (10, 30, 20):
        began = ago(minutes)
        services = [factories.service("Payments")]
        factories.published(
            author, services=services, occurred_at=began, detected_at=began + timedelta(minutes=minutes)
        )
    page = page_of(sign_in(outsider))
    assert texts(page, ".durations dt")[0] == "Time to detect"
    assert texts(page, ".durations dd")[0] == "20 min median of 3 reviews"


def test_reviews_stand_over_time_in_bars_and_in_a_table(author: Person, outsider: Person, sign_in: SignIn) -> None:
    payments(author, "Now", 0)
    payments(author, "Then", 400)
    page = page_of(sign_in(outsider))
    rows = texts(page, ".bars tbody tr")
    assert rows[0].endswith(" 1")
    assert rows[-1].endswith(" 1")
    assert rows[1].endswith(" 0")
    assert len(page.css("rect.bar")) == 2
    assert page.css("[style]") == []


def test_what_one_may_not_see_counts_nowhere(author: Person, outsider: Person, sign_in: SignIn) -> None:
    first = payments(author, "Open", 5, causes=["capacity"]).review
    payments(author, "Also open", 4)
    client = sign_in(outsider)
    before = client.get("/services/payments/").content
    secret = payments(author, "Secret", 1, causes=["capacity"], severity="sev1", visibility="restricted").review
    Recurrence.objects.create(review=secret, earlier=first)
    ActionItem.objects.create(incident=secret.incident, title="Watch", due="2020-01-01")
    masked = [_masked(page) for page in (before, client.get("/services/payments/").content)]
    assert masked[0] == masked[1]
    assert "Secret" in sign_in(author).get("/services/payments/").content.decode()


def _masked(page: bytes) -> str:
    return LexborHTMLParser(page.decode()).css_first("main").text()


def test_overdue_actions_are_told(author: Person, outsider: Person, sign_in: SignIn) -> None:
    incident = payments(author, "Pool", causes=["capacity"]).review.incident
    team = factories.team("Core")
    for due in ("2020-01-01", None):
        ActionItem.objects.create(incident=incident, title="Watch", due=due, team=team)
    for address in ("/services/payments/", "/causes/capacity/", "/teams/core/"):
        line = texts(page_of(sign_in(outsider), address), ".facts-line")[-1]
        assert "2 open actions, 1 overdue" in line, address


def test_a_single_review_needs_no_picture(author: Person, outsider: Person, sign_in: SignIn) -> None:
    payments(author, "Only")
    page = page_of(sign_in(outsider))
    assert page.css(".start-here, .bars, .recurring") == []


def test_a_page_takes_at_most_eleven_queries(author: Person, outsider: Person, sign_in: SignIn) -> None:
    core = factories.team("Core", author)
    factories.service("Payments", owner=core)
    for number in range(25):
        payments(author, f"Pool {number}", number, causes=["capacity"], severity="sev1")
    client = sign_in(outsider)
    for address in ("/services/payments/", "/causes/capacity/", "/teams/core/"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= 11, [one["sql"][:90] for one in queries]


def test_the_feed_of_a_page_has_an_address(author: Person, outsider: Person, sign_in: SignIn) -> None:
    payments(author, "Pool")
    client = sign_in(outsider)
    link = next(node for node in page_of(client).css(".catalog-ways a") if node.text() == "Feed")
    client.post("/reviews/searches/feed")
    shown = page_of(client, link.attributes["href"] or "").css_first("#feed-one").attributes["value"] or ""
    assert b"<title>Pool</title>" in client.get(shown.removeprefix("http://testserver")).content


def test_bars_are_as_high_as_their_counts() -> None:
    drawn = bars_of([("a", 0), ("b", 1), ("c", 100)])
    assert [(bar.x, bar.y, bar.height) for bar in drawn.bars] == [(0, 60, 0), (40, 58, 2), (80, 0, 60)]
    assert bars_of([]).bars == []
