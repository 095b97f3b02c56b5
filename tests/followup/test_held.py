"""Did it hold? What is asked, when and whom, what has happened since, and where the answer is shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action, delete_action
from catalog.models import Membership
from followup.held.answering import answer_held
from followup.held.asking import AGAIN, MOST_TIMES, TOO_LATE, USUAL_WEEKS, ask, set_weeks
from followup.held.evidence import evidence_for
from followup.held.questions import people_asked, questions_of
from followup.models import HoldCheck
from incidents.models import Grant
from reviews.models import Factor
from reviews.operations import undo
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db

DONE = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ASKED = DONE + timedelta(weeks=USUAL_WEEKS)
SignIn = Callable[[Person], Client]


@pytest.fixture
def owner(db: None) -> Person:
    return factories.person("owner", role="author")


@pytest.fixture
def fix(author: Person, owner: Person) -> ActionItem:
    """A fix of a missing capacity in Payments, done by `owner` on 1 June."""
    return done_item(author, owner)


def done_item(author: Person, owner: Person | None, title: str = "Add a limit", **more: Any) -> ActionItem:
    review = factories.draft(author, "Pool ran dry", services=[factories.service("Payments")])
    item = ActionItem.objects.create(
        incident=review.incident, title=title, owner=owner, status="done", done_at=DONE, **more
    )
    factor = Factor.objects.create(review=review, text="No limit", html="No limit", cause=factories.cause("capacity"))
    factor.actions.add(item)
    publish_review(author, review)
    return item


def later(author: Person, title: str, **facts: Any) -> Any:
    """An incident a week after the fix, of the same service and category unless told otherwise."""
    facts = {"occurred_at": DONE + timedelta(days=7), "services": [factories.service("Payments")]} | facts
    return factories.published(author, title, **{"causes": [factories.cause("capacity")], **facts})


def asked_about(person: Person) -> list[str]:
    return [one.item.title for one in questions_of(person)]


def test_the_owner_is_asked_some_weeks_after_completion_and_not_before(fix: ActionItem, owner: Person) -> None:
    assert ask(ASKED - timedelta(hours=1)) == 0
    assert asked_about(owner) == []
    assert ask(ASKED) == 1
    assert asked_about(owner) == ["Add a limit"]
    assert [*people_asked()] == [owner]


def test_it_is_asked_once_however_often_the_task_runs(fix: ActionItem) -> None:
    ask(ASKED)
    ask(ASKED + timedelta(days=1))
    assert HoldCheck.objects.count() == 1


def test_what_was_done_long_ago_is_not_asked_about(fix: ActionItem) -> None:
    assert ask(ASKED + TOO_LATE) == 0


def test_an_item_that_removes_no_factor_is_not_asked_about(fix: ActionItem) -> None:
    fix.factors.clear()
    assert ask(ASKED) == 0


def test_the_organisation_chooses_after_how_many_weeks(fix: ActionItem, author: Person) -> None:
    admin = factories.person("boss", role="administrator")
    set_weeks(admin, 2)
    assert ask(DONE + timedelta(weeks=2)) == 1
    with pytest.raises(PermissionDenied):
        set_weeks(author, 3)
    for wrong in (0, 53, None):
        with pytest.raises(ValidationError):
            set_weeks(admin, wrong)


def test_unknown_is_asked_again_a_few_times_at_most(fix: ActionItem, owner: Person) -> None:
    now = ASKED
    for number in range(1, MOST_TIMES + 1):
        assert ask(now) == 1, number
        answer_held(owner, fix.pk, answer="unknown")
        HoldCheck.objects.filter(number=number).update(answered_at=now)
        assert ask(now + AGAIN - timedelta(hours=1)) == 0
        now += AGAIN
    assert ask(now) == 0
    assert asked_about(owner) == []


def test_an_answer_ends_the_question_and_can_be_changed_later(fix: ActionItem, owner: Person, author: Person) -> None:
    ask(ASKED)
    answer_held(owner, fix.pk, answer="held", note="No alert since.")
    assert asked_about(owner) == []
    assert ask(ASKED + AGAIN * 2) == 0
    changed = answer_held(author, fix.pk, answer="recurred", note="Again in July.")
    assert HoldCheck.objects.get() == changed
    assert (changed.answer, changed.note, changed.answered_by) == ("recurred", "Again in July.", author)


def test_it_can_be_answered_before_it_is_asked(fix: ActionItem, owner: Person) -> None:
    answer_held(owner, fix.pk, answer="held")
    assert ask(ASKED) == 0


def test_an_item_done_anew_is_asked_about_anew(fix: ActionItem, owner: Person) -> None:
    ask(ASKED)
    answer_held(owner, fix.pk, answer="held")
    ActionItem.objects.filter(pk=fix.pk).update(done_at=ASKED)
    assert ask(ASKED + timedelta(weeks=USUAL_WEEKS)) == 1
    assert asked_about(owner) == ["Add a limit"]


def test_an_item_that_was_opened_again_is_not_asked_about(fix: ActionItem, owner: Person, author: Person) -> None:
    ask(ASKED)
    change_action(author, fix.pk, status="open")
    assert (asked_about(owner), [*people_asked()]) == ([], [])
    with pytest.raises(ValidationError):
        answer_held(owner, fix.pk, answer="held")


def test_the_leads_of_its_team_are_asked_where_it_has_no_owner_any_more(author: Person) -> None:
    lead, member = factories.person("lee", role="team-lead"), factories.person("mia")
    team = factories.team("Core", lead, member)
    Membership.objects.filter(person=lead).update(is_lead=True)
    gone = factories.person("gone", is_active=False)
    done_item(author, None, "Without owner", team=team)
    done_item(author, gone, "Of one who left", team=team)
    done_item(author, author, "Owned", team=team)
    ask(ASKED)
    assert asked_about(lead) == ["Without owner", "Of one who left"]
    assert asked_about(member) == []
    assert {*people_asked()} == {author, lead}


def test_nobody_is_asked_about_what_they_may_not_see(fix: ActionItem, owner: Person) -> None:
    ask(ASKED)
    fix.incident.visibility = "restricted"
    fix.incident.save()
    assert asked_about(owner) == []
    with pytest.raises(Http404):
        answer_held(owner, fix.pk, answer="held")


def test_others_may_not_answer(fix: ActionItem, outsider: Person) -> None:
    with pytest.raises(PermissionDenied):
        answer_held(outsider, fix.pk, answer="held")


def test_incidents_since_share_category_and_service_and_began_later(
    fix: ActionItem, author: Person, outsider: Person
) -> None:
    later(author, "The same again")
    later(author, "Another service", services=[factories.service("Search")])
    later(author, "Another cause", causes=[factories.cause("monitoring")])
    later(author, "Before", occurred_at=DONE - timedelta(days=1))
    later(author, "Restricted", visibility="restricted")
    assert [one.title for one in evidence_for(fix, outsider).found] == ["The same again"]
    assert [one.title for one in evidence_for(fix, author).found] == ["Restricted", "The same again"]


def test_a_category_below_the_factors_own_counts_as_well(fix: ActionItem, author: Person, outsider: Person) -> None:
    below = factories.cause("pool-size")
    below.parent = factories.cause("capacity")
    below.save()
    later(author, "Pool too small", causes=[below])
    assert [one.title for one in evidence_for(fix, outsider).found] == ["Pool too small"]


def test_what_has_not_been_published_yet_is_no_evidence(fix: ActionItem, author: Person, outsider: Person) -> None:
    version = later(author, "Told so far", causes=[factories.cause("monitoring")])
    version.review.causes.add(factories.cause("capacity"))
    factories.draft(
        author, "Draft", occurred_at=DONE + timedelta(days=7), services=[factories.service("Payments")]
    ).causes.add(factories.cause("capacity"))
    assert evidence_for(fix, outsider).found == []
    assert evidence_for(fix, author).found == []


def test_a_grant_brings_evidence_to_whom_it_names(fix: ActionItem, author: Person, outsider: Person) -> None:
    hidden = later(author, "Restricted", visibility="restricted").review.incident
    assert evidence_for(fix, outsider).found == []
    Grant.objects.create(incident=hidden, person=outsider)
    assert [one.title for one in evidence_for(fix, outsider).found] == ["Restricted"]


def test_the_page_shows_what_happened_since_and_takes_the_answer(
    fix: ActionItem, owner: Person, author: Person, sign_in: SignIn
) -> None:
    later(author, "The same again")
    ask(ASKED)
    client = sign_in(owner)
    home = client.get("/").content.decode()
    assert f'href="/actions/{fix.pk}/held/"' in home
    page = client.get(f"/actions/{fix.pk}/held/").content.decode()
    assert "The same again" in page
    answer = client.post(f"/actions/{fix.pk}/held/", {"answer": "recurred", "note": "See <there>."}, follow=True)
    assert "See &lt;there&gt;." in answer.content.decode()
    assert f'href="/actions/{fix.pk}/held/"' not in client.get("/").content.decode()


@pytest.mark.parametrize("wrong", ["", "perhaps", "\x00", "held" * 500])
def test_a_wrong_answer_is_told_and_keeps_the_note(fix: ActionItem, owner: Person, sign_in: SignIn, wrong: str) -> None:
    answer = sign_in(owner).post(f"/actions/{fix.pk}/held/", {"answer": wrong, "note": "My note"})
    assert answer.status_code == 422
    assert "Choose whether it held." in answer.content.decode()
    assert "My note" in answer.content.decode()


def test_a_note_may_hold_anything_and_has_an_end(fix: ActionItem, owner: Person, sign_in: SignIn) -> None:
    client = sign_in(owner)
    assert client.post(f"/actions/{fix.pk}/held/", {"answer": "held", "note": "a\x00b"}).status_code == 302
    assert HoldCheck.objects.get().note == "a\N{REPLACEMENT CHARACTER}b"
    assert client.post(f"/actions/{fix.pk}/held/", {"answer": "held", "note": "x" * 5_001}).status_code == 422


def test_who_may_not_answer_sees_the_answer_and_no_form(
    fix: ActionItem, owner: Person, outsider: Person, sign_in: SignIn
) -> None:
    answer_held(owner, fix.pk, answer="held", note="No alert since.")
    client = sign_in(outsider)
    page = client.get(f"/actions/{fix.pk}/held/").content.decode()
    assert "No alert since." in page
    assert "held-form" not in page
    assert client.post(f"/actions/{fix.pk}/held/", {"answer": "recurred"}).status_code == 404


def test_a_missing_item_a_hidden_one_and_a_huge_number_look_alike(
    fix: ActionItem, outsider: Person, sign_in: SignIn
) -> None:
    fix.incident.visibility = "restricted"
    fix.incident.save()
    client = sign_in(outsider)
    for key in (fix.pk, fix.pk + 1000, 10**30):
        assert client.get(f"/actions/{key}/held/").status_code == 404
        assert client.post(f"/actions/{key}/held/", {"answer": "held"}).status_code == 404


def test_the_published_page_shows_the_answer_beside_the_action(
    author: Person, owner: Person, outsider: Person, sign_in: SignIn
) -> None:
    item = done_item(author, owner)
    publish_review(author, item.incident.review)
    address = item.incident.get_absolute_url()
    client = sign_in(outsider)
    assert "It held" not in client.get(address).content.decode()
    answer_held(owner, item.pk, answer="held", note="No alert since.")
    page = client.get(address).content.decode()
    assert "It held" in page
    assert "No alert since." in page
    answer_held(owner, item.pk, answer="recurred", note="Again.")
    assert "It recurred" in client.get(address).content.decode()
    change_action(author, item.pk, status="open")
    assert "It recurred" not in client.get(address).content.decode()


def test_an_answer_names_nobody_where_people_are_written_as_roles(
    author: Person, owner: Person, outsider: Person, sign_in: SignIn
) -> None:
    item = done_item(author, owner)
    review = item.incident.review
    review.names_as_roles = True
    review.save()
    publish_review(author, review)
    answer_held(owner, item.pk, answer="held", note="Owner looked at the graphs.")
    for address in (item.incident.get_absolute_url(), f"/actions/{item.pk}/held/"):
        page = sign_in(outsider).get(address).content.decode().partition("<main")[2]
        assert "Held" in page or "It held" in page
        assert "Owner" not in page, address
        assert "Owner looked at the graphs." in sign_in(owner).get(f"/actions/{item.pk}/held/").content.decode()


def test_what_was_said_is_there_again_when_a_deletion_is_undone(
    fix: ActionItem, owner: Person, author: Person, outsider: Person
) -> None:
    ask(ASKED)
    answer_held(owner, fix.pk, answer="held", note="Fine.")
    deletion = delete_action(author, fix.pk)
    assert [*people_asked()] == []
    undo(author, deletion.pk)
    assert HoldCheck.objects.get(action=fix.pk, done_at=DONE).note == "Fine."


def test_an_answer_stands_in_the_history(fix: ActionItem, owner: Person, author: Person, sign_in: SignIn) -> None:
    answer_held(owner, fix.pk, answer="held")
    page = sign_in(author).get(f"/drafts/{fix.incident.number}/history").content.decode()
    assert "said whether it held" in page


def test_the_page_of_an_item_leads_to_the_question_and_shows_the_answer(
    fix: ActionItem, owner: Person, outsider: Person, sign_in: SignIn
) -> None:
    client = sign_in(outsider)
    page = client.get(f"/actions/{fix.pk}/").content.decode()
    assert f'href="/actions/{fix.pk}/held/"' in page
    assert "It held" not in page
    answer_held(owner, fix.pk, answer="held", note="No alert since.")
    page = client.get(f"/actions/{fix.pk}/").content.decode()
    assert "It held" in page
    assert "No alert since." in page
