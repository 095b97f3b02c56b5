"""The server closes the door: what the page says then, and what becomes of what was written."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from incidents.models import Incident
from incidents.operations import add_participant, remove_participant
from reviews.models import LiveDocument, Review, Section
from tests import factories
from tests.live import LiveProcess

Open = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)

PASTE_LINES = """count => {
    const data = new DataTransfer();
    data.setData("text/plain", "Line of the log, a hundred characters long with its end. ".padEnd(99, "x").concat("\\n").repeat(count));
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""
DATABASES = "async () => (await indexedDB.databases()).map(one => one.name)"
TOO_LONG = 20_100  # lines of a hundred characters
TOO_BIG = 42_100  # the same, for one message


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada, "Cards refused", summary="Cards were **refused**.")


@pytest.fixture
def page(live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open, context: BrowserContext) -> Page:
    """The editor page, connected."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = signed_in_page(ada)
    opened.goto(review.incident.get_edit_url())
    expect_saved(opened)
    return opened


def expect_saved(page: Page) -> None:
    expect(page.locator("#saved-state")).to_have_text("Saved")


def write_in(page: Page, section: str, words: str = "") -> None:
    page.locator(f"#{section}-edit").click()
    expect(page.locator(f"#{section} .cm-content")).to_be_focused()
    page.keyboard.type(words)


def text_of(review: Review, section: str) -> str:
    return Section.objects.get(review=review, kind=section).text


def test_who_loses_access_is_told_and_keeps_no_copy(
    page: Page, live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open
) -> None:
    bob = factories.person("bob")
    add_participant(ada, review.incident, bob, "author")
    page.close()
    page_of_bob = signed_in_page(bob)
    page_of_bob.goto(review.incident.get_edit_url())
    expect_saved(page_of_bob)
    write_in(page_of_bob, "impact", "Seen.")
    expect_saved(page_of_bob)
    remove_participant(ada, review.incident, review.incident.participants.get(person=bob).pk)
    expect(page_of_bob.get_by_text("You no longer have access to this draft")).to_be_visible()
    expect(page_of_bob.locator(".cm-editor")).to_have_count(0)
    page_of_bob.wait_for_function(
        f"async () => !(await ({DATABASES})()).some(name => name.startsWith('debrief:{bob.pk}:'))"
    )


def test_what_is_not_saved_when_a_review_is_archived_is_saved_when_it_is_open_again(
    page: Page, live_process: LiveProcess, review: Review
) -> None:
    write_in(page, "impact")
    live_process.kill()
    page.keyboard.type("Just before.")
    expect(page.locator("#saved-state")).to_have_text("Offline, kept on this device")
    incident = Incident.objects.filter(pk=review.pk)
    incident.update(status="archived")
    live_process.start()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("This review cannot be written just now; it may have been archived.")
    expect(notice).to_contain_text("Your text is kept on this device.")
    page.locator("#readers, #visibility").last.scroll_into_view_if_needed()
    expect(notice).to_be_in_viewport()
    expect(page.locator("#saved-state")).to_have_text("Not saved, kept on this device")
    incident.update(status="draft")
    notice.get_by_role("button", name="Reload").click()
    expect_saved(page)
    assert text_of(review, "impact") == "Just before."


def make_anew(page: Page, live_process: LiveProcess, review: Review, words: str) -> None:
    """As after a backup was restored: what stood in the browser alone is of a document that is no more."""
    write_in(page, "impact")
    live_process.kill()
    if words:
        page.keyboard.type(words)
        expect(page.locator("#saved-state")).to_have_text("Offline, kept on this device")
    LiveDocument.objects.filter(pk=review.pk).update(guid=uuid.uuid4())
    live_process.start()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("The document of this review was made anew. Your text is kept on this device.")
    notice.get_by_role("button", name="Reload").click()
    expect_saved(page)


def test_text_of_an_earlier_document_is_offered(page: Page, live_process: LiveProcess, review: Review) -> None:
    make_anew(page, live_process, review, "From before.")
    offered = page.locator(".kept-texts")
    expect(offered).to_contain_text("Text from before the document was made anew is kept on this device:")
    expect(offered.locator(".kept-name")).to_have_text(["Impact"])
    offered.get_by_role("button", name="Show Impact").click()
    expect(offered.locator("pre")).to_have_text("From before.")
    offered.get_by_role("button", name="Copy Impact").click()
    expect(offered.get_by_role("button", name="Copied Impact")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "From before."
    assert text_of(review, "summary") == "Cards were **refused**."


def test_text_of_an_earlier_document_is_there_until_it_is_discarded(
    page: Page, live_process: LiveProcess, review: Review
) -> None:
    make_anew(page, live_process, review, "From before.")
    page.reload()
    page.get_by_role("button", name="Discard Impact").click()
    expect(page.locator(".kept-texts")).to_have_count(0)
    page.wait_for_function(f"async () => (await ({DATABASES})()).length === 1")


def test_a_copy_of_an_earlier_document_that_was_saved_is_removed(
    page: Page, live_process: LiveProcess, review: Review
) -> None:
    make_anew(page, live_process, review, "")
    page.wait_for_function(f"async () => (await ({DATABASES})()).length === 1")
    expect(page.locator(".kept-texts")).to_have_count(0)


def test_only_what_is_too_long_is_not_saved(page: Page, live_process: LiveProcess, review: Review) -> None:
    write_in(page, "impact", "Kept. ")
    expect_saved(page)
    live_process.kill()
    page.evaluate(PASTE_LINES, TOO_LONG)
    write_in(page, "lessons", "Typed meanwhile.")
    live_process.start()
    offered = page.locator("#impact .kept-texts")
    expect(offered).to_contain_text("too long to be saved (at most 2,000,000 characters fit)")
    expect(offered).to_contain_text("2,010,000 characters")
    expect_saved(page)
    expect(page.locator("#impact .cm-line")).to_have_text("Kept.")
    page.get_by_role("button", name="Copy Impact").click()
    expect(page.get_by_role("button", name="Copied Impact")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText().then(text => text.length)") == 2_010_000
    expect(page.locator("#lessons .cm-line")).to_have_text("Typed meanwhile.")
    page.locator("#lessons").get_by_role("button", name="Done").click()
    expect(page.locator("#lessons .prose")).to_have_text("Typed meanwhile.")


def test_what_was_too_long_is_offered_again_after_a_reload(page: Page, review: Review) -> None:
    write_in(page, "impact")
    page.evaluate(PASTE_LINES, TOO_LONG)
    expect(page.locator("#impact .kept-texts")).to_be_visible()
    page.keyboard.type("Short.")
    expect_saved(page)
    page.reload()
    expect_saved(page)
    expect(page.locator("#impact .kept-texts")).to_contain_text("2,010,000 characters")
    page.get_by_role("button", name="Discard Impact").click()
    expect(page.locator("#impact-edit")).to_be_focused()
    page.reload()
    expect_saved(page)
    expect(page.locator(".kept-texts")).to_have_count(0)
    assert text_of(review, "impact") == "Short."


def test_what_no_message_holds_is_too_long(page: Page, review: Review) -> None:
    write_in(page, "impact")
    page.evaluate(PASTE_LINES, TOO_BIG)
    expect(page.locator("#impact .kept-texts")).to_contain_text("4,210,000 characters")
    page.keyboard.type("Short.")
    expect_saved(page)
    page.locator("#impact").get_by_role("button", name="Done").click()
    expect(page.locator("#impact .prose")).to_have_text("Short.")


def test_who_deletes_what_is_too_long_loses_nothing_else(page: Page, live_process: LiveProcess, review: Review) -> None:
    write_in(page, "impact")
    live_process.kill()
    page.evaluate(PASTE_LINES, TOO_BIG)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("Short.")
    live_process.start()
    expect_saved(page)
    page.locator("#impact").get_by_role("button", name="Done").click()
    expect(page.locator("#impact .prose")).to_have_text("Short.")
