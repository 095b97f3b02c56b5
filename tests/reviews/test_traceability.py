"""What removes what: said from either side, and shown as a matrix."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident
from reviews.models import Factor, Review
from reviews.removals import add_review_action, change_review_action, set_removal, set_removed
from reviews.traceability import matrix_of
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def factor_of(review: Review, text: str = "No alert") -> Factor:
    return review.factors.create(text=text, html=f"<p>{text}</p>")


def test_a_matrix_says_what_nobody_removes_and_what_removes_nothing() -> None:
    matrix = matrix_of([(1, "No alert", {7}), (2, "Small pool", set())], [(7, "Add an alert"), (8, "Tidy up")])
    assert [[cell.removes for cell in row.cells] for row in matrix.rows] == [[True, False], [False, False]]
    assert [row.text for row in matrix.uncovered] == ["Small pool"]
    assert [column.title for column in matrix.idle] == ["Tidy up"]
    assert matrix.words == "1 factor is removed by no action; 1 action removes no factor."


@pytest.mark.parametrize(
    ("factors", "actions", "words"),
    [
        ([(1, "a", [7])], [(7, "x")], "Every factor is removed by an action, and every action removes a factor."),
        (
            [(1, "a", [7]), (2, "b", []), (3, "c", [])],
            [(7, "x")],
            "2 factors are removed by no action; every action removes a factor.",
        ),
        ([(1, "a", [7])], [(7, "x"), (8, "y")], "Every factor is removed by an action; 1 action removes no factor."),
    ],
)
def test_a_matrix_is_told_in_words(factors: Any, actions: Any, words: str) -> None:
    assert matrix_of(factors, actions).words == words


@given(st.lists(st.sets(st.integers(0, 6)), max_size=6), st.sets(st.integers(0, 6)))
def test_rows_and_columns_agree_whatever_removes_what(removed_by: list[set[int]], present: set[int]) -> None:
    matrix = matrix_of(
        [(n, str(n), keys) for n, keys in enumerate(removed_by)], [(key, str(key)) for key in sorted(present)]
    )
    assert {row.key for row in matrix.uncovered} == {n for n, keys in enumerate(removed_by) if not keys & present}
    assert {one.key for one in matrix.idle} == present - set().union(*removed_by)
    assert bool(matrix) == bool(removed_by and present)


@pytest.mark.django_db
class TestChanges:
    def test_a_cell_is_set_and_unset_and_written_down_once(self, author: Person, review: Review) -> None:
        factor, action = factor_of(review), review.incident.actions.create(title="Add an alert")
        for removes in (True, True, False, False):
            set_removal(author, review, factor.pk, action.pk, removes)
            assert factor.actions.exists() == removes
        verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["connect-factor", "disconnect-factor"]

    def test_an_action_says_which_factors_it_removes(self, author: Person, review: Review) -> None:
        first, second = factor_of(review, "First"), factor_of(review, "Second")
        action = add_review_action(author, review, title="Add an alert", factors=[first])
        assert list(action.factors.all()) == [first]
        change_review_action(author, action.pk, title="Add two alerts", factors=[second])
        assert list(action.factors.all()) == [second]
        change_review_action(author, action.pk, title="Add three alerts")
        assert list(action.factors.all()) == [second]

    def test_a_factor_of_another_review_is_refused(self, author: Person, review: Review) -> None:
        action = review.incident.actions.create(title="Add an alert")
        foreign = factor_of(factories.draft(author, "Other"))
        with pytest.raises(ValidationError, match="no longer in this review"):
            set_removed(author, action.pk, [foreign])
        with pytest.raises(Http404):
            set_removal(author, review, foreign.pk, action.pk, True)

    def test_a_draft_of_others_does_not_exist_and_a_published_one_is_only_read(
        self, author: Person, review: Review
    ) -> None:
        factor, action = factor_of(review), review.incident.actions.create(title="Add an alert")
        stranger = factories.person("stranger")
        for refused in (Http404, PermissionDenied):
            with pytest.raises(refused):
                set_removal(stranger, review, factor.pk, action.pk, True)
            with pytest.raises(refused):
                set_removed(stranger, action.pk, [factor])
            Incident.objects.filter(pk=review.pk).update(status="published")

    def test_it_is_edited_from_both_sides_and_in_the_matrix(
        self, author: Person, review: Review, sign_in: Callable[[Person], Client]
    ) -> None:
        factor, action = factor_of(review), review.incident.actions.create(title="Add an alert")
        client = sign_in(author)
        base = f"/drafts/{review.incident.number}/"
        page = client.get(f"{base}?part=factors", headers=HTMX).text
        assert "1 factor is removed by no action" in page
        assert f'value="{factor.pk}:{action.pk}:on"' in page
        page = client.post(f"{base}factors/removals", {"cell": f"{factor.pk}:{action.pk}:on"}, headers=HTMX).text
        assert "Every factor is removed by an action" in page
        assert f'value="{factor.pk}:{action.pk}:off"' in page
        assert f'value="{factor.pk}"' in client.get(f"{base}?edit=actions&item={action.pk}", headers=HTMX).text
        client.post(f"{base}actions/{action.pk}", {"title": "x", "kind": "detect", "status": "open"}, headers=HTMX)
        assert not factor.actions.exists()
        typed = {"title": "y", "kind": "detect", "factors": [factor.pk]}
        client.post(f"{base}actions", typed, headers=HTMX)
        assert factor.actions.get().title == "y"

    @pytest.mark.parametrize("cell", ["", "1:2", "1:2:maybe", "x:y:on", "9" * 19 + ":1:on", "\x00", "1:1:on", "٣:1:on"])
    def test_a_cell_that_is_none_is_not_there(
        self, author: Person, review: Review, sign_in: Callable[[Person], Client], cell: str
    ) -> None:
        address = f"/drafts/{review.incident.number}/factors/removals"
        assert sign_in(author).post(address, {"cell": cell}, headers=HTMX).status_code == 404
