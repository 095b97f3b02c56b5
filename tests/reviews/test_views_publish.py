"""The publish page: what the checker finds, the next version, and asking for review."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from incidents.models import Incident
from reviews.models import RuleSetting
from reviews.operations import add_factor, save_section
from tests import factories

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


def test_without_a_summary_nothing_is_published(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author, summary="")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = client.get(address).content.decode()
    assert "There is no summary." in page
    assert "?edit=summary#summary" in page
    assert 'class="button is-primary"' not in page
    assert client.post(address).status_code == 422
    assert not review.versions.exists()


def test_what_is_found_is_named_with_its_place_but_not_in_the_way(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    action = review.incident.actions.create(title="Add an alert")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = client.get(address).content.decode()
    assert "Worth a look, not in the way" in page
    assert "No contributing factor is named." in page and "Nobody is asked to review it." in page
    assert f"{review.incident.get_edit_url()}#action-{action.pk}" in page
    answer = client.post(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/reviews/{review.incident.number}/")
    assert review.versions.get().number == 1


def test_what_blocks_stands_first_and_what_an_administrator_let_block_does(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    RuleSetting.objects.create(code="analysis-no-factor", blocks=True)
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = LexborHTMLParser(client.get(address).content.decode())
    first = page.css_first(".error-summary")
    assert first is not None and "No contributing factor is named." in first.text()
    assert "No contributing factor is named." not in "".join(node.text() for node in page.css(".lacking"))
    assert client.post(address).status_code == 422
    RuleSetting.objects.update(blocks=None)
    assert client.post(address).status_code == 302


def test_many_findings_are_folded_by_part_and_few_stand_open(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    few = LexborHTMLParser(client.get(address).content.decode())
    assert {"open" in node.attributes for node in few.css(".lacking-group")} == {True}
    for n in range(9):
        review.factors.create(text=f"Factor {n}")
    many = LexborHTMLParser(client.get(address).content.decode())
    assert {"open" in node.attributes for node in many.css(".lacking-group")} == {False}
    told = [" ".join(node.text().split()) for node in many.css(".lacking-group summary")]
    assert told == ["Summary 2", "Timeline 1", "Factors 9"]


def test_the_page_takes_few_queries_however_much_there_is(
    author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    review = factories.draft(author)
    client = sign_in(author)
    for n in range(20):
        review.incident.events.create(occurred_at=factories.NOON, text=f"e{n}", html="<p>e</p>")
        review.factors.create(text=f"f{n}").actions.add(review.incident.actions.create(title=f"a{n}"))
    address = f"{review.incident.get_edit_url()}publish"
    with django_assert_max_num_queries(33):
        client.get(address)


def test_the_second_version_says_what_changed(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    page = client.get(address).content.decode()
    assert "Publish version 2" in page
    client.post(address, {"note": "Corrected the times"})
    assert review.versions.first().note == "Corrected the times"


def test_what_changed_is_shown_before_publishing_again_with_a_note_suggested(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}publish"
    assert "Nothing: it reads like version 1." in client.get(address).content.decode()
    save_section(author, review, "summary", "Checkout was very slow.", 1)
    add_factor(author, review, text="Small pool")
    page = client.get(address).content.decode()
    assert "<ins>very </ins>" in page
    assert "<ins>Small pool</ins>" in page
    assert 'value="Summary; Contributing factors, 1 added"' in page


def test_a_first_version_has_nothing_to_compare_with(author: Person, sign_in: SignIn) -> None:
    page = sign_in(author).get(f"{factories.draft(author).incident.get_edit_url()}publish").content.decode()
    assert "Changed since" not in page


def test_a_note_that_was_emptied_stays_empty(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    save_section(author, review, "summary", "Checkout was very slow.", 1)
    sign_in(author).post(f"{review.incident.get_edit_url()}publish", {"note": ""})
    assert review.versions.first().note == ""


def test_the_editor_of_a_published_review_says_whether_it_changed_since(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    client = sign_in(author)
    assert "No changes since version 1" in client.get(review.incident.get_edit_url()).content.decode()
    save_section(author, review, "summary", "Checkout was very slow.", 1)
    page = client.get(review.incident.get_edit_url()).content.decode()
    assert "Changes since version 1" in page
    assert f"{review.incident.get_edit_url()}history/versions/1" in page


def test_a_note_with_odd_characters_is_refused_or_stored(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    answer = sign_in(author).post(f"{review.incident.get_edit_url()}publish", {"note": "a\x00b"})
    assert answer.status_code in (302, 422)


def test_a_note_that_is_too_long_is_refused_in_words_and_stays(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    answer = sign_in(author).post(f"{review.incident.get_edit_url()}publish", {"note": "n" * 301})
    assert answer.status_code == 422
    assert "This has 301 characters; at most 300 fit." in answer.content.decode()
    assert "n" * 301 in answer.content.decode()
    assert review.versions.count() == 1


def test_an_archived_review_is_not_published_again(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    Incident.objects.filter(pk=review.pk).update(status="archived")
    assert sign_in(author).post(f"{review.incident.get_edit_url()}publish").status_code == 403
    assert review.versions.count() == 1


def test_a_draft_goes_to_review_and_back(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}status"
    for status in ("in-review", "draft"):
        client.post(address, {"status": status})
        review.incident.refresh_from_db()
        assert review.incident.status == status
    for status in ("published", "archived", "nonsense", ""):
        assert client.post(address, {"status": status}).status_code == 302
        review.incident.refresh_from_db()
        assert review.incident.status == "draft"
