"""Answers cite events of their own incident, and links to the web."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident
from reviews.evidence import cite, remove_evidence
from reviews.models import Evidence, Review, Why
from reviews.operations import delete_why, undo
from reviews.snapshot import snapshot_of
from tests import factories
from timeline.models import Event
from timeline.operations import delete_event

HTMX = {"HX-Request": "true"}


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


@pytest.fixture
def why(review: Review) -> Why:
    return review.whys.create(question="Why slow?", answer="No index", answer_html="<p>No index</p>")


@pytest.fixture
def event(review: Review) -> Event:
    return event_of(review, "Alert *fired*")


def event_of(review: Review, text: str) -> Event:
    html = f"<p>{text.replace('*fired*', '<em>fired</em>')}</p>"
    return review.incident.events.create(occurred_at=factories.NOON, zone="UTC", text=text, html=html)


def test_an_answer_cites_events_and_a_link_each_once(author: Person, why: Why, event: Event) -> None:
    cite(author, why.pk, events=[event], url="https://example.org/graph", label="Pool use")
    cite(author, why.pk, events=[event], url="https://example.org/graph", label="Again")
    found = list(why.evidence.values_list("event", "url", "label"))
    assert found == [(event.pk, "", ""), (None, "https://example.org/graph", "Pool use")]
    entries = AuditEntry.objects.filter(verb="cite-evidence", detail=f"why {why.pk}")
    assert entries.count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,x",
        "//example.org",
        "example.org",
        "ftp://example.org/x",
        "http://",
        "https://exa mple.org",
        "https://example.org\\@evil.org",
        "https://example.org/" + "x" * 600,
        "\x00",
        "\ud800",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(author: Person, why: Why, url: str) -> None:
    with pytest.raises(ValidationError):
        cite(author, why.pk, url=url, label="x")
    assert not why.evidence.exists()


def test_signs_that_could_end_an_attribute_are_kept_encoded(author: Person, why: Why) -> None:
    (made,) = cite(author, why.pk, url="https://example.org/?q='x'")
    assert made.url == "https://example.org/?q=%27x%27"


def test_nothing_named_is_told(author: Person, why: Why) -> None:
    with pytest.raises(ValidationError, match="Choose an event"):
        cite(author, why.pk)
    with pytest.raises(ValidationError, match="Give the address"):
        cite(author, why.pk, label="A graph")


def test_an_event_of_another_review_is_no_evidence(author: Person, why: Why) -> None:
    foreign = event_of(factories.draft(author, "Other"), "x")
    with pytest.raises(ValidationError, match="no longer on the timeline"):
        cite(author, why.pk, events=[foreign])
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(why=why, event=foreign)


CHANGES: list[Callable[[Person, Why], Any]] = [
    lambda who, why: cite(who, why.pk, url="https://example.org/x"),
    lambda who, why: remove_evidence(who, why.evidence.get().pk),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_draft_of_others_does_not_exist_and_a_published_one_is_only_read(
    change: Callable[[Person, Why], Any], author: Person, why: Why
) -> None:
    cite(author, why.pk, url="https://example.org/graph")
    stranger = factories.person("stranger")
    with pytest.raises(Http404):
        change(stranger, why)
    Incident.objects.filter(pk=why.review_id).update(status="published")
    with pytest.raises(PermissionDenied):
        change(stranger, why)


def test_evidence_comes_back_with_its_why(author: Person, review: Review, why: Why, event: Event) -> None:
    below = review.whys.create(question="And why that?", parent=why)
    gone = event_of(review, "Gone")
    cite(author, why.pk, events=[event, gone], url="https://example.org/graph")
    cite(author, below.pk, events=[event])
    deletion = delete_why(author, why.pk)
    assert not Evidence.objects.exists()
    delete_event(author, gone.pk)
    undo(author, deletion.pk)
    assert list(why.evidence.values_list("event", "url")) == [(event.pk, ""), (None, "https://example.org/graph")]
    assert below.evidence.get().event == event


def test_evidence_comes_back_with_its_event(author: Person, why: Why, event: Event) -> None:
    cite(author, why.pk, events=[event])
    deletion = delete_event(author, event.pk)
    assert not why.evidence.exists()
    undo(author, deletion.pk)
    assert why.evidence.get().event == event


def test_a_snapshot_holds_what_each_answer_cites(author: Person, review: Review, why: Why, event: Event) -> None:
    cite(author, why.pk, events=[event], url="https://example.org/graph", label="Pool use")
    assert snapshot_of(review)["whys"][0]["evidence"] == [
        {"event": event.pk, "url": "", "label": ""},
        {"event": None, "url": "https://example.org/graph", "label": "Pool use"},
    ]


def test_evidence_is_cited_shown_and_removed_on_the_page(
    review: Review, why: Why, event: Event, author: Person, sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(author)
    base = f"/drafts/{review.incident.number}/"
    assert "Alert fired" in client.get(f"{base}?edit=whys&cite={why.pk}", headers=HTMX).text
    page = client.post(f"{base}whys/{why.pk}/evidence", {"events": [event.pk]}, headers=HTMX)
    assert page.status_code == 200
    assert f'href="#event-{event.pk}"' in page.text
    assert "Alert fired" in page.text
    refused = client.post(f"{base}whys/{why.pk}/evidence", {"url": "javascript:x", "label": "Kept"}, headers=HTMX)
    assert refused.status_code == 422
    assert "not a web address" in refused.text
    assert 'value="Kept"' in refused.text
    evidence = why.evidence.get()
    assert client.post(f"{base}whys/{why.pk}/evidence/{evidence.pk}/remove", headers=HTMX).status_code == 200
    assert client.post(f"{base}whys/{why.pk}/evidence/{evidence.pk}/remove", headers=HTMX).status_code == 404


def test_the_tree_takes_as_many_queries_however_much_is_cited(
    author: Person, review: Review, why: Why, django_assert_max_num_queries: Any
) -> None:
    from reviews.views.parts.opened import NOTHING
    from reviews.views.parts.whys import build_whys

    for n in range(20):
        one = review.whys.create(question=f"{n}?", is_root_cause=True)
        cite(author, one.pk, events=[event_of(review, f"Event {n}")], url="https://example.org/graph")
        review.factors.create(text=f"Factor {n}", why=one)
    with django_assert_max_num_queries(4):
        assert len(build_whys(review, NOTHING).lines) == 21
