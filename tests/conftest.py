"""Few fixtures: people of each role, a signed-in client, the shared test data."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Person
from tests import factories

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def author(db: None) -> Person:
    """An engineer who writes reviews."""
    return factories.person("author")


@pytest.fixture
def outsider(db: None) -> Person:
    """A reader who takes part in nothing."""
    return factories.person("reader", role="reader")


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """A client with a session of the given person."""

    def sign_in_as(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in_as


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test data; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (test data), which is not beside this checkout")
    return SHARED
