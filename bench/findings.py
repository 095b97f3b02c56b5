"""From the last letter of words that the checker finds to their mark under them, in the editor of a 20 KB review.

A real Chromium beside the real site. Once the writer stops after that letter, once they type on, eight letters a
second. The reference is the bare request for the same findings, from the same page. Bar: 300 ms, at the median of
each, and 95 of 100 are told as well.
"""

import asyncio
import json
import statistics
import sys
from typing import Any

from bench import site, tabs
from bench.checker import review_of_that_size

ROUNDS = 30
EVERY_MS = 125
BAR_MS = 300
SECTION = "lessons"
WORDS = "We should have noticed"
NEXT = " when it came back."

# When the last letter of the words was typed for the nth time, and when the nth of their marks was there.
_NOTE = """() => {
    window.typed = [];
    window.marked = [];
    const content = document.querySelector(".cm-content");
    const words = "We should have noticed";
    const count = (text) => text.split(words).length - 1;
    const look = () => {
        const now = performance.now();
        while (window.typed.length < count(content.textContent)) window.typed.push(now);
        const marks = [...content.querySelectorAll(".found")].filter((one) => one.textContent === words);
        while (window.marked.length < marks.length) window.marked.push(now);
    };
    const changes = { childList: true, characterData: true, subtree: true, attributes: true };
    new MutationObserver(look).observe(content, changes);
}"""
_ASK = """async () => {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "Content-Type": "application/json" };
    const text = document.querySelector(".cm-content").innerText;
    const began = performance.now();
    const body = JSON.stringify({ texts: { "section:lessons": text + " " + began } });
    await (await fetch(document.getElementById("findings").dataset.check, { method: "POST", headers, body })).text();
    return performance.now() - began;
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
    print(f"From the last letter to the mark under the words, {ROUNDS} times each, in a review of 20 KB")
    for name, told in (
        ("paused", "the writer stops there"),
        ("typing", "the writer types on"),
        ("bare", "bare request"),
    ):
        print(f"  {told:<24} median {figures[f'{name}_median_ms']:5.0f} ms   p95 {figures[f'{name}_p95_ms']:5.0f} ms")
    print(f"  bar: median under {BAR_MS} ms: {'met' if figures['met'] else 'MISSED'}")


def _measure() -> dict[str, Any]:
    import django

    django.setup()
    from accounts.models import Person
    from incidents.operations import add_participant
    from reviews.models import Review
    from tests.live import cookie_of

    review = Review.objects.select_related("incident").get(pk=review_of_that_size())
    alice = Person.objects.get(username="alice")
    if not review.incident.participants.filter(person=alice).exists():
        add_participant(Person.objects.get(username="admin"), review.incident, alice, "author")
    with site.serving_editor() as web:
        series = tabs.run(_times(web, review.incident.get_edit_url(), cookie_of(alice)))
    figures: dict[str, Any] = {"benchmark": "findings", "rounds": ROUNDS, "bar_ms": BAR_MS}
    for name, times in series.items():
        figures[f"{name}_median_ms"] = round(statistics.median(times), 1)
        figures[f"{name}_p95_ms"] = round(statistics.quantiles(times, n=20)[-1], 1)
    return {**figures, "met": max(figures["paused_median_ms"], figures["typing_median_ms"]) < BAR_MS}


async def _times(web: str, address: str, cookie: str) -> dict[str, list[float]]:
    async with tabs.async_playwright() as playwright:
        browser = await tabs.launch(playwright)
        context = await tabs.context_of(browser, cookie, web)
        found = {}
        for name, following in (("paused", ""), ("typing", NEXT)):
            page = await tabs.open_section(context, web + address, SECTION)
            await page.keyboard.press("Control+A")
            await page.keyboard.press("Delete")
            await page.evaluate(_NOTE)
            for turn in range(ROUNDS):
                await page.keyboard.type(WORDS + following, delay=EVERY_MS)
                await asyncio.sleep(1)
                await page.keyboard.type(f" {turn}\n\n")
            found[name] = await page.evaluate("marked.map((at, turn) => at - typed[turn])")
            assert len(found[name]) == ROUNDS, f"{len(found[name])} of {ROUNDS} were marked"
            if following:
                found["bare"] = [await page.evaluate(_ASK) for _ in range(ROUNDS)]
            await page.close()
        await browser.close()
    return found


if __name__ == "__main__":
    main()
