"""Tabs type into one section at the same time: ten with one live process; some with two, and with one that is killed."""

import asyncio
import string
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from bench import tabs
from incidents.operations import add_participant
from reviews.models import Review, Section
from tests import factories
from tests.live import LiveProcess, cookie_of

pytestmark = pytest.mark.django_db(transaction=True)

MANY, SOME = 10, 4  # a browser takes most of the time of these tests; what goes amiss between two processes needs few
SECTION = "impact"
# Each tab has letters of its own, so that nothing of what it typed can be lost, doubled or put in another order unseen.
WORDS = [string.ascii_letters[5 * n : 5 * n + 5] * 40 for n in range(MANY)]


@pytest.fixture
def second_live_process(live_server: LiveServer) -> Iterator[LiveProcess]:
    process = LiveProcess(web_port=urlsplit(live_server.url).port or 0)
    yield process
    process.stop()


@pytest.fixture
def writers() -> list[Person]:
    return [factories.person(name) for name in ("alice", "bob", "carol", "dave", "erin")]


@pytest.fixture
def review(writers: list[Person]) -> Review:
    made = factories.draft(writers[0])
    for person in writers[1:]:
        add_participant(writers[0], made.incident, person, "author")
    return made


def in_thread(work: Callable[[], Awaitable[Any]]) -> Any:
    """The result of asynchronous work; this thread has the event loop of pytest-playwright."""
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(tabs.run(work()))
        except BaseException as problem:
            failure.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


async def write_together(
    site: str,
    review: Review,
    cookies: list[str],
    *,
    count: int = SOME,
    before_tab: Callable[[int], None] = lambda n: None,
    midway: Callable[[], None] | None = None,
) -> str:
    """Tabs in up to five browser profiles; returns the text that all of them hold in the end."""
    async with tabs.async_playwright() as playwright:
        browser = await tabs.launch(playwright, with_window=False)
        try:
            contexts = [await tabs.context_of(browser, cookie, site) for cookie in cookies]
            address = f"{site}/drafts/{review.incident.number}/"
            pages = []
            for n in range(count):
                before_tab(n)
                pages.append(await tabs.open_section(contexts[n % len(contexts)], address, SECTION))
            typing = [page.keyboard.type(words, delay=20) for page, words in zip(pages, WORDS, strict=False)]
            if midway:
                typing.append(asyncio.to_thread(midway))
            await asyncio.gather(*typing)
            text = await tabs.until_same(pages, SECTION, count * 200)
            for page in pages:
                await tabs.until_saved(page)
            return text
        finally:
            await browser.close()


def assert_nothing_lost(text: str, review: Review, count: int = SOME) -> None:
    for words in WORDS[:count]:
        assert "".join(letter for letter in text if letter in words[:5]) == words
    assert len(text) == count * 200
    deadline = time.monotonic() + 20
    while (stored := Section.objects.get(review=review, kind=SECTION).text) != text and time.monotonic() < deadline:
        time.sleep(0.1)
    assert stored == text


@pytest.fixture
def cookies(writers: list[Person]) -> list[str]:
    return [cookie_of(person) for person in writers]


def test_ten_tabs_write_one_text(
    live_server: LiveServer, live_process: LiveProcess, review: Review, cookies: list[str]
) -> None:
    text = in_thread(lambda: write_together(live_server.url, review, cookies, count=MANY))
    assert_nothing_lost(text, review, MANY)


def test_tabs_write_one_text_through_two_processes(
    live_server: LiveServer,
    live_process: LiveProcess,
    second_live_process: LiveProcess,
    review: Review,
    cookies: list[str],
    settings: Any,
) -> None:
    ports = [live_process.port, second_live_process.port]

    def turn(n: int) -> None:
        settings.LIVE_PORT = str(ports[n % 2])

    text = in_thread(lambda: write_together(live_server.url, review, cookies, before_tab=turn))
    assert_nothing_lost(text, review)


def test_nothing_is_lost_when_the_process_is_killed_midway(
    live_server: LiveServer, live_process: LiveProcess, review: Review, cookies: list[str]
) -> None:
    def kill() -> None:
        time.sleep(2)
        live_process.kill()
        time.sleep(1)
        live_process.start()

    text = in_thread(lambda: write_together(live_server.url, review, cookies, midway=kill))
    assert_nothing_lost(text, review)
