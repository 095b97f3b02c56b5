"""Which addresses are issues of which tracker, and that no other host is ever asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from integrations.models import TrackedIssue, TrackerConnection
from integrations.trackers.addresses import checked_base
from integrations.trackers.linking import recognise
from integrations.trackers.registry import tracker_of
from integrations.trackers.tracker import Place
from integrations.trackers.trouble import Refused
from integrations.trackers.wire import Answer, Wire, seconds_to_wait
from tests.fakes.trackers import FakeTrackers
from tests.integrations.trackers.worker import waiting, work

pytestmark = pytest.mark.django_db

ISSUES = [
    ("github", "https://github.com", "https://github.com/acme/payments/issues/12", "acme/payments", "12"),
    ("github", "https://github.com", " https://www.github.com/acme/payments/issues/12#issuecomment-1 ", "acme/payments", "12"),
    ("github", "https://github.com", "https://GitHub.com/acme/pay.ments_x/issues/12/", "acme/pay.ments_x", "12"),
    ("github", "https://git.example.org", "https://git.example.org/acme/payments/issues/7", "acme/payments", "7"),
    ("github", "https://git.example.org:8443", "https://git.example.org:8443/a/b/issues/7?x=1", "a/b", "7"),
    ("gitlab", "https://gitlab.com", "https://gitlab.com/acme/web/shop/-/issues/3", "acme/web/shop", "3"),
    ("gitlab", "https://gitlab.com", "https://gitlab.com/acme/shop/-/work_items/3", "acme/shop", "3"),
    ("gitlab", "https://gitlab.com", "https://gitlab.com/acme/shop/issues/3", "acme/shop", "3"),
    ("gitlab", "https://example.org/gitlab", "https://example.org/gitlab/acme/shop/-/issues/3", "acme/shop", "3"),
    ("jira", "https://acme.atlassian.net", "https://acme.atlassian.net/browse/OPS-12", "OPS", "OPS-12"),
    ("jira", "https://acme.atlassian.net", "https://acme.atlassian.net/browse/ops-12?focusedId=1", "OPS", "OPS-12"),
    ("jira", "https://acme.atlassian.net", "https://acme.atlassian.net/jira/software/projects/OPS/boards/1?selectedIssue=OPS-12", "OPS", "OPS-12"),
    ("jira", "https://acme.atlassian.net", "https://acme.atlassian.net/jira/software/c/projects/OPS/issues/OPS-12", "OPS", "OPS-12"),
    ("jira", "https://example.org/jira", "https://example.org/jira/browse/A_B2-1", "A_B2", "A_B2-1"),
    ("linear", "https://linear.app/acme", "https://linear.app/acme/issue/ENG-12/add-an-alert", "ENG", "ENG-12"),
    ("linear", "https://linear.app/acme", "https://linear.app/acme/issue/ENG-12", "ENG", "ENG-12"),
]  # fmt: skip

NONE = [
    ("github", "https://github.com", "https://github.com/acme/payments/pull/12"),
    ("github", "https://github.com", "https://github.com/acme/payments/issues"),
    ("github", "https://github.com", "https://github.com/acme/payments/issues/0"),
    ("github", "https://github.com", "https://github.com/acme/payments/issues/12x"),
    ("github", "https://github.com", "https://github.com/acme/../issues/12"),
    ("github", "https://github.com", "https://github.com/acme/%2e%2e/issues/12"),
    ("github", "https://github.com", "http://github.com/acme/payments/issues/12"),
    ("github", "https://github.com", "https://github.com:444/acme/payments/issues/12"),
    ("github", "https://github.com", "https://github.com@evil.example/acme/payments/issues/12"),
    ("github", "https://github.com", "https://x@github.com/acme/payments/issues/12"),
    ("github", "https://github.com", "https://github.com.evil.example/acme/payments/issues/12"),
    ("github", "https://github.com", "https://evil.example/github.com/acme/payments/issues/12"),
    ("github", "https://github.com", "https://github.com\\@evil.example/acme/payments/issues/12"),
    ("github", "https://github.com", "https://[github.com/acme/payments/issues/12"),
    ("github", "https://github.com", "https://github.com:x/acme/payments/issues/12"),
    ("github", "https://github.com", "https://gıthub.com/acme/payments/issues/12"),
    ("github", "https://github.com", "https://github.com/acme/payments/issues/١٢"),
    ("github", "https://github.com", "//github.com/acme/payments/issues/12"),
    ("gitlab", "https://gitlab.com", "https://gitlab.com/-/issues/3"),
    ("gitlab", "https://gitlab.com", "https://gitlab.com/shop/-/issues/3"),
    ("gitlab", "https://example.org/gitlab", "https://example.org/gitlabx/acme/shop/-/issues/3"),
    ("gitlab", "https://gitlab.com", "https://gitlab.com/" + "a/" * 3000 + "-/issues/3"),
    ("jira", "https://acme.atlassian.net", "https://other.atlassian.net/browse/OPS-12"),
    ("jira", "https://acme.atlassian.net", "https://acme.atlassian.net/browse/OPS"),
    ("jira", "https://acme.atlassian.net", 'https://acme.atlassian.net/browse/OPS-1" OR 1=1'),
    ("linear", "https://linear.app/acme", "https://linear.app/other/issue/ENG-12"),
    ("linear", "https://linear.app/acme", "https://linear.app/acme/project/ENG-12"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "base", "url", "project", "key"), ISSUES)
def test_the_address_of_an_issue_is_recognised(kind: str, base: str, url: str, project: str, key: str) -> None:
    connection = TrackerConnection(kind=kind, base=base, code="x", projects="x")
    assert tracker_of(connection).recognise(url) == Place(project, key)


@pytest.mark.parametrize(("kind", "base", "url"), NONE)
def test_other_addresses_are_none(kind: str, base: str, url: str) -> None:
    connection = TrackerConnection(kind=kind, base=base, code="x", projects="x")
    assert tracker_of(connection).recognise(url) is None


def test_an_address_of_no_tracker_is_only_a_link(author: Person, item: ActionItem, connect: Callable[..., Any]) -> None:
    connect("github")
    change_action(author, item.pk, tracker_url="https://tickets.example.org/12")
    item.refresh_from_db()
    assert item.tracker_url == "https://tickets.example.org/12"
    assert not TrackedIssue.objects.exists()
    assert waiting().count() == 0


def test_an_issue_of_a_project_that_is_not_set_up_is_only_a_link(
    author: Person, item: ActionItem, connect: Callable[..., Any], fakes: FakeTrackers
) -> None:
    connect("github")
    secret = fakes.github.add("acme/secret")
    change_action(author, item.pk, tracker_url=secret["html_url"], status="done")
    work()
    assert secret["state"] == "open"
    assert fakes.github.asked == []


@pytest.mark.parametrize(
    ("lines", "project", "follows"),
    [
        ("acme/payments", "Acme/Payments", True),
        ("acme/payments", "acme/payments2", False),
        ("acme/*", "acme/anything", True),
        ("acme/*", "acme2/anything", False),
        ("acme/x\nacme/web/*", "acme/web/deep/shop", True),
        ("acme/x\nacme/web/*", "acme/other", False),
    ],
)
def test_projects_are_named_one_by_one_or_by_group(lines: str, project: str, follows: bool) -> None:
    assert TrackerConnection(projects=lines).follows(project) is follows


def test_the_same_issue_pasted_otherwise_stays_linked(
    author: Person, item: ActionItem, connect: Callable[..., Any], fakes: FakeTrackers
) -> None:
    connect("github")
    url = fakes.github.add()["html_url"]
    change_action(author, item.pk, tracker_url=url)
    linked = TrackedIssue.objects.get()
    change_action(author, item.pk, tracker_url=f"{url}#issuecomment-5")
    assert TrackedIssue.objects.get() == linked


def test_another_address_links_another_issue(
    author: Person, item: ActionItem, connect: Callable[..., Any], fakes: FakeTrackers
) -> None:
    connect("github")
    first, second = fakes.github.add(), fakes.github.add()
    change_action(author, item.pk, tracker_url=first["html_url"])
    work()
    change_action(author, item.pk, tracker_url=second["html_url"])
    work()
    change_action(author, item.pk, status="done")
    work()
    assert (first["state"], second["state"]) == ("open", "closed")


def test_recognising_asks_nobody(connect: Callable[..., Any], fakes: FakeTrackers) -> None:
    connection = connect("github")
    assert recognise(f"{fakes.github.base}/acme/payments/issues/5") == (connection, Place("acme/payments", "5"))
    assert fakes.github.asked == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://github.com/ ", "https://github.com"),
        ("https://Git.Example.ORG:8443/gitlab/", "https://git.example.org:8443/gitlab"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_the_address_of_a_tracker_is_kept_without_what_differs(typed: str, kept: str) -> None:
    assert checked_base(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "github.com", "http://github.com", "http://10.0.0.1", "ftp://github.com", "https://", "https://a b.org",
        "https://u:p@github.com", "https://github.com?x=1", "https://github.com#x", "https://github.com/a/../b",
        "https://github.com:99999", "https://[::1", "https://exa\x00mple.org", "https://github.com/%2e", "javascript:1",
    ],
)  # fmt: skip
def test_an_address_that_a_token_must_not_travel_to_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        checked_base(typed)


def test_a_redirect_is_not_followed(connect: Callable[..., Any], fakes: FakeTrackers) -> None:
    connection = connect("github")
    fakes.github.fails_with = 302
    with pytest.raises(Refused, match="another address"):
        tracker_of(connection).probe("acme/payments")


def test_a_move_to_another_host_is_not_followed() -> None:
    wire = Wire("X", "x", "https://api.example.org", {})
    elsewhere = Answer(301, {"location": "https://api.example.org.evil.example/1"}, None)
    assert wire.moved_to(elsewhere) is None
    assert wire.moved_to(Answer(301, {"location": "https://api.example.org/r/1"}, None)) == "/r/1"


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry-after": "30"}, 30, 30),
        ({"retry-after": "9" * 30}, 6 * 3600, 6 * 3600),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 1, 1),
        ({"retry-after": "Wed, 21 Oct 2115 07:28:00 GMT"}, 6 * 3600, 6 * 3600),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"}, 6 * 3600, 6 * 3600),
    ],
)
def test_how_long_to_wait_is_read_from_what_trackers_say(headers: dict[str, str], least: float, most: float) -> None:
    wait = seconds_to_wait(headers)
    assert wait is not None
    assert least <= wait <= most


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"retry-after": ""}, {"retry-after": "soon"}, {"retry-after": "²"}, {"x-ratelimit-reset": "1"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "x"}, {"retry-after": "Wed, 99 Oct 9999999 07:28:00 GMT"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_nothing(headers: dict[str, str]) -> None:
    assert seconds_to_wait(headers) is None
