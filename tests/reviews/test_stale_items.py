"""Two people change one item: nothing of either is replaced unseen."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from actions.operations import add_action, change_action
from incidents.operations import add_participant, change_facts
from reviews.models import Review
from reviews.operations import add_factor, add_why, change_factor, change_why
from tests import factories
from timeline.operations import add_event, change_event

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def lee(db: None) -> Person:
    return factories.person("lee")


@pytest.fixture
def review(author: Person, lee: Person) -> Review:
    review = factories.draft(author)
    add_participant(author, review.incident, lee, "author")
    return review


@pytest.fixture
def base(review: Review) -> str:
    return review.incident.get_edit_url()


@pytest.fixture
def client(author: Person, sign_in: Callable[[Person], Client]) -> Client:
    return sign_in(author)


def form_values(page: str, keep: str) -> dict[str, Any]:
    """What a browser would send from the open form."""
    form = re.search(rf'<form[^>]*data-keep="{keep}".*?</form>', page, re.DOTALL)
    assert form, f"no form {keep}"
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = re.search(r'type="(checkbox|radio)"', tag)
        if not name or (ticked and " checked" not in tag):
            continue
        values.setdefault(name[1], []).append(unescape(value[1]) if value else "on" if ticked else "")
    for name_, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name_] = chosen[1] if chosen else ""
    for name_, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        values[name_] = unescape(text).replace("\n", "\r\n")
    return values


def opened(client: Client, base: str, part: str, item: int | None, keep: str) -> dict[str, Any]:
    query = f"?edit={part}" + (f"&item={item}" if item else "")
    return form_values(client.get(base + query, headers=HTMX).content.decode(), keep)


@pytest.fixture
def items(review: Review, author: Person) -> dict[str, Any]:
    event = add_event(
        author, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="First\nsecond <line>"
    )
    return {
        "timeline": event,
        "whys": add_why(author, review, question="Why?", answer="Because of\nthe pool."),
        "factors": add_factor(author, review, text="No alert."),
        "actions": add_action(author, review.incident, title="Add an alert"),
    }


KEEP = {"timeline": "event", "whys": "why", "factors": "factor", "actions": "action"}
CHANGE: dict[str, Callable[..., Any]] = {
    "timeline": change_event,
    "whys": change_why,
    "factors": change_factor,
    "actions": change_action,
}
FIELD = {"timeline": "text", "whys": "question", "factors": "text", "actions": "title"}


@pytest.mark.parametrize("part", KEEP)
def test_the_same_field_changed_by_both_is_refused_with_both(
    base: str, client: Client, lee: Person, items: dict[str, Any], part: str
) -> None:
    item, field = items[part], FIELD[part]
    form = opened(client, base, part, item.pk, f"{KEEP[part]}-{item.pk}")
    CHANGE[part](lee, item.pk, **{field: "Theirs"})
    answer = client.post(f"{base}{part}/{item.pk}", {**form, field: "Mine"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Lee changed this" in page
    assert "Theirs" in page
    assert form_values(page, f"{KEEP[part]}-{item.pk}")[field] in ("Mine", ["Mine"])
    item.refresh_from_db()
    assert getattr(item, field) == "Theirs"
    again = form_values(page, f"{KEEP[part]}-{item.pk}")
    assert client.post(f"{base}{part}/{item.pk}", again, headers=HTMX).status_code == 200
    item.refresh_from_db()
    assert getattr(item, field) == "Mine"


@pytest.mark.parametrize("part", KEEP)
def test_a_form_that_nothing_happened_to_is_saved(base: str, client: Client, items: dict[str, Any], part: str) -> None:
    item = items[part]
    form = opened(client, base, part, item.pk, f"{KEEP[part]}-{item.pk}")
    answer = client.post(f"{base}{part}/{item.pk}", {**form, FIELD[part]: "Mine"}, headers=HTMX)
    assert answer.status_code == 200


def test_fields_that_one_alone_changed_are_kept_from_each(
    base: str, client: Client, lee: Person, items: dict[str, Any]
) -> None:
    event = items["timeline"]
    form = opened(client, base, "timeline", event.pk, f"event-{event.pk}")
    change_event(lee, event.pk, kind="detection")
    assert client.post(f"{base}timeline/{event.pk}", {**form, "text": "Mine"}, headers=HTMX).status_code == 200
    event.refresh_from_db()
    assert (event.kind, event.text) == ("detection", "Mine")


def test_a_time_does_not_move_into_a_zone_that_somebody_else_chose(
    base: str, client: Client, lee: Person, items: dict[str, Any]
) -> None:
    event = items["timeline"]
    form = opened(client, base, "timeline", event.pk, f"event-{event.pk}")
    change_event(lee, event.pk, zone="Europe/Berlin")
    answer = client.post(f"{base}timeline/{event.pk}", {**form, "time": "2026-03-14 15:00"}, headers=HTMX)
    assert answer.status_code == 409
    assert "Europe/Berlin" in answer.content.decode()


def test_choices_and_people_are_named_in_words(base: str, client: Client, lee: Person, items: dict[str, Any]) -> None:
    action = items["actions"]
    form = opened(client, base, "actions", action.pk, f"action-{action.pk}")
    change_action(lee, action.pk, status="in-progress", owner=lee)
    answer = client.post(f"{base}actions/{action.pk}", {**form, "status": "done", "owner": "author"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "In progress" in page
    assert re.search(r"clash-value[^>]*>lee<", page)


def test_facts_changed_by_both_are_refused_with_both(review: Review, base: str, client: Client, lee: Person) -> None:
    form = opened(client, base, "facts", None, "facts")
    change_facts(lee, review.incident, title="Theirs", severity="sev1")
    answer = client.post(f"{base}facts", {**form, "title": "Mine"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Lee changed this" in page
    assert form_values(page, "facts")["severity"] == "sev1"
    review.incident.refresh_from_db()
    assert review.incident.title == "Theirs"


def test_facts_that_one_alone_changed_are_kept_from_each(
    review: Review, base: str, client: Client, lee: Person
) -> None:
    service = factories.service("Payments")
    form = opened(client, base, "facts", None, "facts")
    change_facts(lee, review.incident, services=[service])
    answer = client.post(f"{base}facts", {**form, "title": "Mine"}, headers=HTMX)
    assert answer.status_code == 200
    review.incident.refresh_from_db()
    assert (review.incident.title, list(review.incident.services.all())) == ("Mine", [service])


def test_without_javascript_the_page_shows_both(base: str, client: Client, lee: Person, items: dict[str, Any]) -> None:
    event = items["timeline"]
    form = opened(client, base, "timeline", event.pk, f"event-{event.pk}")
    change_event(lee, event.pk, text="Theirs")
    answer = client.post(f"{base}timeline/{event.pk}", {**form, "text": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "text:", ":,:", "text:\x00", "text:\ud800", "text:" + "f" * 5000])
def test_a_version_that_says_nothing_gives_no_500(
    base: str, client: Client, items: dict[str, Any], version: str
) -> None:
    event = items["timeline"]
    form = opened(client, base, "timeline", event.pk, f"event-{event.pk}")
    version = version.encode("utf-8", "replace").decode()
    assert client.post(f"{base}timeline/{event.pk}", {**form, "version": version}, headers=HTMX).status_code in (
        200,
        409,
    )


def test_what_was_deleted_meanwhile_is_404(base: str, client: Client, items: dict[str, Any]) -> None:
    event = items["timeline"]
    form = opened(client, base, "timeline", event.pk, f"event-{event.pk}")
    event.delete()
    assert client.post(f"{base}timeline/{event.pk}", form, headers=HTMX).status_code == 404


@pytest.mark.parametrize("part", ["factors", "actions"])
def test_items_move_up_and_down(
    review: Review, base: str, author: Person, client: Client, items: dict[str, Any], part: str
) -> None:
    rows = review.factors if part == "factors" else review.incident.actions
    first = items[part]
    second = (
        add_factor(author, review, text="Second")
        if part == "factors"
        else add_action(author, review.incident, title="Second")
    )
    assert client.post(f"{base}{part}/{second.pk}/move", {"direction": "up"}, headers=HTMX).status_code == 200
    assert list(rows.all()) == [second, first]
    answer = client.post(f"{base}{part}/{second.pk}/move", {"direction": "up"}, headers=HTMX)
    assert "cannot move further up" in answer.headers["HX-Trigger-After-Settle"]
    client.post(f"{base}{part}/{second.pk}/move", {"direction": "down"}, headers=HTMX)
    assert list(rows.all()) == [first, second]
    assert client.post(f"{base}{part}/{second.pk}/move", {"direction": "x"}, headers=HTMX).status_code == 404


def test_a_page_is_told_what_it_missed(
    review: Review, base: str, client: Client, lee: Person, items: dict[str, Any]
) -> None:
    page = client.get(base).content.decode()
    as_of = re.findall(r'data-as-of="(\d+)"', page)
    assert len(set(as_of)) == 1
    change_event(lee, items["timeline"].pk, text="Theirs")
    said = client.get(f"{base}missed?since={as_of[0]}").json()
    (change,) = said["changed"]
    assert change["parts"] == ["timeline", "whys"]
    assert (change["by"], change["person"], change["thing"]) == ("Lee", lee.pk, f"event-{items['timeline'].pk}")
    fresh = client.get(f"{base}?part=timeline", headers=HTMX).content.decode()
    assert f'data-as-of="{change["id"]}"' in fresh


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 18, "9" * 40, "%00"])
def test_nonsense_for_since_is_harmless(base: str, client: Client, since: str) -> None:
    assert client.get(f"{base}missed?since={since}").status_code == 200


def test_who_missed_very_much_gets_the_whole_page(
    review: Review, base: str, client: Client, lee: Person, items: dict[str, Any]
) -> None:
    for n in range(60):
        change_event(lee, items["timeline"].pk, text=f"{n}")
    (change,) = client.get(f"{base}missed").json()["changed"]
    assert change["parts"] == ["page"]


def test_strangers_are_told_nothing(base: str, outsider: Person, sign_in: Callable[[Person], Client]) -> None:
    assert sign_in(outsider).get(f"{base}missed").status_code == 404
    assert Client().get(f"{base}missed").status_code == 302
