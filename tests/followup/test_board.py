"""The board: what it shows whom, in which groups, and what can be asked of it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from followup.board.reading import ALONE, IN_COLUMN, Asked, Board, read_board
from incidents.models import Incident
from reviews.models import Factor
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 2)  # a Wednesday
SignIn = Callable[[Person], Client]


def published(title: str = "Pool ran dry", **facts: Any) -> Incident:
    return factories.published(factories.person("writer"), title, **facts).review.incident


def item(title: str = "Add an alert", **values: Any) -> ActionItem:
    incident = values.pop("incident", None) or published()
    return ActionItem.objects.create(incident=incident, title=title, **{"due": date(2026, 12, 9), **values})


def done(title: str, on: int, **values: Any) -> ActionItem:
    return item(title, status="done", done_at=factories.NOON + timedelta(days=on), **values)


def removing(action: ActionItem, slug: str | None, text: str = "No alert.") -> None:
    cause = factories.cause(slug) if slug else None
    Factor.objects.create(review_id=action.incident_id, text=text, cause=cause).actions.add(action)


def read(person: Person, text: str = "", by: str = "status", **more: Any) -> Board:
    return read_board(person, Asked(text=text, by=by, **more), TODAY)


def titles(board: Board) -> list[str]:
    return [card.title for group in board.groups for card in group.cards]


def groups(board: Board) -> dict[str, list[str]]:
    return {group.label: [card.title for card in group.cards] for group in board.groups if group.total}


def asked(person: Person, text: str, **more: Any) -> set[str]:
    return {*titles(read(person, text, **more))}


def test_columns_by_status_hold_the_next_due_first_and_the_last_done_first(outsider: Person) -> None:
    incident = published()
    for title, due in (("Late", 1), ("Later", 20), ("Whenever", None)):
        item(title, incident=incident, due=due and date(2026, 12, due))
    done("Done long ago", 1, incident=incident)
    done("Done lately", 50, incident=incident)
    item("Not at all", incident=incident, status="wont-do", reason="Bought instead.")
    item("Perhaps", incident=incident, status="proposed")
    board = read(outsider)
    assert [group.label for group in board.groups] == ["Proposed", "Open", "In progress", "Done", "Won't do"]
    assert groups(board) == {
        "Proposed": ["Perhaps"],
        "Open": ["Late", "Later", "Whenever"],
        "Done": ["Done lately", "Done long ago"],
        "Won't do": ["Not at all"],
    }
    assert board.total == 7


def test_columns_by_due_date_end_this_week_on_sunday(outsider: Person) -> None:
    for title, day in (("Late", 1), ("Today", 2), ("Sunday", 6), ("Monday", 7)):
        item(title, due=date(2026, 12, day))
    item("Whenever", due=None)
    done("Done", 1)
    assert groups(read(outsider, by="due")) == {
        "Overdue": ["Late"],
        "This week": ["Today", "Sunday"],
        "Later": ["Monday"],
        "No date": ["Whenever"],
        "Finished": ["Done"],
    }


def test_columns_by_severity(outsider: Person) -> None:
    item("Bad", incident=published(severity="sev1"))
    item("Who knows", incident=published(severity=""))
    assert groups(read(outsider, by="severity")) == {"SEV1": ["Bad"], "No severity": ["Who knows"]}


def test_lists_by_owner_begin_with_nobody_and_then_the_busiest(outsider: Person) -> None:
    dana, lou = factories.person("dana"), factories.person("lou")
    item("One", owner=lou)
    item("Two", owner=lou, due=date(2026, 11, 1))
    item("Three", owner=dana)
    item("Four")
    board = read(outsider, by="owner")
    assert groups(board) == {"Nobody": ["Four"], "Lou": ["Two", "One"], "Dana": ["Three"]}
    assert [(group.total, group.overdue, group.value) for group in board.groups] == [
        (1, 0, "nobody"),
        (2, 1, "lou"),
        (1, 0, "dana"),
    ]


def test_lists_by_team_and_by_the_category_of_the_factor(outsider: Person) -> None:
    core = factories.team("Core")
    one, other = item("One", team=core), item("Other")
    removing(one, "capacity")
    removing(one, "capacity", "Another one.")
    removing(one, "testing-gap")
    removing(other, None)
    item("Removes nothing")
    assert groups(read(outsider, by="team")) == {"No team": ["Other", "Removes nothing"], "Core": ["One"]}
    assert groups(read(outsider, by="factor")) == {
        "Removes no factor": ["Removes nothing"],
        factories.cause("capacity").name: ["One"],
        factories.cause("testing-gap").name: ["One"],
        "Factors without a category": ["Other"],
    }


def test_a_card_tells_what_one_needs_to_know(outsider: Person) -> None:
    dana = factories.person("dana")
    blocking = item("First this")
    action = item("Add an alert", owner=dana, team=factories.team("Core"), due=date(2026, 11, 30))
    action.waits_for.add(blocking)
    removing(action, "capacity")
    (card,) = (one for one in read(outsider).groups[1].cards if one.pk == action.pk)
    assert (card.owner, card.team, card.days_overdue, card.severity) == ("Dana", "Core", 2, "sev2")
    assert (card.is_blocked, card.may_change, card.about) == (True, False, "Pool ran dry")
    assert [*card.causes.values()] == [factories.cause("capacity").name]


def test_what_an_item_waits_for_is_told_only_where_it_may_be_seen(outsider: Person) -> None:
    action = item("Add an alert")
    action.waits_for.add(item("Secret", incident=published("Secret", visibility="restricted")))
    (card,) = read(outsider).groups[1].cards
    assert not card.is_blocked
    assert not asked(outsider, "is:blocked")
    assert asked(factories.person("writer"), "is:blocked") == {"Add an alert"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("owner:dana", {"Alert", "Old"}),
        ('owner:"Dana"', {"Alert", "Old"}),
        ("-owner:dana", {"Index", "Runbook"}),
        ("owner:none", {"Index"}),
        ("owner:me", {"Runbook"}),
        ("owner:me owner:dana", {"Runbook", "Alert", "Old"}),
        ("is:mine", {"Runbook"}),
        ("team:core", {"Alert"}),
        ("team:none", {"Index", "Runbook", "Old"}),
        ("service:payments", {"Index"}),
        ("cause:capacity", {"Runbook"}),
        ("cause:none", {"Alert", "Index", "Old"}),
        ("severity:sev1", {"Index"}),
        ("severity:none", {"Old"}),
        ("status:open", {"Alert", "Index"}),
        ("status:in-progress,done", {"Runbook", "Old"}),
        ("kind:detect", {"Alert"}),
        ("before:2026-12", {"Alert"}),
        ("after:2026-12", {"Index"}),
        ("before:+2w", {"Alert", "Index"}),
        ("quarter:2026-Q4", {"Alert", "Index"}),
        ("is:overdue", {"Alert"}),
        ("-is:overdue", {"Index", "Runbook", "Old"}),
        ("is:due-this-week", {"Index"}),
        ("is:undated", {"Runbook"}),
        ("is:unassigned", {"Index"}),
        ("is:unverified", {"Old"}),
        ("is:finished", {"Old"}),
        ("is:unfinished", {"Alert", "Index", "Runbook"}),
        ("is:no-factor", {"Index", "Old", "Alert"}),
        ("indexes", {"Index"}),
        ('"runbook"', {"Runbook"}),
        ("alert or runbook", {"Alert", "Runbook"}),
        ("-alert", {"Index", "Runbook", "Old"}),
        ("the", {"Alert", "Index", "Runbook", "Old"}),
        ("alert owner:none", set()),
        ("is:overdue owner:dana team:core before:2026-12 alert", {"Alert"}),
    ],
)
def test_filters(outsider: Person, text: str, found: set[str]) -> None:
    dana = factories.person("dana")
    item("Alert", owner=dana, team=factories.team("Core"), due=date(2026, 11, 30), kind="detect")
    item("Index", incident=published(services=[factories.service()], severity="sev1"), due=date(2026, 12, 4))
    runbook = item("Runbook", owner=outsider, due=None, status="in-progress")
    removing(runbook, "capacity")
    done("Old", 1, owner=dana, due=None, incident=published(severity=""))
    assert asked(outsider, text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tag:x", "There is no filter “tag:”."),
        ("status:published", "There is no status “published”."),
        ("is:open-actions", "There is no “is:open-actions”."),
        ("team:cor", "There is no team “cor”; the filter was left out. Perhaps team:core?"),
        ("owner:nobody-here", "No account is called “nobody-here”"),
        ("before:soon", "“soon” is not a date here."),
    ],
)
def test_what_is_not_understood_is_told_and_left_out(outsider: Person, text: str, said: str) -> None:
    factories.team("Core")
    item("Add an alert")
    board = read(outsider, text)
    assert [message.text[: len(said)] for message in board.messages] == [said]
    assert bool(board.total) == (not text.startswith("owner"))


def test_items_of_reviews_that_one_may_not_see_are_not_there_nor_counted(outsider: Person) -> None:
    item("Seen")
    writer = factories.person("writer")
    item("Restricted", incident=published("Secret", visibility="restricted"))
    ActionItem.objects.create(incident=factories.draft(writer).incident, title="Draft")
    for by in ("status", "owner", "team", "due", "factor", "severity"):
        board = read(outsider, by=by)
        assert (titles(board), board.total) == (["Seen"], 1)
        assert [group.total for group in board.groups if group.total] == [1]
    assert asked(writer, "") == {"Seen", "Restricted", "Draft"}


def roles_item(owner: Person | None = None, title: str = "Ask Dana for the runbook") -> ActionItem:
    """An item of a review that writes people as roles, and knows Dana."""
    dana = factories.person("dana")
    review = factories.draft(factories.person("writer"), "Pool ran dry")
    review.names_as_roles = True
    review.save()
    review.incident.participants.create(person=dana, role="responder")
    action = ActionItem.objects.create(incident=review.incident, title=title, owner=owner, due=date(2026, 12, 9))
    Factor.objects.create(review=review, text="No runbook.", html="<p>No runbook.</p>").actions.add(action)
    publish_review(factories.person("writer"), review)
    return action


def test_people_known_by_their_role_are_named_nowhere(outsider: Person, sign_in: SignIn) -> None:
    dana = factories.person("dana")
    roles_item(owner=dana)
    for by in ("status", "owner", "team", "due", "factor", "severity"):
        page = sign_in(outsider).get(f"/actions/?by={by}").content.decode()
        assert "runbook" in page
        assert "Dana" not in page
        assert "dana" not in page
    assert [group.label for group in read(outsider, by="owner").groups] == ["People known by their role"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("owner:dana", False),
        ("-owner:dana", True),
        ("dana", False),
        ("-dana", True),
        ("runbook", True),
        ("owner:none", False),
    ],
)
def test_no_filter_tells_who_somebody_known_by_their_role_is(outsider: Person, text: str, told: bool) -> None:
    roles_item(owner=factories.person("dana"))
    assert bool(asked(outsider, text)) is told
    assert asked(factories.person("writer"), "owner:dana dana") == {"Ask Dana for the runbook"}
    assert asked(factories.person("boss", role="administrator"), "owner:dana dana") == {"Ask Dana for the runbook"}


def test_one_finds_ones_own_items_where_people_are_known_by_their_role(outsider: Person) -> None:
    roles_item(owner=outsider, title="Write the runbook")
    assert asked(outsider, "owner:me") == asked(outsider, "is:mine") == {"Write the runbook"}


def test_a_column_leads_on_to_all_of_its_items_each_once(outsider: Person) -> None:
    incident = published()
    many = IN_COLUMN + ALONE + 3
    for number in range(many):
        item(f"Item {number:03}", incident=incident, due=date(2027, 1, 1) + timedelta(days=number // 5))
    board = read(outsider)
    found, after = titles(board), board.groups[1].next
    assert (len(found), board.groups[1].total) == (IN_COLUMN, many)
    while after:
        (group,) = read(outsider, only="open", after=after).groups
        found += [card.title for card in group.cards]
        after = group.next
    assert found == [f"Item {number:03}" for number in range(many)]


def test_groups_lead_on_page_by_page(outsider: Person, sign_in: SignIn) -> None:
    incident = published()
    for number in range(15):
        item(f"Item {number}", incident=incident, owner=factories.person(f"p{number:02}"))
    first = read(outsider, by="owner")
    rest = read(outsider, by="owner", start=12)
    assert (len(first.groups), len(rest.groups), first.all_groups) == (12, 3, 15)
    page = sign_in(outsider).get("/actions/?by=owner&from=12").content.decode()
    assert "13 to 15 of 15" in page


def test_items_that_one_may_change_have_a_mark(outsider: Person, sign_in: SignIn) -> None:
    lead = factories.person("lena", role="team-lead")
    item("Add an alert", owner=factories.person("dana"))
    archived = published("Long ago")
    item("Fixed for ever", incident=archived)
    Incident.objects.filter(pk=archived.pk).update(status="archived")
    marks = {
        who: sign_in(factories.person(who)).get("/actions/").content.decode().count('class="card-mark"')
        for who in ("reader", "dana", "lena")
    }
    assert marks == {outsider.username: 0, "dana": 1, lead.username: 1}


@pytest.mark.parametrize("by", ["status", "owner", "team", "due", "factor", "severity"])
def test_the_board_takes_as_many_queries_however_many_items_there_are(
    outsider: Person, sign_in: SignIn, by: str
) -> None:
    client = sign_in(outsider)

    def queries(text: str = "") -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/actions/?{urlencode({'by': by, 'q': text})}").status_code == 200
        return len(asked)

    action = item("One", owner=factories.person("dana"))
    removing(action, "capacity")
    queries()
    few = queries()
    for number in range(8):
        removing(
            item(f"More {number}", owner=factories.person(f"p{number}"), team=factories.team(f"T{number}")),
            "monitoring",
        )
    assert queries() == few <= 5
    assert queries("owner:dana team:t1 service:payments is:overdue alert") <= few + 2


def test_an_item_in_two_groups_is_counted_once_in_all(outsider: Person) -> None:
    action = item()
    removing(action, "capacity")
    removing(action, "monitoring")
    board = read(outsider, by="factor")
    assert [group.total for group in board.groups] == [1, 1]
    assert board.total == 1


def test_states_must_all_be_so(outsider: Person) -> None:
    item("Mine and late", owner=outsider, due=TODAY - timedelta(days=1))
    item("Mine", owner=outsider)
    item("Late", due=TODAY - timedelta(days=1))
    assert asked(outsider, "is:mine is:overdue") == {"Mine and late"}
    assert asked(outsider, "is:overdue -is:mine") == {"Late"}
    assert asked(outsider, "is:mine,overdue") == {"Mine and late"}


def test_while_one_types_only_the_board_comes(outsider: Person, sign_in: SignIn) -> None:
    item("Add an alert")
    answer = sign_in(outsider).get("/actions/?q=alert", headers={"HX-Request": "true"}).content.decode()
    assert answer.strip().startswith('<div id="board"')
    assert "Add an alert" in answer
    more = sign_in(outsider).get("/actions/?group=open&after=0~0", headers={"HX-Request": "true"}).content.decode()
    assert more.strip().startswith("<li")


def test_chips_take_filters_away_and_turn_them_round(outsider: Person, sign_in: SignIn) -> None:
    factories.person("dana")
    page = sign_in(outsider).get("/actions/?q=owner:dana+is:overdue&by=team").content.decode()
    assert 'href="/actions/?q=is%3Aoverdue&amp;by=team"' in page
    assert 'href="/actions/?q=-owner%3Adana+is%3Aoverdue&amp;by=team"' in page


def test_filters_are_added_by_a_form(outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    factories.team("Core")
    assert "Core" in client.get("/actions/filters").content.decode()
    answer = client.get("/actions/filters?q=alert&by=due&team=core&owner=Dana+Ito&is=overdue&add=1")
    assert answer.headers["Location"] == ("/actions/?q=alert+owner%3A%22Dana+Ito%22+team%3Acore+is%3Aoverdue&by=due")


@pytest.mark.parametrize(
    ("part", "offered"),
    [
        ("ow", ["owner:"]),
        ("-is:over", ["-is:overdue"]),
        ("owner:da", ["owner:dana"]),
        ("owner:m", ["owner:me"]),
        ("team:co", ["team:core"]),
        ("team:no", ["team:none"]),
        ("status:open,do", ["status:open,done"]),
        ("before:+", ["before:+7d", "before:+1m"]),
        ("tag:x", []),
        ("alert", []),
        ("", []),
        ("owner:\x00", []),
    ],
)
def test_filters_are_completed_while_one_types(
    outsider: Person, sign_in: SignIn, part: str, offered: list[str]
) -> None:
    factories.team("Core", factories.person("dana"))
    page = sign_in(outsider).get("/actions/completions", {"part": part}).content.decode()
    assert re.findall(r'data-value="([^"]*)"', page) == offered


def test_an_empty_board_says_where_items_come_from(author: Person, sign_in: SignIn) -> None:
    page = sign_in(author).get("/actions/").content.decode()
    assert "No action items yet" in page
    assert "No action items here" in sign_in(author).get("/actions/?q=alert").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%ED%A0%80", "by=nonsense", "by=%00", "from=99999999999999", "from=-1", "group=%00&by=owner",
        "group=open&after=0~" + "9" * 18, "group=open&after=9999999999~1", "after=x", "column=%00", "q=" + "x" * 5000,
        "q=%25s%25(x)s", "q=owner:%00", "q=owner:'--", "by=factor&group='", "q=-%22", "q=severity:9", "q=%D9%A3",
        "q=before:%2B999999y", "q=after:1970 before:2199", "q=is:" + "z" * 300, "q=a+or+or+-b", "from=%D9%A3",
    ],
)  # fmt: skip
def test_whatever_an_address_says_there_is_a_page(outsider: Person, sign_in: SignIn, query: str) -> None:
    item("Add an alert", owner=outsider)
    for address in ("/actions/", "/actions/load/", "/actions/filters", "/actions/change"):
        for headers in ({}, {"HX-Request": "true"}):
            assert sign_in(outsider).get(f"{address}?{query}", headers=headers).status_code == 200


def test_home_leads_to_the_board_of_ones_own(outsider: Person, sign_in: SignIn) -> None:
    item("Add an alert", owner=outsider, due=timezone.localdate() - timedelta(days=2), status="in-progress")
    page = sign_in(outsider).get("/").content.decode()
    assert "/actions/?q=is:mine+is:unfinished" in page
    assert "2 days overdue" in page
    assert "In progress" in page
