"""The board in a real browser: moved by mouse, finger and keys, changed many at once, on a phone, without JavaScript."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Page]
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def lead(transactional_db: None) -> Person:
    return factories.person("lena", role="team-lead")


def items(*titles: str, **values: object) -> list[ActionItem]:
    incident = factories.published(factories.person("writer"), "Pool ran dry").review.incident
    return [
        ActionItem.objects.create(incident=incident, title=title, **{"due": date(2030, 1, 1 + n), **values})
        for n, title in enumerate(titles)
    ]


def card(page: Page, title: str) -> Locator:
    return page.locator(".card", has_text=title)


def in_column(page: Page, key: str, title: str) -> None:
    expect(page.locator(f'[data-group="{key}"] .row-title', has_text=title)).to_be_visible()


def drag(page: Page, title: str, key: str) -> None:
    page.locator(".card .row-title", has_text=title).hover()
    page.mouse.down()
    page.locator(f'[data-group="{key}"] h2').hover()
    page.mouse.up()


def test_a_card_is_dragged_to_another_column(signed_in_page: Open, lead: Person) -> None:
    (action, _) = items("Add an alert", "Add an index")
    page = signed_in_page(lead)
    page.goto("/actions/")
    drag(page, "Add an alert", "in-progress")
    in_column(page, "in-progress", "Add an alert")
    expect(page.locator("#announced")).to_have_text("1 item was moved to “In progress”.")
    expect(page).to_have_url(re.compile(r"/actions/$"))
    action.refresh_from_db()
    assert action.status == "in-progress"


def test_done_asks_for_evidence_and_keeps_it_until_it_is_stored(signed_in_page: Open, lead: Person) -> None:
    (action,) = items("Add an alert")
    page = signed_in_page(lead)
    page.goto("/actions/")
    drag(page, "Add an alert", "done")
    evidence = page.get_by_label("What shows that it is done?")
    expect(evidence).to_be_focused()
    evidence.fill("https://example.org/alert")
    page.keyboard.press("Escape")
    in_column(page, "open", "Add an alert")
    drag(page, "Add an alert", "done")
    expect(evidence).to_have_value("https://example.org/alert")
    page.context.set_offline(True)
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("[data-problem]")).to_contain_text("No connection")
    page.context.set_offline(False)
    page.get_by_role("button", name="Change", exact=True).click()
    in_column(page, "done", "Add an alert")
    action.refresh_from_db()
    assert (action.status, action.evidence) == ("done", "https://example.org/alert")


def test_what_changed_meanwhile_is_told_and_the_change_can_be_repeated(signed_in_page: Open, lead: Person) -> None:
    (action,) = items("Add an alert")
    page = signed_in_page(lead)
    page.goto("/actions/?by=team")
    lou = factories.person("lou", role="team-lead")
    change_action(lou, action.pk, owner=lou)
    page.locator(".card-mark input").check()
    page.get_by_role("button", name="Assign").click()
    page.get_by_label("Owner").fill("lena")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Add an alert belongs to Lou now: Lou changed it.")
    page.get_by_role("button", name="Change them all the same").click()
    expect(card(page, "Add an alert")).to_contain_text("Lena")


def test_keys_walk_choose_and_change(signed_in_page: Open, lead: Person) -> None:
    items("Add an alert", "Add an index", "Write a runbook")
    page = signed_in_page(lead)
    page.goto("/actions/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk output")).to_have_text("2 chosen")
    page.keyboard.press("m")
    status = page.get_by_label("Status")
    expect(status).to_be_focused()
    status.select_option("in-progress")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    in_column(page, "in-progress", "Add an alert")
    in_column(page, "in-progress", "Add an index")
    in_column(page, "open", "Write a runbook")
    expect(page.locator(".card", has_text="Add an alert").locator(".row-title")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".card", has_text="Write a runbook").locator(".row-title")).to_be_focused()
    page.keyboard.press("a")
    page.get_by_label("Owner").fill("lena")
    page.keyboard.press("Enter")
    expect(card(page, "Write a runbook")).to_contain_text("Lena")
    page.keyboard.press("d")
    page.get_by_label("Due", exact=True).fill("+2w")
    page.keyboard.press("Enter")
    expect(card(page, "Write a runbook")).to_contain_text("17 Jan 2030")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="On the board of action items")).to_be_visible()


def test_a_click_with_shift_chooses_all_up_to_there(signed_in_page: Open, lead: Person) -> None:
    items("One", "Two", "Three", "Four")
    page = signed_in_page(lead)
    page.goto("/actions/")
    page.get_by_label("Choose “One”").check()
    page.get_by_label("Choose “Three”").click(modifiers=["Shift"])
    expect(page.locator(".bulk output")).to_have_text("3 chosen")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()


def test_several_are_dragged_together_to_somebody_else(signed_in_page: Open, lead: Person) -> None:
    dana = factories.person("dana")
    first, second = items("One", "Two")
    items("Three", owner=dana)
    page = signed_in_page(lead)
    page.goto("/actions/?by=owner")
    page.get_by_label("Choose “One”").check()
    page.get_by_label("Choose “Two”").check()
    drag(page, "One", str(dana.pk))
    expect(page.locator("#announced")).to_have_text("2 items were assigned to Dana.")
    assert {ActionItem.objects.get(pk=one.pk).owner for one in (first, second)} == {dana}


def test_a_title_that_was_dragged_is_not_followed_and_a_click_is(signed_in_page: Open, lead: Person) -> None:
    (action,) = items("Add an alert")
    page = signed_in_page(lead)
    page.goto("/actions/")
    drag(page, "Add an alert", "open")
    expect(page).to_have_url(re.compile(r"/actions/$"))
    page.locator(".row-title").click()
    expect(page).to_have_url(re.compile(rf"/actions/{action.pk}/$"))


def test_a_phone_shows_one_column_at_a_time(
    browser: Browser, live_server: LiveServer, signed_in_page: Open, lead: Person
) -> None:
    items("Add an alert")
    items("Add an index", status="in-progress")
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, has_touch=True, is_mobile=True)
    page = signed_in_page(lead, context)
    page.goto("/actions/")
    expect(page.get_by_role("link", name="Add an alert")).to_be_visible()
    expect(page.get_by_role("link", name="Add an index")).to_be_hidden()
    page.get_by_role("navigation", name="Columns").get_by_role("link", name="In progress").tap()
    expect(page.get_by_role("link", name="Add an index")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?column=in-progress$"))
    page.get_by_label("Choose “Add an index”").tap()
    page.get_by_role("button", name="Move").tap()
    page.get_by_label("Status").select_option("open")
    page.get_by_role("button", name="Change", exact=True).tap()
    expect(page.locator(".board-switch")).to_contain_text("Open 2")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_more_of_a_column_comes_below(signed_in_page: Open, lead: Person) -> None:
    items(*(f"Item {n:02}" for n in range(24)))
    page = signed_in_page(lead)
    page.goto("/actions/")
    expect(page.locator(".card")).to_have_count(20)
    page.get_by_role("link", name="More of Open").click()
    expect(page.locator(".card")).to_have_count(24)


def test_everything_works_without_javascript(
    context_without_javascript: BrowserContext, signed_in_page: Open, lead: Person
) -> None:
    (action, _) = items("Add an alert", "Add an index")
    page = signed_in_page(lead, context_without_javascript)
    page.goto("/actions/")
    page.get_by_label("Choose “Add an alert”").check()
    page.get_by_role("button", name="Move").click()
    page.get_by_label("Status").select_option("wont-do")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_label("Why won't it be done?").fill("Bought instead.")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("1 item was moved to “Won't do”.")
    action.refresh_from_db()
    assert action.reason == "Bought instead."
