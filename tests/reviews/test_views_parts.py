"""Facts, people, readers, five whys, factors and actions."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Person
from reviews.models import Review
from reviews.views.editor import above
from tests import factories

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


@pytest.fixture
def base(review: Review) -> str:
    return review.incident.get_edit_url()


@pytest.fixture
def client(author: Person, sign_in: SignIn) -> Client:
    return sign_in(author)


def facts(review: Review, **changed: object) -> dict[str, object]:
    return {"title": review.incident.title, "began": "2026-03-14 12:00", "zone": "UTC", **changed}


def test_facts_are_saved_together(review: Review, base: str, client: Client) -> None:
    cause = factories.cause("capacity")
    typed = facts(
        review, title="New title", detected_at="12:07", resolved_at="+2h", tags="db, pool,db", causes=[cause.pk]
    )
    assert client.post(f"{base}facts", typed, headers=HTMX).status_code == 200
    incident = review.incident
    incident.refresh_from_db()
    assert incident.title == "New title"
    assert incident.detected_at == datetime(2026, 3, 14, 12, 7, tzinfo=UTC)
    assert incident.resolved_at == datetime(2026, 3, 14, 14, 0, tzinfo=UTC)
    assert incident.tags == ["db", "pool"]
    assert list(review.causes.all()) == [cause]


def test_a_changed_zone_moves_the_times_typed_in_it(review: Review, base: str, client: Client) -> None:
    client.post(f"{base}facts", facts(review, zone="Europe/Berlin"), headers=HTMX)
    review.incident.refresh_from_db()
    assert review.incident.occurred_at == datetime(2026, 3, 14, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("title", "", "Give the incident a title"),
        ("began", "2026-02-30", "does not exist"),
        ("detected_at", "soon", "not a time"),
        ("resolved_at", "2026-03-14 11:00", "before the impact began"),
        ("zone", "x", "not a time zone"),
        ("tags", "t" * 61, "61"),
        ("causes", "nope", "not a valid value"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_wrong_facts_are_named_and_stay(
    review: Review, base: str, client: Client, headers: dict[str, str], field: str, typed: str, message: str
) -> None:
    answer = client.post(f"{base}facts", facts(review, **{"tags": "kept", field: typed}), headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert field in ("causes",) or f'value="{typed}"' in page or not typed
    review.incident.refresh_from_db()
    assert review.incident.tags == []


def test_people_join_by_name_and_leave(review: Review, base: str, client: Client) -> None:
    helper = factories.person("helper")
    answer = client.post(f"{base}participants", {"whom": "Helper", "role": "responder"}, headers=HTMX)
    assert answer.status_code == 200
    participant = review.incident.participants.get(person=helper)
    again = client.post(f"{base}participants", {"whom": "helper", "role": "responder"}, headers=HTMX)
    assert "already" in again.content.decode()
    client.post(f"{base}participants/{participant.pk}/remove", headers=HTMX)
    assert not review.incident.participants.filter(person=helper).exists()


@pytest.mark.parametrize("whom", ["", "nobody here", "\x00", "x" * 5000])
def test_someone_unknown_is_refused_in_words(base: str, client: Client, whom: str) -> None:
    answer = client.post(f"{base}participants", {"whom": whom, "role": "responder"}, headers=HTMX)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_the_last_author_stays(review: Review, base: str, client: Client) -> None:
    participant = review.incident.participants.get()
    for headers in ({}, HTMX):
        answer = client.post(f"{base}participants/{participant.pk}/remove", headers=headers)
        assert "only author" in answer.content.decode()
    assert review.incident.participants.exists()


def test_whoever_leaves_is_led_away(review: Review, base: str, author: Person, client: Client) -> None:
    review.incident.participants.create(person=factories.person("other"))
    mine = review.incident.participants.get(person=author)
    answer = client.post(f"{base}participants/{mine.pk}/remove", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/drafts/"


def test_readers_can_be_named(review: Review, base: str, client: Client) -> None:
    guest, team = factories.person("guest"), factories.team("Core")
    typed = {"visibility": "restricted", "people": "guest", "teams": [team.pk]}
    assert client.post(f"{base}visibility", typed, headers=HTMX).status_code == 200
    review.incident.refresh_from_db()
    assert review.incident.visibility == "restricted"
    assert {(grant.person, grant.team) for grant in review.incident.grants.all()} == {(guest, None), (None, team)}
    answer = client.post(f"{base}visibility", typed | {"people": "guest, nobody"}, headers=HTMX)
    assert answer.status_code == 422
    assert "guest, nobody" in answer.content.decode()


def test_whys_are_asked_answered_moved_and_deleted(review: Review, base: str, client: Client) -> None:
    client.post(f"{base}whys", {"question": "Why slow?", "answer": "Pool empty"}, headers=HTMX)
    top = review.whys.get()
    client.post(f"{base}whys", {"question": "Why empty?", "below": top.pk}, headers=HTMX)
    below = review.whys.get(parent=top)
    typed = {"question": "Why empty?", "answer": "Slow query"}
    assert "Slow query" in client.post(f"{base}whys/{below.pk}", typed, headers=HTMX).content.decode()
    client.post(f"{base}whys/{below.pk}/move", {"direction": "out"}, headers=HTMX)
    below.refresh_from_db()
    assert below.parent is None
    client.post(f"{base}whys/{below.pk}/move", {"direction": "in"})
    below.refresh_from_db()
    assert below.parent == top
    client.post(f"{base}whys/{top.pk}/delete", headers=HTMX)
    assert not review.whys.exists()
    client.post(f"{base}undo/{review.incident.deletions.get().pk}", headers=HTMX)
    assert review.whys.count() == 2
    assert review.whys.get(pk=below.pk).parent_id == top.pk


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_wrong_whys_stay_as_typed(review: Review, base: str, client: Client, headers: dict[str, str]) -> None:
    answer = client.post(f"{base}whys", {"question": "", "answer": "Kept answer"}, headers=headers)
    assert answer.status_code == 422
    assert "Write the question." in answer.content.decode()
    assert "Kept answer</textarea>" in answer.content.decode()
    assert client.post(f"{base}whys", {"question": "x", "below": "abc"}, headers=headers).status_code == 404
    top = review.whys.create(question="Why?")
    assert client.post(f"{base}whys/{top.pk}/move", {"direction": "sideways"}, headers=headers).status_code == 404
    assert client.post(f"{base}whys/{top.pk}/move", {"direction": "up"}, headers=headers).status_code in (200, 302)


def test_a_factor_is_removed_by_actions(review: Review, base: str, client: Client) -> None:
    action = review.incident.actions.create(title="Add an alert")
    page = client.post(f"{base}factors", {"text": "No alert", "actions": [action.pk]}, headers=HTMX).content.decode()
    factor = review.factors.get()
    assert list(factor.actions.all()) == [action]
    assert "Removed by" in page
    page = client.post(f"{base}factors/{factor.pk}", {"text": "No alert at all"}, headers=HTMX).content.decode()
    assert "No action removes it yet" in page
    client.post(f"{base}factors/{factor.pk}/delete", headers=HTMX)
    client.post(f"{base}undo/{review.incident.deletions.get().pk}", headers=HTMX)
    assert review.factors.get().pk == factor.pk


def test_a_factor_cannot_name_what_belongs_elsewhere(review: Review, base: str, client: Client, author: Person) -> None:
    other = factories.draft(author, "Other")
    action = other.incident.actions.create(title="Secret")
    review.incident.actions.create(title="Mine")
    for typed in ({"actions": [action.pk]}, {"actions": ["x"]}, {"why": "99"}, {"cause": "9" * 40}):
        answer = client.post(f"{base}factors", {"text": "Kept", **typed}, headers=HTMX)
        assert answer.status_code == 422, typed
        assert "Kept</textarea>" in answer.content.decode()
    assert not review.factors.exists()


def test_actions_have_owner_due_date_and_end(review: Review, base: str, client: Client, author: Person) -> None:
    typed = {"title": "Add an alert", "kind": "detect", "owner": author.username, "due": "2026-12-01"}
    client.post(f"{base}actions", typed, headers=HTMX)
    action = review.incident.actions.get()
    assert (action.owner, str(action.due), action.kind) == (author, "2026-12-01", "detect")
    answer = client.post(f"{base}actions/{action.pk}", typed | {"status": "wont-do"}, headers=HTMX)
    assert answer.status_code == 422
    client.post(f"{base}actions/{action.pk}", typed | {"status": "wont-do", "reason": "Too late"}, headers=HTMX)
    action.refresh_from_db()
    assert action.status == "wont-do"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("title", "", "Write what will be done"),
        ("title", "t" * 301, "301"),
        ("due", "2026-02-30", "does not exist"),
        ("due", "whenever", "not a day"),
        ("owner", "nobody", "Nobody here"),
        ("kind", "other", "not one of the available choices"),
        ("team", "9" * 30, "not one of the available choices"),
    ],
)
def test_wrong_actions_stay_as_typed(
    review: Review, base: str, client: Client, field: str, typed: str, message: str
) -> None:
    values = {"title": "Kept", "details": "Kept details", "kind": "detect", field: typed}
    for headers in ({}, HTMX):
        answer = client.post(f"{base}actions", values, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert message in page
        assert "Kept details</textarea>" in page
    assert not review.incident.actions.exists()


def test_deleting_an_action_frees_its_factor_and_undo_ties_them_again(
    review: Review, base: str, client: Client
) -> None:
    action = review.incident.actions.create(title="Add an alert")
    review.factors.create(text="No alert", html="").actions.add(action)
    client.post(f"{base}actions/{action.pk}/delete", headers=HTMX)
    assert not review.factors.get().actions.exists()
    client.post(f"{base}undo/{review.incident.deletions.get().pk}", headers=HTMX)
    assert review.factors.get().actions.get().pk == action.pk


@pytest.mark.parametrize(
    ("pk", "before"), [(1, None), (2, 1), (3, 2), (4, None)], ids=["first", "second", "last", "gone"]
)
def test_undo_stands_below_what_stood_above(pk: int, before: int | None) -> None:
    assert above([1, 2, 3], pk) == before
