"""Changing what was chosen on the board: by the form, with and without htmx, all or nothing."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from actions.models import ActionChange, ActionItem
from actions.operations import change_action
from actions.seen import Seen
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(db: None) -> Person:
    return factories.person("lena", role="team-lead")


def item(title: str = "Add an alert", **values: Any) -> ActionItem:
    incident = values.pop("incident", None) or factories.published(factories.person("writer")).review.incident
    return ActionItem.objects.create(incident=incident, title=title, **{"due": date(2026, 12, 9), **values})


def marks(*actions: ActionItem) -> list[str]:
    return [Seen.of(one).written for one in actions]


def send(client: Client, items: list[str], *, htmx: bool = False, **values: str) -> HttpResponse:
    data = {"item": items, "apply": "1", "back": "q=alert&by=owner", **values}
    return client.post("/actions/change", data, headers=HTMX if htmx else {})


def stored(action: ActionItem) -> ActionItem:
    return ActionItem.objects.get(pk=action.pk)


def text_of(answer: HttpResponse) -> str:
    return " ".join((LexborHTMLParser(answer.content.decode()).body or LexborHTMLParser("")).text().split())


def test_the_form_names_the_items_and_asks_for_what_was_pressed(lead: Person, sign_in: SignIn) -> None:
    one, other = item("Add an alert"), item("Add an index")
    answer = sign_in(lead).post("/actions/change", {"item": marks(one, other), "do": "due"})
    page = LexborHTMLParser(answer.content.decode())
    assert "Change 2 action items" in text_of(answer)
    assert page.css_first('[name="due"]')
    assert not page.css_first('[name="team"]')
    assert [node.attributes["value"] for node in page.css('[name="item"]')] == marks(one, other)


def test_a_change_leads_back_to_the_board_and_says_what_was_done(lead: Person, sign_in: SignIn) -> None:
    one, other, client = item(), item(owner=lead), sign_in(lead)
    answer = send(client, marks(one, other), owner="lena", due="2027-01-31")
    assert answer.headers["Location"] == "/actions/?q=alert&by=owner"
    page = client.get("/actions/").content.decode()
    assert "2 items were assigned to Lena and due 31 Jan 2027 now." in page
    assert (stored(one).owner, stored(other).due) == (lead, date(2027, 1, 31))


def test_with_htmx_the_board_comes_back_at_once(lead: Person, sign_in: SignIn) -> None:
    answer = send(sign_in(lead), marks(item()), htmx=True, status="in-progress")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.strip().startswith('<div id="board"')
    assert "1 item was moved to “In progress”." in body


@pytest.mark.parametrize(
    ("typed", "due"),
    [("+2w", date(2026, 12, 23)), ("-1w", date(2026, 12, 2)), ("none", None), ("2027-02-01", date(2027, 2, 1))],
)
def test_dates_are_set_moved_or_taken_away(lead: Person, sign_in: SignIn, typed: str, due: date | None) -> None:
    action = item()
    send(sign_in(lead), marks(action), due=typed)
    assert stored(action).due == due


def test_owner_and_team_are_taken_away(lead: Person, sign_in: SignIn) -> None:
    action = item(owner=lead, team=factories.team("Core"))
    send(sign_in(lead), marks(action), owner="Nobody", team="none")
    assert (stored(action).owner, stored(action).team) == (None, None)


def test_done_keeps_its_evidence_and_wont_do_its_reason(lead: Person, sign_in: SignIn) -> None:
    one, other, client = item(), item(), sign_in(lead)
    send(client, marks(one), status="done", evidence="https://example.org/alert")
    send(client, marks(other), status="wont-do", reason="Bought instead.")
    assert stored(one).evidence == "https://example.org/alert"
    assert (stored(other).status, stored(other).reason) == ("wont-do", "Bought instead.")
    assert ActionChange.objects.filter(note="Bought instead.").count() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Nothing was chosen to change"),
        ({"status": "wont-do"}, "Say why it won't be done"),
        ({"status": "nonsense"}, "Select a valid choice"),
        ({"owner": "who"}, "Nobody here is called “who”"),
        ({"team": "77"}, "Select a valid choice"),
        ({"due": "someday"}, "“someday” is not a day we can read"),
        ({"due": "2150-01-01"}, "more than ten years away"),
        ({"due": "+999m"}, "more than ten years away"),
        ({"status": "wont-do", "reason": "\x00 "}, ""),
        ({"owner": "\x00"}, "Enter a valid"),
        ({"due": "\ud800".encode("utf-16", "surrogatepass").decode("latin-1")}, "not a day"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_form_that_will_not_do_comes_back_with_what_was_typed(
    lead: Person, sign_in: SignIn, values: dict[str, str], said: str, htmx: bool
) -> None:
    action = item()
    answer = send(sign_in(lead), marks(action), htmx=htmx, note="Kept words", **values)
    if said:
        assert answer.status_code == 422
        assert "Kept words" in answer.content.decode()
        assert marks(action)[0] in answer.content.decode()
        assert stored(action).status == "open"
    assert answer.status_code < 500


@pytest.mark.parametrize("items", [[], ["x"], ["9" * 30], ["\x00"], ["1.open.2026-13-45.zz.1"], ["777777"]])
def test_marks_that_name_nothing_change_nothing(lead: Person, sign_in: SignIn, items: list[str]) -> None:
    for values in ({"status": "done"}, {"status": "done", "apply": "1"}):
        answer = sign_in(lead).post("/actions/change", {"item": items, **values})
        assert answer.status_code in (200, 409, 422)


def test_a_conflict_names_the_items_and_what_they_are_now_and_can_be_repeated(lead: Person, sign_in: SignIn) -> None:
    lou, one, other = factories.person("lou", role="team-lead"), item("Add an alert"), item("Add an index")
    seen, client = marks(one, other), sign_in(lead)
    change_action(lou, one.pk, owner=lou)
    answer = send(client, seen, htmx=True, owner="lena", note="As agreed")
    assert answer.status_code == 409
    assert "Add an alert belongs to Lou now: Lou changed it." in text_of(answer)
    assert (stored(one).owner, stored(other).owner) == (lou, None)
    page = LexborHTMLParser(answer.content.decode())
    fields = {node.attributes["name"]: node.attributes.get("value") for node in page.css("input")}
    assert (fields["owner"], fields["note"]) == ("lena", "As agreed")
    again = [node.attributes["value"] or "" for node in page.css('input[name="item"]')]
    assert send(client, again, owner="lena").status_code == 302
    assert (stored(one).owner, stored(other).owner) == (lead, lead)


def test_what_is_gone_and_what_is_not_ones_own_is_told(author: Person, sign_in: SignIn) -> None:
    hidden, other, own = item("Secret"), item("Add an index"), item("Mine", owner=author)
    hidden.incident.visibility = "restricted"
    hidden.incident.save()
    client = sign_in(author)
    answer = send(client, marks(hidden, own), htmx=True, status="in-progress")
    assert answer.status_code == 409
    assert "1 of the chosen items is gone." in text_of(answer)
    assert "Secret" not in answer.content.decode()
    answer = send(client, marks(other, own), htmx=True, status="in-progress")
    assert "Add an index is not yours to change." in text_of(answer)
    assert stored(own).status == "open"


def test_all_that_a_query_finds_changes_as_far_as_one_may(author: Person, sign_in: SignIn) -> None:
    own, other = item("Add an alert", owner=author), item("Add an alert too")
    answer = sign_in(author).get("/actions/change?q=alert&do=status")
    page = LexborHTMLParser(answer.content.decode())
    assert [node.attributes["value"] for node in page.css('[name="item"]')] == marks(own)
    assert marks(other)[0] not in answer.content.decode()


def test_all_of_somebodys_items_are_handed_over(lead: Person, sign_in: SignIn) -> None:
    dana, lou, client = factories.person("dana"), factories.person("lou"), sign_in(lead)
    first, second, finished = item(owner=dana), item(owner=dana, status="in-progress"), item(owner=dana, status="done")
    load = LexborHTMLParser(client.get("/actions/load/").content.decode())
    (link,) = (node.attributes["href"] or "" for node in load.css("a") if node.text().startswith("Hand over"))
    page = LexborHTMLParser(client.get(link).content.decode())
    chosen = [node.attributes["value"] or "" for node in page.css('[name="item"]')]
    send(client, chosen, owner="lou", note="Dana leaves")
    assert [stored(one).owner for one in (first, second, finished)] == [lou, lou, dana]


def test_nobody_learns_whose_an_item_is_by_a_conflict_about_it(sign_in: SignIn, lead: Person) -> None:
    dana = factories.person("dana")
    review = factories.draft(factories.person("writer"))
    review.names_as_roles = True
    review.save()
    review.incident.participants.create(person=dana, role="responder")
    action = item(incident=review.incident)
    publish_review(factories.person("writer"), review)
    seen = marks(action)
    change_action(factories.person("writer"), action.pk, owner=dana)
    answer = send(sign_in(lead), seen, htmx=True, owner="lena")
    assert answer.status_code == 409
    page = LexborHTMLParser(answer.content.decode())
    told = [node.text() for node in page.css(".error-summary, .change-items")]
    assert "belongs to On-call engineer now" in told[0]
    assert not [text for text in told if "Dana" in text]


def test_many_items_are_listed_and_the_rest_goes_along(lead: Person, sign_in: SignIn) -> None:
    incident = factories.published(factories.person("writer")).review.incident
    ActionItem.objects.bulk_create(ActionItem(incident=incident, title=f"Alert {n}") for n in range(230))
    client = sign_in(lead)
    page = LexborHTMLParser(client.get("/actions/change?q=alert&do=team").content.decode())
    chosen = [node.attributes["value"] or "" for node in page.css('[name="item"]')]
    assert (len(chosen), len(page.css('[name="item"][type="checkbox"]'))) == (230, 200)
    team = factories.team("Core")
    send(client, chosen, team=str(team.pk))
    assert ActionItem.objects.filter(team=team).count() == 230


def test_the_load_counts_what_everyone_has_to_do(lead: Person, sign_in: SignIn) -> None:
    dana, core = factories.person("dana"), factories.team("Core", lead)
    today = date.today()
    item(owner=dana, team=core, due=today - timedelta(days=3))
    item(owner=dana, team=core, due=today, status="in-progress")
    item(owner=dana, due=None, status="done")
    item(due=None)
    item("Secret", incident=factories.draft(factories.person("writer")).incident, owner=dana)
    page = LexborHTMLParser(sign_in(lead).get("/actions/load/").content.decode())
    rows = [" ".join(row.text(separator=" ").split()) for row in page.css(".load tbody tr")]
    assert rows[0].startswith("Nobody 1 1")
    assert rows[1].startswith("Dana 2 1 1 1 Hand over")
    assert rows[2:] == ["No team 1 1", "Core 2 1 1 1"]
    facts = [" ".join(node.text().split()) for node in page.css(".load-facts > div")]
    assert facts == ["Unfinished 3", "Unassigned 1", "Overdue 1", "Due this week 1", "Without a date 1"]
    narrowed = LexborHTMLParser(sign_in(lead).get("/actions/load/?q=team:core").content.decode())
    assert [node.text() for node in narrowed.css(".load tbody th a")] == ["Dana", "Core"]


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_assign_the_same_item_at_once_one_is_told(sign_in: SignIn) -> None:
    action = item()
    seen = marks(action)
    start = threading.Barrier(2)
    answers: dict[str, int] = {}

    def assign(username: str, client: Client) -> None:
        try:
            start.wait(20)
            answers[username] = send(client, seen, htmx=True, owner=username).status_code
        finally:
            connection.close()

    clients = {name: sign_in(factories.person(name, role="team-lead")) for name in ("lena", "lou")}
    threads = [threading.Thread(target=assign, args=(name, client)) for name, client in clients.items()]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(answers.values()) == [200, 409]
    (winner,) = (name for name, status in answers.items() if status == 200)
    assert str(stored(action).owner) == winner.title()
    assert ActionChange.objects.count() == 1
