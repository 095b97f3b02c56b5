"""Few fixtures: people of each role, a signed-in client, the shared test data."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.dispatch import receiver
from django.template.base import Template
from django.test import Client, TransactionTestCase
from django.test.signals import setting_changed
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from accounts.models import Person
from reviews.demo.load import load_demo
from reviews.models import Attachment
from tests import database, factories

# How long an example takes, or its making, says only how busy the machine is. HYPOTHESIS_PROFILE=thorough looks longer.
settings.register_profile("usual", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

_render = Template._render
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


# What takes longest begins first, so that at the end no worker is left alone with it. Modules, then the rest of browser/.
LONG = (
    "test_coediting.py", "test_bad_input.py", "test_accessibility.py", "test_markdown_attacks.py", "test_attacks.py",
    "test_embedded_postgres.py", "test_coediting_client.py", "test_whys_keyboard.py", "test_device_copies.py",
    "test_closing.py", "test_search_page.py", "test_live_parts.py", "test_naming.py", "test_findings.py", "test_live.py",
)  # fmt: skip


@receiver(setting_changed)
def files_lie_where_the_settings_say(setting: str, **_: Any) -> None:
    """Django forgets its storages when these settings change; the field of attachments keeps the one that it has."""
    if setting in ("STORAGES", "STATIC_ROOT", "STATIC_URL"):
        field: Any = Attachment._meta.get_field("file")
        field.storage = storages["attachments"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take modules in this order (`--no-loadscope-reorder`)."""
    position = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: position.get(item.path.name, len(LONG) + ("browser" not in item.path.parts)))


@pytest.fixture(scope="session", autouse=True)
def templates_keep_no_context(django_test_environment: None) -> None:
    """Tests look at pages alone; Django would copy the whole context of every part of a page for them."""
    Template._render = _render


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database is a copy of one that is migrated once for all workers."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = database.migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a test commits is gone after it, and what migrations wrote is there for the next."""
    with django_db_blocker.unblock():
        if database.remember_as_migrated():
            TransactionTestCase._fixture_teardown = classmethod(lambda _: database.put_back())
    yield
    with django_db_blocker.unblock():
        database.end_other_sessions()


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
