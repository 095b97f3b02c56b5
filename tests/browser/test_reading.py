"""Reading in a real browser: without JavaScript, by keyboard, on paper, on a phone."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from incidents.models import Incident
from tests import factories

SignedIn = Callable[..., Page]


@pytest.fixture
def incident(demo: date) -> Incident:
    """The published review with the longest timeline that everyone may read."""
    rows = Incident.objects.filter(status="published", visibility="internal", actions__isnull=False)
    return max(set(rows), key=lambda one: one.events.count())


def alice() -> Person:
    return Person.objects.get(username="alice")


def test_the_read_path_works_without_javascript(
    incident: Incident, context_without_javascript: BrowserContext, signed_in_page: SignedIn
) -> None:
    page = signed_in_page(alice(), context_without_javascript)
    page.goto("/reviews/")
    page.get_by_role("link", name=incident.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(incident.title)
    expect(page.get_by_role("img", name=re.compile("Impact"))).to_be_visible()
    page.get_by_role("link", name="Action items").click()
    expect(page).to_have_url(re.compile("#actions$"))
    expect(page.locator("#actions-title")).to_be_in_viewport()
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile("/reviews/$"))


def test_a_reader_without_javascript_signs_in_and_reads(
    incident: Incident, context_without_javascript: BrowserContext
) -> None:
    page = context_without_javascript.new_page()
    page.goto(incident.get_absolute_url())
    page.get_by_label("Username").or_(page.get_by_label("Login")).first.fill("sam")
    page.locator("input[type=password]").fill("debrief-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(incident.title)


def test_keys_go_places_search_and_edit(incident: Incident, signed_in_page: SignedIn) -> None:
    page = signed_in_page(Person.objects.get(username="admin"))
    page.goto(incident.get_absolute_url())
    page.keyboard.press("/")
    expect(page.get_by_label("Search reviews").first).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(incident.get_edit_url()))
    page.goto(incident.get_absolute_url())
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/reviews/$"))


def test_links_to_parts_show_on_focus_and_lead_there(incident: Incident, signed_in_page: SignedIn) -> None:
    page = signed_in_page(alice())
    page.goto(incident.get_absolute_url())
    anchor = page.locator("#actions-title .anchor")
    expect(anchor).to_have_css("opacity", "0")
    page.locator("#lessons-title .anchor").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if anchor.evaluate("one => one === document.activeElement"):
            break
    expect(anchor).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#actions$"))


def test_contents_stand_in_the_margin_where_there_is_room(
    incident: Incident, browser: Browser, live_server: LiveServer, signed_in_page: SignedIn
) -> None:
    beside = []
    for width in (1280, 390):
        context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 900})
        page = signed_in_page(alice(), context)
        page.goto(incident.get_absolute_url())
        contents, body = page.locator(".contents").bounding_box(), page.locator(".review-body").bounding_box()
        assert contents
        assert body
        beside.append(contents["x"] >= body["x"] + body["width"])
        context.close()
    assert beside == [True, False]


def test_paper_holds_the_text_and_nothing_to_press(incident: Incident, signed_in_page: SignedIn) -> None:
    page = signed_in_page(alice())
    page.goto(incident.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.locator("header.frame")).to_be_hidden()
    expect(page.locator(".contents")).to_be_hidden()
    expect(page.locator("#actions-title .anchor")).to_be_hidden()
    expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    expect(page.locator(".ribbon-drawing")).to_be_visible()


def test_a_long_title_in_a_script_from_right_to_left_stays_on_the_phone(
    transactional_db: None, browser: Browser, live_server: LiveServer, signed_in_page: SignedIn
) -> None:
    author = factories.person("author")
    title = "انقطاع خدمة الدفع لمدة ساعة كاملة بسبب استعلام بطيء استنفد جميع اتصالات قاعدة البيانات " + "x" * 90
    address = factories.published(author, title).review.incident.get_absolute_url()
    context = browser.new_context(base_url=live_server.url, viewport={"width": 320, "height": 640})
    page = signed_in_page(author, context)
    page.goto(address)
    assert page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()
