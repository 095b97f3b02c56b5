"""Dismissing findings: with a reason, by those who write, as long as the words stand."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident, Participant
from reviews.checker.check import check_review
from reviews.checker.dismissing import dismiss, take_back
from reviews.models import Dismissal, Review
from reviews.operations import save_section
from tests import factories

SignIn = Callable[[Person], Client]
REASON = "The report of the vendor calls it so"

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author, summary="Human error took checkout down.")


def rules(review: Review) -> list[str]:
    return [one.rule for one in check_review(review).open]


def dismissed(review: Review, author: Person, reason: str = REASON) -> Dismissal:
    return dismiss(author, review, "language-human-error", "section:summary", "Human error", reason)


def test_a_dismissed_finding_stands_with_its_reason_and_whoever_gave_it(review: Review, author: Person) -> None:
    assert "language-human-error" in rules(review)
    dismissed(review, author)
    assert "language-human-error" not in rules(review)
    [(finding, said)] = check_review(review).dismissed
    assert (finding.words, said.reason, said.person) == ("Human error", REASON, author)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.detail) == ("dismiss-finding", f"language-human-error at section:summary: {REASON}")


def test_it_stands_again_when_the_dismissal_is_taken_back(review: Review, author: Person) -> None:
    take_back(author, dismissed(review, author).pk)
    assert "language-human-error" in rules(review)
    assert AuditEntry.objects.latest("pk").verb == "take-back-finding"
    with pytest.raises(Http404):
        take_back(author, 0)


def test_it_stands_again_when_the_words_change_and_keeps_when_others_do(review: Review, author: Person) -> None:
    dismissed(review, author)
    save_section(author, review, "summary", "For 48 minutes human error\ntook checkout down.", 1)
    assert "language-human-error" in rules(review)
    save_section(author, review, "summary", "Today Human\nerror took checkout down.", 2)
    assert "language-human-error" not in rules(review)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_dismissal_needs_a_reason(review: Review, author: Person, reason: str) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        dismissed(review, author, reason)


def test_what_is_not_found_is_not_dismissed(review: Review, author: Person) -> None:
    for rule, place, words in [
        ("language-human-error", "section:summary", "operator error"),
        ("language-human-error", "factor:99999999999999999999", "Human error"),
        ("nonsense", "\x00", "\ud800"),
    ]:
        with pytest.raises(ValidationError, match="gone"):
            dismiss(author, review, rule, place, words, REASON)
    assert not Dismissal.objects.exists()


def test_twice_dismissed_keeps_the_first_reason(review: Review, author: Person) -> None:
    assert dismissed(review, author) == dismissed(review, author, "Another one")
    assert Dismissal.objects.get().reason == REASON


def test_only_those_who_write_dismiss_and_take_back(review: Review, author: Person) -> None:
    stranger, reader = factories.person("sam"), factories.person("rita", role="reader")
    Participant.objects.create(incident=review.incident, person=reader, role="reviewer")
    kept = dismissed(review, author).pk
    for person, refusal in [(stranger, Http404), (reader, PermissionDenied)]:
        with pytest.raises(refusal):
            dismissed(review, person)
        with pytest.raises(refusal):
            take_back(person, kept)
    Incident.objects.update(status="archived")
    with pytest.raises(PermissionDenied):
        take_back(author, kept)


def test_a_dismissed_blocker_is_no_longer_in_the_way(author: Person) -> None:
    review = factories.draft(author, summary="")
    assert check_review(review).blocking == 1
    dismiss(author, review, "summary-missing", "summary", "", "The narrative is short enough")
    assert check_review(review).blocking == 0


def test_without_javascript_one_is_back_at_the_place(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}findings/"
    asked = {"rule": "language-human-error", "place": "section:summary", "words": "Human  error"}
    answer = client.post(f"{address}dismiss", {**asked, "reason": ""}, follow=True)
    assert "Say why it is fine as it is." in answer.content.decode()
    answer = client.post(f"{address}dismiss", {**asked, "reason": REASON})
    assert answer.headers["Location"] == f"{review.incident.get_edit_url()}#summary"
    answer = client.post(f"{address}{Dismissal.objects.get().pk}/take-back")
    assert answer.headers["Location"] == f"{review.incident.get_edit_url()}#summary"
    assert not Dismissal.objects.exists()
    assert client.post(f"{address}1/take-back").status_code == 404


def test_the_history_tells_of_it(review: Review, author: Person, sign_in: SignIn) -> None:
    dismissed(review, author)
    page = sign_in(author).get(f"{review.incident.get_edit_url()}history").content.decode()
    assert f"dismissed the finding “Human error as the explanation”: {REASON}" in page
