"""Asking again who may be here, for many at once."""

from typing import Any

import pytest

from accounts.models import Person
from incidents.operations import add_participant
from reviews.live.gate import Guest, Knock, answers
from tests import factories
from tests.live import cookie_of

pytestmark = pytest.mark.django_db


def key_of(person: Person) -> str:
    return cookie_of(person).removeprefix("sessionid=")


def test_many_connections_of_one_person_cost_three_queries(django_assert_num_queries: Any) -> None:
    alice = factories.person("alice")
    numbers = [factories.draft(alice).incident.number for _ in range(5)]
    key = key_of(alice)
    knocks = [Knock(key, number, to_edit) for number in numbers for to_edit in (True, False)]
    with django_assert_num_queries(3):
        found = answers(knocks)
    assert {type(one) for one in found.values()} == {Guest} and len(found) == 10


def test_each_is_answered_for_themselves() -> None:
    alice, reader, outsider = factories.person("alice"), factories.person("rita", role="reader"), factories.person("o")
    admin = factories.person("root", role="administrator")
    review = factories.draft(alice)
    add_participant(alice, review.incident, reader, "responder")
    number = review.incident.number
    keys = {"alice": key_of(alice), "rita": key_of(reader), "outsider": key_of(outsider), "admin": key_of(admin)}

    def said(name: str, to_edit: bool) -> int | str:
        answer = answers([Knock(keys.get(name, name), number, to_edit)])
        (one,) = answer.values()
        return str(one.person.username) if isinstance(one, Guest) else one

    assert [said(name, True) for name in ("alice", "rita", "outsider", "admin", "", "x\x00y")] == [
        "alice", 4404, 4404, "root", 4401, 4401,
    ]  # fmt: skip
    assert [said(name, False) for name in ("alice", "rita", "outsider", "admin", "")] == [
        "alice", "rita", 4404, "root", 4401,
    ]  # fmt: skip
