"""What one person changes appears for the other on the same page, without disturbing them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Person
from actions.operations import add_action, change_action
from incidents.operations import add_participant, change_facts
from reviews.models import Review
from reviews.operations import (
    add_factor,
    add_why,
    change_factor,
    delete_factor,
    delete_why,
    move_why,
    undo,
)
from tests import factories
from tests.live import LiveProcess
from timeline.operations import add_event, change_event, delete_event

Open = Callable[..., Page]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def lee(transactional_db: None) -> Person:
    return factories.person("lee")


@pytest.fixture
def review(ada: Person, lee: Person) -> Review:
    review = factories.draft(ada)
    add_participant(ada, review.incident, lee, "author")
    return review


@pytest.fixture
def event(review: Review, ada: Person) -> Any:
    return add_event(ada, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="Errors rise")


@pytest.fixture
def second_context(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=base_url)
    yield context
    context.close()


@pytest.fixture
def open_draft(live_process: LiveProcess, review: Review, signed_in_page: Open) -> Open:
    """The draft in a page that hears what others do."""

    def open_as(person: Person, *context: BrowserContext) -> Page:
        page = signed_in_page(person, *context)
        with page.expect_response(re.compile("/missed")):
            page.goto(f"/drafts/{review.incident.number}/")
        return page

    return open_as


def test_what_one_adds_by_hand_the_other_sees(
    open_draft: Open, second_context: BrowserContext, ada: Person, lee: Person
) -> None:
    mine, theirs = open_draft(ada), open_draft(lee, second_context)
    theirs.locator("#event-new-time").fill("12:05")
    theirs.locator("#event-new-text").fill("Alert fired")
    theirs.locator("#event-new-text").press("Enter")
    expect(mine.locator(".event-text", has_text="Alert fired")).to_be_visible()
    expect(mine.locator("li.event.is-changed")).to_have_attribute("data-by", "Lee")
    expect(mine.locator("#live-said")).to_have_text("Lee added an event.")
    expect(mine.locator('.outline-entry[href="#timeline"]')).not_to_contain_text("empty")
    expect(theirs.locator(".is-changed")).to_have_count(0)
    theirs.locator("li.event:not(.is-new)").get_by_role("button", name="Delete").click()
    expect(mine.locator(".event-text")).to_have_count(0)
    theirs.get_by_role("button", name="Undo").click()
    expect(mine.locator(".event-text", has_text="Alert fired")).to_be_visible()


def test_every_kind_is_added_changed_deleted_and_comes_back(
    open_draft: Open, review: Review, ada: Person, lee: Person
) -> None:
    page = open_draft(ada)
    why = add_why(lee, review, question="Why did it fail?")
    below = add_why(lee, review, parent=why, question="Why was it full?")
    factor = add_factor(lee, review, text="No alert")
    action = add_action(lee, review.incident, title="Add an alert")
    expect(page.locator(f"#why-{why.pk} #why-{below.pk}")).to_be_visible()
    expect(page.locator(f"#factor-{factor.pk}")).to_contain_text("No alert")
    expect(page.locator(f"#action-{action.pk}")).to_contain_text("Add an alert")
    change_action(lee, action.pk, title="Add two alerts")
    change_factor(lee, factor.pk, actions=[action])
    expect(page.locator(f"#action-{action.pk}")).to_contain_text("Add two alerts")
    expect(page.locator(f"#factor-{factor.pk}")).to_contain_text("Add two alerts")
    gone = [delete_why(lee, why.pk), delete_factor(lee, factor.pk)]
    expect(page.locator(".why, #factors .item")).to_have_count(0)
    for deletion in gone:
        undo(lee, deletion.pk)
    expect(page.locator(f"#why-{why.pk} #why-{below.pk}")).to_be_visible()
    expect(page.locator(f"#factor-{factor.pk}")).to_be_visible()
    move_why(lee, below.pk, "out")
    expect(page.locator(f".whys > #why-{below.pk}")).to_be_visible()
    change_facts(lee, review.incident, title="Another title")
    expect(page.get_by_role("heading", level=1)).to_have_text("Another title")
    add_participant(lee, review.incident, factories.person("kim"), "responder")
    expect(page.locator("#participants")).to_contain_text("Kim")


def test_typing_goes_on_while_others_change_the_part(
    open_draft: Open, review: Review, event: Any, ada: Person, lee: Person
) -> None:
    page = open_draft(ada)
    page.locator(f"#event-{event.pk}-edit").click()
    text = page.locator(f"#event-{event.pk}-text")
    text.fill("Errors rise slowly")
    text.evaluate("field => { field.setSelectionRange(7, 11); window.mine = field; }")
    early = factories.NOON.replace(hour=11)
    added = add_event(lee, review.incident, occurred_at=early, zone="UTC", kind="note", text="Deployed")
    expect(page.locator(f"#event-{added.pk}")).to_be_visible()
    expect(text).to_be_focused()
    assert text.evaluate("field => [field === window.mine, field.selectionStart, field.selectionEnd]") == [True, 7, 11]
    page.keyboard.type("ROSE")
    expect(text).to_have_value("Errors ROSE slowly")
    text.press("Enter")
    expect(page.locator(f"#event-{event.pk}")).to_contain_text("Errors ROSE slowly")
    expect(page.locator(f"#event-{added.pk}")).to_be_visible()


def test_an_empty_form_and_the_focus_in_a_row_stay(
    open_draft: Open, review: Review, event: Any, ada: Person, lee: Person
) -> None:
    page = open_draft(ada)
    page.locator("#actions-add").click()
    title = page.locator("#action-new-title")
    expect(title).to_be_focused()
    action = add_action(lee, review.incident, title="Add an alert")
    expect(page.locator(f"#action-{action.pk}")).to_be_visible()
    expect(title).to_be_focused()
    page.locator(f"#event-{event.pk}-edit").focus()
    added = add_event(lee, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="Later")
    expect(page.locator(f"#event-{added.pk}")).to_be_visible()
    expect(page.locator(f"#event-{event.pk}-edit")).to_be_focused()
    delete_event(lee, event.pk)
    expect(page.locator(f"#event-{event.pk}")).to_have_count(0)
    expect(page.locator(f"#event-{added.pk}-edit")).to_be_focused()


def test_nothing_jumps_before_the_reader(open_draft: Open, review: Review, ada: Person, lee: Person) -> None:
    action = add_action(ada, review.incident, title="Add an alert")
    page = open_draft(ada)
    edit = page.locator(f"#action-{action.pk}-edit")
    edit.focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = edit.bounding_box()
    for n in range(5):
        last = add_event(lee, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text=f"{n}")
    expect(page.locator(f"#event-{last.pk}")).to_be_attached()
    after = edit.bounding_box()
    assert before and after
    assert abs(before["y"] - after["y"]) < 2


def test_what_is_deleted_under_ones_hands_can_be_added_again(
    open_draft: Open, review: Review, event: Any, ada: Person, lee: Person
) -> None:
    page = open_draft(ada)
    page.locator(f"#event-{event.pk}-edit").click()
    text = page.locator(f"#event-{event.pk}-text")
    text.fill("Errors rise slowly")
    delete_event(lee, event.pk)
    form = page.locator(f"form[data-keep=event-{event.pk}]")
    expect(form).to_contain_text("This event was deleted by Lee while you were editing it. Your text is still here.")
    expect(text).to_be_focused()
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#saved-state")).to_contain_text("no longer there")
    expect(text).to_have_value("Errors rise slowly")
    form.get_by_role("button", name="Add it as a new event").click()
    expect(page.locator(".event-text", has_text="Errors rise slowly")).to_be_visible()
    expect(form).to_have_count(0)
    assert review.incident.events.count() == 1


def test_a_factor_deleted_while_it_is_written_can_be_added_again(
    open_draft: Open, review: Review, ada: Person, lee: Person
) -> None:
    factor = add_factor(ada, review, text="No alert")
    page = open_draft(ada)
    page.locator(f"#factor-{factor.pk}-edit").click()
    editor = page.locator(f"#factor-{factor.pk} .cm-content")
    expect(editor).to_be_visible()
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" on pool use")
    delete_factor(lee, factor.pk)
    form = page.locator(f"form[data-keep=factor-{factor.pk}]")
    form.get_by_role("button", name="Add it as a new factor").click()
    expect(page.locator("#factors .item .prose")).to_have_text("No alert on pool use")
    assert review.factors.get().text.strip() == "No alert on pool use"


def test_both_change_one_event(open_draft: Open, event: Any, ada: Person, lee: Person) -> None:
    page = open_draft(ada)
    page.locator(f"#event-{event.pk}-edit").click()
    page.locator(f"#event-{event.pk}-text").fill("Mine")
    change_event(lee, event.pk, text="Theirs")
    form = page.locator(f"form[data-keep=event-{event.pk}]")
    expect(form.locator(".form-news")).to_contain_text("Lee changed this while you are editing it")
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".conflict")).to_contain_text("Theirs")
    expect(form.locator(".conflict")).to_contain_text("Mine")
    expect(page.locator(f"#event-{event.pk}-text")).to_have_value("Mine")
    event.refresh_from_db()
    assert event.text == "Theirs"
    form.get_by_role("button", name="Save").click()
    expect(page.locator(f"#event-{event.pk} .event-text")).to_have_text("Mine")


def test_facts_are_told_and_kept(open_draft: Open, review: Review, ada: Person, lee: Person) -> None:
    page = open_draft(ada)
    page.locator("#facts-edit").click()
    page.locator("#facts-title").fill("Mine")
    change_facts(lee, review.incident, severity="sev1")
    form = page.locator("form[data-keep=facts]")
    expect(form.locator(".form-news")).to_contain_text("Lee changed this")
    expect(page.locator("#facts-title")).to_have_value("Mine")
    expect(page.locator(".facts-list")).to_have_count(0)
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine")
    expect(page.locator(".facts-list")).to_contain_text("SEV1")


def test_undo_outlives_what_others_do_meanwhile(
    open_draft: Open, review: Review, event: Any, ada: Person, lee: Person
) -> None:
    page = open_draft(ada)
    page.locator(f"#event-{event.pk}").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    added = add_event(lee, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="Later")
    expect(page.locator(f"#event-{added.pk}")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#event-{event.pk}")).to_be_visible()
    expect(page.locator(f"#event-{added.pk}")).to_be_visible()


def test_whys_move_by_keyboard_while_others_add(open_draft: Open, review: Review, ada: Person, lee: Person) -> None:
    first = add_why(ada, review, question="First?")
    second = add_why(ada, review, question="Second?")
    page = open_draft(ada)
    page.locator(f"#why-{second.pk}-edit").focus()
    page.keyboard.press("Alt+ArrowUp")
    third = add_why(lee, review, question="Third?")
    expect(page.locator(f"#why-{third.pk}")).to_be_visible()
    expect(page.locator(f"#why-{second.pk}-edit")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".whys > .why").first).to_have_id(f"why-{first.pk}")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".whys > .why").last).to_have_id(f"why-{second.pk}")
    expect(page.locator(f"#why-{second.pk}-edit")).to_be_focused()


def test_factors_and_actions_move_by_keyboard_and_for_the_other(
    open_draft: Open, second_context: BrowserContext, review: Review, ada: Person, lee: Person
) -> None:
    factors = [add_factor(ada, review, text=f"Factor {n}") for n in range(3)]
    mine, theirs = open_draft(ada), open_draft(lee, second_context)
    theirs.locator(f"#factor-{factors[2].pk}-edit").focus()
    theirs.keyboard.press("Alt+ArrowUp")
    expect(mine.locator("#factors .item").nth(1)).to_have_id(f"factor-{factors[2].pk}")
    expect(theirs.locator(f"#factor-{factors[2].pk}-edit")).to_be_focused()
    theirs.locator(f"#factor-{factors[2].pk}-more summary").click()
    theirs.locator(f"#factor-{factors[2].pk}-up").click()
    expect(mine.locator("#factors .item").first).to_have_id(f"factor-{factors[2].pk}")
    expect(theirs.locator(f"#factor-{factors[2].pk}-more")).to_have_attribute("open", "")


def test_a_section_that_is_written_here_stays_open(open_draft: Open, review: Review, ada: Person, lee: Person) -> None:
    page = open_draft(ada)
    page.locator("#summary-edit").click()
    editor = page.locator("#summary .cm-content")
    expect(editor).to_be_focused()
    change_facts(lee, review.incident, title="Another title")
    add_factor(lee, review, text="No alert")
    expect(page.locator("#factors .item")).to_have_count(1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.keyboard.type("Still here. ")
    expect(editor).to_contain_text("Still here.")


def test_a_blocked_stream_is_made_up_for(
    live_process: LiveProcess, review: Review, signed_in_page: Open, ada: Person, lee: Person
) -> None:
    page = signed_in_page(ada)
    page.route("**/events", lambda route: route.abort())
    page.clock.install()
    page.goto(f"/drafts/{review.incident.number}/")
    factor = add_factor(lee, review, text="No alert")
    page.clock.run_for(11_000)
    page.clock.resume()
    expect(page.locator(f"#factor-{factor.pk}")).to_be_visible()


def test_what_happened_while_the_page_was_hidden_is_asked_for(
    open_draft: Open, review: Review, ada: Person, lee: Person
) -> None:
    page = open_draft(ada)
    hide = "state => { Object.defineProperty(document, 'hidden', {value: state, configurable: true});" + (
        "document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.evaluate(hide, True)
    factor = add_factor(lee, review, text="No alert")
    page.evaluate(hide, False)
    expect(page.locator(f"#factor-{factor.pk}")).to_be_visible()


def test_who_no_longer_takes_part_is_told(open_draft: Open, review: Review, ada: Person, lee: Person) -> None:
    page = open_draft(ada)
    review.incident.participants.get(person=ada).delete()
    expect(page.locator(".editor-notice")).to_be_visible()
