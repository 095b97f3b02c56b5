"""Perspectives by the keyboard alone, and while others change the timeline; roles on the publish page."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from incidents.models import Participant
from tests import factories
from tests.live import LiveProcess
from timeline.models import Event, Perspective
from timeline.operations import add_event, change_event
from timeline.perspectives import add_perspective

pytestmark = pytest.mark.django_db(transaction=True)

SignedIn = Callable[..., Page]


@pytest.fixture
def event(author: Person) -> Event:
    factories.starting_templates()
    incident = factories.draft(author).incident
    return add_event(author, incident, occurred_at=factories.NOON, zone="UTC", kind="response", text="Failed over.")


def test_a_perspective_is_written_and_left_by_the_keyboard(
    event: Event, author: Person, signed_in_page: SignedIn
) -> None:
    page = signed_in_page(author)
    page.goto(event.incident.get_edit_url())
    opener = page.locator(f"#event-{event.pk}-perspective")
    opener.focus()
    page.keyboard.press("Enter")
    whose = page.locator(f"#perspective-new-{event.pk}-whose")
    expect(whose).to_be_focused()
    expect(whose).to_have_value("author")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    expect(whose).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("One graph was red")
    page.keyboard.press("Control+Enter")
    shown = page.locator(".perspective")
    expect(shown).to_contain_text("One graph was red")
    pk = Perspective.objects.get().pk
    expect(page.locator(f"#perspective-{pk}-edit")).to_be_focused()


def test_it_works_without_javascript(
    event: Event, author: Person, signed_in_page: SignedIn, context_without_javascript: BrowserContext
) -> None:
    page = signed_in_page(author, context_without_javascript)
    page.goto(event.incident.get_edit_url())
    page.locator(f"#event-{event.pk}-perspective").click()
    page.locator(f"#perspective-new-{event.pk}-sense").fill("To wait")
    page.get_by_role("button", name="Add the perspective").click()
    expect(page.locator(".perspective")).to_contain_text("To wait")


def test_an_open_form_stays_while_somebody_changes_the_timeline(
    event: Event, author: Person, signed_in_page: SignedIn, live_process: LiveProcess
) -> None:
    lee = factories.person("lee")
    Participant.objects.create(incident=event.incident, person=lee)
    page = signed_in_page(author)
    page.goto(event.incident.get_edit_url())
    page.locator(f"#event-{event.pk}-perspective").click()
    known = page.locator(f"#perspective-new-{event.pk}-known")
    known.fill("Half a sen")
    change_event(lee, event.pk, text="Failed over by hand.")
    expect(page.locator(f"#event-{event.pk} .event-text")).to_contain_text("by hand")
    expect(known).to_have_value("Half a sen")
    page.get_by_role("button", name="Add the perspective").click()
    expect(page.locator(".perspective")).to_contain_text("Half a sen")


@pytest.mark.parametrize("width", [1280, 320])
def test_both_pages_are_accessible_and_fit(event: Event, author: Person, signed_in_page: SignedIn, width: int) -> None:
    add_perspective(author, event.pk, person=author, known="One graph", sense="To wait")
    add_perspective(author, event.pk, who="the vendor’s support", known="Nothing at all")
    page = signed_in_page(author)
    page.set_viewport_size({"width": width, "height": 800})
    base = event.incident.get_edit_url()
    for address in (f"{base}?edit=timeline&below={event.pk}", f"{base}publish"):
        page.goto(address)
        if address.endswith("publish"):
            page.get_by_label("Write people as roles").check()
            page.get_by_role("button", name="Save and see").click()
            expect(page.get_by_role("button", name="Save roles and look again")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
