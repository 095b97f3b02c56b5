"""Many items at once: all or none, nothing silently overwritten, in few queries."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from actions.bulk import NothingChanged, change_actions
from actions.models import ActionChange, ActionItem, ActionStatus
from actions.operations import change_action
from actions.seen import Seen
from actions.signals import actions_changed
from actions.verifying import verify_action
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
WEEKS = timedelta(weeks=2)


def lead(username: str = "lena") -> Person:
    return factories.person(username, role="team-lead")


def items(author: Person, many: int, **values: Any) -> list[ActionItem]:
    """One in each of so many published reviews."""
    return [
        ActionItem.objects.create(
            incident=factories.published(author, f"Incident {number}").review.incident,
            **{"title": f"Fix {number}", "due": date(2026, 12, 1) + timedelta(days=number), **values},
        )
        for number in range(many)
    ]


def as_seen(actions: list[ActionItem]) -> list[Seen]:
    return [Seen.of(one) for one in actions]


def test_owner_team_date_and_status_are_set_at_once_with_history_and_audit(author: Person) -> None:
    some, team = items(author, 3), factories.team("Core")
    changed = change_actions(
        lead(), as_seen(some), owner=author, team=team, due=date(2027, 1, 31), status="in-progress", note="Planned."
    )
    assert {one.pk for one in changed} == {one.pk for one in some}
    stored = ActionItem.objects.order_by().values_list("owner", "team", "due", "status").distinct()
    assert list(stored) == [(author.pk, team.pk, date(2027, 1, 31), "in-progress")]
    kept = ActionChange.objects.filter(action=some[0]).values_list("field", "before", "after", "note", "by__username")
    assert set(kept) == {
        ("owner", "", str(author.pk), "Planned.", "lena"),
        ("team", "", str(team.pk), "Planned.", "lena"),
        ("due", "2026-12-01", "2027-01-31", "Planned.", "lena"),
        ("status", "open", "in-progress", "Planned.", "lena"),
    }
    entries = AuditEntry.objects.filter(verb="change-action").values_list("subject", "detail")
    detail = f"action {some[0].pk}: due, owner, status, team"
    assert (f"incident {some[0].incident.number}", detail) in entries
    assert len(entries) == 3


def test_due_dates_move_each_by_the_same_time_and_from_today_where_there_is_none(author: Person) -> None:
    dated, undated = items(author, 2), items(author, 1, due=None)
    change_actions(lead(), as_seen([*dated, *undated]), later_by=WEEKS)
    after = [ActionItem.objects.get(pk=one.pk).due for one in [*dated, *undated]]
    assert after == [date(2026, 12, 15), date(2026, 12, 16), timezone.localdate() + WEEKS]


def test_what_is_so_already_is_left_alone(author: Person) -> None:
    mine, other = items(author, 1, owner=author), items(author, 1)
    changed = change_actions(lead(), as_seen([*mine, *other]), owner=author)
    assert [one.pk for one in changed] == [other[0].pk]
    assert ActionChange.objects.count() == 1


def test_an_item_that_changed_meanwhile_stops_all_and_is_told_of(author: Person) -> None:
    some = items(author, 3)
    seen = as_seen(some)
    change_action(author, some[1].pk, owner=author)
    with pytest.raises(NothingChanged) as stopped:
        change_actions(lead(), seen, owner=lead("lou"))
    (one,) = stopped.value.meanwhile
    assert (one.action.pk, one.fields, one.action.owner) == (some[1].pk, ["owner"], author)
    assert one.last is not None
    assert one.last.by == author
    assert not ActionItem.objects.filter(owner__username="lou").exists()
    assert ActionChange.objects.count() == 1


def test_another_change_meanwhile_does_not_stop_one_to_other_fields(author: Person) -> None:
    some = items(author, 2)
    seen = as_seen(some)
    change_action(author, some[0].pk, status="in-progress", title="Said better")
    change_actions(lead(), seen, owner=author)
    assert ActionItem.objects.filter(owner=author).count() == 2


def test_the_same_wish_twice_is_no_conflict(author: Person) -> None:
    some = items(author, 2)
    seen = as_seen(some)
    change_action(author, some[0].pk, owner=author)
    change_actions(lead(), seen, owner=author)
    assert ActionItem.objects.filter(owner=author).count() == 2


def test_what_is_gone_or_hidden_stops_all_and_looks_alike(author: Person) -> None:
    some = items(author, 3)
    seen = as_seen(some)
    some[0].incident.visibility = "restricted"
    some[0].incident.save()
    some[1].delete()
    with pytest.raises(NothingChanged) as stopped:
        change_actions(lead(), seen, status="in-progress")
    assert stopped.value.gone == [seen[0].pk, seen[1].pk]
    assert not ActionItem.objects.filter(status="in-progress").exists()


def test_who_may_not_assign_changes_their_own_items_only(author: Person) -> None:
    reader = factories.person("rita", role="reader")
    own, other = items(author, 1, owner=reader), items(author, 1)
    with pytest.raises(NothingChanged) as stopped:
        change_actions(reader, as_seen([*own, *other]), status="in-progress")
    assert [one.pk for one in stopped.value.not_theirs] == [other[0].pk]
    change_actions(reader, as_seen(own), status="in-progress")
    assert ActionItem.objects.get(pk=own[0].pk).status == "in-progress"


def test_authors_change_the_items_of_reviews_in_which_they_take_part(author: Person) -> None:
    change_actions(author, as_seen(items(author, 2)), status="in-progress")
    assert ActionItem.objects.filter(status="in-progress").count() == 2


def test_items_of_archived_reviews_are_fixed(author: Person) -> None:
    some = items(author, 2)
    some[0].incident.status = "archived"
    some[0].incident.save()
    with pytest.raises(NothingChanged) as stopped:
        change_actions(lead(), as_seen(some), status="in-progress")
    assert [one.pk for one in stopped.value.archived] == [some[0].pk]


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"status": "wont-do"}, "reason"),
        ({"status": "nonsense"}, "status"),
        ({"due": date(2150, 1, 1)}, "due"),
        ({"later_by": timedelta(days=999_999_999)}, "due"),
    ],
)
def test_a_value_that_will_not_do_changes_nothing(author: Person, values: dict[str, Any], where: str) -> None:
    some = items(author, 2)
    with pytest.raises(ValidationError) as refused:
        change_actions(lead(), as_seen(some), owner=author, **values)
    assert list(refused.value.message_dict) == [where]
    assert not ActionItem.objects.filter(owner=author).exists()


def test_done_keeps_evidence_and_the_moment_and_opening_again_clears_it(author: Person) -> None:
    some = items(author, 2)
    change_actions(lead(), as_seen(some), status="done", evidence="[The alert](https://example.org/a)")
    done = list(ActionItem.objects.order_by("pk"))
    assert all(one.done_at and "https://example.org/a" in one.evidence_html for one in done)
    change_actions(lead(), as_seen(done), status="open")
    assert not ActionItem.objects.exclude(done_at=None).exists()


def test_whoever_listens_is_told_of_all_items_at_once(author: Person) -> None:
    told: list[dict[int, set[str]]] = []

    def listen(sender: Any, fields: dict[int, set[str]], **_: Any) -> None:
        told.append(fields)

    some = items(author, 2)
    actions_changed.connect(listen)
    try:
        change_actions(lead(), as_seen(some), status="in-progress")
    finally:
        actions_changed.disconnect(listen)
    assert told == [{one.pk: {"status"} for one in some}]


def test_queries_do_not_grow_with_the_items(author: Person) -> None:
    def queries(many: int) -> int:
        seen = as_seen(items(author, many, status=ActionStatus.PROPOSED))
        with CaptureQueriesContext(connection) as asked:
            change_actions(lead(), seen, owner=author, status="in-progress", later_by=WEEKS)
        return len(asked)

    queries(1)
    assert queries(2) == queries(12) <= 11


def test_what_was_seen_says_nothing_of_the_owner(author: Person) -> None:
    (one,) = items(author, 1, owner=author)
    (other,) = items(author, 1, owner=author)
    assert Seen.of(one).owner != Seen.of(other).owner
    assert Seen.read(Seen.of(one).written) == Seen.of(one)


@pytest.mark.parametrize("written", ["", "x", "1.open", "1.open.2026-12-01.zz.1", "-1", "٣", "9" * 40, "1.open...1\n"])
def test_what_no_form_of_ours_says_is_not_read(written: str) -> None:
    assert Seen.read(written) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_assign_the_same_item_at_once_one_is_told() -> None:
    author = factories.person("author")
    some = items(author, 3)
    seen = as_seen(some)
    start = threading.Barrier(2)
    told: list[str] = []
    done: list[str] = []

    def assign(username: str) -> None:
        try:
            start.wait(20)
            change_actions(Person.objects.get(username=username), seen, owner=Person.objects.get(username=username))
            done.append(username)
        except NothingChanged as stopped:
            assert len(stopped.meanwhile) == 3
            told.append(username)
        finally:
            connection.close()

    threads = [threading.Thread(target=assign, args=(lead(name).username,)) for name in ("lena", "lou")]
    run_all(threads)
    assert len(done) == len(told) == 1
    assert set(ActionItem.objects.values_list("owner__username", flat=True)) == set(done)


@pytest.mark.django_db(transaction=True)
def test_changes_to_the_same_items_in_another_order_wait_for_each_other() -> None:
    author = factories.person("author")
    some = items(author, 6)
    problems: list[BaseException] = []
    lena = lead()

    def change(number: int) -> None:
        try:
            for turn in range(4):
                seen = [Seen(one.pk) for one in some]
                change_actions(lena, seen if number else seen[::-1], status="open" if turn % 2 else "in-progress")
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    run_all([threading.Thread(target=change, args=(number,)) for number in range(2)])
    assert not problems


def run_all(threads: list[threading.Thread], then: Callable[[], None] = lambda: None) -> None:
    for one in threads:
        one.start()
    then()
    for one in threads:
        one.join(60)


def test_what_is_done_already_keeps_its_evidence_and_who_verified_it(author: Person) -> None:
    somebody = lead()
    done, other = items(author, 2)
    change_action(author, done.pk, status="done", evidence="The alert fired.")
    verify_action(somebody, done.pk)
    change_actions(author, [Seen(done.pk), Seen(other.pk)], status="done", evidence="All of it is live.")
    done.refresh_from_db()
    other.refresh_from_db()
    assert (done.evidence, done.verified_by, other.evidence) == ("The alert fired.", somebody, "All of it is live.")


def test_what_wont_be_done_already_keeps_its_reason(author: Person) -> None:
    dropped, other = items(author, 2)
    change_action(author, dropped.pk, status="wont-do", reason="Bought instead.")
    change_actions(author, [Seen(dropped.pk), Seen(other.pk)], status="wont-do", reason="No time.")
    dropped.refresh_from_db()
    assert dropped.reason == "Bought instead."
