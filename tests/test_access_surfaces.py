"""What someone may not see does not exist for them: on every address the site has, with and without htmx.

The surfaces follow ../shared/data/security/authz-surfaces.jsonl: pages, lists, counts, facets, snippets, sort orders,
partials, conditional requests, guessed numbers. Addresses are read from the site itself, so that a new one is covered
the day it is added.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.feed_addresses import feed_token, new_feed_token
from accounts.models import FeedPurpose, Person
from actions.models import ActionItem
from incidents.models import Grant
from reviews.attaching import attach_file
from reviews.commenting import delete_comment, reply, start_thread
from reviews.models import Comment, Evidence, Factor, ImportedSource, Review, Why
from tests import factories
from timeline.models import Event, Perspective
from wiki.feeds import feed_path

CANARY = "zq7xcanary"
OTHERS = ("admin", "account_", "healthz")  # not about reviews: no row of ours can show there

pytestmark = pytest.mark.django_db


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named address of the site with the names of its parts."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from patterns(entry, f"{before}{entry.namespace}:" if entry.namespace else before)
        elif isinstance(entry, URLPattern) and entry.name and not entry.name.startswith(OTHERS):
            yield before + entry.name, list(entry.pattern.converters)


def secret_review(status: str, visibility: str) -> Review:
    """A review full of the canary, by someone else."""
    writer = factories.person("writer")
    facts: dict[str, Any] = {"severity": "sev1", "services": [factories.service("Payments")], "visibility": visibility}
    facts["tags"] = [CANARY, "money"]
    title = f"Ledger {CANARY} lost"
    if status == "published":
        review = factories.published(
            writer, title, summary=f"The {CANARY} broke.", causes=[factories.cause("capacity")], **facts
        ).review
    else:
        review = factories.draft(writer, title, summary=f"The {CANARY} broke.", **facts)
    incident = review.incident
    event = Event.objects.create(incident=incident, occurred_at=factories.NOON, text=CANARY, html=CANARY)
    event.perspectives.create(who=CANARY, known=CANARY, known_html=CANARY)
    action = ActionItem.objects.create(
        incident=incident, title=f"Watch {CANARY}", owner=factories.person("reader", role="reader"), due="2020-01-01"
    )
    Factor.objects.create(review=review, text=CANARY, html=CANARY).actions.add(action)
    why = Why.objects.create(
        review=review, question=f"Why {CANARY}?", is_root_cause=True, cause=factories.cause("capacity")
    )
    why.evidence.create(url="https://example.org/", label=CANARY)
    review.text_versions.create(place="section:summary", text=CANARY, began_at=factories.NOON, saved_at=factories.NOON)
    review.approvals.create(person=writer, asked_by=writer, asked_at=factories.NOON, request=CANARY)
    ImportedSource.objects.create(review=review, file_name="a.md", content=CANARY.encode(), sha256="0" * 64)
    said = start_thread(writer, review, "facts", CANARY).comment
    reader = factories.person("reader", role="reader")
    review.incident.notifications.create(person=reader, actor=writer, kind="mention", text=CANARY)
    delete_comment(writer, reply(writer, said.thread_id, CANARY).comment.pk)
    attach_file(writer, review, SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode()))
    review.attachments.update(is_published=status == "published")
    return review


CASES = [("published", "restricted"), ("draft", "internal"), ("in-review", "restricted")]


def arguments_for(names: list[str], review: Review) -> dict[str, Any]:
    """Values for an address about `review`; each number that is not the review's own is that of one of its parts."""
    incident = review.incident
    attachment = review.attachments.first()
    parts = {
        "number": incident.number,
        "version": 1,
        "text": review.text_versions.first(),
        "slug": "ledger",
        "kind": "summary",
        "section": "summary",
        "event": incident.events.first(),
        "perspective": Perspective.objects.filter(event__incident=incident).first(),
        "action": incident.actions.first(),
        "why": review.whys.first(),
        "evidence": Evidence.objects.filter(why__review=review).first(),
        "factor": review.factors.first(),
        "participant": incident.participants.first(),
        "thread": review.threads.first(),
        "comment": Comment.objects.filter(thread__review=review).first(),
        "notification": incident.notifications.first(),
        "deletion": incident.deletions.first(),
        "approval": review.approvals.first(),
        "attachment": attachment or uuid.UUID(int=1),
        "upload": uuid.UUID(int=1),
        "name": attachment.address_name if attachment else "a.txt",
    }

    def value(name: str) -> Any:
        found = parts.get(name, parts.get(name.removesuffix("_pk").removesuffix("_id"), 1))
        return 1 if found is None else getattr(found, "pk", found)

    return {name: value(name) for name in names}


