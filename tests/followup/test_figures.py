"""Figures of action items equal an independent count, lead to the very items, and tell nothing of what is hidden."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem, ActionStatus
from followup.figures.factors import factors_by_review, summed
from followup.figures.items import counted_items
from followup.figures.page import Figures, Number, figures_of, last_quarters
from followup.figures.spread import against_due, days, spread_of
from followup.models import HoldCheck
from incidents.models import Incident
from reviews.models import Factor
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
BERLIN = ZoneInfo("Europe/Berlin")
SignIn = Callable[[Person], Client]


@pytest.fixture
def incident(author: Person) -> Incident:
    return factories.published(author, "Pool ran dry").review.incident


def item(incident: Incident, title: str = "Fix", *, created_at: datetime | None = None, **more: Any) -> ActionItem:
    made = ActionItem.objects.create(incident=incident, title=title, **more)
    if created_at:
        ActionItem.objects.filter(pk=made.pk).update(created_at=created_at)
        made.refresh_from_db()
    return made


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def figures(person: Person, text: str = "", today: date = TODAY) -> Figures:
    return figures_of(person, counted_items(person, text, today, BERLIN))


def counts(numbers: list[Number]) -> dict[str, int]:
    return {one.label: one.count for one in numbers}


def many_items(incident: Incident) -> None:
    """Some hundred items of every kind, the same in each run."""
    chance = random.Random(7)
    teams = [factories.team("Core"), factories.team("Web"), None]
    for number in range(200):
        created = TODAY - timedelta(days=chance.randrange(900))
        status = chance.choice(ActionStatus.values)
        is_done = status == "done"
        done = min(created + timedelta(days=chance.randrange(200)), TODAY)
        made = item(
            incident,
            f"Fix {number}",
            created_at=at(created, chance.randrange(24)),
            status=status,
            reason="Too dear." if status == "wont-do" else "",
            team=chance.choice(teams),
            due=chance.choice([None, created + timedelta(days=chance.randrange(150))]),
            done_at=at(done, chance.randrange(24)) if is_done else None,
        )
        if is_done and chance.random() < 0.5:
            answer = chance.choice(["held", "recurred", "unknown"])
            HoldCheck.objects.create(
                action=made, done_at=made.done_at, asked_at=made.done_at, answer=answer,
                answered_by=incident.created_by, answered_at=made.done_at,
            )  # fmt: skip


def in_berlin(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def middle(numbers: list[int]) -> float:
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def test_all_figures_equal_an_independent_count(author: Person, incident: Incident) -> None:
    many_items(incident)
    found = figures(author)
    every = list(ActionItem.objects.select_related("team"))
    done = [one for one in every if one.status == "done"]
    unfinished = [one for one in every if one.status in ("proposed", "open", "in-progress")]
    assert found.total == len(every) == 200
    assert counts(found.done) == {
        quarter: sum(quarter_of(in_berlin(one.done_at)) == quarter for one in done) for quarter in last_quarters(TODAY)
    }
    for line in found.teams:
        for quarter, cell in zip(found.quarters, line.cells, strict=True):
            due = [
                one
                for one in every
                if one.due
                and one.status != "wont-do"
                and quarter_of(one.due) == quarter
                and line.label in ("All", str(one.team or "No team"))
            ]
            of_these = [one for one in due if one.status == "done"]
            in_time = [one for one in of_these if in_berlin(one.done_at) <= one.due]
            assert (cell.due.count, cell.done.count, cell.in_time.count) == (len(due), len(of_these), len(in_time))
    assert [line.label for line in found.teams] == ["All", "Core", "Web", "No team"]
    ages = [(TODAY - in_berlin(one.created_at)).days for one in unfinished]
    assert (found.age.count, found.age.median) == (len(ages), middle(ages))
    assert (
        sum(age <= (found.age.p90 or 0) for age in ages)
        >= 0.9 * len(ages)
        > sum(age < (found.age.p90 or 0) for age in ages)
    )
    assert list(counts(found.ages).values()) == [
        sum(least <= age <= most for age in ages)
        for least, most in ((0, 28), (29, 91), (92, 182), (183, 365), (366, 10_000))
    ]
    late = [(in_berlin(one.done_at) - one.due).days for one in done if one.due]
    assert (found.late.count, found.late.median) == (len(late), middle(late))
    assert list(counts(found.lateness).values()) == [
        sum(least <= number <= most for number in late)
        for least, most in ((-10_000, -29), (-28, -8), (-7, -1), (0, 0), (1, 7), (8, 28), (29, 10_000))
    ]
    dropped = sum(one.status == "wont-do" for one in every)
    assert (found.dropped.count, found.closed.count) == (dropped, dropped + len(done))
    answers = list(HoldCheck.objects.values_list("answer", flat=True))
    assert list(counts(found.held).values()) == [answers.count(one) for one in ("held", "recurred", "unknown")] + [0]


def test_every_number_leads_to_as_many_items(author: Person, incident: Incident, sign_in: SignIn) -> None:
    many_items(incident)
    client = sign_in(author)
    page = client.get("/actions/figures/").content.decode()
    links = re.findall(r'<a href="(/actions/figures/items/\?[^"]+)">(\d+)', page)
    assert len(links) > 60
    for address, number in links:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        said = re.search(r"(\d+) action item", listed)
        assert said, address
        assert said[1] == number, address


def test_days_are_those_of_the_reader(author: Person, incident: Incident) -> None:
    item(incident, status="done", due=date(2026, 6, 30), done_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert counts(figures(author).done)["2026-Q3"] == 1
    assert figures(author).late.median == 1
    in_utc = figures_of(author, counted_items(author, "", TODAY, UTC))
    assert counts(in_utc.done)["2026-Q2"] == 1
    assert in_utc.late.median == 0


def test_what_is_done_on_an_unknown_day_is_done(author: Person, incident: Incident) -> None:
    item(incident, status="done", due=date(2026, 11, 2))
    found = figures(author)
    assert (found.done_all.count, found.late.count, found.taken.count) == (1, 0, 0)
    assert found.teams[0].cells[0].done.count == 1
    assert found.teams[0].cells[0].in_time.count == 0


def test_what_was_merged_is_not_counted_as_dropped(author: Person, incident: Incident) -> None:
    kept = item(incident)
    item(incident, status="wont-do", reason="Merged.", merged_into=kept)
    item(incident, status="wont-do", reason="Too dear.")
    assert (figures(author).dropped.count, figures(author).closed.count) == (1, 1)


def test_figures_can_be_narrowed_and_their_lists_as_well(author: Person, incident: Incident, sign_in: SignIn) -> None:
    core = factories.team("Core")
    item(incident, "Of Core", team=core)
    item(incident, "Of nobody")
    assert figures(author, "team:core").unfinished.count == 1
    client = sign_in(author)
    page = client.get("/actions/figures/?q=team:core+colour:red").content.decode()
    assert "There is no filter “colour:”." in page
    listed = client.get("/actions/figures/items/?of=unfinished&q=team:core").content.decode()
    assert "Of Core" in listed
    assert "Of nobody" not in listed


def test_factors_are_removed_by_a_done_item(author: Person, outsider: Person, incident: Incident) -> None:
    review = incident.review
    done, open_one = item(incident, "Done", status="done", done_at=at(TODAY)), item(incident, "Open")
    for text, removed_by in (("a", [done, open_one]), ("b", [open_one])):
        Factor.objects.create(review=review, text=text).actions.set(removed_by)
    found = figures(outsider).factors
    assert (found.all, found.removed, found.uncovered) == (3, 1, 1)
    assert figures(outsider, "done").factors.all == 1
    hidden = factories.published(author, "Secret", visibility="restricted").review
    factories.draft(author, "Draft").factors.create(text="Not published")
    assert summed(factors_by_review(outsider)).all == 3
    assert summed(factors_by_review(author)).all == 3 + hidden.factors.count()


def test_nothing_hidden_is_counted(author: Person, outsider: Person, sign_in: SignIn) -> None:
    hidden = factories.published(author, "Secret", visibility="restricted").review.incident
    team = factories.team("Core")
    client = sign_in(outsider)
    addresses = ("/actions/figures/", "/actions/figures/factors/", "/actions/figures/items/?of=done")

    def seen() -> list[str]:
        return [client.get(address).content.decode().partition("<main")[2] for address in addresses]

    before = seen()
    made = item(hidden, status="done", done_at=timezone.now(), due=timezone.localdate(), team=team)
    HoldCheck.objects.create(action=made, done_at=made.done_at, asked_at=made.done_at)
    assert seen() == before


def test_few_numbers_are_said_to_be_few(author: Person, incident: Incident, sign_in: SignIn) -> None:
    item(incident)
    assert "1 item is few" in " ".join(sign_in(author).get("/actions/figures/").content.decode().split())


@pytest.mark.parametrize(
    "query", ["", "q=nothingmatches", "q=%00", "q=" + "x" * 3000, "q=quarter:2026-Q9", "q=after:2026-02-30"]
)
def test_whatever_is_asked_the_page_answers(author: Person, incident: Incident, sign_in: SignIn, query: str) -> None:
    item(incident)
    client = sign_in(author)
    assert client.get(f"/actions/figures/?{query}").status_code == 200
    assert client.get(f"/actions/figures/factors/?{query}&page=999").status_code == 200
    assert client.get(f"/actions/figures/items/?of=unfinished&{query}&page=x").status_code == 200


@pytest.mark.parametrize(
    "query", ["", "of=", "of=nothing", "of=done-2026-Q9", "of=due-%00", "of=done&team=%00", "of=done&team=none-such"]
)
def test_an_unknown_figure_is_not_found(author: Person, sign_in: SignIn, query: str) -> None:
    assert sign_in(author).get(f"/actions/figures/items/?{query}").status_code == 404


def test_the_page_asks_as_many_queries_however_much_there_is(
    author: Person, incident: Incident, sign_in: SignIn
) -> None:
    client = sign_in(author)
    item(incident, team=factories.team("Core"), due=timezone.localdate())
    with CaptureQueriesContext(connection) as few:
        client.get("/actions/figures/")
    many_items(incident)
    with CaptureQueriesContext(connection) as many:
        client.get("/actions/figures/")
    assert len(many) <= len(few) <= 6


def test_only_administrators_say_when_it_is_asked(author: Person, incident: Incident, sign_in: SignIn) -> None:
    item(incident)
    assert sign_in(author).post("/actions/figures/weeks", {"weeks": "3"}).status_code == 404
    client = sign_in(factories.person("boss", role="administrator"))
    for wrong in ("", "0", "53", "x", "9" * 40, "\x00"):
        page = client.post("/actions/figures/weeks", {"weeks": wrong}, follow=True).content.decode()
        assert "whole number of weeks" in page, wrong
    assert "asked 3 weeks" in client.post("/actions/figures/weeks", {"weeks": "3"}, follow=True).content.decode()


def test_spreads_in_words() -> None:
    spread = spread_of([5, 1, 2, 3])
    assert (spread.median, spread.p90, spread.is_small) == (2.5, 5, True)
    assert spread_of(range(1, 11)).p90 == 9
    assert (spread_of([]).median, spread_of([]).p90, spread_of([]).is_small) == (None, None, False)
    assert [days(one) for one in (None, 0, 1, 2.5)] == ["", "0 days", "1 day", "2.5 days"]
    assert [against_due(one) for one in (None, 0, 1, -2.5)] == ["", "on the due date", "1 day late", "2.5 days early"]
