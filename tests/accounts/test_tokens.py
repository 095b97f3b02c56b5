"""Tokens for the API, and the command that makes one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken, Person
from accounts.tokens import create_token, token_row
from core.models import AuditEntry
from tests import factories


def _made(*arguments: str) -> str:
    out = StringIO()
    call_command("create_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_token_alone(author: Person) -> None:
    printed = _made("author")
    assert printed.endswith("\n") and len(printed.split()) == 1
    found = token_row(printed.strip())
    assert found is not None and found.person == author


def test_a_token_reads_unless_told_otherwise(author: Person) -> None:
    found = token_row(_made("author", "--name", "CI").strip())
    assert found is not None
    assert (found.scope, found.name) == ("read", "CI")


def test_a_token_is_not_stored(author: Person) -> None:
    token = create_token(author)
    row = ApiToken.objects.get()
    assert token.encode() not in bytes(row.digest)
    assert token not in AuditEntry.objects.get(verb="create-token").detail


def test_an_unknown_account_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="no account named nobody") as refused:
        _made("nobody")
    assert refused.value.returncode == 2


def test_a_name_that_is_too_long_is_refused(author: Person) -> None:
    with pytest.raises(CommandError, match="at most 80"):
        _made("author", "--name", "n" * 81)


def test_a_token_of_a_closed_account_opens_nothing(author: Person) -> None:
    token = create_token(author)
    Person.objects.filter(pk=author.pk).update(is_active=False)
    assert token_row(token) is None


@pytest.mark.parametrize("token", ["", "debrief_", "debrief_\udfff\x00", "x" * 10_000, "debrief_" + "é" * 40])
def test_what_is_no_token_opens_nothing(db: None, token: str) -> None:
    factories.person("author")
    assert token_row(token) is None


def test_the_last_use_is_noted_once_a_day(author: Person, django_assert_num_queries: object) -> None:
    token = create_token(author)
    assert token_row(token) is not None
    assert ApiToken.objects.get().last_used_on is not None
    with django_assert_num_queries(1):  # type: ignore[operator]
        token_row(token)
