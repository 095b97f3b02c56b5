"""Commands need no set-up: the first one makes the tables."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = f"debrief_without_tables_{os.getpid()}"  # other workers have their own


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The address of a database that holds nothing."""
    facts = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME}")
    access = f"{facts['user']}:{facts.get('password') or ''}"
    yield f"postgresql://{access}@/{NAME}?host={facts.get('host', '')}&port={facts.get('port', '')}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def run(address: str, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"},
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_command_makes_the_tables_that_it_needs(empty_database: str) -> None:
    made = run(empty_database, "check_language", "--json", given="It was human error.")
    assert made.returncode == 0, made.stderr
    assert [one["rule"] for one in json.loads(made.stdout)["findings"]] == ["language-human-error"]
    again = run(empty_database, "create_token", "nobody")
    assert again.stderr.strip() == "CommandError: There is no account named nobody."


def test_a_database_that_does_not_answer_is_told_in_one_line() -> None:
    made = run("postgresql://nobody@127.0.0.1:9/none", "check_language", given="x")
    assert made.returncode == 1
    assert made.stderr.startswith("CommandError: The database does not answer.")
    assert made.stderr.count("\n") == 1
