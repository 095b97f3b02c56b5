"""The editor in one browser beside a live process: opening in place, writing comfort, what is saved and what is kept."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from incidents.operations import add_participant
from reviews.models import Factor, Review, Section, Why
from reviews.operations import add_factor, add_why
from tests import factories
from tests.live import LiveProcess
from tests.pictures import png

Open = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)

# Puts text, HTML or a file where the caret is, as the browser does with what was copied elsewhere.
PASTE = """([type, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", type === "text/html" ? "" : text);
    if (type === "text/html") data.setData(type, text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""
PASTE_FILE = """([bytes, name]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada", time_zone="Europe/Berlin")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada, "Cards refused", summary="Cards were **refused**.")


@pytest.fixture
def page(live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open) -> Page:
    """The editor page, connected."""
    opened = signed_in_page(ada)
    opened.goto(review.incident.get_edit_url())
    expect(opened.locator("#saved-state")).to_have_text("Saved")
    return opened


def write_in(page: Page, section: str) -> None:
    page.locator(f"#{section}-edit").click()
    expect(page.locator(f"#{section} .cm-content")).to_be_focused()


def text_of(page: Page, part: str) -> str:
    lines = page.locator(f"#{part} .cm-line").all_text_contents()
    return "\n".join(lines)


def expect_text(page: Page, part: str, text: str) -> None:
    expect(page.locator(f"#{part} .cm-line")).to_have_text(text.split("\n"))


def paste(page: Page, text: str, kind: str = "text/plain") -> None:
    page.evaluate(PASTE, [kind, text])


def test_a_section_opens_where_it_stands_and_shows_rendered_words_when_done(page: Page, review: Review) -> None:
    page.locator("#summary-edit").press("Enter")
    editor = page.get_by_role("textbox", name="Summary")
    expect(editor).to_be_focused()
    expect(editor).to_have_accessible_description(re.compile(r"\w+ \w+"))
    page.keyboard.press("Control+End")
    page.keyboard.type(" For *an hour*.")
    page.keyboard.press("Escape")
    expect(page.locator("#summary .prose em")).to_have_text("an hour")
    expect(page.locator("#summary-edit")).to_be_focused()
    assert Section.objects.get(review=review, kind="summary").text == "Cards were **refused**. For *an hour*."


def test_a_section_that_the_address_opens_is_an_editor(page: Page, review: Review) -> None:
    page.goto(f"{review.incident.get_edit_url()}?edit=summary#summary")
    expect(page.locator("#summary .cm-content")).to_be_focused()
    expect_text(page, "summary", "Cards were **refused**.")


def test_several_sections_stand_open_at_once(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("Many")
    write_in(page, "lessons")
    page.keyboard.type("Few")
    expect_text(page, "impact", "Many")
    expect_text(page, "lessons", "Few")


def test_an_open_section_stays_when_its_part_is_fetched_anew(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("Before")
    page.evaluate("htmx.ajax('GET', location.pathname + '?part=impact', {target: '#impact', swap: 'outerHTML'})")
    page.wait_for_function("document.querySelector('#impact-edit').hidden")
    page.keyboard.type(" and after")
    expect_text(page, "impact", "Before and after")


def test_a_text_of_a_factor_is_written_in_its_form_and_never_sent_with_it(
    page: Page, ada: Person, review: Review
) -> None:
    cause = factories.cause("capacity")
    factor = add_factor(ada, review, text="No alert", cause=None)
    page.reload()
    page.locator(f"#factor-{factor.pk}-edit").click()
    expect(page.locator("#factors .cm-content")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" on pool use")
    page.locator("#factors [name=cause]").select_option(value=str(cause.pk))
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Save", exact=True).click()
    assert "text=" not in (sent.value.post_data or "")
    expect(page.locator("#factors .prose")).to_have_text("No alert on pool use")
    stored = Factor.objects.get(pk=factor.pk)
    assert (stored.text, stored.cause) == ("No alert on pool use", cause)


def test_an_answer_is_written_in_the_form_of_its_question(page: Page, ada: Person, review: Review) -> None:
    why = add_why(ada, review, question="Why?")
    page.reload()
    page.locator(f"#why-{why.pk}-edit").click()
    answer = page.get_by_role("textbox", name="Answer")
    answer.click()
    page.keyboard.type("An index was missing")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#whys .why-answer")).to_have_text("An index was missing")
    assert Why.objects.get(pk=why.pk).answer == "An index was missing"


@pytest.mark.parametrize(
    ("keys", "marked"),
    [("Control+b", "**slow**"), ("Control+i", "*slow*"), ("Control+e", "`slow`"), ("Control+k", "[slow]()")],
)
def test_keys_put_marks_around_words(page: Page, keys: str, marked: str) -> None:
    write_in(page, "impact")
    page.keyboard.type("slow")
    page.keyboard.press("Control+a")
    page.keyboard.press(keys)
    expect_text(page, "impact", marked)


def test_marks_go_where_they_stood(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("slow")
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+b")
    expect_text(page, "impact", "slow")


def test_lists_go_on_move_in_and_end(page: Page) -> None:
    write_in(page, "impact")
    for typed in ("1. one", "two", "", "- [x] a", "b"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("c")
    expect_text(page, "impact", "1. one\n2. two\n\n- [x] a\n- [ ] b\n  - [ ] c")


def test_tab_leaves_the_editor_outside_of_lists(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("words")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Done")).to_be_focused()


def test_the_slash_menu_is_worked_by_keys(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("/quo")
    expect(page.get_by_role("option", name="Quote")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.keyboard.type("said")
    expect_text(page, "impact", "> said")


def test_the_time_now_stands_in_the_zone_of_the_incident(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("/time")
    expect(page.get_by_role("option", name="Time now")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#impact .cm-line")).to_have_text(re.compile(r"^\d{1,2} \w{3,4} 20\d\d, \d\d:\d\d \S+$"))


def test_at_offers_people_and_services(page: Page) -> None:
    factories.service("Payments")
    write_in(page, "impact")
    page.keyboard.type("@ad")
    expect(page.get_by_role("option", name="@ada")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("@pay")
    expect(page.get_by_role("option", name="Payments")).to_be_visible()
    page.keyboard.press("Enter")
    expect_text(page, "impact", "@ada [Payments](/services/payments/) ")


def test_an_address_pasted_over_words_makes_a_link(page: Page) -> None:
    write_in(page, "impact")
    page.keyboard.type("graph")
    page.keyboard.press("Control+a")
    paste(page, "https://example.org/graph?a=1")
    expect_text(page, "impact", "[graph](https://example.org/graph?a=1)")


@pytest.mark.parametrize(
    ("kind", "copied"),
    [
        ("text/plain", "Time\tWhat\n14:03\ta|b\n"),
        ("text/html", "<table><tr><th>Time<th>What</tr><tr><td>14:03<td>a|b</tr></table>"),
    ],
)
def test_cells_become_a_table(page: Page, kind: str, copied: str) -> None:
    write_in(page, "impact")
    paste(page, copied, kind)
    expect_text(page, "impact", "| Time | What |\n| --- | --- |\n| 14:03 | a\\|b |\n")


def test_undo_takes_back_ones_own_words(page: Page) -> None:
    write_in(page, "summary")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(" More.")  # at once: slow keys are undone one by one
    page.keyboard.press("Control+z")
    expect_text(page, "summary", "Cards were **refused**.")
    page.keyboard.press("Control+Shift+Z")
    expect_text(page, "summary", "Cards were **refused**. More.")


def test_what_is_typed_offline_is_kept_and_saved_later(page: Page, context: BrowserContext, review: Review) -> None:
    state = page.locator("#saved-state")
    write_in(page, "impact")
    context.set_offline(True)
    expect(state).to_have_text("Offline. What you write is kept on this device")
    page.keyboard.type("Typed offline.")
    expect(state).to_have_text("Offline, kept on this device")
    page.keyboard.press("Escape")
    expect(page.locator("#impact .as-typed")).to_have_text("Typed offline.")
    context.set_offline(False)
    expect(state).to_have_text("Saved")
    expect(page.locator("#impact .prose > p")).to_have_text("Typed offline.")
    assert Section.objects.get(review=review, kind="impact").text == "Typed offline."


def test_a_closed_tab_loses_nothing(page: Page, context: BrowserContext, live_process: LiveProcess) -> None:
    write_in(page, "impact")
    live_process.kill()
    page.keyboard.type("Typed while the server was away.")
    expect(page.locator("#saved-state")).to_have_text("Offline, kept on this device")
    page.close()
    live_process.start()
    again = context.new_page()
    again.goto(page.url)
    expect(again.locator("#saved-state")).to_have_text("Saved")
    write_in(again, "impact")
    expect_text(again, "impact", "Typed while the server was away.")


def test_where_nothing_can_be_kept_the_page_says_so(
    live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open, context: BrowserContext
) -> None:
    page = signed_in_page(ada)
    page.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }")
    page.goto(review.incident.get_edit_url())
    expect(page.locator("#saved-state")).to_have_text("Saved")
    write_in(page, "impact")
    context.set_offline(True)
    page.keyboard.type("x")
    expect(page.locator("#saved-state")).to_have_text("Offline, and not kept on this device: leave this page open")


def test_a_blocked_socket_leaves_the_form(
    live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.route_web_socket("**/live/**", lambda socket: socket.close())
    page.goto(review.incident.get_edit_url())
    page.locator("#impact-edit").click()
    expect(page.locator("#impact textarea")).to_be_focused()
    page.keyboard.type("By form")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#impact .prose")).to_have_text("By form")
    expect(page.locator("#saved-state")).to_contain_text("Saved at")


def test_who_is_signed_out_is_told_and_goes_on_after_signing_in(
    page: Page, ada: Person, context: BrowserContext
) -> None:
    write_in(page, "impact")
    page.keyboard.type("Before")
    expect(page.locator("#saved-state")).to_have_text("Saved")
    session = context.cookies()[0]
    context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    page.keyboard.type(" and after")
    expect(page.locator("#saved-state")).to_have_text("Not saved, kept on this device")
    context.add_cookies([session])  # type: ignore[list-item]
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#saved-state")).to_have_text("Saved")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_nothing_violates_the_content_security_policy(
    live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(review.incident.get_edit_url())
    expect(page.locator("#saved-state")).to_have_text("Saved")
    write_in(page, "summary")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("/")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert not [text for text in said if "Content Security Policy" in text]


@pytest.fixture
def bob(ada: Person, review: Review) -> Person:
    person = factories.person("bob")
    add_participant(ada, review.incident, person, "author")
    return person


@pytest.fixture
def page_of_bob(
    page: Page, bob: Person, review: Review, signed_in_page: Open, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """The same page in the browser of somebody else."""
    context = browser.new_context(base_url=live_server.url)
    opened = signed_in_page(bob, context)
    opened.goto(review.incident.get_edit_url())
    expect(opened.locator("#saved-state")).to_have_text("Saved")
    yield opened
    context.close()


def test_people_see_who_is_here_and_where(page: Page, page_of_bob: Page) -> None:
    write_in(page_of_bob, "impact")
    expect(page.locator("#people-here li")).to_have_text(["Bob, in Impact"])
    expect(page.locator("#impact .part-people")).to_have_text("Bob is here")
    page_of_bob.locator("#event-new-text").focus()
    expect(page.locator("#people-here li")).to_have_text(["Bob, in Timeline"])
    expect(page.locator("#impact .part-people")).to_have_count(0)
    page_of_bob.close()
    expect(page.locator("#people-here li")).to_have_count(0)


def test_one_person_in_two_tabs_is_here_once(page: Page, page_of_bob: Page, review: Review) -> None:
    second = page_of_bob.context.new_page()
    second.goto(review.incident.get_edit_url())
    write_in(second, "lessons")
    expect(page.locator("#people-here li")).to_have_text(["Bob, in Lessons"])


def test_carets_of_others_carry_their_names_and_stay_out_of_the_text(page: Page, page_of_bob: Page) -> None:
    write_in(page, "summary")
    write_in(page_of_bob, "summary")
    page_of_bob.keyboard.press("Control+End")
    page_of_bob.keyboard.type(" By Bob.")
    expect_text(page, "summary", "Cards were **refused**. By Bob.")
    expect(page.locator("#summary .caret")).to_have_attribute("data-name", "Bob")
    page_of_bob.keyboard.press("Control+a")
    expect(page.locator("#summary .selected-there").first).to_be_visible()


def test_undo_leaves_what_others_wrote(page: Page, page_of_bob: Page) -> None:
    write_in(page, "impact")
    write_in(page_of_bob, "impact")
    page.keyboard.insert_text("Ada. ")  # at once: slow keys are undone one by one
    expect_text(page_of_bob, "impact", "Ada. ")
    page_of_bob.keyboard.press("Control+End")
    page_of_bob.keyboard.type("Bob.")
    expect_text(page, "impact", "Ada. Bob.")
    page.keyboard.press("Control+z")
    expect_text(page_of_bob, "impact", "Bob.")


def test_a_pasted_picture_is_attached_where_it_was_pasted(page: Page, page_of_bob: Page) -> None:
    write_in(page, "impact")
    write_in(page_of_bob, "impact")
    page.keyboard.type("See ")
    waiting: list[Route] = []
    page.route("**/attachments", lambda route: waiting.append(route))
    page.evaluate(PASTE_FILE, [list(png()), "graph.png"])
    expect(page.locator("#impact .uploading")).to_have_text("Uploading graph.png…")
    page_of_bob.keyboard.type("Bob first. ")
    expect_text(page_of_bob, "impact", "Bob first. See ")
    waiting[0].continue_()
    expect(page_of_bob.locator("#impact .cm-line")).to_have_text(re.compile(r"^Bob first. See !\[.*\]\(/\S+\)$"))


def test_a_file_that_is_refused_is_named_with_the_reason(page: Page) -> None:
    write_in(page, "impact")
    page.evaluate(PASTE_FILE, [[1, 2, 3], "graph.png"])
    expect(page.locator("#impact .writing-problem")).to_contain_text("“graph.png” was not added")
    expect_text(page, "impact", "")


def test_the_open_editor_has_no_serious_flaw_for_assistive_technology(page: Page, page_of_bob: Page) -> None:
    write_in(page_of_bob, "summary")
    write_in(page, "summary")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("/")
    expect(page.get_by_role("listbox")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [one for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_open_editor_fits_a_narrow_phone(page: Page, page_of_bob: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    write_in(page, "summary")
    write_in(page_of_bob, "summary")
    page_of_bob.keyboard.press("Control+End")
    page_of_bob.keyboard.type(" and on and on")
    expect(page.locator("#summary .caret")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
