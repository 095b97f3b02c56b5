"""The page of one action item: what it tells whom, and the forms that change it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from actions.linking import wait_for
from actions.merging import merge_actions
from actions.models import ActionItem
from actions.operations import add_action, change_action
from actions.splitting import split_action
from actions.verifying import verify_action
from followup.item.forms import seen_of
from reviews.models import Factor, Review
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def review(author: Person) -> Review:
    return factories.published(author, "Checkout slow").review


@pytest.fixture
def action(author: Person, review: Review) -> ActionItem:
    return add_action(author, review.incident, title="Add an alert for pool use", due=date(2026, 12, 1))


def page_of(client: Client, action: ActionItem) -> str:
    answer = client.get(reverse("action", args=[action.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def send(client: Client, action: ActionItem, what: str, **typed: Any) -> Any:
    return client.post(reverse("action-change", args=[action.pk, what]), typed)


class TestTelling:
    def test_it_says_what_is_known_of_the_item(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        change_action(author, action.pk, owner=author, team=factories.team("Core"), done_when="It fires in staging.")
        factor = Factor.objects.create(review=action.incident.review, text="No alert", html="<p>No alert</p>")
        factor.actions.add(action)

        page = page_of(sign_in(author), action)

        for words in (
            "Add an alert for pool use",
            "Checkout slow",
            "1 Dec 2026",
            "Core",
            "It fires in staging.",
            "No alert",
        ):
            assert words in page

    def test_what_is_overdue_says_by_how_much(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        change_action(author, action.pk, due=timezone.localdate() - timedelta(days=3))

        assert "3 days overdue" in page_of(sign_in(author), action)

    def test_done_without_evidence_says_so(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        change_action(author, action.pk, status="done")

        assert "nothing shows it yet" in page_of(sign_in(author), action)

    def test_each_move_of_the_due_date_says_who_and_why(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        change_action(author, action.pk, due=date(2026, 12, 15), note="The vendor is late.")

        page = page_of(sign_in(author), action)

        assert "moved 1 time" in page
        assert "changed the due date from" in page
        assert "The vendor is late." in page

    def test_an_owner_who_may_not_read_the_review_hears_nothing_of_it(self, sign_in: SignIn, author: Person) -> None:
        review = factories.draft(author, "Secret")
        action = add_action(author, review.incident, title="Add an alert", owner=factories.person("dana"))
        assert "They may not read this review" in page_of(sign_in(author), action)

        review.incident.participants.create(person=action.owner, role="responder")
        assert "They may not read this review" not in page_of(sign_in(author), action)

    def test_an_owner_whose_account_is_closed_hears_nothing_of_it(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        change_action(author, action.pk, owner=factories.person("dana"))
        Person.objects.filter(username="dana").update(is_active=False)
        assert "Their account is closed" in page_of(sign_in(author), action)

    def test_an_item_of_a_hidden_review_does_not_exist(self, sign_in: SignIn, author: Person) -> None:
        action = add_action(author, factories.draft(author).incident, title="x")

        assert (
            sign_in(factories.person("lead", role="team-lead")).get(reverse("action", args=[action.pk])).status_code
            == 404
        )

    def test_a_number_beyond_all_keys_is_not_found(self, sign_in: SignIn, author: Person) -> None:
        assert sign_in(author).get(f"/actions/{10**30}/").status_code == 404

    def test_links_parts_and_merges_are_shown(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        first, second = (add_action(author, action.incident, title=one) for one in ("Buy a graph", "Same alert"))
        wait_for(author, action.pk, first.pk)
        split_action(author, action.pk, ["Alert on the queue"])
        merge_actions(author, action.pk, [second.pk])

        page = page_of(sign_in(author), action)

        for words in ("Buy a graph", "Alert on the queue", "Same alert", "Merged into this", "Waits for"):
            assert words in page

    def test_a_link_to_a_hidden_item_is_not_shown(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        hidden = add_action(author, factories.draft(author, "Hidden").incident, title="Secret work")
        wait_for(author, action.pk, hidden.pk)

        assert "Secret work" not in page_of(sign_in(factories.person("lead", role="team-lead")), action)

    def test_a_circle_is_said(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        other = add_action(author, action.incident, title="Other")
        wait_for(author, action.pk, other.pk)
        wait_for(author, other.pk, action.pk)

        assert "in a circle" in page_of(sign_in(author), action)

    def test_a_reader_gets_no_forms(self, sign_in: SignIn, action: ActionItem) -> None:
        page = page_of(sign_in(factories.person("reader", role="reader")), action)

        assert f"/actions/{action.pk}/change/" not in page

    def test_the_owner_is_told_that_somebody_else_verifies(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        change_action(author, action.pk, status="done", owner=author)

        page = page_of(sign_in(author), action)

        assert "somebody else does" in page
        assert reverse("action-change", args=[action.pk, "verify"]) not in page

    def test_a_page_full_of_links_and_history_takes_no_more_queries(
        self, sign_in: SignIn, author: Person, action: ActionItem, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            other = add_action(author, action.incident, title=f"Other {number}", owner=author)
            wait_for(author, action.pk, other.pk)
            change_action(author, action.pk, due=date(2027, 1, 1 + number))
        split_action(author, action.pk, [f"Part {number}" for number in range(8)])
        client = sign_in(author)
        page_of(client, action)

        with django_assert_max_num_queries(32):
            page_of(client, action)


class TestRoles:
    @pytest.fixture
    def named(self, author: Person) -> ActionItem:
        """An item of a review that writes people as roles, with their names in all that came later."""
        review = factories.draft(author, "Author's pool ran dry")
        Review.objects.filter(pk=review.pk).update(names_as_roles=True)
        action = add_action(author, review.incident, title="Ask Author about the index", owner=author)
        publish_review(author, Review.objects.get(pk=review.pk))
        change_action(author, action.pk, due=date(2026, 12, 1), note="Author was away.")
        return change_action(author, action.pk, status="done", evidence="Author saw it fire.")

    def test_those_who_took_no_part_read_no_name(self, sign_in: SignIn, named: ActionItem) -> None:
        verify_action(factories.person("zora", role="team-lead"), named.pk, "Author showed me.")

        page = page_of(sign_in(factories.person("lead", role="team-lead")), named)

        main = page[page.index("<main") : page.index("<datalist")]
        assert "Author" not in main
        assert "Zora" not in main

    def test_those_who_took_part_read_names(self, sign_in: SignIn, author: Person, named: ActionItem) -> None:
        assert "Author was away." in page_of(sign_in(author), named)

    def test_the_form_of_the_owner_does_not_hold_the_name(self, sign_in: SignIn, named: ActionItem) -> None:
        page = page_of(sign_in(factories.person("lead", role="team-lead")), named)

        assert 'value="author"' not in page[: page.index("<datalist")]


class TestChanging:
    def test_the_due_date_moves_with_its_reason(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        answer = send(sign_in(author), action, "due", due="2026-12-15", note="Late.", seen=seen_of(action, ["due"]))

        assert answer.status_code == 302
        action.refresh_from_db()
        assert action.due == date(2026, 12, 15)
        assert action.changes.get(field="due", after="2026-12-15").note == "Late."

    def test_a_wrong_day_is_said_beside_the_field_and_stays_typed(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        answer = send(sign_in(author), action, "due", due="the day after", note="Because.")

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "is not a day we can read" in page
        assert 'value="the day after"' in page
        assert 'value="Because."' in page

    def test_what_somebody_changed_meanwhile_is_shown_beside_what_was_typed(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        seen = seen_of(action, ["due"])
        change_action(author, action.pk, due=date(2026, 12, 10))

        answer = send(sign_in(factories.person("lead", role="team-lead")), action, "due", due="2026-12-20", seen=seen)

        page = " ".join(answer.content.decode().split())
        assert answer.status_code == 409
        assert "10 Dec 2026" in page
        assert "20 Dec 2026" in page
        action.refresh_from_db()
        assert action.due == date(2026, 12, 10)

    def test_sending_it_again_after_that_puts_it_in_place(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        seen = seen_of(action, ["due"])
        changed = change_action(author, action.pk, due=date(2026, 12, 10))
        client = sign_in(author)
        send(client, action, "due", due="2026-12-20", seen=seen)

        assert send(client, action, "due", due="2026-12-20", seen=seen_of(changed, ["due"])).status_code == 302

    def test_who_wants_the_same_as_somebody_else_is_not_bothered(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        seen = seen_of(action, ["owner"])
        change_action(author, action.pk, owner=author)

        assert send(sign_in(author), action, "owner", owner="author", seen=seen).status_code == 302

    def test_two_leads_who_assign_at_once(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        seen = seen_of(action, ["owner"])
        factories.person("ada")
        change_action(author, action.pk, owner=factories.person("zora"))

        answer = send(sign_in(author), action, "owner", owner="ada", seen=seen)

        assert answer.status_code == 409
        assert "Zora" in answer.content.decode()

    def test_done_with_what_shows_it(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        send(sign_in(author), action, "done", evidence="https://example.org/alert")

        action.refresh_from_db()
        assert (action.status, action.evidence) == ("done", "https://example.org/alert")

    def test_done_without_a_word(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        send(sign_in(author), action, "done", evidence="")

        action.refresh_from_db()
        assert action.status == "done"

    def test_wont_do_without_a_reason_is_refused(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        answer = send(sign_in(author), action, "wont_do", reason=" ")

        assert answer.status_code == 422
        assert "Say why it won" in answer.content.decode()

    def test_it_is_reopened(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        change_action(author, action.pk, status="wont-do", reason="No.")
        send(sign_in(author), action, "move", status="open")

        action.refresh_from_db()
        assert action.status == "open"

    def test_somebody_else_verifies(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        change_action(author, action.pk, status="done")
        send(sign_in(author), action, "verify", note="I saw it fire.")

        assert "looked and says that it is done" in page_of(sign_in(author), action)

    def test_the_owner_who_tries_is_told(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        change_action(author, action.pk, status="done", owner=author)
        answer = send(sign_in(author), action, "verify", note="")

        assert answer.status_code == 422

    def test_words_and_factors_are_changed_by_who_writes_the_review(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        factor = Factor.objects.create(review=action.incident.review, text="No alert", html="<p>No alert</p>")
        answer = send(
            sign_in(author),
            action,
            "words",
            title="New title",
            done_when="It fires.",
            kind="detect",
            factors=[factor.pk],
        )

        assert answer.status_code == 302
        action.refresh_from_db()
        assert (action.title, action.done_when, action.factors.get()) == ("New title", "It fires.", factor)

    def test_a_lead_who_took_no_part_does_not_change_the_words(self, sign_in: SignIn, action: ActionItem) -> None:
        lead = factories.person("lead", role="team-lead")

        assert send(sign_in(lead), action, "words", title="New title", kind="prevent").status_code == 403

    def test_splitting_and_merging_back(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        client = sign_in(author)
        send(client, action, "split", stays="Alert on the pool", titles="Alert on the queue\r\n\r\nAlert on the disk")
        assert [one.title for one in action.parts.all()] == ["Alert on the queue", "Alert on the disk"]
        part = action.parts.all()[0]

        send(client, part, "merge", other=f"http://testserver/actions/{action.pk}/", note="")
        part.refresh_from_db()
        assert part.merged_into_id == action.pk

        send(client, part, "unmerge")
        part.refresh_from_db()
        assert part.status == "open"

    def test_the_owner_reads_why_an_item_is_not_merged_into_one_of_others(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        owner = factories.person("owner", role="reader")
        own = add_action(author, action.incident, title="Own", owner=owner)
        answer = send(sign_in(owner), own, "merge", other=str(action.pk), note="")
        assert answer.status_code == 422
        assert "You may not change that item" in answer.content.decode()

    def test_the_owner_reads_why_a_merge_is_not_taken_back(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        owner = factories.person("owner", role="reader")
        own = add_action(author, action.incident, title="Own", owner=owner)
        merge_actions(author, action.pk, [own.pk])
        answer = send(sign_in(owner), own, "unmerge")
        assert answer.status_code == 422
        assert "is not yours to change" in answer.content.decode()

    def test_who_begins_what_somebody_dropped_meanwhile_is_told(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        seen = seen_of(action, ["status"])
        change_action(author, action.pk, status="wont-do", reason="Bought instead.")
        answer = send(sign_in(author), action, "move", status="in-progress", seen=seen)
        assert answer.status_code == 409
        assert "while your form stood open" in answer.content.decode()

    def test_what_names_no_item_is_said_beside_the_field(
        self, sign_in: SignIn, author: Person, action: ActionItem
    ) -> None:
        for typed in ("something", "99999999", str(action.pk), "9" * 40, "http://[x/actions/1/", "\x00"):
            answer = send(sign_in(author), action, "wait", other=typed)
            assert (answer.status_code, "field-error" in answer.content.decode()) == (422, True)

    def test_a_link_is_made_and_taken_away(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        other = add_action(author, action.incident, title="Other")
        client = sign_in(author)
        send(client, action, "wait", other=f"#{other.pk}")
        assert action.waits_for.get() == other

        client.post(reverse("action-unlink", args=[action.pk]), {"other": other.pk})
        assert not action.waits_for.exists()

    def test_a_reader_changes_nothing(self, sign_in: SignIn, action: ActionItem) -> None:
        client = sign_in(factories.person("reader", role="reader"))

        for what, typed in (
            ("due", {"due": "+2w"}),
            ("done", {}),
            ("owner", {"owner": "reader"}),
            ("due", {"due": "?"}),
        ):
            assert send(client, action, what, **typed).status_code == 403

    def test_an_archived_review_keeps_its_items(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        type(action.incident).objects.filter(pk=action.incident_id).update(status="archived")
        client = sign_in(author)

        assert "is archived" in page_of(client, action)
        assert send(client, action, "due", due="+2w").status_code == 403

    @pytest.mark.parametrize("what", ["nothing", "__class__", "item"])
    def test_a_form_that_is_none_is_not_found(
        self, sign_in: SignIn, author: Person, action: ActionItem, what: str
    ) -> None:
        assert send(sign_in(author), action, what).status_code == 404

    def test_nothing_typed_breaks_it(self, sign_in: SignIn, author: Person, action: ActionItem) -> None:
        client = sign_in(author)
        names = ["owner", "team", "due", "status", "evidence", "reason", "title", "kind", "factors", "titles"]
        typed = dict.fromkeys(names, ("\x00\ud800" + "9" * 400).encode("utf-8", "surrogatepass"))
        for what in ("owner", "team", "due", "move", "done", "evidence", "wont_do", "words", "split", "merge", "wait"):
            answer = client.post(
                reverse("action-change", args=[action.pk, what]),
                {**typed, "seen": "\x00:,due,:x"},
            )
            assert answer.status_code < 500
