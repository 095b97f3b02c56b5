"""The history, the merge of two texts and what changed between versions, driven as a person does."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from reviews.models import Review
from reviews.operations import add_factor, delete_factor, save_section
from reviews.publishing import publish_review
from tests import factories

Open = Callable[..., Page]
LONG = "\n\n".join(f"Paragraph {n} tells at some length what happened in that minute of the night." for n in range(12))


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    """Three versions of a summary, the second published."""
    review = factories.draft(ada, summary="")
    save_section(ada, review, "summary", LONG, 0)
    save_section(ada, review, "summary", LONG.replace("Paragraph 6 tells", "Paragraph 6 told"), 1)
    publish_review(ada, review)
    save_section(ada, review, "summary", "All of it gone.", 2)
    return review


def test_a_text_is_found_in_the_history_and_put_back_by_keyboard(
    ada: Person, review: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#summary .part-history").press("Enter")
    expect(page.get_by_role("heading", level=1, name="History")).to_be_visible()
    expect(page.locator(".happening .row-title", has_text="Version 1 published")).to_be_visible()
    page.locator(".happening .row-title", has_text="Summary").nth(1).press("Enter")
    expect(page.locator(".diff ins")).to_have_text("told")
    expect(page.locator(".diff del")).to_have_text("tells")
    fold = page.locator(".diff-fold").first
    fold.locator("summary").press("Enter")
    expect(fold.get_by_text("Paragraph 0 tells")).to_be_visible()
    page.get_by_role("button", name="Restore this text").press("Enter")
    expect(page.get_by_text("Summary reads as it did then.")).to_be_visible()
    expect(page.locator("#summary .prose")).to_contain_text("Paragraph 6 told")
    assert [one.text for one in review.text_versions.all()[:2]] == [review.sections.get().text, "All of it gone."]


def test_a_deleted_factor_is_brought_back_from_the_history(ada: Person, review: Review, signed_in_page: Open) -> None:
    factor = add_factor(ada, review, text="No alert on pool use")
    delete_factor(ada, factor.pk)
    page = signed_in_page(ada)
    page.goto(f"{review.incident.get_edit_url()}history?part=factors")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator("#factors")).to_contain_text("No alert on pool use")


@pytest.mark.parametrize("with_javascript", [True, False])
def test_a_stale_save_merges_both_texts(
    ada: Person,
    signed_in_page: Open,
    context: BrowserContext,
    context_without_javascript: BrowserContext,
    with_javascript: bool,
) -> None:
    review = factories.draft(ada, summary="One. Two. Three.")
    page = signed_in_page(ada, context if with_javascript else context_without_javascript)
    page.goto(f"{review.incident.get_edit_url()}?edit=summary#summary")
    save_section(factories.person("lee", role="administrator"), review, "summary", "One. Two. Three. Four.", 1)
    field = page.locator("#summary textarea")
    field.fill("Zero. One. Two. Three.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".conflict")).to_contain_text("Lee saved this part while you were writing here")
    expect(field).to_have_value("Zero. One. Two. Three. Four.")
    page.get_by_role("button", name="Save the merge").click()
    expect(page.locator("#summary .prose")).to_have_text("Zero. One. Two. Three. Four.")


def test_only_mine_is_kept_where_that_is_wanted(ada: Person, signed_in_page: Open) -> None:
    review = factories.draft(ada, summary="One.")
    page = signed_in_page(ada)
    page.goto(f"{review.incident.get_edit_url()}?edit=summary#summary")
    save_section(ada, review, "summary", "Theirs.", 1)
    page.locator("#summary textarea").fill("Mine.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.locator("#summary .prose")).to_have_text("Mine.")
    assert review.sections.get().text == "Mine."


def test_a_reader_sees_what_changed(ada: Person, review: Review, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(f"{review.incident.get_edit_url()}publish")
    page.get_by_text("See every change").click()
    expect(page.locator(".comparison ins")).to_have_text("All of it gone.")
    page.get_by_label("What changed since the last version").fill("Shorter")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator(".version-line")).to_contain_text("Shorter")
    page.get_by_role("link", name="See what changed").click()
    expect(page.locator(".comparison ins")).to_have_text("All of it gone.")
    page.get_by_label("From").select_option("2")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Both are version 2.")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390), ("light", 320)])
def test_the_pages_are_accessible_and_fit(
    ada: Person,
    review: Review,
    browser: Browser,
    live_server: LiveServer,
    signed_in_page: Open,
    scheme: str,
    width: int,
) -> None:
    publish_review(ada, review, "Shorter")
    save_section(ada, review, "summary", "x" * 300 + " and " + LONG, 3)
    first = review.text_versions.order_by("saved_at")[1]
    number = review.incident.number
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
    )
    page = signed_in_page(ada, context)
    for address in (
        f"/drafts/{number}/history",
        f"/drafts/{number}/history/texts/{first.pk}",
        f"/drafts/{number}/history/versions/1",
        f"/drafts/{number}/publish",
        f"/reviews/{number}/changes",
        f"/reviews/{number}/versions/1/",
    ):
        page.goto(address)
        found = [
            one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")
        ]
        assert found == [], address
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, address
    context.close()
