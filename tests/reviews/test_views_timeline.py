"""The timeline: rows, pasted lines, deleting and undoing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Person
from reviews.checker.dismissing import dismiss
from reviews.models import Review
from tests import factories

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    review = factories.draft(author)
    review.incident.events.create(occurred_at=factories.NOON, text="First", html="<p>First</p>", kind="signal")
    return review


@pytest.fixture
def base(review: Review) -> str:
    return f"{review.incident.get_edit_url()}timeline"


def test_a_row_is_added_and_the_focus_goes_to_the_next(
    review: Review, base: str, author: Person, sign_in: SignIn
) -> None:
    row = {"time": "+5m", "zone": "", "kind": "detection", "text": "Alert *fired*"}
    answer = sign_in(author).post(base, row, headers=HTMX)
    event = review.incident.events.get(kind="detection")
    assert answer.status_code == 200
    assert "event-new-time" in answer.headers["HX-Trigger-After-Settle"]
    assert event.occurred_at == factories.NOON + timedelta(minutes=5)
    assert event.written_as == "+5m"
    assert "<em>fired</em>" in answer.content.decode()


def test_without_javascript_the_page_opens_at_the_new_row(base: str, author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).post(base, {"time": "12:10", "zone": "UTC", "kind": "note", "text": "x"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("#event-new-time")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("time", "", "Write when it happened"),
        ("time", "2026-02-30 10:00", "30 February does not exist"),
        ("time", "25:61", "no hour 25"),
        ("time", "9" * 50, "number, not a time"),
        ("zone", "Nowhere", "not a time zone"),
        ("text", "  ", "Write what happened"),
        ("kind", "party", "not one of the available choices"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_wrong_row_stays_as_typed(
    review: Review,
    base: str,
    author: Person,
    sign_in: SignIn,
    headers: dict[str, str],
    field: str,
    typed: str,
    message: str,
) -> None:
    row = {"time": "12:34", "zone": "Asia/Tokyo", "kind": "note", "text": "Kept words", field: typed}
    answer = sign_in(author).post(base, row, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert field == "text" or "Kept words</textarea>" in page
    assert field == "time" or 'value="12:34"' in page
    assert review.incident.events.count() == 1


def test_an_unchanged_time_keeps_its_exact_instant(review: Review, base: str, author: Person, sign_in: SignIn) -> None:
    exact = datetime(2026, 3, 14, 12, 0, 7, 123456, tzinfo=UTC)
    event = review.incident.events.create(occurred_at=exact, text="Old", html="", zone="Europe/Berlin")
    row = {"time": "2026-03-14 13:00:07", "zone": "Europe/Berlin", "kind": "note", "text": "New"}
    sign_in(author).post(f"{base}/{event.pk}", row, headers=HTMX)
    event.refresh_from_db()
    assert (event.text, event.occurred_at) == ("New", exact)


def test_deleting_asks_nothing_and_undo_brings_it_back(
    review: Review, base: str, author: Person, sign_in: SignIn
) -> None:
    event = review.incident.events.get()
    client = sign_in(author)
    answer = client.post(f"{base}/{event.pk}/delete", headers=HTMX)
    page = answer.content.decode()
    assert not review.incident.events.exists()
    assert "Undo" in page and "First" in page
    deletion = review.incident.deletions.get()
    assert f"undo-{deletion.pk}" in answer.headers["HX-Trigger-After-Settle"]
    answer = client.post(f"{review.incident.get_edit_url()}undo/{deletion.pk}", headers=HTMX)
    assert review.incident.events.get().pk == event.pk
    assert f"event-{event.pk}-edit" in answer.headers["HX-Trigger-After-Settle"]
    again = client.post(f"{review.incident.get_edit_url()}undo/{deletion.pk}", headers=HTMX)
    assert again.status_code == 200
    assert review.incident.events.count() == 1


def test_without_javascript_the_page_after_deleting_holds_the_undo(
    review: Review, base: str, author: Person, sign_in: SignIn
) -> None:
    event = review.incident.events.get()
    client = sign_in(author)
    page = client.post(f"{base}/{event.pk}/delete", follow=True)
    deletion = review.incident.deletions.get()
    assert f"undo/{deletion.pk}" in page.content.decode()
    client.post(f"{review.incident.get_edit_url()}undo/{deletion.pk}")
    assert review.incident.events.get().pk == event.pk


def test_events_of_other_reviews_do_not_exist_here(base: str, author: Person, sign_in: SignIn) -> None:
    other = factories.draft(author, "Other")
    event = other.incident.events.create(occurred_at=factories.NOON, text="x", html="")
    client = sign_in(author)
    for path in (f"{base}/{event.pk}", f"{base}/{event.pk}/delete", f"{base}/{'9' * 30}/delete"):
        assert client.post(path, {"time": "12:00", "text": "y", "kind": "note"}).status_code == 404
    assert other.incident.events.exists()


def test_pasted_lines_are_shown_first_and_added_after(
    review: Review, base: str, author: Person, sign_in: SignIn
) -> None:
    client = sign_in(author)
    paste = {"lines": "12:05 alert fired\nnothing\n25:00 odd\n12:20 rolled back", "day": "2026-03-14", "zone": "UTC"}
    page = client.post(f"{base}/paste", paste, headers=HTMX).content.decode()
    assert "Add 2 events" in page
    assert "no hour 25" in page
    assert review.incident.events.count() == 1
    answer = client.post(f"{base}/paste", paste | {"add": "yes", "kind-4": "resolution"}, headers=HTMX)
    assert list(review.incident.events.values_list("kind", flat=True)) == ["signal", "detection", "resolution"]
    assert "25:00 odd" in answer.content.decode(), "what could not be read stays"
    page = client.post(f"{base}/paste", paste, headers=HTMX).content.decode()
    assert "on the timeline already" in page


@pytest.mark.parametrize(
    ("paste", "message"),
    [
        ({"lines": ""}, "Paste or write at least one line"),
        ({"lines": "12:05 x", "day": "2026-02-30"}, "does not exist"),
        ({"lines": "12:05 x", "zone": "Nowhere"}, "not a time zone"),
        ({"lines": "12:05 x", "day": ""}, "no date"),
        ({}, "Paste or write at least one line"),
    ],
)
def test_a_paste_that_cannot_be_read_says_why(
    review: Review, base: str, author: Person, sign_in: SignIn, paste: dict[str, str], message: str
) -> None:
    for headers in ({}, HTMX):
        answer = sign_in(author).post(f"{base}/paste", paste | {"add": "yes"}, headers=headers)
        assert message in answer.content.decode()
    assert review.incident.events.count() == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("time=%2B5m", "12:05"),
        ("time=14:03&zone=Europe/Berlin", "14:03"),
        ("time=25:00", "no hour 25"),
        ("time=", ""),
        ("time=%00&item=99999999999999999999", "not a time"),
        ("time=12:00&zone=Nowhere", "not a time zone"),
    ],
)
def test_what_a_time_means_is_told_while_typing(
    base: str, author: Person, sign_in: SignIn, query: str, words: str
) -> None:
    answer = sign_in(author).get(f"{base}/time?{query}", headers=HTMX)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_what_the_checker_says_of_the_order_stands_in_place_until_it_is_dismissed(
    review: Review, base: str, author: Person, sign_in: SignIn
) -> None:
    late = factories.NOON + timedelta(minutes=50)
    later = review.incident.events.create(occurred_at=late, text="Second", html="<p>Second</p>", kind="resolution")
    first = review.incident.events.get(kind="signal")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}?part=timeline"
    said = "Nothing is told for 50 min after 12:00."
    assert said in client.get(address, headers=HTMX).text
    dismiss(author, review, "timeline-gap", f"event:{first.pk}", "", "It is what we know.")
    assert said not in client.get(address, headers=HTMX).text
    review.incident.events.create(
        occurred_at=late + timedelta(minutes=5), text="Third", html="<p>Third</p>", kind="mitigation"
    )
    page = client.get(address, headers=HTMX).text
    assert "The resolution stands before the mitigation." in page.partition(f'id="event-{later.pk}"')[2]
