"""Whatever is typed, no page fails: every form and address, with the strings that break other sites."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from accounts.models import Person
from actions.models import ActionItem
from reviews.models import Why
from tests import factories

pytestmark = pytest.mark.django_db

OWN = [
    "", " ", "\x00", "a\x00b", "\ud800", "x" * 5000, "2026-02-30", "2026-02-30 25:61", "99999-01-01", "-1", "0",
    "9" * 40, "1e999", "NaN", "null", "[]", "{}", "' OR 1=1 --", "%s%n", "../../etc/passwd", "\u202eevil", "‮", "👩‍🚒" * 50,
    "٣", "²", "<b>x</b>", "{{ 7*7 }}", "{% now %}", "Europe/Nowhere", "+99:99", "+5000000d", "tomorrow tomorrow",
]  # fmt: skip


def naughty(shared: Path) -> list[str]:
    lines = (shared / "data/security/naughty-strings.jsonl").read_text().splitlines()
    return [json.loads(line)["payload"] for line in lines]


def fields_of(form: LexborNode) -> Iterator[tuple[str, str, str]]:
    """Name, kind and present value of each field."""
    for node in form.css("input, textarea, select"):
        name, kind = node.attributes.get("name"), node.attributes.get("type") or node.tag
        if not name or "disabled" in node.attributes:
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            yield name, "select", (chosen.attributes.get("value") or "") if chosen else ""
        elif node.tag == "textarea":
            yield name, kind, node.text()
        elif kind not in ("checkbox", "radio") or "checked" in node.attributes:
            yield name, kind, node.attributes.get("value") or ""


def forms_on(client: Client, address: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """The addresses that the page's forms post to, with their fields."""
    page = LexborHTMLParser(client.get(address, follow=True).content.decode())
    for form in page.css("form"):
        method = (form.attributes.get("method") or "get").lower()
        target = form.attributes.get("action") or form.attributes.get("hx-post") or address
        if method == "post" and "logout" not in target:
            yield urljoin(address, target), list(fields_of(form))


@pytest.fixture
def draft_number(author: Person) -> int:
    review = factories.draft(author, services=[factories.service("Payments")])
    action = ActionItem.objects.create(incident=review.incident, title="Add an alert")
    review.factors.create(text="No alert", html="<p>No alert</p>").actions.add(action)
    why = Why.objects.create(review=review, question="Why slow?", answer="No index", is_root_cause=True)
    why.evidence.create(url="https://example.org/graph")
    review.incident.events.create(occurred_at=factories.NOON, text="Alert", html="<p>Alert</p>", kind="detection")
    review.approvals.create(person=author, asked_by=author, asked_at=factories.NOON)
    review.incident.status = "in-review"
    review.incident.save()
    return review.incident.number


def a_few_at_a_time(strings: list[str]) -> Iterator[str]:
    """The strings. What became of some of them is on the page while the next are typed, then it is undone: one after
    the other, hundreds would make each page longer than the last.
    """
    waiting = iter(strings)
    while some := list(islice(waiting, 8)):
        with transaction.atomic():
            yield from some
            transaction.set_rollback(True)


def addresses(number: int) -> list[str]:
    kinds = [
        "approval",
        "facts",
        "participants",
        "visibility",
        "summary",
        "narrative",
        "timeline",
        "whys",
        "factors",
        "actions",
    ]
    return [
        "/drafts/new",
        "/actions/",
        "/actions/change?q=",
        f"/drafts/{number}/",
        f"/drafts/{number}/publish",
        f"/drafts/{number}/ask",
        f"/drafts/{number}/template",
        *(f"/drafts/{number}/?edit={k}" for k in kinds),
        f"/drafts/{number}/?edit=whys&cite={Why.objects.get().pk}",
    ]


def test_every_form_survives_what_is_typed(
    author: Person, draft_number: int, sign_in: Callable[[Person], Client], shared: Path
) -> None:
    client = sign_in(author)
    client.raise_request_exception = True
    forms: dict[str, list[tuple[str, str, str]]] = {}
    for address in addresses(draft_number):
        for target, fields in forms_on(client, address):
            if not any(word in target for word in ("publish", "delete", "undo")):
                forms.setdefault(target + "|" + ",".join(name for name, _, _ in fields), fields)
    assert len(forms) >= 6, "the editor has a form for each part"
    strings = OWN + naughty(shared)[::12]
    for target, fields in forms.items():
        address = target.split("|")[0]
        for text in a_few_at_a_time(strings):
            values: dict[str, Any] = {
                name: text if kind not in ("hidden", "submit") else value for name, kind, value in fields
            }
            answer = client.post(address, encodable(values), headers={"HX-Request": "true"})
            assert answer.status_code < 500, f"{address} with {text[:40]!r}"


def test_every_form_survives_hidden_fields_that_were_tampered_with(
    author: Person, draft_number: int, sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(author)
    tried = set()
    for address in addresses(draft_number):
        for target, fields in forms_on(client, address):
            names = tuple(name for name, _, _ in fields)
            if (target, names) in tried:
                continue
            tried.add((target, names))
            for text in a_few_at_a_time(OWN):
                typed = encodable(dict.fromkeys(names, text))
                answer = client.post(target, typed, headers={"HX-Request": "true"})
                assert answer.status_code < 500, f"{target} with {text[:40]!r}"


def test_every_list_survives_what_stands_in_its_address(
    author: Person, draft_number: int, sign_in: Callable[[Person], Client], shared: Path
) -> None:
    client = sign_in(author)
    strings = OWN + naughty(shared)[::4]
    for text in strings:
        for base in (
            "/reviews/?q=",
            "/reviews/?page=",
            "/reviews/?sort=",
            f"/drafts/{draft_number}/?edit=",
            "/actions/?q=",
            "/actions/?by=",
            "/actions/?by=owner&group=",
            "/actions/?group=open&after=",
            "/actions/load/?q=",
            "/actions/change?item=",
        ):
            parts = urlsplit(base)
            given = parse_qsl(parts.query, keep_blank_values=True)
            answer = client.get(parts.path, encodable({**dict(given), given[-1][0]: text}))
            assert answer.status_code < 500, f"{base} with {text[:40]!r}"


@pytest.mark.parametrize("number", ["0", "-1", "9" * 18, "9" * 19, "9" * 40, "٣", "1.5", "abc", "%00", "1%0a"])
def test_a_number_out_of_range_is_just_not_there(
    author: Person, sign_in: Callable[[Person], Client], number: str
) -> None:
    client = sign_in(author)
    for form in (
        "/reviews/{}/",
        "/reviews/{}/slug/",
        "/reviews/{}/source",
        "/reviews/{}/versions/1/",
        "/drafts/{}/",
        "/drafts/{}/publish",
    ):
        assert client.get(form.format(number)).status_code == 404


def encodable(values: dict[str, Any]) -> dict[str, Any]:
    """The values as a browser would send them: a lone surrogate leaves a browser as U+FFFD."""
    return {name: str(value).encode("utf-8", "replace").decode() for name, value in values.items()}
