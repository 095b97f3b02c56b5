"""Few fixtures: people of each role, a signed-in client, the shared test data."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from pytest_django import DjangoDbBlocker

from accounts.models import Person
from reviews.demo.load import load_demo
from tests import database, factories

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database is a copy of one that is migrated once for all workers."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = database.migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What a test commits is gone after it, and what migrations wrote is there for the next."""
    with django_db_blocker.unblock():
        if database.remember_as_migrated():
            TransactionTestCase._fixture_teardown = classmethod(lambda _: database.put_back())


@pytest.fixture(scope="session")
def kept_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> bool:
    """The demo organisation, loaded once and kept; whether its rows can be put back."""
    with django_db_blocker.unblock():
        if not database.is_kept(database.AS_MIGRATED):
            return False
        load_demo(factories.DEMO_DAY)
        database.keep("demo")
        database.put_back()
        return True


@pytest.fixture
def demo(kept_demo: bool, db: None) -> date:
    """The demo organisation as on the day that is returned."""
    if kept_demo:
        database.put_back("demo")
    else:
        factories.starting_causes()
        load_demo(factories.DEMO_DAY)
    return factories.DEMO_DAY


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
