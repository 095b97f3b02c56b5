"""Writing a review from nothing to published, by keyboard; two tabs at once; no JavaScript; no connection."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from catalog.models import CauseCategory, Service
from incidents.models import Incident
from tests import factories

Open = Callable[..., Page]


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada", time_zone="Europe/Berlin")


@pytest.fixture
def catalog(ada: Person) -> None:
    for name in ("Payments", "Search", "Orders", "Mail", "Login", "Images", "Stock", "Prices", "Delivery"):
        factories.service(name)
    factories.cause("capacity")
    factories.cause("observability")


def saved(page: Page) -> None:
    expect(page.locator("#saved-state")).to_contain_text("Saved at")


def test_a_review_is_written_and_published_by_keyboard(ada: Person, catalog: None, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    keys = page.keyboard
    page.goto("/drafts/")
    page.get_by_role("link", name="New review", exact=True).press("Enter")
    page.get_by_label("Title").focus()
    keys.type("Checkout refused cards")
    page.get_by_label("When did the impact begin?").focus()
    keys.type("2026-03-14 14:03")
    expect(page.locator(".understood").first).to_contain_text("Sat 14 Mar 2026, 14:03 CET")
    page.get_by_label("Filter services").focus()
    keys.type("pay")
    keys.press("Enter")
    keys.press("Space")
    page.get_by_role("button", name="Begin the review").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Checkout refused cards")

    page.locator("#summary-edit").press("Enter")
    expect(page.locator("#summary textarea")).to_be_focused()
    keys.type("Cards were **refused** for an hour.")
    keys.press("Control+Enter")
    expect(page.locator("#summary strong")).to_have_text("refused")
    expect(page.locator("#summary-edit")).to_be_focused()
    saved(page)

    page.locator("#event-new-time").focus()
    for time, kind, text in (("14:03", "First signal", "Errors rise"), ("+6m", "Detection", "Alert fired")):
        keys.type(time)
        keys.press("Enter")
        page.locator("#event-new-kind").select_option(label=kind)
        page.locator("#event-new-text").focus()
        keys.type(text)
        keys.press("Enter")
        expect(page.locator(".event .prose", has_text=text)).to_be_visible()
        expect(page.locator("#event-new-time")).to_be_focused()
        expect(page.locator("#event-new-time")).to_have_value("")
    expect(page.locator("#timeline .intervals")).to_contain_text("6 min")

    page.locator("#whys-add").press("Enter")
    expect(page.locator("#why-new-question")).to_be_focused()
    keys.type("Why were cards refused?")
    page.get_by_role("button", name="Add the question").press("Enter")
    expect(page.locator(".why-question")).to_have_text("Why were cards refused?")
    expect(page.locator(".why-line")).to_be_focused()
    page.get_by_role("link", name="Ask the next").press("Enter")
    expect(page.locator("[id^=why-below][id$=question]")).to_be_focused()
    keys.type("Why was the pool empty?")
    page.get_by_role("button", name="Add the question").press("Enter")
    expect(page.locator(".why-line").last).to_be_focused()
    keys.press(".")
    expect(page.locator("#whys .root-cause [name=cause]")).to_be_focused()
    page.locator("#whys [name=cause]").select_option(value=str(factories.cause("capacity").pk))
    expect(page.locator("#whys .root-cause option[selected]")).to_contain_text("Capacity")

    page.locator("#actions-add").press("Enter")
    expect(page.locator("#action-new-title")).to_be_focused()
    keys.type("Add an alert for pool use")
    page.locator("#action-new-owner").focus()
    keys.type("ada")
    page.locator("#action-new-due").focus()
    keys.type("+2w")
    keys.press("Enter")
    expect(page.locator("#actions .item-title")).to_have_text("Add an alert for pool use")

    page.locator("#factors-add").press("Enter")
    expect(page.locator("#factor-new-text")).to_be_focused()
    keys.type("No alert on pool use")
    page.get_by_label("Add an alert for pool use").check()
    page.get_by_role("button", name="Add the factor").press("Enter")
    expect(page.locator("#factors .removed-by")).to_be_visible()

    page.get_by_role("link", name="Publish").press("Enter")
    expect(page.get_by_role("region", name="Not settled yet")).to_contain_text("Nobody is asked to review it.")
    page.get_by_role("button", name=re.compile("^Publish")).press("Enter")
    expect(page).to_have_url(re.compile(r"/reviews/\d+/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Checkout refused cards")
    expect(page.get_by_text("Alert fired").first).to_be_visible()
    expect(page.get_by_text("Why was the pool empty?").first).to_be_visible()


def test_two_tabs_lose_nothing(ada: Person, signed_in_page: Open) -> None:
    review = factories.draft(ada)
    first, second = signed_in_page(ada), signed_in_page(ada)
    for tab in (first, second):
        tab.goto(review.incident.get_edit_url())
        tab.locator("#summary-edit").click()
    first.locator("#summary textarea").fill("What the first tab says")
    first.get_by_role("button", name="Save", exact=True).click()
    saved(first)
    second.locator("#summary textarea").fill("What the second tab says")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".conflict")).to_contain_text("What the first tab says")
    expect(second.locator("#summary textarea")).to_have_value("What the first tab says What the second tab says")
    expect(second.locator("#saved-state")).to_contain_text("Not saved yet")
    assert "What the second tab says" in second.evaluate("Object.values(localStorage).join()")
    second.locator("#summary textarea").fill("Both")
    second.get_by_role("button", name="Save the merge").click()
    saved(second)
    assert review.sections.get().text == "Both"
    second.wait_for_timeout(400)  # longer than typing waits before it is kept
    assert second.evaluate("localStorage.length") == 0
    saved(second)


def test_what_was_typed_is_offered_again_after_a_reload(ada: Person, signed_in_page: Open) -> None:
    review = factories.draft(ada)
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#summary-edit").click()
    page.locator("#summary textarea").fill("Typed, not saved")
    page.reload()
    page.locator("#summary").get_by_role("button", name="Restore").click()
    expect(page.locator("#summary textarea")).to_have_value("Typed, not saved")
    page.keyboard.press("Control+Enter")
    saved(page)
    page.reload()
    expect(page.locator(".kept-offer")).to_have_count(0)
    assert review.sections.get().text == "Typed, not saved"


def test_without_a_connection_the_page_says_so_and_keeps_the_text(ada: Person, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(factories.draft(ada).incident.get_edit_url())
    page.locator("#summary-edit").click()
    page.locator("#summary textarea").fill("Typed in a tunnel")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#saved-state")).to_contain_text("no connection")
    expect(page.locator("#summary textarea")).to_have_value("Typed in a tunnel")
    page.context.set_offline(False)
    page.locator("#summary textarea").press("Control+Enter")
    saved(page)


def test_signed_out_meanwhile_the_text_stays(ada: Person, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(factories.draft(ada).incident.get_edit_url())
    page.locator("#summary-edit").click()
    page.locator("#summary textarea").fill("Typed too long")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#saved-state")).to_contain_text("Not saved")
    expect(page.locator("#summary textarea")).to_have_value("Typed too long")


def test_other_rows_keep_what_is_typed_while_one_is_deleted_and_restored(ada: Person, signed_in_page: Open) -> None:
    review = factories.draft(ada)
    for minute in (1, 2):
        review.incident.events.create(
            occurred_at=factories.NOON.replace(minute=minute), text=f"Event {minute}", html=f"<p>Event {minute}</p>"
        )
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#event-new-text").fill("Half a sentence")
    row = page.locator(".event", has_text="Event 1")
    row.get_by_role("button", name="Delete").press("Enter")
    expect(page.locator("#timeline [data-undo] button")).to_be_focused()
    expect(page.locator("#event-new-text")).to_have_value("Half a sentence")
    page.keyboard.press("Enter")
    expect(page.locator(".event", has_text="Event 1").get_by_role("link", name="Edit")).to_be_focused()
    expect(page.locator("#event-new-text")).to_have_value("Half a sentence")


def test_a_pasted_log_becomes_a_preview_then_events(ada: Person, signed_in_page: Open) -> None:
    review = factories.draft(ada)
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#event-new-text").focus()
    page.evaluate(
        """() => {
          const given = new DataTransfer();
          given.setData("text/plain", "12:05 alert fired\\n12:20 rolled back\\n25:10 nonsense");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator(".preview")).to_contain_text("There is no hour 25")
    expect(page.locator(".preview")).to_be_focused()
    page.get_by_role("button", name="Add 2 events").press("Enter")
    expect(page.locator(".event .prose")).to_have_count(2)
    expect(page.locator("#paste-lines")).to_have_value("25:10 nonsense")


