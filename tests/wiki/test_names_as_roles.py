"""A version that writes people as roles names nobody to those who took no part: on every page, in search, anywhere."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Incident, Participant
from reviews.models import (
    Factor,
    ImportedSource,
    LiveDocument,
    LiveUpdate,
    Review,
    Section,
    TextVersion,
    Version,
    Why,
)
from reviews.models.evidence import Evidence
from reviews.publishing import publish_review
from tests import factories
from tests.test_access_surfaces import arguments_for, patterns
from timeline.models import Event, Perspective
from timeline.perspectives import add_perspective

NAMES = re.compile(r"quillon|featherby|zquill|brask|jorun", re.IGNORECASE)
SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def quill(db: None) -> Person:
    made = factories.person("zquill", email="quillon@example.org")
    Person.objects.filter(pk=made.pk).update(name="Quillon Featherby")
    made.refresh_from_db()
    return made


@pytest.fixture
def brask(db: None) -> Person:
    made = factories.person("jbrask", role="reader")
    Person.objects.filter(pk=made.pk).update(name="Jorun Brask")
    made.refresh_from_db()
    return made


@pytest.fixture
def review(quill: Person, brask: Person) -> Review:
    """A review that names two people in every place that can hold words; Brask owns an action and takes no part."""
    review = factories.draft(
        quill,
        "Quillon's pool ran dry",
        summary="Quillon Featherby saw it, then @jbrask did.",
        services=[factories.service("Payments")],
        tags=["featherby", "money"],
    )
    incident = review.incident
    Participant.objects.create(incident=incident, person=quill, role="responder")
    review.authors_as_written = ["Quillon Featherby", "Quillon"]
    review.save()
    for kind in ("went_well", "narrative", "lessons"):
        text = f"In {kind} Featherby ran `ssh zquill@db-1`.\n\n```\nuser=zquill\n```\n"
        Section.objects.create(review=review, kind=kind, text=text, html=f"<p>{text}</p>")
    event = Event.objects.create(
        incident=incident,
        occurred_at=factories.NOON,
        text="QUILLON paged Jorun.",
        html="<p>QUILLON</p>",
        kind="response",
    )
    add_perspective(quill, event.pk, person=quill, known="Quillon knew", sense="It made sense to Jorun Brask")
    add_perspective(quill, event.pk, who="Jorun Brask", known="Brask's view")
    action = ActionItem.objects.create(
        incident=incident,
        title="Quillon adds an alert",
        details="Ask Brask.",
        details_html="<p>Ask Brask.</p>",
        owner=brask,
    )
    ActionItem.objects.create(incident=incident, title="Second", owner=quill, status="wont-do", reason="Brask refused")
    ActionItem.objects.create(incident=incident, title="Third", owner_as_written="Jorun Brask")
    Factor.objects.create(review=review, text="Only Quillon knew", html="<p>Only Quillon knew</p>").actions.add(action)
    why = Why.objects.create(
        review=review, question="Why did Quillon wait?", answer="Brask asked", answer_html="<p>Brask asked</p>"
    )
    Evidence.objects.create(why=why, url="https://chat.example/1", label="Quillon’s message")
    ImportedSource.objects.create(review=review, file_name="a.md", content=b"Quillon Featherby", sha256="0" * 64)
    return review


def publish_with_roles(person: Person, review: Review, note: str = "") -> Version:
    Review.objects.filter(pk=review.pk).update(names_as_roles=True)
    return publish_review(person, Review.objects.get(pk=review.pk), note)


def found_by(client: Client, query: str) -> int:
    return len(re.findall(r'class="row-title"', client.get(reverse("reviews"), {"q": query}).content.decode()))


def test_the_document_holds_no_name(quill: Person, review: Review) -> None:
    version = publish_with_roles(quill, review, "Quillon changed it")
    assert version.names_as_roles
    assert NAMES.findall(json.dumps(version.document)) == []
    assert not NAMES.search(version.note)
    assert "on-call engineer" in json.dumps(version.document)


def test_the_same_person_is_the_same_role_everywhere(quill: Person, review: Review) -> None:
    document = publish_with_roles(quill, review).document
    assert set(document["authors"]) == {"On-call engineer"}
    assert {one["name"] for one in document["people"]} == {"On-call engineer"}
    assert document["events"][0]["text"] == "The on-call engineer paged the engineer."
    assert [one["who"] for one in document["events"][0]["perspectives"]] == ["On-call engineer", "Engineer"]
    assert {one["owner"] for one in document["actions"]} == {"Engineer", "On-call engineer"}
    assert document["whys"][0]["answer_html"] == "<p>The engineer asked</p>"


def test_the_draft_is_untouched(quill: Person, review: Review) -> None:
    def dump() -> str:
        rows: list[Any] = []
        for model in (
            Incident,
            Section,
            Event,
            Perspective,
            ActionItem,
            Factor,
            Why,
            Evidence,
            Participant,
            TextVersion,
        ):
            rows += model._default_manager.order_by("pk")
        for live in (LiveDocument, LiveUpdate):
            rows += live._default_manager.order_by("pk")
        return serializers.serialize("json", rows)

    before = dump().replace('"draft"', '"published"')
    publish_with_roles(quill, review)
    after = dump().replace('"draft"', '"published"')
    assert [one for one in json.loads(after) if "live" not in one["model"]] == [
        one for one in json.loads(before) if "live" not in one["model"]
    ]


@pytest.mark.parametrize("versions", ["roles", "names then roles", "roles twice"])
def test_no_page_names_anybody_to_an_outsider(
    versions: str, quill: Person, review: Review, outsider: Person, sign_in: SignIn
) -> None:
    if versions == "names then roles":
        publish_review(quill, review, "By Quillon")
    if versions == "roles twice":
        publish_with_roles(quill, review)
    publish_with_roles(quill, review, "Quillon wrote anew")
    client = sign_in(outsider)
    for name, parts in patterns(get_resolver()):
        if parts and parts != ["slug"]:
            for version in (1, 2):
                arguments = arguments_for(parts, review) | ({"version": version} if "version" in parts else {})
                address = reverse(name, kwargs=arguments)
                for headers in ({}, {"HX-Request": "true"}):
                    answer = client.get(address, headers=headers, follow=True)
                    assert NAMES.findall(answer.content.decode()) == [], address
    number = review.incident.number
    pages = ["/", "/reviews/", "/drafts/", "/services/payments/", f"/reviews/{number}/?version=1"]
    pages += [f"/reviews/{number}/changes?from=1&to=2", f"/reviews/{number}/changes?from=0&to=1"]
    for query in ("pool", "saw it", "tag:money", "is:open-actions", "engineer", "asked"):
        pages.append(f"/reviews/?q={query}")
    for address in pages:
        assert NAMES.findall(client.get(address, follow=True).content.decode()) == [], address


def test_neither_name_nor_tag_nor_owner_finds_it(
    quill: Person, brask: Person, review: Review, outsider: Person, sign_in: SignIn
) -> None:
    publish_with_roles(quill, review)
    client = sign_in(outsider)
    assert found_by(client, "engineer") == 1
    for query in ("quillon", "featherby", "jbrask", "tag:featherby", "owner:zquill", "owner:jbrask", '"Jorun Brask"'):
        assert found_by(client, query) == 0, query
    assert found_by(client, "tag:money") == 1
    assert found_by(client, "-owner:jbrask") == 1
    assert found_by(sign_in(quill), "owner:jbrask") == 1
    assert found_by(sign_in(brask), "owner:me") == 1


def test_who_owns_an_action_now_is_a_role_too(
    quill: Person, brask: Person, review: Review, outsider: Person, sign_in: SignIn
) -> None:
    publish_with_roles(quill, review)
    client = sign_in(outsider)
    page = client.get(review.incident.get_absolute_url(), follow=True).content.decode()
    assert "Will not be done: The engineer refused" in page
    ActionItem.objects.filter(owner=brask).update(owner=quill)
    page = client.get(f"/reviews/{review.incident.number}/").content.decode()
    assert page.count("On-call engineer") >= 2
    newcomer = factories.person("newcomer")
    ActionItem.objects.filter(owner=quill).update(owner=newcomer)
    page = client.get(f"/reviews/{review.incident.number}/").content.decode()
    assert "Newcomer" not in page
    assert "Someone else" in page


def test_older_versions_with_names_are_for_those_who_took_part(
    quill: Person, review: Review, outsider: Person, sign_in: SignIn
) -> None:
    number = review.incident.number
    publish_review(quill, review)
    reader, writer = sign_in(outsider), sign_in(quill)
    assert reader.get(f"/reviews/{number}/versions/1/").status_code == 200
    assert reader.get(f"/reviews/{number}/source").status_code == 200
    publish_with_roles(quill, review)
    assert reader.get(f"/reviews/{number}/versions/1/").status_code == 404
    assert reader.get(f"/reviews/{number}/source").status_code == 404
    assert reader.get(f"/reviews/{number}/").status_code == 200
    for address in (f"/reviews/{number}/versions/1/", f"/reviews/{number}/source"):
        assert "Quillon" in writer.get(address).content.decode()
    page = reader.get(f"/reviews/{number}/").content.decode()
    assert "those who took part can read them" in page
    assert "original text" not in page
    assert "original text" in writer.get(f"/reviews/{number}/").content.decode()


def test_versions_with_roles_stay_open_when_names_come_back(
    quill: Person, review: Review, outsider: Person, sign_in: SignIn
) -> None:
    number = review.incident.number
    publish_with_roles(quill, review)
    Review.objects.update(names_as_roles=False)
    publish_review(quill, Review.objects.get(pk=review.pk))
    reader = sign_in(outsider)
    assert [reader.get(f"/reviews/{number}/versions/{n}/").status_code for n in (1, 2)] == [200, 200]
    assert "Quillon" in reader.get(f"/reviews/{number}/").content.decode()


def test_an_owner_who_took_no_part_reads_roles_on_home(
    quill: Person, brask: Person, review: Review, sign_in: SignIn
) -> None:
    publish_with_roles(quill, review)
    home = sign_in(brask).get("/").content.decode()
    assert "The on-call engineer adds an alert" in home
    assert not re.search("quillon|featherby", home, re.IGNORECASE)


def test_a_link_that_names_somebody_stays(quill: Person, review: Review) -> None:
    Section.objects.filter(kind="summary").update(text="See [what Quillon said](https://chat.example/zquill/1).")
    document = publish_with_roles(quill, review).document
    assert document["sections"]["summary"]["text"] == (
        "See [what the on-call engineer said](https://chat.example/zquill/1)."
    )


def test_a_title_that_grows_too_long_is_cut(quill: Person, review: Review) -> None:
    Incident.objects.update(title=("Quillon " * 25).strip())
    assert len(publish_with_roles(quill, review).document["title"]) <= 200


def test_who_was_a_role_stays_that_role(quill: Person, brask: Person, review: Review) -> None:
    first = publish_with_roles(quill, review)
    Participant.objects.create(incident=review.incident, person=brask, role="responder")
    other = factories.person("other")
    Participant.objects.create(incident=review.incident, person=other, role="responder")
    second = publish_with_roles(quill, review)
    assert first.document["events"] == second.document["events"]
    assert "First on-call engineer" in [one["name"] for one in second.document["people"]]


def test_the_page_takes_no_more_queries(
    quill: Person,
    review: Review,
    outsider: Person,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    publish_review(quill, review)
    publish_with_roles(quill, review)
    for who in (outsider, quill):
        client = sign_in(who)
        with django_assert_max_num_queries(6):
            client.get(f"/reviews/{review.incident.number}/")
