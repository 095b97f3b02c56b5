"""The way of a review by keyboard: from a template through two reviewers to approval; the checklist on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from reviews.approving import ask_for_review
from reviews.models import Review
from tests import factories

Open = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def ada(transactional_db: None) -> Person:
    factories.starting_templates()
    return factories.person("ada")


@pytest.fixture
def lee(ada: Person) -> Person:
    return factories.person("lee", role="reader")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada)


@pytest.fixture
def other_context(browser: Browser, live_server: LiveServer) -> BrowserContext:
    return browser.new_context(base_url=live_server.url)


def test_a_review_goes_by_keyboard_from_a_template_to_its_approval(
    ada: Person, lee: Person, signed_in_page: Open, other_context: BrowserContext
) -> None:
    page = signed_in_page(ada)
    keys = page.keyboard
    page.goto("/drafts/new")
    page.get_by_label("Title").focus()
    keys.type("Checkout refused cards")
    page.get_by_role("radio", name="Debrief").focus()
    keys.press("ArrowDown")
    expect(page.get_by_role("radio", name="SRE book")).to_be_checked()
    page.get_by_role("button", name="Begin the review").press("Enter")
    expect(page.locator("#narrative-title")).to_have_text("Trigger, detection and resolution")
    expect(page.locator("#narrative h3").first).to_have_text("Trigger")

    page.get_by_role("link", name="Ask for review").press("Enter")
    page.get_by_label("By name").or_(page.get_by_label("Who should look at it?")).focus()
    keys.type("lee")
    page.get_by_label("What to look at").focus()
    keys.type("Is the impact right?")
    keys.press("Enter")
    expect(page.locator("#bar-state")).to_contain_text("In review")
    expect(page.locator("#bar-state")).to_contain_text("waiting for Lee")

    reviewer = signed_in_page(lee, other_context)
    reviewer.goto("/")
    reviewer.get_by_role("link", name="Checkout refused cards").press("Enter")
    reviewer.wait_for_url("**/drafts/*/")
    expect(reviewer.locator("#approval")).to_contain_text("“Is the impact right?”")
    reviewer.locator("#approval-open").press("Enter")
    expect(reviewer.get_by_label("What should change?")).to_be_focused()
    reviewer.keyboard.type("Say how many people could not pay.")
    reviewer.keyboard.press("Control+Enter")
    expect(reviewer.locator("#bar-state")).to_contain_text("Changes asked")

    page.reload()
    expect(page.locator("#bar-state .state-word")).to_have_text("Changes asked")
    expect(page.locator("#approval")).to_contain_text("Say how many people could not pay.")
    page.get_by_role("link", name="Ask others, or again").press("Enter")
    expect(page.get_by_role("checkbox", name="Lee (asked for changes; ask again)")).to_be_checked()
    page.get_by_role("button", name="Ask for review").press("Enter")
    expect(page.locator("#bar-state")).to_contain_text("waiting for Lee")

    reviewer.reload()
    reviewer.get_by_role("button", name="Approve").press("Enter")
    expect(reviewer.locator("#bar-state .state-word")).to_have_text("Approved")
    expect(reviewer.locator("#approval")).to_be_focused()
    other_context.close()


def test_words_for_the_authors_are_kept_on_the_device(
    review: Review, ada: Person, lee: Person, signed_in_page: Open
) -> None:
    ask_for_review(ada, review, [lee])
    page = signed_in_page(lee)
    page.goto(f"{review.incident.get_edit_url()}?edit=approval")
    page.get_by_label("What should change?").fill("The times.")
    expect(page.locator("#saved-state")).to_contain_text("kept on this device")
    page.goto(review.incident.get_edit_url())
    page.get_by_role("button", name="Restore").press("Enter")
    expect(page.get_by_label("What should change?")).to_have_value("The times.")


def test_without_javascript_the_reviewer_answers_by_plain_forms(
    review: Review, ada: Person, lee: Person, signed_in_page: Open, context_without_javascript: BrowserContext
) -> None:
    ask_for_review(ada, review, [lee])
    page = signed_in_page(lee, context_without_javascript)
    page.goto(review.incident.get_edit_url())
    page.get_by_role("link", name="Ask for changes…").click()
    page.get_by_label("What should change?").fill("More numbers.")
    page.get_by_role("button", name="Ask for changes", exact=True).click()
    expect(page.locator("#approval")).to_contain_text("More numbers.")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#bar-state .state-word")).to_have_text("Approved")


def test_the_checklist_is_always_in_view_and_leads_to_each_part_by_keyboard(
    review: Review, ada: Person, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    checklist = page.get_by_role("navigation", name="Checklist")
    expect(checklist.locator(".checklist-far")).to_have_text("1 of 14 done")
    expect(checklist.get_by_role("link", name="Factors")).to_be_visible()
    checklist.get_by_role("link", name="Factors").press("Enter")
    expect(page.locator("#factors")).to_be_in_viewport()
    expect(checklist.locator(".checklist-far")).to_be_in_viewport()


def test_on_a_phone_the_checklist_is_a_line_that_opens(review: Review, ada: Person, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.set_viewport_size(PHONE)
    page.goto(review.incident.get_edit_url())
    line = page.locator("#checklist-line")
    expect(line).to_have_text("1 of 14 done, next: Facts")
    expect(line).to_be_in_viewport()
    impact = page.get_by_role("link", name="Impact empty")
    expect(impact).not_to_be_visible()
    line.press("Enter")
    expect(impact).to_be_visible()
    page.keyboard.press("Escape")
    expect(impact).not_to_be_visible()
    expect(line).to_be_focused()
    line.press("Enter")
    impact.press("Enter")
    expect(page.locator("#impact")).to_be_in_viewport()
    expect(impact).not_to_be_visible()
    expect(line).to_be_in_viewport()


def test_the_checklist_follows_each_part_that_is_saved(review: Review, ada: Person, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#participants").get_by_role("link", name="Assign a facilitator").press("Enter")
    expect(page.locator("#participants-whom")).to_be_focused()
    page.keyboard.type("ada")
    page.keyboard.press("Enter")
    expect(page.locator("#outline")).to_contain_text("Ada facilitates")
    expect(page.locator(".checklist-far")).to_contain_text("2 of 14 done")
