"""What happened before, above a draft: told by itself, confirmed and taken back with the keyboard, and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Incident, ParticipantRole
from reviews.models import Recurrence, Review
from reviews.publishing import publish_review
from reviews.recurring import confirm_recurrence
from tests import factories
from tests.live import LiveProcess

Open = Callable[..., Page]
LAG = "The replica lag grew. Every reader of the ledger met the replica lag and saw a replica of the past."

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def earlier(ada: Person) -> Incident:
    factories.starting_causes()
    review = factories.draft(
        factories.person("writer"), "Replica fell behind", summary=LAG, services=[factories.service("Ledger")],
        occurred_at=factories.NOON - timedelta(days=9),
    )  # fmt: skip
    review.causes.add(factories.cause("capacity"))
    ActionItem.objects.create(incident=review.incident, title="Alert on replica lag")
    return publish_review(factories.person("writer"), review).review.incident


@pytest.fixture
def draft(ada: Person, earlier: Incident) -> Review:
    review = factories.draft(ada, "Behind once more", summary=LAG, services=[factories.service("Ledger")])
    review.causes.add(factories.cause("capacity"))
    return review


def test_it_is_confirmed_and_taken_back_by_keyboard(
    live_process: LiveProcess, ada: Person, draft: Review, earlier: Incident, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(draft.incident.get_edit_url())
    line = page.locator("#before summary")
    expect(line).to_have_text("This happened before, and 1 action item from then is still open")
    line.focus()
    page.keyboard.press("Enter")
    confirm = page.locator(f"#before-confirm-{earlier.number}")
    expect(confirm).to_be_visible()
    page.keyboard.press("Tab")  # the review
    page.keyboard.press("Tab")  # its open action
    page.keyboard.press("Tab")
    expect(confirm).to_be_focused()
    page.keyboard.press("Enter")
    take_back = page.locator(f"#before-take-back-{earlier.number}")
    expect(take_back).to_be_focused()
    assert Recurrence.objects.get().earlier_id == earlier.pk
    page.keyboard.press("Enter")
    expect(confirm).to_be_focused()
    assert not Recurrence.objects.exists()


def test_a_wrong_number_is_told_and_stays_in_its_field(
    live_process: LiveProcess, ada: Person, draft: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(draft.incident.get_edit_url())
    page.locator("#before summary").click()
    page.locator("#before-earlier").fill("999999")
    page.keyboard.press("Enter")
    expect(page.locator("#before-problem")).to_have_text("There is no published review 999999 that you may read.")
    expect(page.locator("#before-earlier")).to_have_value("999999")


def test_what_another_author_confirms_comes_in(
    live_process: LiveProcess, ada: Person, draft: Review, earlier: Incident, signed_in_page: Open
) -> None:
    other = factories.person("bo")
    draft.incident.participants.create(person=other, role=ParticipantRole.AUTHOR)
    page = signed_in_page(ada)
    page.goto(draft.incident.get_edit_url())
    expect(page.locator("#saved-state")).to_have_text("Saved")
    expect(page.locator("#before summary")).to_contain_text("This happened before")
    confirm_recurrence(other, draft, str(earlier.number))
    expect(page.locator("#before-confirmed")).to_have_count(1)


def test_without_scripts_it_is_found_and_confirmed_on_a_page(
    ada: Person, draft: Review, earlier: Incident, signed_in_page: Open, context_without_javascript: BrowserContext
) -> None:
    page = signed_in_page(ada, context_without_javascript)
    page.goto(draft.incident.get_edit_url())
    page.get_by_role("link", name="Has this happened before?").click()
    page.locator(f"#before-confirm-{earlier.number}").click()
    expect(page.locator("body")).to_contain_text(f"Kept as a recurrence of review {earlier.number}.")
    assert Recurrence.objects.get().earlier_id == earlier.pk


def test_list_and_page_are_accessible(
    live_process: LiveProcess, ada: Person, draft: Review, earlier: Incident, signed_in_page: Open
) -> None:
    confirm_recurrence(ada, draft, str(earlier.number))
    page = signed_in_page(ada)
    page.goto(f"/drafts/{draft.incident.number}/similar")
    assert Axe().run(page).response["violations"] == []
    publish_review(ada, draft)
    page.goto(draft.incident.get_absolute_url())
    expect(page.locator("#related")).to_contain_text("Replica fell behind")
    assert Axe().run(page).response["violations"] == []
