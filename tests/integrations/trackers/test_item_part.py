"""The part of an item's page about its issue: what it says, what it lets one do, and whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from core.models import AuditEntry
from integrations.models import TrackedIssue, TrackerConnection
from tests import factories
from tests.fakes.trackers import FakeTrackers
from tests.integrations.trackers.worker import waiting, work

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def github(connect: Callable[..., TrackerConnection]) -> TrackerConnection:
    return connect("github", name="GitHub")


def part(client: Client, item: ActionItem) -> str:
    """Its words."""
    answer = client.get(f"/actions/{item.pk}/tracker/", headers=HTMX)
    assert answer.status_code == 200
    return " ".join(LexborHTMLParser(answer.content.decode()).text(separator=" ").split())


def do(client: Client, item: ActionItem, what: str, *, htmx: bool = True, **typed: str) -> Any:
    return client.post(f"/actions/{item.pk}/tracker/{what}", typed, headers=HTMX if htmx else {})


def test_pasting_an_address_links_the_issue(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    issue = fakes.github.add()
    assert do(client, item, "link", tracker_url=issue["html_url"]).status_code == 200
    assert "GitHub is being asked." in part(client, item)
    work()
    assert "acme/payments#1 in GitHub Both are in step. Last seen" in part(client, item)


def test_it_works_without_javascript(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    answer = client.post(
        f"/actions/{item.pk}/tracker/link", {"tracker_url": fakes.github.add()["html_url"]}, follow=True
    )
    assert answer.redirect_chain == [(f"/actions/{item.pk}/tracker/", 302)]
    page = LexborHTMLParser(answer.content.decode())
    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text(strip=True) == "Add an alert on pool use"
    assert "The issue is linked." in answer.content.decode()


def test_the_page_of_the_item_leads_there(author: Person, item: ActionItem, sign_in: SignIn) -> None:
    page = LexborHTMLParser(sign_in(author).get(f"/actions/{item.pk}/").content.decode())
    section = page.css_first("#tracker")
    assert section is not None
    assert section.attributes["hx-get"] == f"/actions/{item.pk}/tracker/"
    assert section.css_first(f"a[href='/actions/{item.pk}/tracker/']") is not None


def test_creating_an_issue_is_said_until_it_is_there(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    assert do(client, item, "create", place=f"{github.pk}:acme/payments").status_code == 200
    assert "A new issue in acme/payments , GitHub It is being created." in part(client, item)
    work()
    assert "acme/payments#1 in GitHub Both are in step." in part(client, item)


def test_what_is_waited_for_is_asked_for_again_by_the_page_itself(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    answer = do(client, item, "create", place=f"{github.pk}:acme/payments")
    assert "load delay" in answer.content.decode()
    work()
    assert "load delay" not in client.get(f"/actions/{item.pk}/tracker/", headers=HTMX).content.decode()


def test_a_tracker_that_fails_says_so_and_when_it_is_tried_again(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    do(client, item, "link", tracker_url=fakes.github.add()["html_url"])
    fakes.github.fails_with = 503
    work()
    said = part(client, item)
    assert "GitHub has trouble of its own (503). Trying again at" in said
    assert "Try now" in said
    fakes.github.fails_with = 0
    do(client, item, "look")
    work()
    assert "Both are in step." in part(client, item)


def test_trying_now_does_not_break_a_limit(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    do(client, item, "link", tracker_url=fakes.github.add()["html_url"])
    fakes.github.limited_for = 600
    work()
    asked = len(fakes.github.asked)
    do(client, item, "look")
    work()
    assert len(fakes.github.asked) == asked
    assert "left alone for a while" in part(client, item)


def test_an_address_of_no_tracker_here_is_said_to_be_a_link(
    author: Person, item: ActionItem, github: TrackerConnection, sign_in: SignIn
) -> None:
    client = sign_in(author)
    do(client, item, "link", tracker_url="https://tickets.example.org/7")
    assert "this is a link and no more" in part(client, item)


def test_a_project_that_is_not_set_up_is_named(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    do(client, item, "link", tracker_url=fakes.github.add("acme/secret")["html_url"])
    assert "acme/secret is not among the projects that are set up here" in part(client, item)


def test_an_address_that_came_before_the_tracker_can_be_kept_in_step(
    author: Person, item: ActionItem, fakes: FakeTrackers, connect: Any, sign_in: SignIn
) -> None:
    issue = fakes.github.add()
    change_action(author, item.pk, tracker_url=issue["html_url"])
    connect("github")
    client = sign_in(author)
    assert "Keep in step" in part(client, item)
    do(client, item, "look")
    work()
    assert TrackedIssue.objects.get().error == ""


def test_unlinking_leaves_both_as_they_are(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    issue = fakes.github.add()
    do(client, item, "link", tracker_url=issue["html_url"])
    work()
    do(client, item, "unlink")
    item.refresh_from_db()
    assert (item.tracker_url, TrackedIssue.objects.count()) == ("", 0)
    assert "Link an issue" in part(client, item)


@pytest.mark.parametrize("typed", ["", "no address", "javascript:alert(1)", "https://", "x" * 3000, "\x00", "\ud800"])
def test_what_is_no_address_is_refused_beside_the_field(
    author: Person, item: ActionItem, github: TrackerConnection, sign_in: SignIn, typed: str
) -> None:
    typed = typed.encode("utf-8", "replace").decode()
    answer = do(sign_in(author), item, "link", tracker_url=typed)
    assert answer.status_code == 422
    assert "Nothing is linked yet" in answer.content.decode()
    item.refresh_from_db()
    assert item.tracker_url == ""


@pytest.mark.parametrize(
    "place", ["", "x", ":", "0:acme/payments", "9" * 40 + ":a", "1:", "1:acme/secret", "\x00:\x00"]
)
def test_a_place_that_was_not_offered_is_refused(
    author: Person, item: ActionItem, github: TrackerConnection, sign_in: SignIn, place: str
) -> None:
    assert do(sign_in(author), item, "create", place=place).status_code == 422
    assert not TrackedIssue.objects.exists()


def test_words_that_not_all_may_read_are_warned_about(
    author: Person, item: ActionItem, github: TrackerConnection, sign_in: SignIn
) -> None:
    assert "though not everybody may read them here" in part(sign_in(author), item)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("what", ["", "link", "create", "unlink", "look"])
def test_for_who_may_not_see_the_item_there_is_nothing(
    outsider: Person, item: ActionItem, github: TrackerConnection, sign_in: SignIn, what: str, htmx: bool
) -> None:
    client = sign_in(outsider)
    if what:
        assert do(client, item, what, htmx=htmx, tracker_url="https://example.org/x").status_code == 404
    else:
        assert client.get(f"/actions/{item.pk}/tracker/", headers=HTMX if htmx else {}).status_code == 404


@pytest.mark.parametrize("what", ["link", "create", "unlink", "look"])
def test_who_may_only_see_the_item_changes_nothing(
    author: Person, outsider: Person, github: TrackerConnection, sign_in: SignIn, what: str
) -> None:
    incident = factories.published(author).review.incident
    item = ActionItem.objects.create(incident=incident, title="Add an alert", tracker_url="https://example.org/1")
    client = sign_in(outsider)
    assert do(client, item, what, tracker_url="https://example.org/x").status_code == 403
    assert "Unlink" not in part(client, item)
    assert "https://example.org/1" in part(client, item)


def test_linking_is_audited(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    do(sign_in(author), item, "link", tracker_url=fakes.github.add()["html_url"])
    entry = AuditEntry.objects.filter(verb="change-action").latest("pk")
    assert (entry.person, entry.detail) == (author, f"action {item.pk}: tracker_url")


def test_the_part_takes_few_queries(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client = sign_in(author)
    do(client, item, "link", tracker_url=fakes.github.add()["html_url"])
    work()
    with django_assert_max_num_queries(9):
        part(client, item)


def test_the_history_tells_that_the_tracker_did_it(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    client = sign_in(author)
    issue = fakes.github.add()
    fakes.github.change(issue, "closed", "not_planned")
    do(client, item, "link", tracker_url=issue["html_url"])
    work()
    page = " ".join(LexborHTMLParser(client.get(f"/actions/{item.pk}/").content.decode()).text(separator=" ").split())
    assert "Its tracker set it from open to won't do As in GitHub, acme/payments#1" in page
    assert waiting().count() == 0


def test_the_api_links_an_issue_as_well(
    author: Person, item: ActionItem, github: TrackerConnection, fakes: FakeTrackers, sign_in: SignIn
) -> None:
    issue = fakes.github.add()
    typed = {"tracker_url": issue["html_url"]}
    answer = sign_in(author).patch(f"/api/v1/actions/{item.pk}", typed, content_type="application/json")
    assert answer.json()["tracker_url"] == issue["html_url"]
    work()
    assert TrackedIssue.objects.get().agreed_there == "open"
