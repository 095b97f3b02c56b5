"""Administrators set up trackers, try them, and read in words what does not work; nobody else finds the pages."""

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
from tests.integrations.trackers.conftest import PROJECTS
from tests.integrations.trackers.sides import Side
from tests.integrations.trackers.test_both_ways import link, set_status
from tests.integrations.trackers.worker import work
from tests.test_bad_input import OWN, encodable

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db

GOOD = {
    "github": {"base": "https://github.com/", "projects": " acme/payments \n\nacme/*\nacme/payments"},
    "gitlab": {"base": "https://git.example.org/gitlab", "projects": "acme/web/shop"},
    "jira": {"base": "https://acme.atlassian.net", "projects": "ops", "account": "bot@example.org"},
    "linear": {"base": "https://linear.app/acme", "projects": "eng"},
}


@pytest.fixture
def admin(db: None, sign_in: SignIn) -> Client:
    return sign_in(factories.person("root", role="administrator"))


def words(answer: Any) -> str:
    return " ".join(LexborHTMLParser(answer.content.decode()).text(separator=" ").split())


def add(admin: Client, kind: str, **more: str) -> Any:
    typed = {"name": "Ours", "code": f"our-{kind}", "is_on": "on", **GOOD[kind], **more}
    return admin.post(f"/actions/trackers/add/{kind}/", typed)


@pytest.mark.parametrize("kind", GOOD)
def test_a_tracker_is_set_up(admin: Client, kind: str) -> None:
    answer = add(admin, kind)
    made = TrackerConnection.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/actions/trackers/{made.pk}/")
    assert (made.kind, made.code, made.is_on) == (kind, f"our-{kind}", True)
    entry = AuditEntry.objects.filter(verb="add-tracker").get()
    assert (entry.subject, entry.person.username) == (f"tracker our-{kind}", "root")  # type: ignore[union-attr]


def test_what_is_typed_is_kept_tidy(admin: Client) -> None:
    add(admin, "github")
    made = TrackerConnection.objects.get()
    assert (made.base, made.project_lines) == ("https://github.com", ["acme/payments", "acme/*"])


