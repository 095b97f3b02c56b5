"""Findings in the editor: marks as one types, the way to the words and back, dismissing, and hiding the marks."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from incidents.operations import add_participant
from reviews.models import Dismissal, Review, Section
from reviews.operations import add_factor
from tests import factories
from tests.live import LiveProcess

Open = Callable[..., Page]
SUMMARY = "Cards were refused because of human error."
# The words that the page underlines in rendered text.
MARKED = """kind => [...(CSS.highlights.get(`found-${kind}`) ?? [])].map(String)"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada, "Cards refused", summary=SUMMARY)


@pytest.fixture
def page(live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open) -> Page:
    """The editor page, connected, with the panel beside the text."""
    opened = signed_in_page(ada)
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.goto(review.incident.get_edit_url())
    expect(opened.locator("#saved-state")).to_have_text("Saved")
    return opened


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Waits as `expect` does, for what no locator tells."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("this did not become true in 20 seconds")


def is_marked(page: Page, words: str) -> bool:
    return words in page.evaluate(MARKED, "warning")


def expect_selected(page: Page, words: str) -> None:
    until(page, lambda: page.evaluate("getSelection().toString()") == words)


def test_stored_text_is_marked_where_it_is_read(page: Page) -> None:
    until(page, lambda: is_marked(page, "human error"))
    expect(page.locator("#findings")).to_contain_text("“human error”")


def test_words_are_marked_as_one_types_and_the_mark_moves_with_them(page: Page) -> None:
    page.locator("#impact-edit").click()
    expect(page.locator("#impact .cm-content")).to_be_focused()
    page.keyboard.type("😀 We should have noticed it.")
    mark = page.locator("#impact .found")
    expect(mark).to_have_text("We should have noticed")
    page.keyboard.press("Control+Home")
    page.keyboard.type("First: ")
    expect(mark).to_have_text("We should have noticed")
    page.keyboard.press("Control+A")
    page.keyboard.type("The pod should have restarted.")
    expect(mark).to_have_count(0)
    expect(page.locator("#findings", has_text="We should have noticed")).to_have_count(0)


def test_marks_stand_under_their_words_however_fast_one_types_on(page: Page) -> None:
    page.locator("#impact-edit").click()
    expect(page.locator("#impact .cm-content")).to_be_focused()
    for turn in range(6):
        page.keyboard.type(f"{turn}. We should have noticed. ", delay=25)
        page.keyboard.press("Control+Home")
        page.keyboard.type("😀 On it went. ", delay=25)
        page.keyboard.press("Control+End")
    marks = page.locator("#impact .found")
    expect(marks).to_have_text(["We should have noticed"] * 6)


def test_what_is_typed_into_a_plain_field_is_found(page: Page) -> None:
    page.locator("#event-new-text").fill("Bob carelessly deleted the wrong database")
    expect(page.locator("#findings")).to_contain_text("Bob carelessly deleted")
    page.locator("#event-new-text").fill("The failover began")
    expect(page.locator("#findings")).not_to_contain_text("Bob carelessly")


def test_a_finding_leads_into_its_text_with_the_words_selected(page: Page) -> None:
    page.get_by_role("link", name="“human error”").click()
    expect(page.locator("#summary .cm-content")).to_be_focused()
    expect_selected(page, "human error")
    page.keyboard.type("a typing mistake in the template")
    page.keyboard.press("Escape")
    expect(page.locator("#summary .prose")).to_contain_text("a typing mistake in the template")


def test_the_keyboard_walks_the_findings_and_enter_writes_there(page: Page, ada: Person, review: Review) -> None:
    add_factor(ada, review, text="The engineer should have known.")
    page.reload()
    expect(page.locator("#saved-state")).to_have_text("Saved")
    seen = []
    for _ in range(12):
        page.keyboard.press("F8")
        current = page.locator("#findings .is-current .finding-words")
        seen.append(current.inner_text())
        if "human error" in seen[-1]:
            break
    assert "human error" in seen[-1], seen
    expect(page.locator("#summary-edit")).to_be_focused()
    page.keyboard.press("Enter")
    expect_selected(page, "human error")
    page.keyboard.press("Shift+F8")
    page.keyboard.press("F8")
    expect_selected(page, "human error")


