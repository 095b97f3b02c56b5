"""Action items over the API."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from accounts.tokens import create_token
from actions.models import ActionItem
from actions.operations import add_action, change_action
from reviews.models import Factor, Review
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
CONTRACT = {"id", "review", "title", "owner", "team", "due", "status", "kind", "factors", "tracker_url"}


def bearer(person: Person, scope: str = "write") -> Client:
    return Client(headers={"authorization": f"Bearer {create_token(person, scope=scope)}"})


def patch(client: Client, key: int, payload: Any, **headers: str) -> Any:
    return client.patch(f"/api/v1/actions/{key}", json.dumps(payload), content_type="application/json", headers=headers)


def post(client: Client, payload: Any) -> Any:
    return client.post("/api/v1/actions", json.dumps(payload), content_type="application/json")


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author).review


@pytest.fixture
def action(author: Person, review: Review) -> ActionItem:
    return add_action(author, review.incident, title="Add an alert", owner=author, due=date(2026, 12, 1))


def factor(review: Review) -> Factor:
    return Factor.objects.create(review=review, text="No alert", html="<p>No alert</p>")


class TestReading:
    def test_an_item_has_the_shape_of_the_contract(self, author: Person, action: ActionItem) -> None:
        told = bearer(author).get(f"/api/v1/actions/{action.pk}").json()

        assert {*told} >= CONTRACT
        assert (told["review"], told["owner"], told["due"]) == (action.incident.number, "author", "2026-12-01")

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("owner=me", 1),
            ("owner=none", 1),
            ("status=open,proposed", 1),
            ("status=done", 1),
            ("due_before=2026-12-02", 1),
            ("team=core", 1),
            ("team=none", 1),
            ("", 2),
            ("per_page=1&page=2", 2),
        ],
    )
    def test_items_are_filtered(self, author: Person, action: ActionItem, query: str, found: int) -> None:
        add_action(author, action.incident, title="Other", team=factories.team("Core"), status="done")

        assert bearer(author).get(f"/api/v1/actions?{query}").json()["count"] == found

    def test_without_an_owner_are_those_that_the_board_finds_without_one(
        self, author: Person, action: ActionItem
    ) -> None:
        ActionItem.objects.filter(pk=action.pk).update(owner=None, owner_as_written="J. Doe")

        board = Client()
        board.force_login(author)
        assert "Add an alert" in board.get("/actions/?q=owner:none").content.decode()
        assert bearer(author).get("/api/v1/actions?owner=none").json()["count"] == 1

    def test_a_list_takes_the_same_queries_however_long(
        self, author: Person, action: ActionItem, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(12):
            made = add_action(author, action.incident, title=f"Item {number}", owner=author)
            made.waits_for.add(action)
            factor(action.incident.review).actions.add(made)
        client = bearer(author)
        client.get("/api/v1/actions")

        with django_assert_max_num_queries(8):
            assert len(client.get("/api/v1/actions").json()["results"]) == 13

    def test_what_may_not_be_seen_is_not_there(self, author: Person, outsider: Person) -> None:
        hidden = add_action(author, factories.draft(author).incident, title="x")
        client = bearer(outsider)

        assert client.get(f"/api/v1/actions/{hidden.pk}").status_code == 404
        assert patch(client, hidden.pk, {"status": "done"}).status_code == 404
        assert client.get("/api/v1/actions").json()["count"] == 0

    def test_a_review_with_roles_tells_no_owner_to_others(self, author: Person, outsider: Person) -> None:
        review = factories.draft(author)
        Review.objects.filter(pk=review.pk).update(names_as_roles=True)
        made = add_action(author, review.incident, title="Ask Author", owner=author)
        publish_review(author, Review.objects.get(pk=review.pk))
        change_action(author, made.pk, evidence="Author saw it")
        client = bearer(outsider)

        answer = client.get(f"/api/v1/actions/{made.pk}")

        assert answer.json()["owner"] is None
        assert "author" not in answer.content.decode().lower()
        assert client.get("/api/v1/actions?owner=author").json()["count"] == 0

    @pytest.mark.parametrize(
        "query",
        ["status=lost", "owner=nobody-here", "team=none-such", "page=0", "per_page=9999", "review=x", "owner=%00"],
    )
    def test_a_filter_that_means_nothing_is_refused(self, author: Person, query: str) -> None:
        answer = bearer(author).get(f"/api/v1/actions?{query}")

        assert answer.status_code == 422
        assert answer.json()["error"]["fields"]

    def test_a_number_beyond_all_keys_is_not_found(self, author: Person) -> None:
        assert bearer(author).get(f"/api/v1/actions/{10**30}").status_code == 404


class TestAdding:
    def test_an_item_is_added(self, author: Person, review: Review) -> None:
        removed = factor(review)
        payload = {
            "review": review.incident.number, "title": "Add an alert", "owner": "author", "due": "2026-12-01",
            "kind": "detect", "factors": [removed.pk], "done_when": "It fires.", "status": "proposed",
            "tracker_url": "https://example.org/1",
        }  # fmt: skip

        answer = post(bearer(author), payload)

        assert answer.status_code == 201
        assert answer["Location"].endswith(f"/actions/{answer.json()['id']}/")
        assert {name: answer.json()[name] for name in payload} == payload

    @pytest.mark.parametrize("status", ["open", "in-progress", "done", "wont-do"])
    def test_it_may_be_in_every_state(self, author: Person, review: Review, status: str) -> None:
        payload = {"review": review.incident.number, "title": "x", "status": status, "reason": "No."}

        assert post(bearer(author), payload).json()["status"] == status

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"title": ""}, "title"),
            ({"status": "wont-do"}, "reason"),
            ({"status": "lost"}, "status"),
            ({"kind": "lost"}, "kind"),
            ({"owner": "nobody-here"}, "owner"),
            ({"team": "none-such"}, "team"),
            ({"due": "tomorrow"}, "due"),
            ({"due": "0001-01-01"}, "due"),
            ({"factors": [99]}, "factors"),
            ({"factors": [2**70]}, "factors.0"),
            ({"tracker_url": "javascript:alert(1)"}, "tracker_url"),
            ({"title": None}, "title"),
        ],
    )
    def test_what_will_not_do_is_named_and_nothing_is_added(
        self, author: Person, review: Review, wrong: dict[str, Any], field: str
    ) -> None:
        answer = post(bearer(author), {"review": review.incident.number, "title": "x", **wrong})

        assert (answer.status_code, [*answer.json()["error"]["fields"]]) == (422, [field])
        assert not ActionItem.objects.exists()

    def test_only_who_writes_the_review_adds(self, review: Review, outsider: Person) -> None:
        assert post(bearer(outsider), {"review": review.incident.number, "title": "x"}).status_code == 403

    def test_a_token_for_reading_adds_nothing(self, author: Person, review: Review) -> None:
        answer = post(bearer(author, "read"), {"review": review.incident.number, "title": "x"})

        assert answer.status_code == 403


class TestChanging:
    def test_done_alone_is_enough(self, author: Person, action: ActionItem) -> None:
        answer = patch(bearer(author), action.pk, {"status": "done"})

        assert (answer.status_code, answer.json()["status"]) == (200, "done")

    def test_what_is_not_given_stays(self, author: Person, action: ActionItem) -> None:
        told = patch(bearer(author), action.pk, {"due": "2027-01-01", "note": "Late."}).json()

        assert (told["title"], told["owner"], told["due"]) == ("Add an alert", "author", "2027-01-01")
        assert action.changes.get(field="due", after="2027-01-01").note == "Late."

    def test_null_takes_away(self, author: Person, action: ActionItem) -> None:
        told = patch(bearer(author), action.pk, {"owner": None, "due": None}).json()

        assert (told["owner"], told["due"]) == (None, None)

    def test_a_lead_assigns_and_does_not_rewrite(self, action: ActionItem) -> None:
        client = bearer(factories.person("lead", role="team-lead"))

        assert patch(client, action.pk, {"owner": "lead"}).json()["owner"] == "lead"
        assert patch(client, action.pk, {"title": "Other"}).status_code == 403

    def test_factors_and_links_are_set(self, author: Person, action: ActionItem) -> None:
        removed, other = factor(action.incident.review), add_action(author, action.incident, title="Other")

        told = patch(bearer(author), action.pk, {"factors": [removed.pk], "waits_for": [other.pk]}).json()

        assert (told["factors"], told["waits_for"]) == ([removed.pk], [other.pk])
        assert patch(bearer(author), action.pk, {"waits_for": []}).json()["waits_for"] == []

    def test_somebody_else_verifies(self, author: Person, action: ActionItem) -> None:
        lead = bearer(factories.person("lead", role="team-lead"))
        assert patch(bearer(author), action.pk, {"status": "done", "verified": True}).status_code == 422

        patch(bearer(author), action.pk, {"status": "done"})

        assert patch(lead, action.pk, {"verified": True}).json()["verified_by"] == "lead"
        assert patch(lead, action.pk, {"verified": False}).json()["verified_by"] is None

    def test_a_change_that_is_refused_in_part_changes_nothing(self, author: Person, action: ActionItem) -> None:
        assert patch(bearer(author), action.pk, {"status": "done", "waits_for": [2**62]}).status_code == 422

        action.refresh_from_db()
        assert action.status == "open"

    def test_a_stale_copy_is_refused(self, author: Person, action: ActionItem) -> None:
        client = bearer(author)
        seen = client.get(f"/api/v1/actions/{action.pk}")["ETag"]
        change_action(author, action.pk, due=date(2027, 1, 1))

        answer = patch(client, action.pk, {"status": "done"}, if_match=seen)

        assert (answer.status_code, answer.json()["error"]["code"]) == (412, "stale")

    @pytest.mark.parametrize("form", ["{}", 'W/{}, "other"', "*"])
    def test_a_fresh_copy_is_taken(self, author: Person, action: ActionItem, form: str) -> None:
        client = bearer(author)
        seen = client.get(f"/api/v1/actions/{action.pk}")["ETag"]

        answer = patch(client, action.pk, {"status": "done"}, if_match=form.format(seen))

        assert answer.status_code == 200
        assert answer["ETag"] != seen

    def test_a_reader_changes_nothing(self, action: ActionItem, outsider: Person) -> None:
        assert patch(bearer(outsider), action.pk, {"status": "done"}).status_code == 403

    @pytest.mark.parametrize("body", ["", "[]", "{", '{"title": "\\u0000\\ud800"}', '{"due": 1e400}', '{"owner": {}}'])
    def test_no_body_breaks_it(self, author: Person, action: ActionItem, body: str) -> None:
        answer = bearer(author).patch(f"/api/v1/actions/{action.pk}", body, content_type="application/json")

        assert answer.status_code < 500
