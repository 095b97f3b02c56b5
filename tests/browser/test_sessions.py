"""What a browser still shows after signing out, and whether the back room works under the strict policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories

Open = Callable[..., Page]


def test_back_after_signing_out_shows_nothing(transactional_db: None, signed_in_page: Open) -> None:
    ada = factories.person("ada")
    incident = factories.published(ada, "Ledger lost", visibility="restricted").review.incident
    page = signed_in_page(ada)
    page.goto("/")
    page.goto(incident.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ledger lost")
    page.locator(".frame-person summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    for _ in range(2):
        page.go_back()
        expect(page.get_by_label("Password")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Ledger lost")


@pytest.fixture
def complaints() -> list[str]:
    return []


def test_the_back_room_works_under_the_policy(
    transactional_db: None, signed_in_page: Open, complaints: list[str]
) -> None:
    root = factories.person("root", role="administrator", is_staff=True, is_superuser=True)
    team = factories.team("Core", root)
    page = signed_in_page(root)
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/admin/catalog/team/{team.pk}/change/")
    page.get_by_text("Add another Membership").click()
    page.locator(".select2-selection").last.click()
    expect(page.locator(".select2-results__option").filter(has_text="Root")).to_be_visible()
    page.goto("/admin/catalog/service/add/")
    page.locator("#id_name").press_sequentially("Card payments")
    expect(page.locator("#id_slug")).to_have_value("card-payments")
    for place in ("/admin/", "/admin/accounts/person/", f"/admin/accounts/person/{root.pk}/change/"):
        page.goto(place)
    assert not complaints


def test_signing_out_leaves_no_unsaved_text_on_the_device(transactional_db: None, signed_in_page: Open) -> None:
    ada = factories.person("ada")
    page = signed_in_page(ada)
    page.goto(factories.draft(ada).incident.get_edit_url())
    page.locator("#summary-edit").click()
    page.locator("#summary textarea").fill("Nobody else's business")
    expect(page.locator("#saved-state")).to_contain_text("kept on this device")
    page.goto("/")
    assert page.evaluate("Object.values(localStorage).join()").count("business") == 1
    page.locator(".frame-person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and discard").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
