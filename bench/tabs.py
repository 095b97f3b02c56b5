"""Several tabs of a real Chromium that write in one review at once, for the benchmark and the tests."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests import chromium

PATIENCE_MS = 120_000

# The text as the editor shows it, without the names of the others' carets.
_TEXT = """place => {
    const content = document.querySelector(`[data-text="${place}"] .cm-content`)?.cloneNode(true);
    if (!content) return null;
    content.querySelectorAll('[class*="caret"]').forEach(one => one.remove());
    const lines = [...content.querySelectorAll(".cm-line")].map(line => line.textContent);
    return lines.join("\\n").replaceAll(/[\\u200b\\u2060]/g, "");
}"""


async def launch(playwright: Any, *, with_window: bool = True) -> Browser:
    """The Chromium of this machine; what is measured is the whole browser, as people have it."""
    path = chromium.find(with_window=with_window)
    browser: Browser = await playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
    return browser


async def context_of(browser: Browser, cookie: str, site: str) -> BrowserContext:
    """A browser profile of its own, with the session of `cookie` ("name=value")."""
    name, _, value = cookie.partition("=")
    context = await browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    await context.add_cookies([{"name": name, "value": value, "url": site}])
    return context


async def open_section(context: BrowserContext, address: str, section: str) -> Page:
    """A tab with the editor of that section open, the caret at the end of its text."""
    page = await context.new_page()
    await page.goto(address)
    await until_saved(page)
    await page.click(f"#{section}-edit")
    await page.wait_for_selector(f'[data-text="section:{section}"] .cm-content:focus')
    await page.keyboard.press("Control+End")
    return page


async def text_in(page: Page, section: str) -> str:
    """What the tab holds, as it shows it."""
    return str(await page.evaluate(_TEXT, f"section:{section}"))


async def until_saved(page: Page) -> None:
    """Until the page says that everything is stored."""
    await expect(page.locator("#saved-state")).to_have_text("Saved", timeout=PATIENCE_MS)


async def until_same(pages: Sequence[Page], section: str, length: int) -> str:
    """Until all tabs hold one text of that length; returns it. AssertionError after two minutes."""
    texts: list[str] = []
    for _ in range(PATIENCE_MS // 250):
        texts = [await text_in(page, section) for page in pages]
        if len(set(texts)) == 1 and len(texts[0]) >= length:
            return texts[0]
        await asyncio.sleep(0.25)
    raise AssertionError(f"lengths {[len(text) for text in texts]}, {len(set(texts))} different texts; wanted {length}")


def run(work: Awaitable[Any]) -> Any:
    """Runs `work` on an event loop; from a thread, where another loop runs in this one."""
    return asyncio.run(_awaited(work))


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


__all__ = ["async_playwright", "context_of", "launch", "open_section", "run", "text_in", "until_same", "until_saved"]
