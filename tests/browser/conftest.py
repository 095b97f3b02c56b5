"""Real Chromium against the real site."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from tests import chromium
from tests.live import LiveProcess

# Playwright's synchronous interface keeps an event loop in this thread, in which Django would refuse every query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_AT_WORK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
"""
PATIENCE_MS = 20_000  # a busy machine may be slow; nothing here waits longer than it must
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and skip it in one line where none can be had."""
    missing = pytest.mark.skip(reason="no Chromium here and none can be installed")
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
            if chromium.find() is None:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's launch options, with the Chromium found on this machine."""
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": chromium.ARGUMENTS}


@pytest.fixture
def answered(transactional_db: None) -> Iterator[None]:
    """Until what closed pages still asked for is answered: emptying the tables beside that ends in a deadlock."""
    yield
    quiet = 0
    deadline = time.monotonic() + 10
    while quiet < 3 and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(_AT_WORK)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.02)


@pytest.fixture
def signed_in_page(live_server: LiveServer, answered: None, context: BrowserContext) -> Callable[[Person], Page]:
    """A page whose browser holds the person's session; addresses are relative to the live server."""

    def open_as(person: Person, in_context: BrowserContext = context) -> Page:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        in_context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = in_context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    return open_as


@pytest.fixture(scope="session")
def kept_live_process(live_server: LiveServer, django_db_setup: None) -> Iterator[LiveProcess]:
    """One for all tests of a worker: it takes longer to start than most of them take."""
    process = LiveProcess(web_port=urlsplit(live_server.url).port or 0)
    yield process
    process.stop()


@pytest.fixture
def live_process(kept_live_process: LiveProcess, settings: Any) -> LiveProcess:
    """The live process beside the live server, on the same database; the editor page connects to it.

    A test may kill it: for the next one it is started again.
    """
    if not kept_live_process.runs():
        kept_live_process.start()
    settings.LIVE_PORT = str(kept_live_process.port)
    return kept_live_process


@pytest.fixture
def context_without_javascript(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A browser context in which no script runs."""
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    yield context
    context.close()


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """So that tests say page.goto("/reviews/")."""
    return live_server.url