@pytest.mark.parametrize(("status", "visibility"), CASES)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_no_address_of_a_hidden_review_answers_an_outsider(
    status: str, visibility: str, headers: dict[str, str], outsider: Person, sign_in: Callable[[Person], Client]
) -> None:
    review = secret_review(status, visibility)
    client = sign_in(outsider)
    tried = 0
    for name, parts in patterns(get_resolver()):
        if not parts or parts == ["slug"]:
            continue
        address = reverse(name, kwargs=arguments_for(parts, review))
        for method in (client.get, client.post):
            sent = {"data": {}, "content_type": "application/json"} if "/api/" in address else {}
            answer = method(address, headers=headers, **(sent if method == client.post else {}))
            assert answer.status_code in (404, 405), f"{name} {address} answered {answer.status_code}"
            assert CANARY not in answer.content.decode(), address
            tried += 1
    assert tried > 6
    review.refresh_from_db()
    assert review.incident.title == f"Ledger {CANARY} lost"


def pages_of_an_outsider(client: Client) -> dict[str, tuple[int, str]]:
    """All that an outsider can list, search and count; tokens that differ on every request are masked."""
    queries = [
        "", f"q={CANARY}", "q=broke", f'q="the+{CANARY}"', f"q=-{CANARY}", "q=service:payments", "q=severity:sev1",
        "q=cause:capacity", "q=is:overdue", "q=is:open-actions", "q=owner:reader", "q=after:2020", "sort=newest",
        "q=ledger&sort=relevance", "page=2", "page=999", "q=quarter:2026-Q1", f"q=service:{CANARY}", "q=ledgre",
        "q=status:draft", "q=is:recurring", "q=team:core",
        f"q=tag:{CANARY}", "q=tag:money", "q=-tag:money", "q=owner:writer", "q=-is:recurring", "q=-severity:sev1",
        "q=before:2030+service:payments", "q=status:published", f"q=pool+or+{CANARY}", f"q={CANARY[:-1]}x", "page=0",
    ]  # fmt: skip
    addresses = [reverse("home"), *(f"{reverse('reviews')}?{query}" for query in queries)]
    addresses += [reverse("drafts"), reverse("service", args=["payments"]), reverse("cause", args=["capacity"])]
    addresses += [reverse("team", args=["core"]), reverse("notifications"), reverse("search-filters")]
    addresses += [reverse("reminders")]
    reader = Person.objects.get(username="reader")
    token = feed_token(reader) or new_feed_token(reader)
    addresses += [
        reverse("searches"),
        *(feed_path(token, text) for text in ("", CANARY, "service:payments", "tag:money")),
    ]
    board = (
        "",
        f"q={CANARY}",
        "q=owner:reader",
        "q=is:overdue",
        "q=-owner:writer",
        "q=service:payments",
        "q=cause:capacity",
    )
    addresses += [
        f"/actions/?{query}&by={by}" for query in board for by in ("status", "owner", "team", "due", "factor")
    ]
    addresses += ["/actions/?by=severity", "/actions/?group=open", "/actions/load/", "/actions/load/?q=owner:reader"]
    addresses += [f"/actions/change?do=owner&q={query}" for query in ("", CANARY, "is:mine")]
    addresses += [
        f"/trends/{place}" for place in ("", "invest/", "reviews/", "?by=month&from=2020&to=2026", "invest/?kind=cause")
    ]
    addresses += [f"/actions/figures/{place}" for place in ("", "factors/", "items/?of=unfinished", "?q=owner:reader")]
    addresses += [f"/actions/items.csv?q={query}" for query in ("", CANARY, "service:payments", "-owner:writer")]
    calendars = feed_token(reader, FeedPurpose.CALENDARS) or new_feed_token(reader, FeedPurpose.CALENDARS)
    addresses += [f"/actions/calendars/{calendars}/mine.ics", f"/actions/calendars/{calendars}/teams/core.ics"]
    parts = ("", "tag:", f"tag:{CANARY[:3]}", "tag:mon", CANARY[:4], "owner:", "service:")
    addresses += [f"{reverse('search-completions')}?part={part}" for part in parts]
    seen = {}
    for address in addresses:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(address, headers=headers)
            body = re.sub(
                r'(csrfmiddlewaretoken" value=|X-CSRFToken&quot;: &quot;|X-CSRFToken": ")["\w]+',
                "",
                b"".join(answer).decode(),  # whether sent at once or in parts
            )
            seen[f"{address} {headers}"] = (answer.status_code, body)
    return seen


