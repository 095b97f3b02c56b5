"""Trends: what is counted, for whom, in which zone, and that every number is that of its list."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from incidents.models import Grant
from learning.measuring import measure_anew
from learning.models import Measured
from learning.trends.counting import Counts, count
from learning.trends.investing import ranked, weights_of
from learning.trends.remembered import Remembered
from learning.trends.selection import Selection, narrowing_of
from learning.trends.span import asked_span
from reviews.models import Review
from reviews.publishing import publish_review
from tests import factories
from wiki.remembered import state_for

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC).date()


def published(author: Person, began: datetime, **facts: Any) -> Review:
    """A published review of an incident that began then; `minutes` later it was detected, mitigated, resolved."""
    minutes, causes = facts.pop("minutes", {}), facts.pop("causes", [])
    ends = {f"{name}_at": began + timedelta(minutes=many) for name, many in minutes.items()}
    review = factories.draft(author, occurred_at=began, **facts, **ends)
    review.causes.set(causes)
    return publish_review(author, review).review


def asked(reader: Person, **given: str) -> Selection:
    return Selection(reader, asked_span(given, NOW).span, narrowing_of(given))


def counted(reader: Person, **given: str) -> Counts:
    return count(asked(reader, **given))


def day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def test_incidents_count_now_and_before(author: Person, outsider: Person) -> None:
    for began in ("2026-08-01T12:00", "2026-07-01T00:00", "2026-05-10T12:00", "2026-03-01T12:00"):
        published(author, day(began))
    found = counted(outsider, quarter="2026-Q3")
    assert (found.total.now, found.total.before) == (2, 1)
    assert found.steps == {"2026-Q3": 2}


def test_months_are_counted_apart(author: Person, outsider: Person) -> None:
    for began in ("2026-08-01T12:00", "2026-07-01T00:00", "2026-07-31T23:59"):
        published(author, day(began))
    assert counted(outsider, by="month", **{"from": "2026-07", "to": "2026-08"}).steps == {"2026-07": 2, "2026-08": 1}


def test_quarters_and_hours_follow_the_organisations_zone(author: Person, outsider: Person, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    published(author, day("2025-12-31T23:30"))  # 00:30 on New Year's Day in Berlin
    published(author, day("2026-03-29T01:30"))  # 03:30, half an hour after the clocks went forward
    published(author, day("2026-03-22T01:30"))  # 02:30, a week before
    found = counted(outsider, quarter="2026-Q1")
    assert found.total.now == 3
    thursday, sunday = 3 * 24, 6 * 24
    assert found.hours == {thursday: 1, sunday + 3: 1, sunday + 2: 1}


def test_an_incident_of_which_only_the_day_is_known_has_no_hour(author: Person, outsider: Person) -> None:
    published(author, day("2026-08-01T00:00"), occurred_is_date=True)
    found = counted(outsider, quarter="2026-Q3")
    assert (found.total.now, found.hours) == (1, {})


def test_lengths_are_told_by_median_and_ninetieth_percentile(author: Person, outsider: Person) -> None:
    for minutes in (10, 20, 30, 40, 1000):
        published(author, day("2026-08-01T12:00"), minutes={"detected": 5, "resolved": minutes})
    published(author, day("2026-08-02T12:00"))
    resolve = counted(outsider, quarter="2026-Q3").lengths["resolve"]
    assert (resolve.now.count, resolve.now.median) == (5, 30 * 60)
    assert resolve.now.p90 == pytest.approx(60 * (40 + 0.6 * 960))
    assert resolve.classes == {1: 1, 2: 1, 3: 2, 7: 1}


def test_a_restricted_review_is_counted_for_nobody_else(author: Person, outsider: Person) -> None:
    published(author, day("2026-08-01T12:00"), visibility="restricted")
    assert counted(outsider, quarter="2026-Q3").total.now == 0
    assert counted(author, quarter="2026-Q3").total.now == 1


def own(reader: Person) -> tuple[int, ...] | None:
    return state_for(reader).seen.own


def test_counts_are_remembered_for_who_may_see_the_same_restricted_reviews(author: Person, outsider: Person) -> None:
    review = published(author, day("2026-08-01T12:00"), visibility="restricted")
    member = factories.person("member")
    Grant.objects.create(incident=review.incident, team=factories.team("Trust", member))
    assert own(author) == own(member) == (review.pk,)
    assert own(outsider) == own(factories.person("other")) == ()
    assert asked(author).key() == asked(member).key() != asked(outsider).key()


def test_a_value_is_made_once_while_it_is_young() -> None:
    made: list[int] = []
    remembered: Remembered[int] = Remembered(seconds=60, most=2)
    for key in ("a", "a", "b", "c", "a"):
        remembered.get(key, lambda: made.append(1) or len(made))
    assert len(made) == 4  # "a" had to go for "c"


def test_drafts_are_not_counted(author: Person) -> None:
    factories.draft(author, occurred_at=day("2026-08-01T12:00"))
    assert counted(author, quarter="2026-Q3").total.now == 0


def test_a_team_counts_a_review_of_two_of_its_services_once(author: Person, outsider: Person) -> None:
    team = factories.team("Platform")
    services = [factories.service("One", owner=team), factories.service("Two", owner=team)]
    published(author, day("2026-08-01T12:00"), services=services)
    assert counted(outsider, quarter="2026-Q3").teams[team.pk].now == 1


def test_a_cause_that_comes_again_in_a_service_recurs(author: Person, outsider: Person) -> None:
    service, cause = factories.service("Payments"), factories.cause("capacity")
    for began in ("2026-08-01T12:00", "2026-08-09T12:00"):
        published(author, day(began), services=[service], causes=[cause])
    [found] = counted(outsider, quarter="2026-Q3").recurring
    assert (found.service, found.cause, found.count) == (service.pk, cause.pk, 2)


def test_publishing_again_measures_again(author: Person) -> None:
    review = published(author, day("2026-08-01T12:00"), minutes={"detected": 5, "resolved": 10})
    review.incident.resolved_at = day("2026-08-01T13:00")
    review.incident.save()
    publish_review(author, review, "Longer than we thought.")
    assert Measured.objects.get(pk=review.pk).resolve == 3600


def test_what_is_kept_equals_a_full_recount(demo: Any) -> None:
    kept = list(Measured.objects.order_by("pk").values())
    assert measure_anew() == len(kept) > 10
    assert list(Measured.objects.order_by("pk").values()) == kept


def test_every_number_is_that_of_its_list(demo: Any, client: Client) -> None:
    client.force_login(Person.objects.get(username="alice"))
    address = "/trends/?from=2025-Q3&to=2026-Q4"
    page = client.get(address).content.decode()
    links = {
        url.replace("&amp;", "&"): int(many) for url, many in re.findall(r'href="(/trends/reviews/[^"]*)">(\d+)', page)
    }
    assert len(links) > 50
    wrong = {}
    for url, many in links.items():
        if "items=" not in url and "held=" not in url:
            listed = int(re.findall(r"<h1>\s*(\d+) review", client.get(url).content.decode())[0])
            if listed != many:
                wrong[url] = (many, listed)
    assert wrong == {}


def test_a_page_takes_the_same_few_queries_however_much_there_is(
    demo: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(Person.objects.get(username="alice"))
    client.get("/trends/")
    with django_assert_max_num_queries(12):
        client.get("/trends/?from=2024-Q1&to=2026-Q4")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("from=2026-Q3&to=2026-Q1", "ends before it begins"),
        ("from=never", "is not a date here"),
        ("quarter=2026-Q9", "from Q1 to Q4"),
        ("from=1980&to=2026", "Only the last"),
        ("service=nothing-like-it", "is not a service here"),
        ("hour=168", "is not a hour"),
        ("interval=resolve-77", "was left out"),
        ("severity=%00%ED%A0%80", "was left out"),
    ],
)
def test_what_cannot_be_understood_is_said(reader: Client, given: str, said: str) -> None:
    for path in ("/trends/", "/trends/reviews/"):
        answer = reader.get(f"{path}?{given}")
        assert answer.status_code == 200
        assert said in answer.content.decode()


@pytest.fixture
def reader(client: Client, outsider: Person) -> Client:
    client.force_login(outsider)
    return client


def test_a_small_sample_is_warned_of(author: Person, reader: Client) -> None:
    published(author, timezone.now() - timedelta(days=1), minutes={"detected": 5})
    assert "too few to tell a trend from chance" in reader.get("/trends/").content.decode()


def test_what_happens_again_and_lasts_longest_is_ranked_first(author: Person, outsider: Person) -> None:
    often, once = factories.service("Often"), factories.service("Once")
    cause = factories.cause("capacity")
    for began in ("2026-08-01T12:00", "2026-08-09T12:00"):
        published(author, day(began), services=[often], causes=[cause], minutes={"resolved": 90})
    published(author, day("2026-08-10T12:00"), services=[once], minutes={"resolved": 10})
    weights, problems = weights_of({})
    first, second = ranked(asked(outsider, quarter="2026-Q3"), "service", weights)
    assert ([first.key, second.key], problems) == ([often.pk, once.pk], [])
    sums = {part.name: part.value for part in first.parts}
    assert sums == {"impact": 180, "recurrence": 1, "severity": 8, "actions": 0, "trend": 2}
    assert first.score == pytest.approx(100 * 4 / 5)  # nobody has open action items


def test_a_weight_of_nothing_takes_its_part_out(author: Person, outsider: Person) -> None:
    published(author, day("2026-08-01T12:00"), services=[factories.service("One")], minutes={"resolved": 90})
    weights, _ = weights_of({f"weight-{name}": "0" for name in ("recurrence", "severity", "actions", "trend")})
    [only] = ranked(asked(outsider, quarter="2026-Q3"), "service", weights)
    assert only.score == 100


def test_a_weight_that_is_none_is_said(reader: Client) -> None:
    page = reader.get("/trends/invest/?weight-impact=77&weight-severity=%C2%B2").content.decode()
    assert page.count("is a whole number from 0 to 10") == 2


@pytest.mark.parametrize("path", ["/trends/", "/trends/invest/", "/trends/reviews/"])
def test_every_way_to_narrow_down_is_kept_in_the_form_and_can_be_taken_away(path: str, reader: Client) -> None:
    given = "items=done&held=held&severity=sev1&detected=none&hour=7&interval=resolve-2&recurrence=confirmed"
    page = reader.get(f"{path}?{given}").content.decode()
    assert page.count('class="chip-remove"') == 7
    if path != "/trends/reviews/":
        assert '<input type="hidden" name="items" value="done">' in page
