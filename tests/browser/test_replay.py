"""The replay of an incident by keyboard, with notes that are kept while they are typed, and without a script."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from reviews.models import Version
from tests import factories
from wiki.models import ReplayNote

Open = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def version(ada: Person) -> Version:
    return factories.published(ada, "Checkout slow")


def test_arrows_walk_and_a_note_is_kept_on_the_way(ada: Person, version: Version, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(f"/reviews/{version.review.incident.number}/replay/")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#now")).to_be_focused()
    page.get_by_label("What would you look at").fill("The error rate")
    expect(page.locator("#note-state")).to_have_text("Kept, for you alone.")
    assert ReplayNote.objects.get().text == "The error rate"
    page.get_by_label("What would you look at").press("End")
    page.keyboard.press("ArrowLeft")  # moves the caret
    expect(page.locator("#now")).to_be_visible()
    assert [
        one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")
    ] == []
    page.locator("#now").focus()
    for _ in range(len(version.document["events"])):
        page.keyboard.press("ArrowRight")
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("How it went")
    expect(page.get_by_text("The error rate")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("What would you look at")).to_be_visible()


def test_it_works_without_a_script(
    context_without_javascript: BrowserContext, ada: Person, version: Version, signed_in_page: Open
) -> None:
    page = signed_in_page(ada, context_without_javascript)
    page.goto(f"/reviews/{version.review.incident.number}/replay/")
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("What would you look at").fill("The queue")
    for _ in version.document["events"]:
        page.locator("[data-next]").click()
    expect(page.get_by_text("The queue")).to_be_visible()
