"""How filters may go on while they are typed, and the form that adds some."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from incidents.models import Grant
from tests import factories
from wiki.completion import complete

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


def offered(person: Person, part: str) -> list[str]:
    return [one.value for one in complete(person, part, TODAY)]


@pytest.fixture
def catalogue(author: Person) -> None:
    """Some names."""
    factories.service("Payments API")
    factories.service("Card payments")
    factories.service("Search")
    factories.team("Core", author)
    factories.cause("capacity")


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("ser", ["service:"]),
        ("-ser", ["-service:"]),
        ("SER", ["service:"]),
        ("service:pa", ["service:payments-api", "service:card-payments"]),
        ("-service:card", ["-service:card-payments"]),
        ('service:"card pa', ["service:card-payments"]),
        ("service:search,pay", ["service:search,payments-api", "service:search,card-payments"]),
        ("pay", ["service:payments-api", "service:card-payments"]),
        ("team:", ["team:core"]),
        ("cause:capa", ["cause:capacity"]),
        ("severity:sev1", ["severity:sev1"]),
        ("status:", ["status:published", "status:archived"]),
        ("is:o", ["is:open-actions", "is:overdue"]),
        ("owner:aut", ["owner:author"]),
        ("owner:m", ["owner:me"]),
        ("quarter:2026-q4", ["quarter:2026-Q4"]),
        ("quarter:2025-q", ["quarter:2025-Q4", "quarter:2025-Q3", "quarter:2025-Q2", "quarter:2025-Q1"]),
        ("after:3", ["after:3m"]),
        ("before:2026-11-", ["before:2026-11-25"]),
        ("", []),
        ("-", []),
        ("colour:re", []),
        ("service:%", []),
        ("service:_", []),
        (":", []),
        ("zzz", []),
    ],
)
def test_a_filter_goes_on(author: Person, catalogue: None, part: str, values: list[str]) -> None:
    assert offered(author, part) == values


@pytest.mark.parametrize("part", ["\x00", "\ud800", "service:" + "x" * 10_000, "owner:\x00", "tag:'\"", "is:\ud800,"])
def test_no_input_breaks_it(author: Person, sign_in: Callable[[Person], Client], part: str) -> None:
    offered(author, part)
    sent = part.encode("utf-8", "replace").decode()
    assert sign_in(author).get("/reviews/completions", {"part": sent}).status_code == 200


def test_tags_are_those_of_reviews_that_one_may_see(author: Person, outsider: Person) -> None:
    factories.published(author, tags=["money", "Mobile"])
    secret = factories.published(author, visibility="restricted", tags=["moat", "money"]).review.incident
    assert offered(author, "tag:m") == ["tag:money", "tag:Mobile", "tag:moat"]
    assert offered(outsider, "tag:m") == ["tag:Mobile", "tag:money"]
    assert [one.label for one in complete(outsider, "tag:mon", TODAY)] == ["1 review"]
    Grant.objects.create(incident=secret, person=outsider)
    assert "tag:moat" in offered(outsider, "tag:m")


def test_an_account_that_was_closed_is_offered_no_tags(author: Person) -> None:
    factories.published(author, tags=["money"])
    author.is_active = False
    assert offered(author, "tag:m") == []


def test_options_take_three_queries(author: Person, catalogue: None, sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(author)
    for part in ("pay", "service:p", "tag:x", "owner:a", "is:"):
        with CaptureQueriesContext(connection) as queries:
            client.get("/reviews/completions", {"part": part})
        assert len(queries) <= 3, part


def test_names_are_shown_as_text(author: Person, sign_in: Callable[[Person], Client]) -> None:
    factories.service("Payments", about="").__class__.objects.update(name='Pay"><b>x</b>')
    answer = sign_in(author).get("/reviews/completions", {"part": "service:pay"}).content.decode()
    assert "<b>" not in answer
    assert 'data-value="service:payments"' in answer


def test_the_form_adds_what_was_filled_in(author: Person, catalogue: None, sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(author)
    page = client.get("/reviews/filters?q=pool&sort=newest").content.decode()
    assert 'value="pool"' in page
    assert '<option value="core">Core</option>' in page
    answer = client.get(
        "/reviews/filters",
        {
            "q": "pool team:core",
            "sort": "newest",
            "service": ' Card  "payments" ',
            "team": "core",
            "severity": "",
            "after": "2026-03-14",
            "add": "1",
        },
    )
    expected = "/reviews/?q=pool+team%3Acore+service%3A%22Card+payments%22+after%3A2026-03-14&sort=newest"
    assert (answer.status_code, answer.headers["Location"]) == (302, expected)


def test_the_form_takes_any_text(author: Person, sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(author)
    for value in ("\x00", "a,b", "x" * 5_000, '"', "after:", "🫖 é"):
        answer = client.get("/reviews/filters", {"q": value, "service": value, "is": value, "add": "1"})
        assert client.get(answer.headers["Location"]).status_code == 200
