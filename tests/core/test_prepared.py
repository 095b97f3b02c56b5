"""A compiled query asks the same as the QuerySet that it came from."""

from typing import Any

import pytest
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from core.prepared import Prepared
from tests import factories

pytestmark = pytest.mark.django_db


def people(shape: str, key: int) -> "QuerySet[Person, Any]":
    return Person.objects.filter(pk=key, role=shape).values_list("username", "pk")


def test_values_change_from_one_run_to_the_next() -> None:
    one, other = factories.person("one"), factories.person("other")
    prepared = Prepared(people)
    assert prepared.rows("author", key=one.pk) == [("one", one.pk)]
    assert prepared.rows("author", key=other.pk) == [("other", other.pk)]


def test_another_shape_is_another_query() -> None:
    one = factories.person("one", role="author")
    prepared = Prepared(people)
    assert prepared.rows("author", key=one.pk)
    assert prepared.rows("reader", key=one.pk) == []


def test_the_queryset_is_built_once_for_a_shape() -> None:
    built = []

    def build(shape: str, key: int) -> "QuerySet[Person, Any]":
        built.append(shape)
        return people(shape, key)

    prepared = Prepared(build)
    for key in range(3):
        prepared.rows("author", key=key)
    prepared.rows("reader", key=1)
    assert built == ["author", "reader"]


def test_a_number_beyond_every_field_finds_nothing() -> None:
    assert Prepared(people).rows("author", key=2**62) == []


def test_a_query_that_can_find_nothing_finds_nothing() -> None:
    prepared = Prepared(lambda shape, key: people(shape, key).filter(pk__in=[]))
    assert prepared.rows("author", key=1) == prepared.rows("author", key=1) == []


def test_it_counts_as_a_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    prepared = Prepared(people)
    with django_assert_num_queries(2):
        prepared.rows("author", key=1)
        prepared.rows("author", key=2)
