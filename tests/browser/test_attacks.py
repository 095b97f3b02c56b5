"""Three hundred attack strings on real pages in a real Chromium: nothing may run, load or leave the site.

The Content-Security-Policy is switched off for the browser, so that only the texts' own treatment is judged.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from actions.models import ActionItem
from core.markdown import render
from reviews.models import Factor, Review, Section, Why
from reviews.publishing import publish_review
from tests import factories
from timeline.models import Event

SAMPLE = 300
A_PAGE = 50
SETS = "html-xss-*.jsonl", "htmx-active.jsonl", "markdown-xss.jsonl"

RECORD = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...given) => { window.ran.push(name + "(" + given.join() + ")"); return null; };
}
"""
PROVOKE = """
() => {
  const kinds = ["mouseover", "mouseenter", "mousemove", "mousedown", "mouseup", "focus", "focusin", "blur", "input",
    "change", "toggle", "keydown", "keyup", "copy", "paste", "wheel", "pointerover", "pointerenter", "dragstart",
    "animationstart", "animationend", "transitionend", "scroll", "load", "error", "contextmenu", "dblclick"];
  const found = [];
  for (const element of document.querySelectorAll("main *")) {
    for (const attribute of element.attributes) {
      if (/^(on|hx-on|x-|@|:)/i.test(attribute.name)) found.push(element.outerHTML.slice(0, 200));
    }
    for (const kind of kinds) element.dispatchEvent(new Event(kind, { bubbles: false }));
    if (element.href !== undefined && !["http:", "https:", "mailto:"].includes(element.protocol)) {
      found.push("link to " + element.href);
    }
  }
  return found.concat(window.ran);
}
"""


def attacks(folder: Path) -> list[str]:
    """An even sample of every set."""
    rows = [
        json.loads(line)["payload"]
        for pattern in SETS
        for path in sorted(folder.glob(pattern))
        for line in path.read_text().splitlines()
    ]
    return [rows[n * len(rows) // SAMPLE] for n in range(SAMPLE)]


def review_holding(author: Person, strings: list[str]) -> Review:
    """A draft with each string in a paragraph, a link target, a table cell, a heading and every structured part."""
    storable = [text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode() for text in strings]
    review = factories.draft(author, storable[0][:200] or "Attack", summary="")
    wrapped = [f"{text}\n\n[link]({text})\n\n# {text}\n\n| a |\n|---|\n| {text} |" for text in storable]
    for kind, texts in (("summary", wrapped[::2]), ("lessons", wrapped[1::2])):
        text = "\n\n".join(texts)
        Section.objects.create(review=review, kind=kind, text=text, html=render(text))
    for number, text in enumerate(storable):
        shown = text.strip() or "empty"
        Event.objects.create(incident=review.incident, occurred_at=factories.NOON, text=shown, html=render(shown))
        if number % 3 == 0:
            action = ActionItem.objects.create(
                incident=review.incident, title=shown[:300], details=shown, details_html=render(shown)
            )
            Factor.objects.create(review=review, text=shown, html=render(shown)).actions.add(action)
            Why.objects.create(review=review, question=shown[:500], answer=shown, answer_html=render(shown))
    publish_review(author, review)
    return review


class Watch:
    """What a page did that it should not."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context = context
        self.site = urlsplit(site).netloc
        self.seen: list[str] = []
        self.loaded = False
        context.add_init_script(RECORD)
        context.route("**/*", self._request)

    def _request(self, route: Route, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.site:
            self.seen.append(f"asked for {request.url[:100]}")
            route.abort()
            return
        if request.method != "GET" or (self.loaded and request.is_navigation_request()):
            self.seen.append(f"{request.method} {request.url[:100]}")
        route.continue_()

    def visit(self, page: Page, address: str) -> list[str]:
        """Everything amiss on the page at `address`."""
        self.loaded = False
        page.on("dialog", lambda dialog: (self.seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto(address, wait_until="load")
        self.loaded = True
        found = page.evaluate(PROVOKE)
        page.wait_for_timeout(150)
        return [*self.seen, *found, *page.evaluate("window.ran")]


@pytest.fixture
def watch(browser: Browser, live_server: LiveServer) -> Iterator[Watch]:
    context = browser.new_context(bypass_csp=True, base_url=live_server.url)
    yield Watch(context, live_server.url)
    context.close()


def test_the_watch_sees_what_runs(watch: Watch, live_server: LiveServer) -> None:
    page = watch.context.new_page()
    page.goto("/accounts/login/")
    watch.loaded = True
    page.evaluate(
        """() => document.querySelector("main").innerHTML =
        '<img src=x onerror=alert(1)><a href="javascript:1">x</a><b onmouseover="confirm(2)">b</b>'"""
    )
    page.wait_for_timeout(300)
    found = page.evaluate(PROVOKE)
    assert any("alert(1)" in one for one in found)
    assert any("confirm(2)" in one for one in found)
    assert any("javascript:" in one for one in found)


def test_nothing_runs_on_published_pages_and_in_the_editor(
    watch: Watch, author: Person, signed_in_page: Callable[..., Page], shared: Path
) -> None:
    strings = attacks(shared / "data/security")
    page = signed_in_page(author, watch.context)
    for start in range(0, SAMPLE, A_PAGE):
        incident = review_holding(author, strings[start : start + A_PAGE]).incident
        for address in (incident.get_absolute_url(), incident.get_edit_url()):
            assert watch.visit(page, address) == [], address
    for words in ("alert", "script", "javascript", "img", "onerror"):
        assert watch.visit(page, f"/reviews/?q={words}") == []
    assert watch.visit(page, "/") == []
