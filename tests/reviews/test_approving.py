"""In review: who may be asked, who may answer, what becomes of it, and where it shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident, Notification
from incidents.operations import add_participant, change_status
from reviews import approving
from reviews.models import Approval, Review
from reviews.operations import save_section
from reviews.publishing import publish_review
from reviews.readiness import state_of
from tests import factories

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


@pytest.fixture
def lee(db: None) -> Person:
    return factories.person("lee", role="reader")


def ask(review: Review, *people: Person, request: str = "") -> None:
    approving.ask_for_review(review.incident.created_by, review, people, request)
    review.incident.refresh_from_db()


def audited(review: Review) -> list[str]:
    entries = AuditEntry.objects.filter(subject=f"incident {review.incident.number}")
    return [entry.verb for entry in entries.order_by("pk")]


def test_asking_moves_the_review_and_lets_the_reviewers_see_it(review: Review, lee: Person) -> None:
    ask(review, lee, request="Are the times right?")
    assert review.incident.status == "in-review"
    assert review.incident.participants.filter(person=lee, role="reviewer").exists()
    approval = review.approvals.get()
    assert (approval.person, approval.verdict, approval.request) == (lee, "", "Are the times right?")
    assert Incident.objects.visible_to(lee).filter(pk=review.pk).exists()
    assert audited(review) == ["ask-for-review", "change-status"]


def test_who_is_asked_is_told_and_who_asked_hears_the_answer(review: Review, author: Person, lee: Person) -> None:
    ask(review, lee)
    told = Notification.objects.get()
    assert (told.person, told.kind, told.anchor) == (lee, "review-asked", "approval")
    approving.give_verdict(lee, review, "changes", "The impact has no numbers.")
    heard = Notification.objects.get(person=author)
    assert (heard.kind, heard.actor, heard.text) == ("changes-asked", lee, "The impact has no numbers.")


def test_a_reviewer_with_the_role_of_a_reader_may_approve(review: Review, lee: Person) -> None:
    ask(review, lee)
    approving.give_verdict(lee, review, "approved")
    assert review.approvals.get().verdict == "approved"
    assert audited(review)[-1] == "approve"


def test_nobody_answers_for_someone_else(review: Review, author: Person, lee: Person, outsider: Person) -> None:
    ask(review, lee)
    with pytest.raises(PermissionDenied):
        approving.give_verdict(author, review, "approved")
    with pytest.raises(Http404):
        approving.give_verdict(outsider, review, "approved")
    with pytest.raises(PermissionDenied):
        approving.give_verdict(factories.person("root", role="administrator"), review, "approved")
    assert review.approvals.get().verdict == ""


def test_asking_for_changes_needs_words(review: Review, lee: Person) -> None:
    ask(review, lee)
    with pytest.raises(ValidationError, match="Write what should change"):
        approving.give_verdict(lee, review, "changes", "  \n")
    assert review.approvals.get().decided_at is None


def test_asking_again_takes_the_verdict_back(review: Review, lee: Person) -> None:
    ask(review, lee)
    approving.give_verdict(lee, review, "changes", "More numbers")
    ask(review, lee, request="Numbers are in.")
    approval = review.approvals.get()
    assert (approval.verdict, approval.note, approval.decided_at) == ("", "", None)
    assert approval.request == "Numbers are in."
    assert review.incident.participants.filter(person=lee).count() == 1


def test_the_only_author_is_not_asked(review: Review, author: Person) -> None:
    with pytest.raises(ValidationError, match="only author"):
        approving.ask_for_review(author, review, [author])
    assert not review.approvals.exists()
    review.incident.refresh_from_db()
    assert review.incident.status == "draft"


def test_one_of_several_authors_is_asked_by_another_one_only(review: Review, author: Person) -> None:
    second = factories.person("second")
    add_participant(author, review.incident, second, "author")
    with pytest.raises(ValidationError, match="You wrote it"):
        approving.ask_for_review(second, review, [second])
    approving.ask_for_review(author, review, [second])
    assert review.approvals.get().person == second


def test_nobody_a_former_colleague_and_a_published_review_are_refused_in_words(author: Person, review: Review) -> None:
    gone = factories.person("gone", is_active=False)
    for people, words in (([], "at least one"), ([gone], "no longer has an account")):
        with pytest.raises(ValidationError, match=words):
            approving.ask_for_review(author, review, people)
    published = factories.published(author, "Published").review
    with pytest.raises(ValidationError, match="is published"):
        approving.ask_for_review(author, published, [factories.person("lee")])


def test_those_who_only_read_ask_nobody(review: Review, lee: Person, outsider: Person) -> None:
    ask(review, lee)
    with pytest.raises(PermissionDenied):
        approving.ask_for_review(lee, review, [factories.person("other")])
    with pytest.raises(Http404):
        approving.ask_for_review(outsider, review, [lee])


def test_a_withdrawn_reviewer_no_longer_sees_the_draft(review: Review, author: Person, lee: Person) -> None:
    ask(review, lee)
    approving.withdraw_request(author, review, review.approvals.get().pk)
    assert not Approval.objects.exists()
    assert not Incident.objects.visible_to(lee).filter(pk=review.pk).exists()
    with pytest.raises(Http404):
        approving.withdraw_request(author, review, 12345)


def test_a_reviewer_who_is_removed_from_the_people_is_no_longer_awaited(
    review: Review, author: Person, lee: Person
) -> None:
    ask(review, lee)
    participant = review.incident.participants.get(person=lee)
    approving.remove_participant(author, review.incident, participant.pk)
    assert not review.approvals.exists()


def test_back_in_draft_nobody_answers(review: Review, author: Person, lee: Person) -> None:
    ask(review, lee)
    change_status(author, review.incident, "draft")
    with pytest.raises(ValidationError, match="went back to draft"):
        approving.give_verdict(lee, review, "approved")


@pytest.mark.parametrize(
    ("status", "verdicts", "words"),
    [
        ("draft", [], "Draft"),
        ("draft", ["changes"], "Draft"),
        ("in-review", [], "In review"),
        ("in-review", ["", "approved"], "In review"),
        ("in-review", ["approved", "changes"], "Changes asked"),
        ("in-review", ["approved", "approved"], "Approved"),
        ("published", ["changes"], "Published"),
    ],
)
def test_the_state_in_words(status: str, verdicts: list[str], words: str) -> None:
    assert state_of(status, verdicts).words == words


def test_an_answer_is_outdated_once_the_text_changed(review: Review, author: Person, lee: Person) -> None:
    ask(review, lee)
    approving.give_verdict(lee, review, "approved")
    assert [answer.is_outdated for answer in approving.answers_of(review)] == [False]
    save_section(author, review, "impact", "Nobody could pay.", 0)
    assert [answer.is_outdated for answer in approving.answers_of(review)] == [True]


@pytest.mark.parametrize("person", ["asked", "added"])
def test_who_takes_part_changes_nothing_that_was_approved(
    person: str, review: Review, author: Person, lee: Person
) -> None:
    ask(review, lee)
    approving.give_verdict(lee, review, "approved")
    other = factories.person("other")
    if person == "asked":
        ask(review, other)
    else:
        add_participant(author, review.incident, other, "responder")
    assert not approving.answers_of(review)[0].is_outdated


def test_publishing_is_not_kept_from_those_who_do_not_wait(review: Review, author: Person, lee: Person) -> None:
    ask(review, lee)
    assert publish_review(author, review).number == 1


# The pages.


def test_people_are_asked_by_a_tick_or_by_name(review: Review, author: Person, lee: Person, sign_in: SignIn) -> None:
    fay = factories.person("fay", role="facilitator")
    add_participant(author, review.incident, fay, "facilitator")
    address = f"{review.incident.get_edit_url()}ask"
    client = sign_in(author)
    assert "Fay</span>" in client.get(address).content.decode()
    answer = client.post(address, {"suggested": [fay.pk], "people": "lee", "request": "The factors"})
    assert answer.status_code == 302
    assert {one.person for one in review.approvals.all()} == {fay, lee}


def test_those_who_lead_the_teams_of_the_services_are_suggested(author: Person) -> None:
    lead, member = factories.person("lead"), factories.person("member")
    team = factories.team("Core", member)
    team.memberships.create(person=lead, is_lead=True)
    review = factories.draft(author, services=[factories.service("Payments", owner=team)])
    assert list(approving.suggested_reviewers(review)) == [lead]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Name at least one person"),
        ({"people": "nobody at all"}, "Nobody here is called “nobody at all”"),
        ({"people": "a\x00b"}, "character"),
        ({"suggested": ["999999"]}, "no longer offered"),
        ({"suggested": ["x", "9" * 40]}, "no longer offered"),
        ({"people": "lee", "request": "x" * 501}, "at most 500 fit"),
        ({"people": ",".join(f"p{n}" for n in range(200))}, "at most 100 at a time"),
    ],
)
def test_a_bad_request_is_refused_in_words_and_keeps_what_was_typed(
    typed: dict[str, str], words: str, review: Review, author: Person, lee: Person, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(f"{review.incident.get_edit_url()}ask", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not review.approvals.exists()


def test_the_reviewer_reads_what_was_asked_and_answers_on_the_page(
    review: Review, lee: Person, sign_in: SignIn
) -> None:
    ask(review, lee, request="Are the times right?")
    client = sign_in(lee)
    address = review.incident.get_edit_url()
    page = client.get(address).content.decode()
    assert "“Are the times right?”" in page
    assert ">Approve</button>" in page
    assert 'data-opens="facts"' not in page
    opened = client.get(f"{address}?edit=approval").content.decode()
    assert 'data-keep="approval"' in opened
    answer = client.post(f"{address}verdict", {"verdict": "changes", "note": "Say who noticed."}, follow=True)
    assert "Say who noticed." in answer.content.decode()
    assert review.approvals.get().verdict == "changes"


def test_with_htmx_the_answer_brings_the_part_the_checklist_and_the_bar(
    review: Review, lee: Person, sign_in: SignIn
) -> None:
    ask(review, lee)
    answer = (
        sign_in(lee)
        .post(f"{review.incident.get_edit_url()}verdict", {"verdict": "approved"}, headers=HTMX)
        .content.decode()
    )
    assert "<html" not in answer
    for place in ('id="approval"', 'id="outline"', 'id="bar-state"'):
        assert place in answer


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"verdict": "changes", "note": ""}, "Write what should change"),
        ({"verdict": "changes", "note": "n" * 10_001}, "at most 10,000 fit"),
        ({"verdict": "maybe", "note": "x"}, "Choose one of the two."),
        ({}, "Choose one."),
    ],
)
def test_a_bad_answer_is_refused_in_words(
    typed: dict[str, str], words: str, review: Review, lee: Person, sign_in: SignIn
) -> None:
    ask(review, lee)
    answer = sign_in(lee).post(f"{review.incident.get_edit_url()}verdict", typed, headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert review.approvals.get().verdict == ""


def test_odd_characters_in_an_answer_are_stored_or_refused(review: Review, lee: Person, sign_in: SignIn) -> None:
    ask(review, lee)
    answer = sign_in(lee).post(
        f"{review.incident.get_edit_url()}verdict", {"verdict": "changes", "note": "a\x00b"}, headers=HTMX
    )
    assert answer.status_code in (200, 422)


def test_who_was_not_asked_gets_no_form_and_no_answer(
    review: Review, author: Person, lee: Person, sign_in: SignIn
) -> None:
    ask(review, lee)
    client = sign_in(author)
    address = review.incident.get_edit_url()
    assert ">Approve</button>" not in client.get(f"{address}?edit=approval").content.decode()
    assert client.post(f"{address}verdict", {"verdict": "approved"}).status_code == 403


def test_the_bar_says_who_is_awaited_and_who_asked_for_changes(review: Review, lee: Person, sign_in: SignIn) -> None:
    ask(review, lee)
    client = sign_in(review.incident.created_by)
    bar = " ".join(client.get(review.incident.get_edit_url()).content.decode().split())
    assert "waiting for Lee" in bar
    approving.give_verdict(lee, review, "changes", "Numbers")
    bar = client.get(review.incident.get_edit_url()).content.decode()
    assert '<span class="state-word is-changes-asked">Changes asked</span>' in bar


def test_the_publish_page_tells_what_reviewers_said(
    review: Review, author: Person, lee: Person, sign_in: SignIn
) -> None:
    address = f"{review.incident.get_edit_url()}publish"
    client = sign_in(author)
    assert "Nobody is asked to review it." in client.get(address).content.decode()
    other = factories.person("other")
    ask(review, lee, other)
    assert "Lee and Other have not answered yet." in client.get(address).content.decode()
    for one in (lee, other):
        approving.give_verdict(one, review, "approved")
    review.approvals.update(decided_at=timezone.now() - timedelta(minutes=10))
    save_section(author, review, "impact", "Nobody could pay.", 0)
    page = " ".join(client.get(address).content.decode().replace("\xa0", " ").split())
    assert "10 minutes ago" in page
    assert "before the last changes" in page
    assert "not answered" not in page


def test_taking_a_reviewer_off_is_one_button(review: Review, author: Person, lee: Person, sign_in: SignIn) -> None:
    ask(review, lee)
    address = f"{review.incident.get_edit_url()}approvals/{review.approvals.get().pk}/withdraw"
    assert sign_in(lee).post(address).status_code == 403
    assert sign_in(author).post(address).status_code == 302
    assert not review.approvals.exists()


def test_home_shows_first_what_waits_for_my_answer(
    review: Review, author: Person, lee: Person, sign_in: SignIn
) -> None:
    ask(review, lee, request="The factors")
    page = sign_in(lee).get("/").content.decode()
    assert page.index("Reviews to approve") < page.index("Checkout slow")
    assert page.count("Checkout slow") == 1
    assert "“The factors”" in page
    assert "Reviews to approve" not in sign_in(author).get("/").content.decode()
    approving.give_verdict(lee, review, "approved")
    assert "Reviews to approve" not in sign_in(lee).get("/").content.decode()


def test_drafts_tell_state_and_facilitator_in_one_query(
    review: Review, author: Person, lee: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(5):
        ask(factories.draft(author, f"Number {n}"), lee)
    add_participant(author, review.incident, factories.person("fay"), "facilitator")
    client = sign_in(author)
    client.get("/drafts/")
    with django_assert_max_num_queries(4):
        page = client.get("/drafts/").content.decode()
    assert "facilitated by Fay" in page
    assert page.count("In review</span>") == 5


def test_a_review_has_one_facilitator_and_another_one_takes_over(review: Review, author: Person) -> None:
    fay, gil = factories.person("fay"), factories.person("gil")
    add_participant(author, review.incident, fay, "facilitator")
    add_participant(author, review.incident, gil, "facilitator")
    assert [one.person for one in review.incident.participants.filter(role="facilitator")] == [gil]
    assert audited(review) == ["add-participant", "remove-participant", "add-participant"]


def test_assigning_a_facilitator_is_one_step_from_the_people(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    page = client.get(review.incident.get_edit_url()).content.decode()
    assert "Nobody facilitates this review." in page
    opened = client.get(f"{review.incident.get_edit_url()}?edit=participants&role=facilitator").content.decode()
    assert '<option value="facilitator" selected>' in opened
