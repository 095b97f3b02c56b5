"""How soon one can write after asking for the editor page, with the processor slowed down four times.

From the start of navigation to the first typed character in the opened section, in a fresh browser profile each time
(nothing cached); the reference is the same without slowing down. Also the JavaScript of the page, gzipped.
Bars: median under 1.5 s, JavaScript under 250 KB.
"""

import asyncio
import gzip
import json
import statistics
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from bench import site, tabs
from bench.coediting import draft_and_sessions

ROUNDS = 7
SLOWER = 4
BAR_MS = 1500
BAR_KB = 250
SECTION = "impact"

# As fast as anybody could: opens the section when its link does something, and types when the editor is there.
_WRITE = """() => {
    const section = "impact";
    let opened = false;
    const step = () => {
        const content = document.querySelector(`[data-text="section:${section}"] .cm-content`);
        if (content) {
            content.focus();
            document.execCommand("insertText", false, "x");
            if (content.textContent.includes("x")) {
                window.firstInput = performance.now();
                return;
            }
        } else if (!opened && document.readyState === "complete") {
            document.getElementById(`${section}-edit`).click();
            opened = true;
        }
        setTimeout(step, 5);
    };
    step();
}"""


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    with site.temporary_home():
        site.manage("migrate", "--verbosity", "0")
        site.manage("load_demo", "--verbosity", "0")
        figures = _measure()
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print("First character in the opened section after asking for the page, median of", ROUNDS)
    print(f"  as this machine is    {figures['reference_ms']:6.0f} ms")
    print(f"  {SLOWER} times slower        {figures['slowed_ms']:6.0f} ms  (bar {BAR_MS})")
    print(f"  JavaScript, gzipped   {figures['javascript_kb']:6.1f} KB  (bar {BAR_KB})")
    print(f"  {'met' if figures['met'] else 'MISSED'}")


def _measure() -> dict[str, Any]:
    import django

    django.setup()
    address, cookies = draft_and_sessions()
    with site.serving_editor() as web:
        plain, slowed, size = tabs.run(_times(web, address, cookies[0]))
    figures: dict[str, Any] = {
        "benchmark": "first_input",
        "reference_ms": round(statistics.median(plain)),
        "slowed_ms": round(statistics.median(slowed)),
        "bar_ms": BAR_MS,
        "javascript_kb": round(size / 1000, 1),
        "bar_kb": BAR_KB,
    }
    return {**figures, "met": figures["slowed_ms"] < BAR_MS and figures["javascript_kb"] < BAR_KB}


async def _times(web: str, address: str, cookie: str) -> tuple[list[float], list[float], int]:
    async with tabs.async_playwright() as playwright:
        browser = await tabs.launch(playwright)
        plain: list[float] = []
        slowed: list[float] = []
        scripts: set[str] = set()
        for _ in range(ROUNDS):
            for rate, found in ((1, plain), (SLOWER, slowed)):
                context = await tabs.context_of(browser, cookie, web)
                page = await context.new_page()
                session = await context.new_cdp_session(page)
                await session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
                await page.add_init_script(f"addEventListener('DOMContentLoaded', {_WRITE})")
                await page.goto(web + address)
                while (first := await page.evaluate("window.firstInput")) is None:
                    await asyncio.sleep(0.05)
                found.append(first)
                names = await page.evaluate("[...document.scripts].map(one => one.getAttribute('src'))")
                scripts.update(urljoin(web + address, name) for name in names)
                await context.close()
        await browser.close()
    return plain, slowed, sum(_gzipped(name) for name in scripts)


def _gzipped(address: str) -> int:
    from django.conf import settings

    name = address.partition("/static/")[2]
    return len(gzip.compress((Path(settings.STATIC_ROOT) / name).read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
