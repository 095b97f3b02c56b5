"""\"@\" in a comment: the people whom it can tell, by keys and by pointer."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from accounts.models import Person
from reviews.models import Comment, Review
from tests import factories

Open = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    review = factories.draft(ada, summary="Cards were refused.")
    for name in ("lee", "leo"):
        review.incident.participants.create(person=factories.person(name))
    factories.person("lena")  # takes no part
    return review


@pytest.fixture
def page(ada: Person, review: Review, signed_in_page: Open) -> Page:
    """A comment is begun."""
    opened = signed_in_page(ada)
    opened.goto(f"{review.incident.get_edit_url()}?comment=section:summary")
    opened.locator("#comments-summary textarea").focus()
    return opened


def test_only_those_are_offered_whom_a_comment_can_tell(page: Page) -> None:
    page.keyboard.type("When, @le")
    people = page.get_by_role("listbox", name="People")
    expect(people.get_by_role("option")).to_have_text(["Lee @lee", "Leo @leo"])


def test_a_name_is_chosen_with_keys(page: Page) -> None:
    field = page.locator("#comments-summary textarea")
    page.keyboard.type("When, @le")
    first, second = page.get_by_role("option", name="Lee"), page.get_by_role("option", name="Leo")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("mention-1"))
    page.keyboard.press("Enter")
    expect(field).to_have_value("When, @leo ")
    expect(page.get_by_role("listbox")).to_have_count(0)
    page.keyboard.type("did it start?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment .mention")).to_have_text("Leo")
    assert Comment.objects.get().text == "When, @leo did it start?"


def test_a_name_is_chosen_with_the_pointer(page: Page) -> None:
    page.keyboard.type("@le")
    page.get_by_role("option", name="Lee").click()
    expect(page.locator("#comments-summary textarea")).to_have_value("@lee ")
    expect(page.locator("#comments-summary textarea")).to_be_focused()


def test_escape_closes_what_is_offered_and_leaves_the_comment(page: Page) -> None:
    field = page.locator("#comments-summary textarea")
    page.keyboard.type("@le")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("@le")


def test_an_address_of_mail_offers_nobody(page: Page) -> None:
    with page.expect_request(re.compile(r"/names\?q=le&")) as asked:
        page.keyboard.type("mail@le and @le")
    assert asked.value
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#comments-summary textarea")).to_have_value("mail@le and @lee ")


def test_the_list_has_no_serious_flaw_for_assistive_technology(page: Page) -> None:
    page.keyboard.type("@le")
    expect(page.get_by_role("listbox")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [one for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize(("zone", "named"), [("Asia/Kolkata", "GMT+5:30"), ("UTC", "UTC")])
def test_the_time_of_saving_stands_in_the_zone_of_the_profile(
    ada: Person, review: Review, signed_in_page: Open, zone: str, named: str
) -> None:
    ada.time_zone = zone
    ada.save()
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#impact-edit").click()
    page.locator("#impact textarea").fill("Many")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#saved-state")).to_have_text(re.compile(rf"^Saved at \d\d:\d\d {re.escape(named)}$"))
