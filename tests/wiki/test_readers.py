"""Who has read a review: counted once, named or not, and how far reviews reached."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident, Participant
from reviews.commenting import start_thread
from tests import factories
from wiki.models import Reading, ReadingSetting
from wiki.reach import quarter_of
from wiki.readers import keep_reading, readers_of

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(author: Person) -> Incident:
    """A published one of a service that a team owns, to which its author belongs."""
    team = factories.team("Core", author)
    return factories.published(
        author, "Pool ran dry", services=[factories.service("Payments", owner=team)]
    ).review.incident


def address(incident: Incident) -> str:
    return incident.get_absolute_url()


def around(client: Client, incident: Incident) -> str:
    answer = client.get(f"/reviews/{incident.number}/around/")
    assert answer.status_code == 200
    return " ".join(HTMLParser(answer.content.decode()).css_first("main").text().split())


def test_a_reading_is_counted_once_for_each_person(incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    for _ in range(3):
        client.get(address(incident))
    assert [*Reading.objects.values_list("person", "incident")] == [(outsider.pk, incident.pk)]


@pytest.mark.parametrize("kind", ["head", "prefetched", "around"])
def test_what_nobody_read_is_not_counted(kind: str, incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    if kind == "head":
        client.head(address(incident))
    elif kind == "prefetched":
        client.get(address(incident), headers={"Sec-Purpose": "prefetch"})
    else:
        around(client, incident)
    assert not Reading.objects.exists()


def test_what_one_may_not_see_is_not_counted(incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    Incident.objects.update(visibility="restricted")
    assert sign_in(outsider).get(address(incident)).status_code == 404
    assert not Reading.objects.exists()


def test_two_readers_share_the_kept_page(
    incident: Incident, outsider: Person, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = factories.person("other", role="reader")
    sign_in(outsider).get(address(incident))
    client = sign_in(other)
    with django_assert_num_queries(4):  # session, person, version; and that they have read it
        client.get(address(incident))


def test_the_page_says_how_many_read_it_and_who(incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    for one in (outsider, incident.participants.get().person):
        sign_in(one).get(address(incident))
    said = around(sign_in(outsider), incident)
    assert "Read by 2 people, 1 of them from outside its teams." in said
    assert "Author, Reader" in said


def test_readers_are_counted_only_where_an_administrator_said_so(
    incident: Incident, outsider: Person, sign_in: SignIn
) -> None:
    admin = factories.person("admin", role="administrator")
    keep_reading(outsider, incident.pk)
    assert sign_in(admin).post("/reviews/reach/naming", {"readers": "counted"}).status_code == 302
    assert "Reader" not in around(sign_in(outsider), incident).partition("Read by")[2]
    assert readers_of(incident.pk).count == 1
    assert AuditEntry.objects.filter(verb="name-readers", detail="counted only").exists()


@pytest.mark.parametrize("role", ["reader", "author", "facilitator"])
def test_nobody_else_decides_about_names(role: str, sign_in: SignIn) -> None:
    client = sign_in(factories.person("someone", role=role))
    assert client.post("/reviews/reach/naming", {"readers": "counted"}).status_code == 404
    assert not ReadingSetting.objects.exists()


def test_a_reader_may_be_counted_without_their_name(incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    client.get(address(incident))
    client.post("/reviews/reach/my-name", {"name": "quiet"})
    assert (readers_of(incident.pk).count, readers_of(incident.pk).names) == (1, [])
    client.post("/reviews/reach/my-name", {"name": "named"})
    assert readers_of(incident.pk).names == ["Reader"]


def test_what_was_read_can_be_forgotten(incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    keep_reading(incident.participants.get().person, incident.pk)
    keep_reading(outsider, incident.pk)
    sign_in(outsider).post("/reviews/reach/forget")
    assert [*Reading.objects.values_list("person__username", flat=True)] == ["author"]


def test_there_is_one_setting(db: None) -> None:
    ReadingSetting.objects.create(names_readers=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingSetting.objects.create(only=False)


@pytest.mark.parametrize(
    ("role", "in_team", "outside"),
    [(None, False, 1), (None, True, 0), ("reviewer", False, 1), ("responder", False, 0), ("reviewer", True, 0)],
)
def test_outside_are_those_who_neither_own_nor_took_part(
    role: str | None, in_team: bool, outside: int, incident: Incident, outsider: Person
) -> None:
    if role:
        Participant.objects.create(incident=incident, person=outsider, role=role)
    if in_team:
        factories.team("Core", outsider)
    keep_reading(outsider, incident.pk)
    assert readers_of(incident.pk).outside == outside


def reach(client: Client, query: str = "") -> HTMLParser:
    answer = client.get(f"/reviews/reach/{query}")
    assert answer.status_code == 200
    return HTMLParser(answer.content.decode())


def rows(page: HTMLParser) -> list[list[str]]:
    return [[cell.text(strip=True) for cell in row.css("th, td")] for row in page.css(".reach-table tbody tr")]


def test_reach_lists_reviews_by_readers_and_discussion_from_outside(
    incident: Incident, author: Person, outsider: Person, sign_in: SignIn
) -> None:
    reviewer = factories.person("reviewer")
    Participant.objects.create(incident=incident, person=reviewer, role="reviewer")
    start_thread(reviewer, incident.review, "facts", "Why so long?")
    for one in (author, outsider):
        keep_reading(one, incident.pk)
    keep_reading(outsider, factories.published(author, "Another").review.pk)
    keep_reading(reviewer, incident.pk)
    assert rows(reach(sign_in(outsider))) == [["Pool ran dry", "2", "1"], ["Another", "1", "0"]]


def test_reach_tells_nothing_of_what_one_may_not_see(
    incident: Incident, author: Person, outsider: Person, sign_in: SignIn
) -> None:
    keep_reading(outsider, incident.pk)
    Incident.objects.update(visibility="restricted")
    page = reach(sign_in(outsider))
    assert rows(page) == []
    assert "1 person" not in page.text()
    assert rows(reach(sign_in(author))) == [["Pool ran dry", "1", "0"]]


def test_a_reading_counts_in_its_quarter(incident: Incident, outsider: Person, sign_in: SignIn) -> None:
    Reading.objects.create(person=outsider, incident=incident, on=date(2026, 3, 31))
    client = sign_in(outsider)
    assert len(rows(reach(client, "?quarter=2026-Q1"))) == 1
    assert rows(reach(client, "?quarter=2026-q2")) == []


@pytest.mark.parametrize("quarter", ["2026", "2026-Q5", "9999-Q4", "%00", "x" * 3000, "-1-Q1", "%ED%A0%80", "0001-Q1"])
def test_a_bad_quarter_is_told_and_the_present_one_shown(quarter: str, outsider: Person, sign_in: SignIn) -> None:
    page = reach(sign_in(outsider), f"?quarter={quarter}")
    assert page.css_first(".notice.is-warning") is not None


@pytest.mark.parametrize(("day", "quarter"), [(date(2026, 1, 1), "2026-Q1"), (date(2026, 12, 31), "2026-Q4")])
def test_days_fall_into_quarters(day: date, quarter: str) -> None:
    assert quarter_of(day) == quarter


def test_reach_takes_few_queries_however_many_reviews(
    author: Person, outsider: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        keep_reading(outsider, factories.published(author, f"Review {number}").review.pk)
    client = sign_in(outsider)
    with django_assert_max_num_queries(11):
        assert len(rows(reach(client))) == 8


def beside(client: Client, incident: Incident) -> dict[str, str]:
    answer = client.get(f"/reviews/{incident.number}/around/", headers={"HX-Request": "true"})
    found = HTMLParser(answer.content.decode()).css(".beside a")
    return {one.attributes["rel"] or "": one.css_first(".beside-title").text() for one in found}


def told(author: Person, title: str, month: int, service: str, **facts: Any) -> Incident:
    return factories.published(
        author, title, services=[factories.service(service)], occurred_at=f"2026-{month:02}-01T12:00Z", **facts
    ).review.incident


def test_the_reviews_before_and_after_are_of_the_same_service(author: Person, sign_in: SignIn) -> None:
    told(author, "Long before", 1, "Payments")
    told(author, "Before", 2, "Payments")
    told(author, "Another service", 3, "Search")
    here = told(author, "Here", 4, "Payments")
    told(author, "Elsewhere", 5, "Search")
    told(author, "After", 6, "Payments")
    assert beside(sign_in(author), here) == {"prev": "Before", "next": "After"}


def test_before_and_after_leave_out_what_one_may_not_see(author: Person, outsider: Person, sign_in: SignIn) -> None:
    told(author, "Open", 1, "Payments")
    told(author, "Hidden", 2, "Payments", visibility="restricted")
    here = told(author, "Here", 3, "Payments")
    assert beside(sign_in(outsider), here) == {"prev": "Open"}
    assert beside(sign_in(author), here) == {"prev": "Hidden"}


def test_around_takes_few_queries(
    author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here = [told(author, f"Review {month}", month, "Payments") for month in (1, 2, 3)][1]
    client = sign_in(author)
    with django_assert_max_num_queries(17):
        client.get(f"/reviews/{here.number}/around/")
