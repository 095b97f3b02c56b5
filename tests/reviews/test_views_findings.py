"""The findings beside the text of a draft: what the page shows, what is found as one types, and dismissing there."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from core.problems import LONGEST_TEXT
from incidents.models import Participant
from reviews.models import Dismissal, Review
from tests import factories

SignIn = Callable[[Person], Client]
BLAME = "On Monday checkout was down because Bob carelessly pushed a bad config."

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author, summary="Human error took checkout down.")


def address(review: Review, tail: str = "") -> str:
    return f"/drafts/{review.incident.number}/{tail}"


def panel(client: Client, review: Review) -> str:
    page = client.get(address(review)).content.decode()
    return page[page.index('id="findings"') : page.index("</aside>")]


def checked(client: Client, review: Review, texts: object) -> str:
    response = client.post(address(review, "findings"), json.dumps({"texts": texts}), content_type="application/json")
    assert response.status_code == 200, response.content
    return response.content.decode()


def asked(review: Review, reason: str) -> dict[str, str]:
    return {
        "rule": "language-human-error",
        "place": "section:summary",
        "words": "Human error",
        "reason": reason,
    }


def test_the_page_shows_the_words_why_they_matter_and_a_question(
    review: Review, author: Person, sign_in: SignIn
) -> None:
    shown = panel(sign_in(author), review)
    assert "“Human error”" in shown
    assert 'data-finding="section:summary"' in shown
    assert 'href="/rules/language-human-error/"' in shown
    assert "finding-suggestion" in shown


def test_what_nobody_has_begun_is_one_folded_line(review: Review, author: Person, sign_in: SignIn) -> None:
    shown = panel(sign_in(author), review)
    begun, later = shown.split('id="findings-unbegun"')
    assert 'data-finding="factors"' not in begun
    assert 'data-finding="factors"' in later


def test_every_part_that_is_asked_for_brings_the_findings(review: Review, author: Person, sign_in: SignIn) -> None:
    part = sign_in(author).get(address(review, "?part=summary"), headers={"HX-Request": "true"}).content.decode()
    assert '<aside class="findings"' in part
    assert 'hx-swap-oob="true"' in part[part.index('id="findings"') :]


def test_what_is_typed_is_checked_without_being_saved(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    found = checked(client, review, {"section:summary": f"😀 {BLAME}"})
    assert "Bob carelessly pushed" in found
    assert "Human error" not in found
    assert "Human error" in panel(client, review)


def test_offsets_count_characters_of_what_was_typed(review: Review, author: Person, sign_in: SignIn) -> None:
    found = checked(sign_in(author), review, {"section:summary": "😀 Human error did it."})
    assert 'data-start="2"' in found
    assert 'data-end="13"' in found


def test_an_item_that_is_not_stored_yet_is_checked_and_cannot_be_dismissed(
    review: Review, author: Person, sign_in: SignIn
) -> None:
    found = checked(sign_in(author), review, {"event:new": "Human error in the night", "section:summary": "Fine."})
    assert 'data-finding="event:new"' in found
    assert "<h3>Timeline</h3>" in found
    assert 'name="place" value="event:new"' not in found


def test_places_that_are_nowhere_are_not_answered(review: Review, author: Person, sign_in: SignIn) -> None:
    found = checked(sign_in(author), review, {"section:nowhere": BLAME, "<b>": BLAME, "": BLAME, "factor:99": BLAME})
    assert "carelessly" not in found


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"texts": 3}',
        b'{"texts": {"section:summary": 3}}',
        b'{"texts": ["a"]}',
        b"\xff\xfe",
        b'{"texts":' + b"[" * 100_000,
        json.dumps({"texts": {"section:summary": "a" * (LONGEST_TEXT + 1)}}).encode(),
        json.dumps({"texts": {f"event:new-{n}": "a" for n in range(200)}}).encode(),
    ],
)
def test_what_cannot_be_read_is_answered_in_words(body: bytes, review: Review, author: Person, sign_in: SignIn) -> None:
    response = sign_in(author).post(address(review, "findings"), body, content_type="application/json")
    assert response.status_code == 400
    assert response.content


@pytest.mark.parametrize("text", ["\x00Human error", "\ud800 Human error", "a" * 50_000, "should have " * 5000])
def test_any_text_is_checked(text: str, review: Review, author: Person, sign_in: SignIn) -> None:
    checked(sign_in(author), review, {"section:summary": text, "event:new": text})


def test_hundreds_of_findings_are_counted_and_the_first_hundred_listed(
    review: Review, author: Person, sign_in: SignIn
) -> None:
    found = checked(sign_in(author), review, {"section:narrative": "Human error did it. " * 300})
    said = re.search(r"(\d+) findings", found)
    assert said is not None and int(said[1]) >= 300
    assert found.count('<li class="finding ') == 100


def test_typing_asks_for_few_queries(
    review: Review, author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(author)
    checked(client, review, {})
    with django_assert_max_num_queries(20):
        checked(client, review, {"section:summary": BLAME, "event:new": BLAME})


def test_who_only_reads_sees_findings_and_cannot_dismiss_or_ask(review: Review, sign_in: SignIn) -> None:
    reader = factories.person("reader", role="reader")
    Participant.objects.create(incident=review.incident, person=reader)
    client = sign_in(reader)
    shown = panel(client, review)
    assert "Human error" in shown
    assert "Dismiss" not in shown
    assert "data-check" not in shown
    said = client.post(address(review, "findings"), "{}", content_type="application/json")
    assert said.status_code == 403


def test_for_an_outsider_it_does_not_exist(review: Review, sign_in: SignIn) -> None:
    outsider = sign_in(factories.person("outsider"))
    assert outsider.post(address(review, "findings"), "{}", content_type="application/json").status_code == 404
    shown = outsider.get(address(review, "?part=findings"), headers={"HX-Request": "true"})
    assert shown.status_code == 404


def test_dismissing_answers_with_the_findings_and_the_checklist(
    review: Review, author: Person, sign_in: SignIn
) -> None:
    client = sign_in(author)
    answer = client.post(
        address(review, "findings/dismiss"), asked(review, "The vendor calls it so"), headers={"HX-Request": "true"}
    ).content.decode()
    assert '<aside class="findings"' in answer
    assert 'id="outline"' in answer
    assert "The vendor calls it so" in answer[answer.index('id="findings-dismissed"') :]
    assert "Human error" not in answer[: answer.index('id="findings-dismissed"')]


def test_without_a_reason_it_says_so_beside_the_field(review: Review, author: Person, sign_in: SignIn) -> None:
    response = sign_in(author).post(
        address(review, "findings/dismiss"), asked(review, " "), headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert "Say why it is fine as it is." in response.content.decode()
    assert 'aria-invalid="true"' in response.content.decode()


def test_without_javascript_a_refused_dismissal_keeps_what_was_typed(
    review: Review, author: Person, sign_in: SignIn
) -> None:
    said = asked(review, "It is our <own> word") | {"words": "Humane error"}
    response = sign_in(author).post(address(review, "findings/dismiss"), said)
    assert response.status_code == 422
    assert "This finding is gone" in response.content.decode()
    long = asked(review, "too long " * 200)
    response = sign_in(author).post(address(review, "findings/dismiss"), long)
    assert response.status_code == 422
    assert "too long too long" in response.content.decode()


def test_a_dismissal_is_taken_back_from_the_page(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.post(address(review, "findings/dismiss"), asked(review, "Fine"))
    shown = panel(client, review)
    dismissal = Dismissal.objects.get()
    action = address(review, f"findings/{dismissal.pk}/take-back")
    assert f'action="{action}"' in shown
    client.post(action)
    assert "“Human error”" in panel(client, review)
