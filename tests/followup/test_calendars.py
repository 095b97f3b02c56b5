"""Calendars under a secret address: what RFC 5545 asks for, what their person may read, and no longer than they want."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.feed_addresses import feed_token, new_feed_token
from accounts.models import FeedPurpose, Person
from actions.models import ActionItem
from actions.operations import change_action
from incidents.models import Grant, Incident
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

FOR = FeedPurpose.CALENDARS


@pytest.fixture
def token(author: Person) -> str:
    return new_feed_token(author, FOR)


@pytest.fixture
def incident(author: Person) -> Incident:
    return factories.published(author, "Pool ran dry").review.incident


def item(incident: Incident, title: str, owner: Person | None, **more: Any) -> ActionItem:
    return ActionItem.objects.create(incident=incident, title=title, owner=owner, **{"due": date(2026, 12, 1)} | more)


def mine(token: str) -> str:
    return f"/actions/calendars/{token}/mine.ics"


def unfolded(body: bytes) -> list[str]:
    """The lines as they were before they were folded, once the file is what section 3.1 asks for."""
    assert body.endswith(b"\r\n")
    parts = body[:-2].split(b"\r\n")
    assert all(len(part) <= 75 and b"\n" not in part and b"\r" not in part for part in parts)
    return body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def events(answer: HttpResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.content)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN"} <= set(lines)
    found: list[dict[str, str]] = []
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            assert name not in found[-1]
            found[-1][name] = value
    for one in found:
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY", "STATUS", "SEQUENCE"} <= one.keys()
    assert len({one["UID"] for one in found}) == len(found)
    return found


def summaries(answer: HttpResponse) -> list[str]:
    return [one["SUMMARY"] for one in events(answer)]


def test_what_one_owns_stands_on_its_due_day(author: Person, incident: Incident, token: str, client: Client) -> None:
    item(incident, "Add an alert", author)
    item(incident, "Of nobody", None)
    item(incident, "Without a date", author, due=None)
    [event] = events(client.get(mine(token)))
    assert event["SUMMARY"] == "Due: Add an alert"
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20261201", "20261202")
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    assert re.fullmatch(r"http://testserver/actions/\d+/", event["URL"])


def test_a_team_has_a_calendar_that_names_owners(
    author: Person, incident: Incident, token: str, client: Client
) -> None:
    core = factories.team("Core")
    item(incident, "Add an alert", factories.person("ada"), team=core)
    item(incident, "Of another team", author, team=factories.team("Web"))
    answer = client.get(f"/actions/calendars/{token}/teams/core.ics")
    assert summaries(answer) == ["Due: Add an alert (Ada)"]
    assert client.get(f"/actions/calendars/{token}/teams/none.ics").status_code == 404


def test_a_calendar_shows_what_its_person_may_read(author: Person, outsider: Person, client: Client) -> None:
    core = factories.team("Core")
    hidden = factories.published(author, "Secret", visibility="restricted").review.incident
    item(hidden, "Secret fix", outsider, team=core)
    token = new_feed_token(outsider, FOR)
    addresses = (mine(token), f"/actions/calendars/{token}/teams/core.ics")
    assert [summaries(client.get(address)) for address in addresses] == [[], []]
    Grant.objects.create(incident=hidden, person=outsider)
    assert [len(events(client.get(address))) for address in addresses] == [1, 1]


def test_people_are_roles_where_the_review_writes_them_so(author: Person, outsider: Person, client: Client) -> None:
    review = factories.draft(author, "Pool ran dry")
    review.names_as_roles = True
    review.save()
    core = factories.team("Core")
    item(review.incident, "Ask Author about it", author, team=core)
    publish_review(author, review)
    token = new_feed_token(outsider, FOR)
    answer = client.get(f"/actions/calendars/{token}/teams/core.ics")
    assert len(events(answer)) == 1
    told = [line for line in unfolded(answer.content) if line.startswith(("SUMMARY", "DESCRIPTION"))]
    assert "Author" not in "".join(told)


def test_what_is_finished_is_told_for_a_month(author: Person, incident: Incident, token: str, client: Client) -> None:
    done, dropped = item(incident, "Add an alert", author), item(incident, "Buy more", author)
    change_action(author, done.pk, status="done")
    change_action(author, dropped.pk, status="wont-do", reason="Too dear.")
    by_title = {one["SUMMARY"]: one["STATUS"] for one in events(client.get(mine(token)))}
    assert by_title == {"Done: Add an alert": "CONFIRMED", "Won't do: Buy more": "CANCELLED"}
    long_ago = timezone.now() - timedelta(days=31)
    done.changes.update(at=long_ago)
    dropped.changes.update(at=long_ago)
    assert events(client.get(mine(token))) == []


def test_an_item_stays_the_same_event_and_counts_its_changes(
    author: Person, incident: Incident, token: str, client: Client
) -> None:
    one = item(incident, "Add an alert", author)
    [before] = events(client.get(mine(token)))
    change_action(author, one.pk, due=timezone.localdate() + timedelta(days=9))
    [after] = events(client.get(mine(token), headers={"Host": "localhost"}))
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTAMP"] >= before["DTSTAMP"]


def test_it_is_not_sent_again_while_it_is_the_same(
    author: Person, incident: Incident, token: str, client: Client
) -> None:
    one = item(incident, "Add an alert", author)
    answer = client.get(mine(token))
    etag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(mine(token), headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(mine(token), headers={"If-Modified-Since": changed}).status_code == 304
    change_action(author, one.pk, title="Add two alerts")
    assert client.get(mine(token), headers={"If-None-Match": etag}).status_code == 200


def test_whoever_asks_by_time_hears_of_what_left_the_calendar(
    author: Person, incident: Incident, token: str, client: Client
) -> None:
    one = item(incident, "Add an alert", author)
    before = timezone.now() - timedelta(minutes=5)
    stamp = before.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    change_action(author, one.pk, owner=None)
    answer = client.get(mine(token), headers={"If-Modified-Since": stamp})
    assert (answer.status_code, events(answer)) == (200, [])


def test_the_address_of_reviews_opens_no_calendar_and_the_other_way(author: Person, token: str, client: Client) -> None:
    reviews = new_feed_token(author)
    assert client.get(mine(reviews)).status_code == 404
    assert client.get(f"/reviews/feed/{token}/").status_code == 404
    assert client.get(f"/reviews/feed/{reviews}/").status_code == 200


@pytest.mark.parametrize("wrong", ["1", "x", "1-", "99999999999999999999-a", "1-%ED%A0%80", "1-%00", "1" * 500])
def test_a_guessed_address_is_none(token: str, client: Client, wrong: str) -> None:
    assert client.get(mine(wrong)).status_code == 404
    assert client.get(f"/actions/calendars/{wrong}/teams/core.ics").status_code == 404


def test_a_closed_account_has_no_calendar(author: Person, token: str, client: Client) -> None:
    Person.objects.filter(pk=author.pk).update(is_active=False)
    assert client.get(mine(token)).status_code == 404


def test_the_page_makes_shows_and_revokes_the_address(author: Person, sign_in: Callable[[Person], Client]) -> None:
    factories.team("Core", author)
    factories.team("Web")
    client = sign_in(author)
    assert ".ics" not in client.get("/actions/calendars/").content.decode()
    page = client.post("/actions/calendars/address", follow=True).content.decode()
    token = feed_token(author, FOR)
    assert f"http://testserver{mine(token)}" in page
    assert f"webcal://testserver/actions/calendars/{token}/teams/core.ics" in page
    assert "teams/web.ics" not in page
    assert "teams/web.ics" in client.get("/actions/calendars/?team=web").content.decode()
    assert "There is no team" in client.get("/actions/calendars/?team=%00nothing").content.decode()
    page = client.post("/actions/calendars/revoke", follow=True).content.decode()
    assert ".ics" not in page
    assert client.get(mine(token)).status_code == 404


def test_a_calendar_takes_a_handful_of_queries(author: Person, incident: Incident, token: str, client: Client) -> None:
    for number in range(5):
        item(incident, f"Fix {number}", author)
    with CaptureQueriesContext(connection) as queries:
        assert len(events(client.get(mine(token)))) == 5
    assert len(queries) == 3


@pytest.mark.parametrize(
    "text", ["Bell \x07 rings", 'a\\nb, c; d: "e"', "ä" * 100, "\U0001f600" * 80, "x" * 74 + "é", "ا" * 90]
)
def test_any_title_is_read_as_it_was_written(
    author: Person, incident: Incident, token: str, client: Client, text: str
) -> None:
    item(incident, text, author)
    [event] = events(client.get(mine(token)))
    escaped = text.replace("\x07", " ").replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    assert event["SUMMARY"] == f"Due: {escaped}"


def test_a_title_of_many_lines_and_signs_is_one_line(
    author: Person, incident: Incident, token: str, client: Client
) -> None:
    item(incident, "Fix; a, b\\c\r\nEND:VCALENDAR " + "ä" * 100, author)
    [event] = events(client.get(mine(token)))
    assert event["SUMMARY"].startswith("Due: Fix\\; a\\, b\\\\c END:VCALENDAR ää")
    assert datetime.strptime(event["DTSTAMP"], "%Y%m%dT%H%M%SZ")