def test_whys_move_with_alt_and_arrows(ada: Person, signed_in_page: Open) -> None:
    review = factories.draft(ada)
    first = review.whys.create(question="First?", position=1)
    second = review.whys.create(question="Second?", position=2)
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator(f"#why-{second.pk}-edit").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(f"#why-{first.pk} #why-{second.pk}")).to_be_visible()
    expect(page.locator(f"#why-{second.pk}-edit")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator(f"#why-{first.pk} #why-{second.pk}")).to_have_count(0)
    expect(page.locator(f"#why-{second.pk}-edit")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".why-question").first).to_have_text("Second?")


def test_escape_leaves_only_what_is_unchanged(ada: Person, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(factories.draft(ada).incident.get_edit_url())
    page.locator("#summary-edit").press("Enter")
    expect(page.locator("#summary textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#summary-edit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#summary textarea")).to_be_focused()
    page.keyboard.type("More. ")
    page.keyboard.press("Escape")
    expect(page.locator("#summary textarea")).to_have_value(re.compile("More"))


def test_the_editor_works_without_javascript(
    ada: Person, catalog: None, context_without_javascript: BrowserContext, signed_in_page: Open
) -> None:
    page = signed_in_page(ada, context_without_javascript)
    page.goto("/drafts/new")
    page.get_by_label("Title").fill("Mail late")
    page.get_by_label("Mail", exact=True).check()
    page.get_by_role("button", name="Begin the review").click()
    page.locator("#summary-edit").click()
    page.locator("#summary textarea").fill("Mail was **late**.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#summary strong")).to_have_text("late")
    page.locator("#event-new-time").fill("2026-03-14 12:00 UTC")
    page.locator("#event-new-text").fill("Queue grew")
    page.locator("#event-new").get_by_role("button", name="Add").click()
    expect(page.locator(".event .prose")).to_have_text("Queue grew")
    page.locator(".event").first.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".event .prose")).to_have_text("Queue grew")
    incident = Incident.objects.get()
    assert list(incident.services.all()) == [Service.objects.get(name="Mail")]
    assert CauseCategory.objects.exists()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen(ada: Person, signed_in_page: Open, width: int) -> None:
    review = factories.draft(ada, "A title " + "unbroken" * 20)
    review.incident.events.create(occurred_at=factories.NOON, text="x" * 300, html=f"<p>{'x' * 300}</p>")
    review.whys.create(question="why" * 100)
    page = signed_in_page(ada)
    page.set_viewport_size({"width": width, "height": 800})
    address = review.incident.get_edit_url()
    for path in (
        "/drafts/",
        "/drafts/new",
        address,
        f"{address}?edit=facts",
        f"{address}?edit=timeline",
        f"{address}publish",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
