"""axe finds no serious violation on any page, in light and in dark, wide and as narrow as a phone."""

import uuid
from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Person
from actions.models import ActionItem
from followup.models import Channel, Outgoing
from followup.reminders.stopping import stop_path
from incidents.models import Incident

SERIOUS = ("serious", "critical")
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}  # it names every element that passes otherwise
PARTS = ("facts", "summary", "timeline", "whys", "factors", "actions")


def addresses() -> list[str]:
    """One address of every kind of page."""
    published = Incident.objects.filter(status="published", visibility="internal", services__owner__isnull=False)[0]
    draft = Incident.objects.filter(status="draft", participants__person__username="alice")[0]
    service = published.services.exclude(owner=None)[0]
    assert service.owner
    return [
        "/",
        "/reviews/",
        "/reviews/?q=payment",
        "/reviews/?q=nothingfindsthis+service:unknown+after:2026-02-30",
        "/reviews/?q=paymnets+-severity:sev5",
        "/reviews/filters?q=payment",
        "/reviews/searches/",
        "/reviews/searches/name?q=payment",
        published.get_absolute_url(),
        f"/reviews/{published.number}/around/",
        f"/reviews/{published.number}/replay/?step=2",
        "/reviews/reach/?quarter=2026-Q9",
        f"/reviews/{published.number}/versions/1/",
        f"/services/{service.slug}/",
        "/causes/capacity/",
        f"/teams/{service.owner.slug}/",
        "/actions/?q=is:nonsense+-team:none",
        "/actions/?by=owner",
        "/actions/?group=open",
        "/actions/load/",
        "/actions/filters",
        "/actions/change?q=is:mine",
        "/actions/reminders/",
        "/actions/calendars/?team=none-such",
        "/actions/figures/?q=colour:red",
        "/actions/figures/items/?of=done",
        "/actions/figures/factors/",
        "/trends/",
        "/trends/invest/",
        "/trends/reviews/?interval=resolve",
        f"/actions/{ActionItem.objects.filter(status='done')[0].pk}/held/",
        f"/actions/{ActionItem.objects.exclude(evidence='')[0].pk}/",
        *(f"/actions/{ActionItem.objects.unfinished()[0].pk}/?open={name}" for name in ("due", "words", "split")),
        "/drafts/",
        "/drafts/new",
        "/reviews/import/",
        draft.get_edit_url(),
        f"/drafts/{draft.number}/publish",
        f"/drafts/{draft.number}/ask",
        f"/drafts/{draft.number}/template",
        *(f"/drafts/{draft.number}/?edit={part}" for part in PARTS),
        "/accounts/logout/",
        "/accounts/password/change/",
        "/no-such-page/",
    ]


def addresses_of_administrators() -> list[str]:
    """Pages that only they have, with something on them."""
    admin = Person.objects.get(username="admin")
    Outgoing.objects.create(
        person=admin, channel="mail", day=date(2026, 11, 24), key=uuid.uuid4(), next_try_at=timezone.now(),
        state="failed", ended_at=timezone.now(), problem="The mail server refuses the address (550): no such user.",
    )  # fmt: skip
    merging = "/causes/capacity/merge?into=dependency"
    return ["/actions/undelivered/", "/actions/reminders/teams/payments/", merging]


def violations(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = Axe().run(page, options=ONLY_VIOLATIONS).response["violations"]
    return [
        f"{address}: {one['id']} ({one['impact']}) {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_no_serious_violation_on_any_page(
    demo: date,
    browser: Browser,
    live_server: LiveServer,
    signed_in_page: Callable[..., Page],
    scheme: str,
    width: int,
) -> None:
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 900},
    )
    page = signed_in_page(Person.objects.get(username="alice"), context)
    found = [line for address in addresses() for line in violations(page, address)]
    context.clear_cookies()
    found += violations(page, "/accounts/login/")
    found += violations(page, stop_path(Person.objects.get(username="alice"), Channel.MAIL))
    page = signed_in_page(Person.objects.get(username="admin"), context)
    found += [line for address in addresses_of_administrators() for line in violations(page, address)]
    context.close()
    assert found == [], "\n".join(found)


def test_no_page_scrolls_sideways_on_a_small_phone(
    demo: date, browser: Browser, live_server: LiveServer, signed_in_page: Callable[..., Page]
) -> None:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 320, "height": 640})
    page = signed_in_page(Person.objects.get(username="alice"), context)
    wide = []
    for address in [*addresses(), *addresses_of_administrators()]:
        if address == "/actions/undelivered/":
            context.clear_cookies()
            page = signed_in_page(Person.objects.get(username="admin"), context)
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)
    context.close()
    assert wide == []
