"""A root cause is marked on its line, and becomes a contributing factor."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client

from accounts.models import Person
from incidents.models import Incident
from reviews.models import Review, Why
from reviews.root_causes import make_factor, mark_root_cause, unmark_root_cause
from reviews.snapshot import snapshot_of
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


@pytest.fixture
def why(review: Review) -> Why:
    cause = factories.cause("capacity")
    return review.whys.create(question="Why?", answer="**Small** pool", is_root_cause=True, cause=cause)


def test_the_answer_becomes_a_factor_of_its_category(author: Person, review: Review, why: Why) -> None:
    factor = make_factor(author, why.pk)
    assert (factor.text, factor.cause, factor.why, factor.review) == ("**Small** pool", why.cause, why, review)
    assert "<strong>Small</strong>" in factor.html
    assert snapshot_of(review)["factors"][0]["why"] == why.pk


def test_it_becomes_one_factor_however_often_it_is_asked_for(author: Person, review: Review, why: Why) -> None:
    assert make_factor(author, why.pk) == make_factor(author, why.pk)
    assert review.factors.count() == 1


def test_without_an_answer_there_is_nothing_to_make_a_factor_of(author: Person, review: Review) -> None:
    with pytest.raises(ValidationError, match="Answer the question first"):
        make_factor(author, review.whys.create(question="Why?").pk)


def test_the_category_stays_for_when_it_is_marked_again(author: Person, why: Why) -> None:
    unmark_root_cause(author, why.pk)
    why.refresh_from_db()
    assert (why.is_root_cause, why.cause and why.cause.slug) == (False, "capacity")


@pytest.mark.parametrize("change", [make_factor, mark_root_cause, unmark_root_cause])
def test_a_draft_of_others_does_not_exist_and_a_published_one_is_only_read(
    change: Callable[[Person, int], object], why: Why
) -> None:
    stranger = factories.person("stranger")
    with pytest.raises(Http404):
        change(stranger, why.pk)
    Incident.objects.filter(pk=why.review_id).update(status="published")
    with pytest.raises(PermissionDenied):
        change(stranger, why.pk)


def test_the_line_marks_categorises_unmarks_and_makes_the_factor(
    author: Person, review: Review, sign_in: Callable[[Person], Client]
) -> None:
    why = review.whys.create(question="Why?", answer="Small pool")
    cause = factories.cause("capacity")
    client = sign_in(author)
    base = f"/drafts/{review.incident.number}/whys/{why.pk}/"

    def state() -> tuple[bool, str | None]:
        why.refresh_from_db()
        return why.is_root_cause, why.cause and why.cause.slug

    client.post(f"{base}root", {"is_root_cause": "on"}, headers=HTMX)
    assert state() == (True, None)
    page = client.post(f"{base}root", {"is_root_cause": "on", "cause": cause.pk}, headers=HTMX)
    assert state() == (True, "capacity")
    assert "Make it a factor" in page.text
    wrong = client.post(f"{base}root", {"is_root_cause": "on", "cause": "9" * 30}, headers=HTMX)
    assert "no longer there" in wrong.headers["HX-Trigger-After-Settle"]
    page = client.post(f"{base}factor", headers=HTMX)
    assert f'href="#factor-{review.factors.get().pk}"' in page.text
    client.post(f"{base}root", {"is_root_cause": ""}, headers=HTMX)
    assert state() == (False, "capacity")
    client.post(f"{base}root", {"is_root_cause": "on"})
    assert state() == (True, "capacity")
