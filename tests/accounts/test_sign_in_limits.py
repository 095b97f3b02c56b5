"""Tries to sign in are counted for the whole installation, not for each web process."""

import pytest
from django.db import connection
from django.test import Client, override_settings

from tests import factories

pytestmark = pytest.mark.django_db


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "3/5m/key"})
def test_too_many_wrong_passwords_end_the_trying_and_are_counted_in_the_database() -> None:
    factories.person("ada", password="a good long password")
    answers = []
    for password in ["wrong"] * 4 + ["a good long password"]:
        answer = Client().post("/accounts/login/", {"login": "ada", "password": password})
        answers.append(answer.status_code)
    assert 302 not in answers
    assert "Too many failed" in answer.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_cache")
        assert cursor.fetchone()[0] > 0
