"""Searching in a real browser: while one types, by key, by the back button, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from tests import factories


@pytest.fixture
def reader(transactional_db: None) -> Person:
    """A reader, with two reviews to find."""
    writer = factories.person("author")
    factories.published(writer, "Teapot leaked", services=[factories.service("Kitchen")])
    factories.published(writer, "Kettle boiled over", severity="sev1")
    return factories.person("reader", role="reader")


def test_results_follow_what_is_typed_and_the_address_with_them(
    reader: Person, signed_in_page: Callable[..., Page]
) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.keyboard.press("/")
    page.keyboard.type("teapot")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_contain_text("Teapot leaked")
    expect(page.locator("#announced")).to_have_text("1 review")
    expect(page.locator("#q")).to_be_focused()
    assert page.url.endswith("/reviews/?q=teapot")
    page.locator(".row-title").click()
    page.go_back()
    expect(page.locator("#q")).to_have_value("teapot")
    expect(page.locator(".row")).to_have_count(1)


def test_a_facet_narrows_and_its_chip_widens_again(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.get_by_role("link", name="SEV1").click()
    expect(page.locator("#q")).to_have_value("severity:sev1")
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".chip-remove").click()
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#q")).to_have_value("")


def test_without_a_connection_the_results_stay_and_say_so(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.context.set_offline(True)
    page.locator("#q").fill("teapot")
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    expect(page.locator(".row")).to_have_count(2)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#search-problem")).to_be_hidden()


def test_when_the_session_has_ended_signing_in_leads_back_to_the_search(
    reader: Person, signed_in_page: Callable[..., Page]
) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.context.clear_cookies()
    page.locator("#q").fill("teapot")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "q%3Dteapot" in page.url


def test_without_javascript_everything_is_found_as_well(
    reader: Person, signed_in_page: Callable[..., Page], context_without_javascript: BrowserContext
) -> None:
    page = signed_in_page(reader, context_without_javascript)
    page.goto("/reviews/")
    page.locator("#q").fill("kettle severity:sev1")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row-title").click()
    expect(page.locator("h1")).to_contain_text("Kettle boiled over")


def test_a_filter_is_completed_by_keyboard(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    field = page.get_by_role("combobox", name="Search reviews")
    field.focus()
    page.keyboard.type("leaked ser")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("service:")
    page.keyboard.press("Enter")
    expect(field).to_have_value("leaked service:")
    page.keyboard.type("ki")
    expect(page.get_by_role("option")).to_contain_text(["service:kitchen"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(field).to_have_value("leaked service:kitchen ")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".chip")).to_contain_text("Kitchen")


def test_escape_closes_the_suggestions_and_enter_searches_for_what_was_typed(
    reader: Person, signed_in_page: Callable[..., Page]
) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    field = page.locator("#q")
    field.focus()
    page.keyboard.type("kit")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("kit")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#announced")).to_have_text("0 reviews")
    expect(field).to_have_value("kit")


def test_a_slip_is_told_and_its_link_finds(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.locator("#q").fill("taepot")
    expect(page.locator("#announced")).to_have_text("0 reviews. Did you mean teapot?")
    page.get_by_role("link", name="teapot").click()
    expect(page.locator(".row")).to_contain_text("Teapot leaked")


def test_a_chip_turns_round(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/?q=severity:sev1")
    page.get_by_role("link", name="exclude").click()
    expect(page.locator("#q")).to_have_value("-severity:sev1")
    expect(page.locator(".row")).to_contain_text("Teapot leaked")
    page.get_by_role("link", name="include").click()
    expect(page.locator(".row")).to_contain_text("Kettle boiled over")


def test_the_form_adds_filters_to_what_was_typed(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.locator("#q").fill("leaked")
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("link", name="Add filters").press("Enter")
    expect(page.get_by_label("Service")).to_be_focused()
    page.keyboard.type("ki")
    expect(page.get_by_role("option")).to_contain_text(["kitchen"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Service")).to_have_value("kitchen")
    page.get_by_label("Severity").select_option("sev2")
    page.get_by_role("button", name="Add to the search").press("Enter")
    expect(page.locator("#q")).to_have_value("leaked service:kitchen severity:sev2")
    expect(page.locator(".row")).to_have_count(1)


def test_without_javascript_the_form_is_a_page(
    reader: Person, signed_in_page: Callable[..., Page], context_without_javascript: BrowserContext
) -> None:
    page = signed_in_page(reader, context_without_javascript)
    page.goto("/reviews/?q=boiled")
    page.get_by_role("link", name="Add filters").click()
    page.get_by_label("Severity").select_option("sev1")
    page.get_by_role("button", name="Add to the search").click()
    expect(page.locator("#q")).to_have_value("boiled severity:sev1")
    expect(page.locator(".row")).to_have_count(1)


def test_a_search_is_saved_and_found_again_by_keyboard(reader: Person, signed_in_page: Callable[..., Page]) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.locator("#q").fill("kettle")
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("link", name="Save this search").press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Kettles")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your searches")
    page.get_by_role("link", name="Kettles", exact=True).press("Enter")
    expect(page.locator("#q")).to_have_value("kettle")
    expect(page.locator(".row")).to_contain_text("Kettle boiled over")


def test_what_was_searched_for_lately_is_offered_in_an_empty_field(
    reader: Person, signed_in_page: Callable[..., Page]
) -> None:
    page = signed_in_page(reader)
    page.goto("/reviews/")
    page.locator("#q").fill("teapot leaked")
    expect(page.locator(".row")).to_have_count(1)
    with page.expect_response("**/reviews/searches/recent"):
        page.locator("#q").press("Enter")
    page.goto("/reviews/")
    page.locator("#q").press("ArrowDown")
    expect(page.get_by_role("option")).to_contain_text(["teapot leaked"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value("teapot leaked ")
    expect(page.locator(".row")).to_have_count(1)


def test_without_javascript_a_search_is_saved_and_deleted(
    reader: Person, signed_in_page: Callable[..., Page], context_without_javascript: BrowserContext
) -> None:
    page = signed_in_page(reader, context_without_javascript)
    page.goto("/reviews/?q=kettle")
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Kettles")
    page.get_by_role("button", name="Save the search").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("main")).to_contain_text("You have saved no search yet")
