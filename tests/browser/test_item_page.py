"""The page of an action item in a real browser: by keyboard alone, when two change it, and without JavaScript."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action
from tests import factories


@pytest.fixture
def action(transactional_db: None) -> ActionItem:
    author = factories.person("author")
    review = factories.published(author, "Pool ran dry").review
    return add_action(author, review.incident, title="Add an alert", owner=author, due=date(2026, 12, 1))


def open_due(page: Page, action: ActionItem) -> None:
    page.goto(f"/actions/{action.pk}/")
    page.locator("#due > summary").focus()
    page.keyboard.press("Enter")


def test_the_due_date_moves_by_keyboard_alone(action: ActionItem, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(Person.objects.get(username="author"))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    open_due(page, action)
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2026-12-24")
    page.keyboard.press("Tab")
    page.keyboard.type("The vendor is late.")
    page.keyboard.press("Enter")

    expect(page.locator(".item-facts")).to_contain_text("24 Dec 2026")
    expect(page.locator(".item-history")).to_contain_text("The vendor is late.")
    expect(page.locator("#content")).to_be_focused()
    assert page.url.endswith(f"/actions/{action.pk}/")
    assert said == []


def test_what_somebody_changed_meanwhile_is_shown_and_nothing_typed_is_lost(
    action: ActionItem, signed_in_page: Callable[..., Page]
) -> None:
    author = Person.objects.get(username="author")
    page = signed_in_page(author)
    open_due(page, action)
    change_action(author, action.pk, due=date(2026, 12, 10))
    page.fill("#due-due", "2026-12-24")
    page.fill("#due-note", "The vendor is late.")
    page.keyboard.press("Enter")

    clash = page.locator("#due .conflict")
    expect(clash).to_be_focused()
    expect(clash).to_contain_text("10 Dec 2026")
    expect(page.locator("#due-note")).to_have_value("The vendor is late.")

    page.locator("#due button").click()
    expect(page.locator(".item-facts")).to_contain_text("24 Dec 2026")


def test_without_javascript_the_forms_work_as_well(
    action: ActionItem, browser: Browser, live_server: LiveServer, signed_in_page: Callable[..., Page]
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = signed_in_page(Person.objects.get(username="author"), context)
    open_due(page, action)
    page.fill("#due-due", "the day after")
    page.keyboard.press("Enter")
    expect(page.locator("#due .field-error")).to_contain_text("is not a day we can read")

    page.fill("#due-due", "2026-12-24")
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_have_text("Saved.")
    context.close()
