"""A reader who walks through everything that a version with roles leads to meets no name, whoever the reader is."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Person
from accounts.tokens import create_token
from actions.models import ActionItem
from incidents.models import Incident, Participant
from reviews.attaching import attach_file
from reviews.commenting import start_thread
from reviews.models import Factor, ImportedSource, Review, Section, SectionKind, Why
from reviews.publishing import publish_review
from reviews.recurring import confirm_recurrence
from tests import factories
from tests.pictures import png
from tests.test_access_surfaces import arguments_for, patterns
from timeline.models import Event
from timeline.perspectives import add_perspective

# Who takes part, who owns an action, who has no account, who is only written about, who comes later.
NAMES = re.compile(r"quillon|featherby|z_quill|jorun|brask|jennifex|wolde|tamrat|lateef|bakare", re.IGNORECASE)
SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


def called(username: str, name: str, role: str = "author") -> Person:
    made = factories.person(username, email=f"{username}@example.org", role=role)
    made.name = name
    made.save()
    return made


@pytest.fixture
def quillon(db: None) -> Person:
    return called("z_quill", "Quillon Featherby")


@pytest.fixture
def review(quillon: Person) -> Review:
    """A review that names people in every place that can hold words, in the ways in which editors and logs do."""
    brask = called("jbrask", "Jorun Brask", role="reader")
    called("twolde", "Tamrat Wolde")
    review = factories.draft(
        quillon,
        "Quillon's pool ran dry",
        summary="Quillon Featherby saw it, jennifex paged @twolde; ask [him](mailto:z_quill@example.org).",
        services=[factories.service("Payments", owner=factories.team("Core"))],
        tags=["featherby", "money"],
    )
    incident = review.incident
    for role in ("facilitator", "responder", "incident-commander"):
        Participant.objects.create(incident=incident, person=quillon, role=role)
    Review.objects.filter(pk=review.pk).update(authors_as_written=["jennifex", "Quillon Featherby, core team"])
    review.refresh_from_db()
    picture = attach_file(quillon, review, SimpleUploadedFile("quillon.png", png()))
    notes = attach_file(quillon, review, SimpleUploadedFile("brask-notes.txt", b"said"))
    for kind in SectionKind.values[1:]:
        text = (
            f"z\\_quill and **Brask** saw {kind}.\n\n{picture.markdown}\n\n{notes.markdown}\n\n```\nuser=z_quill\n```"
        )
        Section.objects.create(review=review, kind=kind, text=text, html=f"<p>{text}</p>")
    event = Event.objects.create(
        incident=incident,
        occurred_at=factories.NOON,
        text=f"QUILLON paged Jorun, {notes.markdown}",
        html="<p>QUILLON</p>",
        written_as="12:00 Quillon",
        kind="detection",
    )
    add_perspective(quillon, event.pk, person=quillon, known="Quillon knew", sense="It made sense to Jorun Brask")
    add_perspective(quillon, event.pk, who="jennifex", known="Brask's view", sense="")
    titles = [
        {"title": "Quillon adds an alert", "details": "Ask Brask.", "details_html": "<p>Ask Brask.</p>"},
        {"title": "Second", "owner": quillon, "status": "wont-do", "reason": "Tamrat and jennifex refused"},
        {"title": "Third", "owner_as_written": "jennifex", "due": date(2026, 1, 1)},
        {"title": "Fourth", "owner_as_written": "Jorun Brask & the core team"},
    ]
    actions = [ActionItem.objects.create(incident=incident, **{"owner": brask, **one}) for one in titles[:1]]
    actions += [ActionItem.objects.create(incident=incident, **one) for one in titles[1:]]
    why = Why.objects.create(
        review=review,
        question="Why did Quillon wait?",
        answer="Brask asked",
        answer_html="<p>Brask asked</p>",
        is_root_cause=True,
        cause=factories.cause("capacity"),
    )
    why.evidence.create(event=event)
    why.evidence.create(url="https://chat.example/1", label="Quillon’s message")
    factor = Factor.objects.create(review=review, text="Only Quillon knew", html="<p>Only Quillon knew</p>", why=why)
    factor.actions.add(*actions)
    ImportedSource.objects.create(review=review, file_name="quillon.md", content=b"Quillon", sha256="0" * 64)
    review.approvals.create(person=quillon, asked_by=brask, asked_at=factories.NOON, request="Quillon, please")
    start_thread(quillon, review, "facts", "Was it Jorun?")
    publish_review(quillon, review, "By Quillon")
    Review.objects.filter(pk=review.pk).update(names_as_roles=True)
    publish_review(quillon, Review.objects.get(pk=review.pk), "Quillon and Tamrat wrote anew")
    what_comes_later(review, actions)
    return Review.objects.get(pk=review.pk)


def what_comes_later(review: Review, actions: list[ActionItem]) -> None:
    """Somebody whom the version does not know gets into what pages read live."""
    lateef = called("lbakare", "Lateef Bakare", role="reader")
    Incident.objects.filter(pk=review.pk).update(title="Lateef's pool ran dry")
    ActionItem.objects.filter(pk=actions[0].pk).update(title="Lateef adds it", owner=lateef)
    wont_do = {"status": "wont-do", "reason": "Lateef Bakare refused"}
    ActionItem.objects.filter(pk=actions[2].pk).update(owner_as_written="lateef", **wont_do)
    ActionItem.objects.create(incident=review.incident, title="Lateef’s own", owner=lateef)
    Section.objects.filter(review=review, kind="summary").update(text="Lateef", html="Lateef")


def happened_again(writer: Person, review: Review) -> int:
    """The number of another published review, which the writer took part in: it leads on to this one."""
    other = factories.published(
        writer, "Ledger slow", services=[factories.service("Payments")], causes=[factories.cause("capacity")]
    )
    confirm_recurrence(writer, other.review, str(review.incident.number))
    return other.review.incident.number


def addresses_in(page: str, base: str) -> Iterator[str]:
    """Where a page's links, pictures, forms and htmx requests lead, on this site."""
    for found in re.finditer(r'\b(?:href|src|action|hx-get|content)="([^"#][^"]*)"', page):
        address = urljoin(f"http://testserver{base}", unescape(found[1])).partition("#")[0]
        if address.startswith("http://testserver/"):
            yield address.removeprefix("http://testserver")