@pytest.mark.parametrize(("status", "visibility"), CASES)
def test_lists_counts_facets_and_snippets_are_the_same_as_without_it(
    status: str, visibility: str, author: Person, outsider: Person, sign_in: Callable[[Person], Client]
) -> None:
    core = factories.team("Core", author)
    payments = factories.service("Payments", owner=core)
    factories.published(author, "Pool ran dry", services=[payments], causes=[factories.cause("capacity")])
    factories.person("writer")
    client = sign_in(outsider)
    before = pages_of_an_outsider(client)
    secret_review(status, visibility)
    after = pages_of_an_outsider(client)
    for address, (code, body) in before.items():
        assert code == 200, address
        assert after[address] == (code, body), f"{address} tells of the hidden review"


def test_a_hidden_review_and_a_missing_one_look_alike(outsider: Person, sign_in: Callable[[Person], Client]) -> None:
    number = secret_review("published", "restricted").incident.number
    client = sign_in(outsider)
    places = ("reviews/{}/", "reviews/{}/source", "reviews/{}/ledger/", "reviews/{}/versions/1/", "drafts/{}/")
    places += ("reviews/{}/changes", "reviews/{}/changes?from=1&to=1", "reviews/{}/?version=1")
    places += ("drafts/{}/history", "drafts/{}/history/versions/1")
    for form in (f"/{place}" for place in places):
        for ask in (client.get, client.head, client.post):
            hidden, missing = ask(form.format(number)), ask(form.format(number + 1000))
            assert hidden.status_code == missing.status_code
            assert hidden.status_code in (404, 405)
            assert hidden.content == missing.content
            assert hidden.headers == missing.headers
    for bare in (f"/reviews/{number}", f"/drafts/{number}"):
        other = bare.replace(str(number), str(number + 1000))
        assert client.get(bare).status_code == client.get(other).status_code


def test_access_that_ended_ends_at_once(sign_in: Callable[[Person], Client]) -> None:
    review = secret_review("published", "restricted")
    guest = factories.person("guest", role="reader")
    grant = Grant.objects.create(incident=review.incident, person=guest)
    client = sign_in(guest)
    page = client.get(review.incident.get_absolute_url(), follow=True)
    assert CANARY in page.content.decode()
    tag = page.headers.get("ETag")
    grant.delete()
    answer = client.get(review.incident.get_absolute_url(), headers={"If-None-Match": tag or '"x"'})
    assert answer.status_code == 404


def test_pages_are_never_kept_by_caches(author: Person, sign_in: Callable[[Person], Client]) -> None:
    version = factories.published(author)
    answer = sign_in(author).get(version.review.incident.get_absolute_url(), follow=True)
    assert "no-store" in answer.headers["Cache-Control"]


def test_nobody_reads_without_signing_in(client: Client, author: Person) -> None:
    review = factories.published(author).review
    factories.team("Core", author)
    factories.cause("capacity")
    factories.service("Payments")
    for name, parts in patterns(get_resolver()):
        values = {"slug": {"service": "payments", "cause": "capacity", "team": "core"}.get(name, "x")}
        arguments = values if parts == ["slug"] else arguments_for(parts, review)
        answer = client.get(reverse(name, kwargs=arguments))
        if "api-" in name:
            assert answer.status_code in (401, 404, 405) or name.endswith(("openapi-json", "openapi-view")), name
            continue
        if name.startswith(("feed", "reminders-stop")):  # their address is the key
            assert answer.status_code == 404, name
            continue
        assert answer.status_code in (302, 405), name
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/accounts/login/"), name
