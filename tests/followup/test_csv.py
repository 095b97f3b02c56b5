"""Action items as CSV: what the board finds, as its reader may read it, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from actions.models import ActionItem
from followup.csv_cells import safe_cell
from followup.csv_export import AT_ONCE
from incidents.models import Incident
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


@pytest.fixture
def incident(author: Person) -> Incident:
    return factories.published(author, "Pool ran dry", services=[factories.service("Payments")]).review.incident


def item(incident: Incident, title: str, owner: Person | None = None, **more: Any) -> ActionItem:
    return ActionItem.objects.create(incident=incident, title=title, owner=owner, **more)


def body_of(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200
    return answer.getvalue().decode("utf-8")  # type: ignore[attr-defined]


def rows_of(answer: HttpResponseBase) -> list[dict[str, str]]:
    body = body_of(answer)
    assert body.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(body[1:], newline="")))


def test_each_item_is_a_line_with_what_the_board_knows_of_it(
    author: Person, incident: Incident, sign_in: SignIn
) -> None:
    core = factories.team("Core")
    one = item(incident, 'Say "no", twice', author, team=core, due=date(2026, 1, 2), kind="detect")
    [row] = rows_of(sign_in(author).get("/actions/items.csv"))
    assert (row["ID"], row["Action item"], row["Owner"]) == (str(one.pk), 'Say "no", twice', "Author")
    assert (row["Team"], row["Due"], row["Kind"], row["Status"]) == ("Core", "2026-01-02", "Detect", "Open")
    assert (row["Incident"], row["Severity"], row["Services"]) == ("Pool ran dry", "SEV2", "Payments")
    assert row["Review"] == str(incident.number)
    assert int(row["Days overdue"]) > 0
    assert row["Address"] == f"http://testserver/actions/{one.pk}/"


def test_it_is_filtered_as_the_board_is(author: Person, incident: Incident, sign_in: SignIn) -> None:
    item(incident, "Add an alert", status="done")
    item(incident, "Add a limit")
    client = sign_in(author)
    assert [row["Action item"] for row in rows_of(client.get("/actions/items.csv?q=status:done"))] == ["Add an alert"]
    assert [row["Action item"] for row in rows_of(client.get("/actions/items.csv?q=limit"))] == ["Add a limit"]
    assert len(rows_of(client.get("/actions/items.csv?q=colour:red%00+after:2026-02-30"))) == 2


def test_it_holds_what_its_reader_may_see(
    author: Person, outsider: Person, incident: Incident, sign_in: SignIn
) -> None:
    item(incident, "For all")
    item(factories.published(author, "Secret", visibility="restricted").review.incident, "Secret fix")
    item(factories.draft(author, "Draft").incident, "Draft fix")
    assert [row["Action item"] for row in rows_of(sign_in(outsider).get("/actions/items.csv"))] == ["For all"]
    assert len(rows_of(sign_in(author).get("/actions/items.csv"))) == 3


def test_people_are_roles_where_the_review_writes_them_so(author: Person, outsider: Person, sign_in: SignIn) -> None:
    review = factories.draft(author, "Pool ran dry")
    review.names_as_roles = True
    review.save()
    item(review.incident, "Ask Author", author, reason="Author said so", status="wont-do")
    publish_review(author, review)
    body = body_of(sign_in(outsider).get("/actions/items.csv"))
    assert "Ask the engineer" in body
    assert "Ask Author" not in body
    assert "Author said so" not in body


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "\ufeff=1",
    '"=1',
    "'=1",
    "\x00=1",
]


@pytest.mark.parametrize("title", FORMULAS)
def test_no_cell_begins_as_a_formula(author: Person, incident: Incident, sign_in: SignIn, title: str) -> None:
    item(incident, title.replace("\x00", ""))
    [row] = rows_of(sign_in(author).get("/actions/items.csv"))
    assert row["Action item"][0] not in "=+-@\t\r\n＝＋－＠"
    assert row["Action item"].startswith("'") or title == "\x00=1"


@pytest.mark.parametrize(
    ("text", "cell"), [("a;=1", "a;'=1"), ('a; "=1', "a;' \"=1"), ("a - b; c", "a - b; c"), ("1-2", "1-2")]
)
def test_a_spreadsheet_that_separates_by_semicolons_finds_no_formula(text: str, cell: str) -> None:
    assert safe_cell(text) == cell


@given(st.text())
def test_whatever_stands_in_a_cell_no_line_of_it_is_a_formula(text: str) -> None:
    for part in safe_cell(text).split(";"):
        assert not part.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_many_items_are_sent_in_parts(author: Person, incident: Incident, sign_in: SignIn) -> None:
    ActionItem.objects.bulk_create(ActionItem(incident=incident, title=f"Fix {n}") for n in range(AT_ONCE + 5))
    client = sign_in(author)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/actions/items.csv")
        assert answer.streaming
        assert len(rows_of(answer)) == AT_ONCE + 5
    assert len(queries) == 5


def test_nothing_found_is_a_file_with_headings(author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).get("/actions/items.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert body_of(answer).count("\r\n") == 1