# Everybody who has an account, to whom an item may be given: it says nothing about who was there.
OFFERED = re.compile(r'<datalist id="people">.*?</datalist>', re.DOTALL)
# From such pages, links to such others ask for less of the same: there is no end to them.
NARROWING = {
    "/reviews/?": "/reviews/?",
    "/trends/?": "/trends/",
    "/trends/reviews/?": "/trends/",
    "/trends/invest/?": "/trends/",
}


def walk(client: Client, start: list[str]) -> Iterator[tuple[str, str]]:
    """Every page that can be reached from `start`, with its headers; of searches only those that a page suggests."""
    waiting, seen = [*start], set(start)
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        if answer.status_code in (301, 302):
            found = [urljoin(address, answer.headers["Location"])]
            body = ""
        else:
            body = b"".join(answer).decode(errors="replace")  # type: ignore[arg-type]
            found = list(addresses_in(body, address))
        yield address, f"{headers}\n\n{body}"
        for one in found:
            narrows = any(one.startswith(on) and address.startswith(page) for page, on in NARROWING.items())
            if one not in seen and not narrows and not one.startswith(("/static/", "/accounts/", "/admin/")):
                seen.add(one)
                waiting.append(one)


READERS = [("mallory", "reader"), ("walter", "author"), ("peggy", "team-lead")]


