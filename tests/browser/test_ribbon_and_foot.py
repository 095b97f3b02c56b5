"""The published page in a browser: its ribbon zooms, links are copied, and what stands at its foot comes along."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from incidents.models import Incident
from reviews.publishing import publish_review
from tests import factories
from timeline.models import Event

SignedIn = Callable[..., Page]


@pytest.fixture
def incident(transactional_db: None) -> Incident:
    """A published one with a timeline, after another one of its service."""
    author, service = factories.person("alice"), factories.service("Payments")
    factories.published(author, "Earlier one", services=[service], occurred_at="2026-01-01T12:00Z")
    review = factories.draft(author, "Pool ran dry", services=[service])
    for minutes, kind in ((0, "signal"), (7, "detection"), (10, "response"), (39, "mitigation"), (67, "resolution")):
        at = factories.NOON + timedelta(minutes=minutes)
        Event.objects.create(incident=review.incident, occurred_at=at, kind=kind, text=kind, html=f"<p>{kind}</p>")
    return publish_review(author, review).review.incident


def width(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["width"]


def test_the_ribbon_zooms_without_scripts_and_by_keyboard(
    incident: Incident, context_without_javascript: BrowserContext, signed_in_page: SignedIn
) -> None:
    page = signed_in_page(factories.person("sam", role="reader"), context_without_javascript)
    page.goto(incident.get_absolute_url())
    drawing, frame = page.locator(".ribbon-drawing"), page.locator(".ribbon-scroll")
    assert width(drawing) <= width(frame) + 1
    page.get_by_label("Whole").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("3×")).to_be_checked()
    assert width(drawing) == pytest.approx(3 * width(frame), rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_plus_and_minus_zoom_where_the_ribbon_is_focused(incident: Incident, signed_in_page: SignedIn) -> None:
    page = signed_in_page(factories.person("sam", role="reader"))
    page.goto(incident.get_absolute_url())
    page.locator(".ribbon-scroll").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.get_by_label("8×")).to_be_checked()
    expect(page.locator(".phase .at-8", has_text="Detection gap 3 min")).to_be_visible()
    page.keyboard.press("-")
    expect(page.get_by_label("3×")).to_be_checked()


def test_a_link_to_an_event_is_copied_where_it_is_pressed(
    incident: Incident, context: BrowserContext, signed_in_page: SignedIn
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = signed_in_page(factories.person("sam", role="reader"))
    page.goto(incident.get_absolute_url())
    event = incident.events.first()
    assert event is not None
    page.locator(f"#event-{event.pk}").get_by_role("link", name="Link to this event").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".anchor-said")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"{incident.get_absolute_url()}#event-{event.pk}")


def test_the_review_before_and_the_readers_come_as_one_reaches_the_foot(
    incident: Incident, signed_in_page: SignedIn
) -> None:
    page = signed_in_page(factories.person("sam", role="reader"))
    page.goto(incident.get_absolute_url())
    page.locator(".review-foot").scroll_into_view_if_needed()
    expect(page.locator("#readers")).to_contain_text("Read by 1 person")
    page.locator(".beside a[rel=prev]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Earlier one")


def test_without_scripts_a_link_leads_to_what_stands_around(
    incident: Incident, context_without_javascript: BrowserContext, signed_in_page: SignedIn
) -> None:
    page = signed_in_page(factories.person("sam", role="reader"), context_without_javascript)
    page.goto(incident.get_absolute_url())
    page.get_by_role("link", name="The reviews before and after this one").click()
    expect(page.get_by_role("link", name="Earlier one")).to_be_visible()
    expect(page.get_by_text("Read by 1 person")).to_be_visible()
