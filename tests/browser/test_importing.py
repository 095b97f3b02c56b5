"""Importing in a browser: the form, ticking, and without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from incidents.models import Incident
from tests import factories


@pytest.fixture
def write_ups(tmp_path: Path) -> list[str]:
    paths = [tmp_path / f"{name}.md" for name in ("sluice", "gate", "weir")]
    for path in paths:
        path.write_text(f"# The {path.stem} stuck\n\n## Summary\n\nThe {path.stem} was stuck.\n")
    return [str(path) for path in paths]


@pytest.fixture
def greta(transactional_db: None) -> Person:
    factories.starting_causes()
    return factories.person("greta")


def upload(page: Page, write_ups: list[str]) -> None:
    page.goto("/reviews/import/")
    page.get_by_label("Files").set_input_files(write_ups)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would be imported")


def test_all_are_unticked_at_once_and_one_is_imported(
    greta: Person, write_ups: list[str], signed_in_page: Callable[..., Page]
) -> None:
    page = signed_in_page(greta)
    upload(page, write_ups)
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.get_by_role("button", name="Untick all").click()
    page.get_by_label("The gate stuck").check()
    page.get_by_role("button", name="Import the ticked ones").click()
    expect(page.get_by_role("link", name="Imported 1")).to_be_visible()
    page.get_by_role("link", name="Imported 1").click()
    page.get_by_role("link", name="The gate stuck").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The gate stuck")
    assert Incident.objects.count() == 1


def test_without_scripts_all_is_there(
    greta: Person,
    write_ups: list[str],
    signed_in_page: Callable[..., Page],
    context_without_javascript: BrowserContext,
) -> None:
    page = signed_in_page(greta, context_without_javascript)
    upload(page, write_ups)
    expect(page.get_by_role("button", name="Untick all")).to_be_hidden()
    page.get_by_label("The weir stuck").uncheck()
    page.get_by_role("button", name="Import the ticked ones").click()
    expect(page.get_by_role("link", name="Imported 2")).to_be_visible()