@pytest.mark.parametrize(("username", "role"), READERS)
def test_whatever_page_a_reader_comes_to_names_nobody(
    username: str, role: str, review: Review, sign_in: SignIn
) -> None:
    client = sign_in(factories.person(username, role=role))
    number = review.incident.number
    again = happened_again(factories.person("nadia"), review)
    start = ["/", "/reviews/?q=pool", "/reviews/?q=engineer+or+asked", f"/reviews/{number}/", "/teams/core/"]
    start += [f"/reviews/{again}/"]
    start += [f"/reviews/completions?q={typed}" for typed in ("tag:", "tag:f", "service:", "team:", "cause:", "is:")]
    visited = {address: OFFERED.sub("", body) for address, body in walk(client, start)}
    assert {address: NAMES.findall(body) for address, body in visited.items() if NAMES.search(body)} == {}
    assert {f"/reviews/{number}/", "/services/payments/", f"/reviews/{number}/changes"} <= visited.keys()
    assert "pool ran dry" in visited[f"/reviews/{again}/"].partition("Ledger slow")[2]
    files = [body for address, body in visited.items() if address.startswith("/attachments/")]
    assert len(files) == 2
    assert not any("404" in body for body in files)


def test_who_drafts_what_happened_again_reads_roles(review: Review, sign_in: SignIn) -> None:
    writer = factories.person("nadia")
    again = happened_again(writer, review)
    client = sign_in(writer)
    for address in (f"/drafts/{again}/", f"/drafts/{again}/similar"):
        for headers in ({}, {"HX-Request": "true"}):
            assert NAMES.findall(client.get(address, headers=headers).text) == [], address
    assert "incident commander" in client.get(f"/drafts/{again}/similar").text


@pytest.mark.parametrize(("username", "role"), READERS)
def test_no_address_that_a_reader_can_guess_names_anybody(
    username: str, role: str, review: Review, sign_in: SignIn
) -> None:
    client = sign_in(factories.person(username, role=role))
    for name, parts in patterns(get_resolver()):
        arguments = arguments_for(parts, review) if parts and parts != ["slug"] else None
        if arguments is None or name == "attachment":  # whose own name must be known to ask for it
            continue
        for version in (1, 2) if "version" in arguments else (1,):
            filled = {**arguments, "version": version} if "version" in arguments else arguments
            address = reverse(name, kwargs=filled)
            for ask in (client.get, client.post):
                body = b"".join(ask(address)).decode(errors="replace")  # type: ignore[arg-type]
                assert NAMES.findall(body) == [], address


def test_the_api_names_nobody_to_who_takes_no_part(review: Review) -> None:
    token = create_token(factories.person("walter"), scope="write", name="t")
    client = Client(headers={"Authorization": f"Bearer {token}"})
    number = review.incident.number
    for method, call in (("GET", "findings"), ("POST", "publish"), ("GET", ""), ("GET", "export"), ("GET", "similar")):
        answer = client.generic(method, f"/api/v1/reviews/{number}/{call}".rstrip("/"))
        assert answer.status_code == 404 or call not in ("findings", "publish")
        assert not NAMES.search(answer.content.decode())


@pytest.mark.parametrize("query", ["quillon", "jennifex", "owner:jennifex", "lateef", "owner:lbakare", "tag:featherby"])
def test_a_name_finds_nothing(query: str, review: Review, sign_in: SignIn) -> None:
    page = sign_in(factories.person("mallory", role="reader")).get("/reviews/", {"q": query}).content.decode()
    assert 'class="row-title"' not in page


def test_the_owner_of_an_action_who_takes_no_part_reads_what_was_published(review: Review, sign_in: SignIn) -> None:
    home = sign_in(Person.objects.get(username="lbakare")).get("/").content.decode()
    assert "The incident commander adds an alert" in home
    assert not re.search(r"quillon|featherby|lateef.s pool", home, re.IGNORECASE)


def test_a_reason_that_came_later_is_for_those_who_take_part(quillon: Person, review: Review, sign_in: SignIn) -> None:
    address = f"/reviews/{review.incident.number}/"
    read = sign_in(factories.person("mallory", role="reader")).get(address).content.decode()
    known = sign_in(quillon).get(address).content.decode()
    assert "refused" in read
    assert "Lateef" not in read
    assert "Lateef Bakare refused" in known