def test_a_finding_is_dismissed_with_a_reason_and_taken_back(page: Page) -> None:
    item = page.locator("#findings li.finding", has_text="human error")
    item.get_by_text("Dismiss…").click()
    expect(item.locator("[name=reason]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(item.locator(".field-error")).to_have_text("Say why it is fine as it is.")
    page.keyboard.type("It is the title of a book")
    page.keyboard.press("Enter")
    expect(item).to_have_count(0)
    assert Dismissal.objects.get().reason == "It is the title of a book"
    until(page, lambda: not is_marked(page, "human error"))
    page.locator("#findings-dismissed > summary").click()
    expect(page.locator("#findings-dismissed")).to_contain_text("It is the title of a book")
    page.get_by_role("button", name="Take back").click()
    until(page, lambda: is_marked(page, "human error"))


def test_a_reason_that_is_being_typed_stays_when_others_change_the_review(
    page: Page, review: Review, ada: Person
) -> None:
    item = page.locator("#findings li.finding", has_text="human error")
    item.get_by_text("Dismiss…").click()
    expect(item.locator("[name=reason]")).to_be_focused()
    page.keyboard.type("Because")
    other = factories.person("ben")
    add_participant(ada, review.incident, other, "author")
    add_factor(other, review, text="Nobody checked the plan.")
    expect(page.locator("#findings")).to_contain_text("Nobody checked")
    expect(item.locator("[name=reason]")).to_have_value("Because")
    expect(item.locator("[name=reason]")).to_be_focused()


def test_another_page_hears_of_a_dismissal(page: Page, context: BrowserContext, review: Review) -> None:
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#findings")).to_contain_text("“human error”")
    item = page.locator("#findings li.finding", has_text="human error")
    item.get_by_text("Dismiss…").click()
    expect(item.locator("[name=reason]")).to_be_focused()
    page.keyboard.type("Fine")
    page.keyboard.press("Enter")
    expect(other.locator("#findings li.finding", has_text="human error")).to_have_count(0)


def test_marks_are_hidden_on_this_device(page: Page) -> None:
    until(page, lambda: is_marked(page, "human error"))
    page.get_by_role("button", name="Hide the marks in the text").click()
    page.reload()
    expect(page.get_by_role("button", name="Show the marks in the text")).to_be_visible()
    expect(page.locator("html")).to_have_class(re.compile("marks-hidden"))


def test_on_a_phone_a_card_tells_the_finding_beside_its_words(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator("#findings li.finding").first).to_be_hidden()
    for _ in range(12):
        page.keyboard.press("F8")
        if "human error" in page.locator("#findings .is-current .finding-words").inner_text(timeout=5000):
            break
    card = page.locator("#finding-card")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Dismiss…").click()
    expect(page.locator("#findings li.finding", has_text="human error").locator("[name=reason]")).to_be_focused()


def test_what_is_saved_is_what_was_typed(page: Page, review: Review) -> None:
    page.locator("#impact-edit").click()
    expect(page.locator("#impact .cm-content")).to_be_focused()
    page.keyboard.type("Bob broke production. ")
    expect(page.locator("#impact .found").first).to_be_visible()
    page.keyboard.type("Then it came back.")
    page.keyboard.press("Escape")
    expect(page.locator("#impact .prose")).to_be_visible()
    assert Section.objects.get(review=review, kind="impact").text == "Bob broke production. Then it came back."


def test_the_open_panel_has_no_serious_violation(page: Page) -> None:
    item = page.locator("#findings li.finding", has_text="human error")
    item.get_by_text("Dismiss…").click()
    found = Axe().run(page, context="#findings").response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_without_a_script_a_finding_is_dismissed_by_a_form(
    context_without_javascript: BrowserContext, ada: Person, review: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada, context_without_javascript)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(review.incident.get_edit_url())
    item = page.locator("#findings li.finding", has_text="human error")
    item.get_by_text("Dismiss…").click()
    item.get_by_role("textbox").fill("It is the title of a book")
    item.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#findings li.finding", has_text="human error")).to_have_count(0)