@pytest.mark.parametrize(
    ("kind", "field", "value", "said"),
    [
        ("github", "base", "http://github.com", "must begin with https://"),
        ("github", "base", "https://api.github.com", "address for programs"),
        ("github", "projects", "payments", "cannot be read"),
        ("github", "projects", "https://github.com/acme/payments", "cannot be read"),
        ("github", "projects", " \n ", "Name at least one."),
        ("github", "code", "Our GitHub", "Only letters, digits"),
        ("github", "code", "1", "Begin with a small letter"),
        ("gitlab", "projects", "shop", "cannot be read"),
        ("jira", "projects", 'OPS" OR "1', "cannot be read"),
        ("linear", "base", "https://linear.app", "name of your workspace"),
        ("linear", "projects", "a-b", "cannot be read"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(admin: Client, kind: str, field: str, value: str, said: str) -> None:
    answer = add(admin, kind, **{field: value})
    assert answer.status_code == 422
    assert said in words(answer)
    assert not TrackerConnection.objects.exists()


def test_a_code_is_given_once(admin: Client) -> None:
    add(admin, "github")
    assert "Another tracker has this code" in words(add(admin, "github"))


@pytest.mark.parametrize("text", OWN)
def test_nothing_that_is_typed_makes_it_fail(admin: Client, text: str) -> None:
    names = ["name", "code", "base", "projects", "account", "issue_type", "in_progress_label", "wont_do_label"]
    for kind in GOOD:
        typed = encodable(dict.fromkeys(names, text))
        assert admin.post(f"/actions/trackers/add/{kind}/", typed).status_code in (302, 422)
    for kind, name in (("gitlab", "name"), ("gitlab", "wont_do_label"), ("jira", "account")):
        assert add(admin, kind, **encodable({name: text, "code": name.replace("_", "-")})).status_code in (302, 422)


@pytest.mark.parametrize("address", ["", "add/github/", "1/", "1/try", "1/remove"])
def test_only_administrators_find_the_pages(author: Person, sign_in: SignIn, connect: Any, address: str) -> None:
    connect("github")
    lead = factories.person("lead", role="team-lead")
    for person in (author, lead):
        for method in ("get", "post"):
            assert getattr(sign_in(person), method)(f"/actions/trackers/{address}").status_code in (404, 405)


@pytest.mark.parametrize("address", ["add/trello/", "999/", "9" * 40 + "/"])
def test_what_is_not_there_is_not_there(admin: Client, address: str) -> None:
    assert admin.get(f"/actions/trackers/{address}").status_code == 404


def test_the_list_tells_how_each_does(
    admin: Client, connect: Any, author: Person, item: ActionItem, side: Side
) -> None:
    link(author, item, side)
    assert "no trouble so far 1 item linked" in words(admin.get("/actions/trackers/"))
    side.fake.fails_with = 500
    set_status(author, item, "done")
    work()
    said = words(admin.get("/actions/trackers/"))
    assert "has trouble of its own (500)." in said
    assert "1 not in step" in said


def test_the_list_takes_few_queries(admin: Client, connect: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        connect("github", code=f"c{number}")
    with django_assert_max_num_queries(6):
        admin.get("/actions/trackers/")


# Trying it


def tried(admin: Client, side: Side) -> str:
    answer = admin.post(f"/actions/trackers/{side.connection.pk}/try")
    assert answer.status_code == 200
    page = LexborHTMLParser(answer.content.decode()).css_first(".tracker-tried")
    assert page is not None
    return " ".join(page.text(separator=" ").split())


def test_what_works_is_said(admin: Client, side: Side) -> None:
    assert tried(admin, side) == f"{PROJECTS[side.fake.kind]}: fine."


def test_a_token_that_is_not_taken_is_said(admin: Client, side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    variable = f"DEBRIEF_TRACKER_{side.fake.kind.upper()}_TOKEN"
    monkeypatch.setenv(variable, "wrong")
    assert f"does not take the token. Put a valid one into {variable}." in tried(admin, side)


def test_a_token_that_is_not_set_is_said(admin: Client, side: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    variable = f"DEBRIEF_TRACKER_{side.fake.kind.upper()}_TOKEN"
    monkeypatch.delenv(variable)
    assert tried(admin, side) == f"No token is set. Put it into {variable} and start Debrief again."
    assert side.fake.asked == []


def test_a_project_that_is_not_there_is_said(admin: Client, side: Side) -> None:
    name = {"jira": "NONE", "linear": "NONE"}.get(side.fake.kind, "acme/none")
    TrackerConnection.objects.update(projects=name)
    assert f"{name}: " in tried(admin, side)
    assert "shows it to others than the owner of the token" in tried(admin, side)


def test_a_tracker_that_does_not_answer_is_said(admin: Client, side: Side) -> None:
    TrackerConnection.objects.update(base="http://127.0.0.1:9/acme")
    assert "could not be reached: Connection refused" in tried(admin, side)


@pytest.mark.parametrize("kind", ["github", "jira"])
def test_what_the_token_may_not_do_is_said(admin: Client, side: Side) -> None:
    side.fake.may_push = side.fake.may_transition = False
    assert "can be read; the owner of the token may not" in tried(admin, side)


def test_what_waited_is_done_once_it_works(admin: Client, author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    side.fake.fails_with = 500
    set_status(author, item, "done")
    work()
    side.fake.fails_with = 0
    tried(admin, side)
    work()
    assert side.status(issue) == "done"


# Changing and removing


def test_token_and_secret_stand_on_no_page(admin: Client, side: Side) -> None:
    page = admin.get(f"/actions/trackers/{side.connection.pk}/").content.decode()
    assert side.fake.token not in page
    assert "s3cret" not in page
    assert f"/api/v1/hooks/{side.fake.kind}" in page


def test_a_change_is_stored_and_audited(admin: Client, side: Side) -> None:
    typed = {"name": "Theirs", "is_on": "", **GOOD[side.fake.kind]}
    assert admin.post(f"/actions/trackers/{side.connection.pk}/", typed).status_code == 302
    side.connection.refresh_from_db()
    assert (side.connection.name, side.connection.is_on, side.connection.code) == ("Theirs", False, side.fake.kind)
    assert "is_on" in AuditEntry.objects.get(verb="change-tracker").detail


def test_a_removed_tracker_leaves_links_behind(admin: Client, author: Person, item: ActionItem, side: Side) -> None:
    issue = link(author, item, side)
    assert admin.post(f"/actions/trackers/{side.connection.pk}/remove").status_code == 302
    item.refresh_from_db()
    assert (item.tracker_url, TrackedIssue.objects.count()) == (side.url(issue), 0)
    change_action(author, item.pk, status="done")
    work()
    assert side.status(issue) == "open"


def test_of_two_trackers_at_one_address_the_one_that_follows_the_project_is_linked(
    author: Person, item: ActionItem, connect: Any, fakes: FakeTrackers
) -> None:
    connect("github", name="A")
    second = connect("github", name="B", code="b", projects="acme/secret")
    change_action(author, item.pk, tracker_url=fakes.github.add("acme/secret")["html_url"])
    assert TrackedIssue.objects.get().connection == second
