"""Home shows what waits for whom, and hides what is empty."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser, LexborNode

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Incident
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


def home(client: Client) -> LexborHTMLParser:
    answer = client.get("/")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


def headings(page: LexborHTMLParser) -> list[str]:
    return [node.text().strip() for node in page.css("main h2, main h3")]


def rows(page: LexborHTMLParser, part: str) -> list[str]:
    """The titles below a heading of home."""
    found = page.css_first(f'[aria-labelledby="{part}-title"]')
    return [_words(node) for node in found.css(".row-title")] if found else []


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())


def action(incident: Incident, title: str, owner: Person, days: int | None, **more: Any) -> ActionItem:
    due = None if days is None else timezone.localdate() + timedelta(days=days)
    return ActionItem.objects.create(incident=incident, title=title, owner=owner, due=due, **more)


def test_a_new_installation_shows_three_first_steps(author: Person, sign_in: SignIn) -> None:
    page = home(sign_in(author))
    assert len(page.css(".first-steps li")) == 3
    assert page.css_first('main a[href="/drafts/new"]') is not None


def test_a_reader_of_an_empty_installation_is_not_sent_where_they_may_not_go(outsider: Person, sign_in: SignIn) -> None:
    assert home(sign_in(outsider)).css('main a[href="/drafts/new"]') == []


def test_my_open_actions_come_by_due_date_and_say_what_is_overdue(author: Person, sign_in: SignIn) -> None:
    incident = factories.published(author).review.incident
    action(incident, "Some day", author, None)
    action(incident, "Next week", author, 7)
    action(incident, "Last week", author, -7)
    action(incident, "Today", author, 0)
    action(incident, "Finished", author, -9, status="done")
    action(incident, "Of another", factories.person("other"), -9)
    page = home(sign_in(author))
    assert rows(page, "waiting") == ["Last week", "Today", "Next week", "Some day"]
    facts = [_words(node) for node in page.css('[aria-labelledby="waiting-title"] .row-facts')]
    assert "7 days overdue" in facts[0]
    assert "due today" in facts[1]
    assert "No due date" in facts[3]


def test_an_action_leads_to_its_place_on_the_review(author: Person, sign_in: SignIn) -> None:
    published = factories.published(author).review.incident
    draft = factories.draft(author, "Draft").incident
    one, other = action(published, "Of a review", author, 1), action(draft, "Of a draft", author, 2)
    links = [node.attributes["href"] for node in home(sign_in(author)).css('[aria-labelledby="waiting-title"] a')]
    assert f"{published.get_absolute_url()}#action-{one.pk}" in links
    assert f"{draft.get_edit_url()}#action-{other.pk}" in links


def test_drafts_and_reviews_in_review_are_told_apart(author: Person, sign_in: SignIn) -> None:
    factories.draft(author, "Being written")
    factories.draft(author, "Asked about", status="in-review")
    factories.draft(factories.person("other"), "Of others")
    page = home(sign_in(author))
    assert headings(page) == ["Waiting for you", "In review", "Your drafts"]
    assert rows(page, "waiting") == ["Asked about", "Being written"]


def test_what_happened_lately_is_newest_first(author: Person, outsider: Person, sign_in: SignIn) -> None:
    for day in (1, 3, 2):
        factories.published(author, f"On day {day}", occurred_at=datetime(2026, 3, day, tzinfo=UTC))
    assert rows(home(sign_in(outsider)), "lately") == ["On day 3", "On day 2", "On day 1"]


def test_a_year_ago_shows_the_days_around(author: Person, outsider: Person, sign_in: SignIn) -> None:
    today = timezone.now()
    year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
    for days in (-10, -2, 1, 10):
        factories.published(author, f"{days} days", occurred_at=year_ago + timedelta(days=days))
    shown = rows(home(sign_in(outsider)), "year-ago")
    assert "10 days" not in shown
    assert "-10 days" not in shown
    assert "1 days" in shown


def test_what_is_hidden_from_the_reader_is_not_there(author: Person, outsider: Person, sign_in: SignIn) -> None:
    hidden = factories.published(author, "Hidden", visibility="restricted").review.incident
    action(hidden, "Hidden action", outsider, -3)
    assert "Hidden" not in home(sign_in(outsider)).html  # type: ignore[operator]


def test_archived_reviews_are_not_news(author: Person, outsider: Person, sign_in: SignIn) -> None:
    factories.published(author, "Archived")
    Incident.objects.update(status="archived")
    assert rows(home(sign_in(outsider)), "lately") == []


def test_however_much_there_is_home_asks_seven_queries(
    author: Person, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        incident = factories.published(author, f"Review {number}", causes=[factories.cause("capacity")]).review.incident
        action(incident, f"Action {number}", author, number)
        factories.draft(author, f"Draft {number}")
    client = sign_in(author)
    with django_assert_num_queries(7):
        page = home(client)
    assert len(rows(page, "lately")) == 10
    assert len(rows(page, "waiting")) == 13
    assert "7 more drafts" in page.html  # type: ignore[operator]
