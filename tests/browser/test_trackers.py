"""Trackers in the browser: by keyboard, and without serious violations of the accessibility rules."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from actions.models import ActionItem
from integrations.models import TrackerConnection
from tests import factories
from tests.fakes.trackers import FakeTrackers
from tests.integrations.trackers.worker import work

OpenAs = Callable[..., Page]


@pytest.fixture
def fakes(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTrackers]:
    monkeypatch.setenv("DEBRIEF_TRACKER_GITHUB_TOKEN", "t0ken")
    with FakeTrackers() as fakes:
        TrackerConnection.objects.create(
            kind="github", name="GitHub", code="github", base=fakes.github.base, projects="acme/payments"
        )
        yield fakes


@pytest.fixture
def item(transactional_db: None) -> ActionItem:
    author = factories.person("author")
    incident = factories.draft(author).incident
    return ActionItem.objects.create(incident=incident, title="Add an alert on pool use", owner=author)


def test_an_issue_is_linked_by_keyboard(
    live_server: LiveServer, signed_in_page: OpenAs, item: ActionItem, fakes: FakeTrackers
) -> None:
    issue = fakes.github.add()
    page = signed_in_page(Person.objects.get(username="author"))
    page.goto(f"{live_server.url}/actions/{item.pk}/")
    field = page.get_by_label("Link an issue")
    field.focus()
    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is not a web address.")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(field).to_have_value("nonsense")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    field.fill(issue["html_url"])
    page.keyboard.press("Enter")
    expect(page.locator("#tracker")).to_contain_text("GitHub is being asked.")
    expect(page.locator("#tracker-title")).to_be_focused()
    work()
    expect(page.locator("#tracker")).to_contain_text("Both are in step.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_about_trackers_has_a_serious_violation(
    live_server: LiveServer, signed_in_page: OpenAs, context: BrowserContext, item: ActionItem, fakes: FakeTrackers, scheme: str
) -> None:  # fmt: skip
    page = signed_in_page(factories.person("root", role="administrator"))
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 800})
    connection = TrackerConnection.objects.get()
    found = []
    for path in (f"{item.pk}/tracker/", "trackers/", f"trackers/{connection.pk}/", "trackers/add/gitlab/"):
        page.goto(f"{live_server.url}/actions/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        serious = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        found += [f"{path}: {one['id']} {[node['html'][:100] for node in one['nodes'][:2]]}" for one in serious]
    assert found == []
