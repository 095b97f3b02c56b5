"""The list of drafts, beginning a review, and who may open the editor."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Person
from incidents.models import Incident
from tests import factories

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


def test_the_list_holds_what_i_take_part_in(author: Person, sign_in: SignIn) -> None:
    factories.draft(author, "Checkout slow")
    factories.draft(factories.person("other"), "Search down")
    page = sign_in(author).get("/drafts/").content.decode()
    assert "Checkout slow" in page
    assert "Search down" not in page
    assert "New review" in page


def test_readers_see_an_empty_list_and_cannot_begin(outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    page = client.get("/drafts/").content.decode()
    assert "No draft of yours" in page
    assert "/drafts/new" not in page
    assert client.get("/drafts/new").status_code == 403
    assert client.post("/drafts/new", {"title": "x"}).status_code == 403


def test_a_title_is_enough_to_begin(author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).post("/drafts/new", {"title": "Checkout slow"})
    incident = Incident.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/drafts/{incident.number}/"
    assert incident.participants.get().person == author


def test_beginning_takes_all_that_is_known(author: Person, sign_in: SignIn) -> None:
    service = factories.service("Payments")
    facts = {
        "title": "Checkout slow",
        "severity": "sev2",
        "services": [service.pk],
        "began": "2026-03-14 14:03",
        "zone": "Europe/Berlin",
        "summary": "Cards were refused.",
    }
    sign_in(author).post("/drafts/new", facts)
    incident = Incident.objects.get()
    assert incident.occurred_at == datetime(2026, 3, 14, 13, 3, tzinfo=UTC)
    assert incident.time_zone == "Europe/Berlin"
    assert list(incident.services.all()) == [service]
    assert incident.review.sections.get().text == "Cards were refused."


def test_a_day_alone_is_a_day(author: Person, sign_in: SignIn) -> None:
    sign_in(author).post("/drafts/new", {"title": "x", "began": "2026-03-14", "zone": "UTC"})
    incident = Incident.objects.get()
    assert incident.occurred_is_date
    assert incident.occurred_at == datetime(2026, 3, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("title", "", "Give the incident a title"),
        ("title", "t" * 201, "201"),
        ("began", "2026-02-30", "30 February does not exist"),
        ("began", "25:00", "no hour 25"),
        ("zone", "Mars/Phobos", "not a time zone"),
        ("severity", "sev9", "not one of the available choices"),
        ("services", "999999999999999999999999", "no longer there"),
        ("services", "abc", "Unknown."),
    ],
)
def test_wrong_input_is_named_and_all_that_was_typed_stays(
    author: Person, sign_in: SignIn, field: str, typed: str, message: str
) -> None:
    facts = {"title": "Kept title", "summary": "Kept <summary>", "zone": "UTC", field: typed}
    answer = sign_in(author).post("/drafts/new", facts)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "error-summary" in page
    assert "Kept &lt;summary&gt;" in page
    if field != "services":
        assert f'value="{typed}"' in page or typed == "sev9"
    assert not Incident.objects.exists()


def test_an_empty_form_is_answered_in_words(author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).post("/drafts/new", {})
    assert answer.status_code == 422
    assert "Give the incident a title" in answer.content.decode()


def test_the_editor_opens_for_those_who_take_part(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    page = sign_in(author).get(review.incident.get_edit_url())
    assert page.status_code == 200
    assert "Checkout was slow." in page.content.decode()


def test_others_are_told_that_it_does_not_exist(author: Person, outsider: Person, sign_in: SignIn) -> None:
    address = factories.draft(author).incident.get_edit_url()
    for path in (address, f"{address}publish"):
        assert sign_in(outsider).get(path).status_code == 404
        assert sign_in(outsider).post(path).status_code in (404, 405)


def test_a_reader_who_takes_part_reads_the_draft_and_changes_nothing(
    author: Person, outsider: Person, sign_in: SignIn
) -> None:
    review = factories.draft(author)
    review.whys.create(question="Why slow?")
    review.factors.create(text="No alert", html="<p>No alert</p>")
    review.incident.actions.create(title="Add an alert")
    review.incident.events.create(occurred_at=factories.NOON, text="First", html="<p>First</p>")
    review.incident.participants.create(person=outsider, role="responder")
    client = sign_in(outsider)
    for query in ("", "?edit=summary", "?edit=timeline"):
        page = client.get(f"{review.incident.get_edit_url()}{query}").content.decode()
        assert "Checkout was slow." in page and "No alert" in page
        for control in ("?edit=", "hx-post", "Publish…", "<textarea"):
            assert control not in page, control
    assert client.post(f"{review.incident.get_edit_url()}sections/summary", {"text": "x"}).status_code == 403


def test_those_who_may_only_read_cannot_edit(author: Person, outsider: Person, sign_in: SignIn) -> None:
    incident = factories.published(author).review.incident
    client = sign_in(outsider)
    assert client.get(incident.get_edit_url()).status_code == 403
    assert client.post(f"{incident.get_edit_url()}sections/summary", {"text": "x"}).status_code == 403


@pytest.mark.parametrize("part", ["summary", "facts", "timeline", "whys", "factors", "actions", "participants"])
def test_each_part_opens_on_the_page_and_alone(author: Person, sign_in: SignIn, part: str) -> None:
    review = factories.draft(author)
    address = f"{review.incident.get_edit_url()}?edit={part}"
    client = sign_in(author)
    page = client.get(address).content.decode()
    alone = client.get(address, headers=HTMX).content.decode()
    assert "<html" in page
    assert "<html" not in alone
    assert f'id="{part}"' in alone
    assert 'id="outline"' in alone
    assert "data-cancel" in page and "data-cancel" in alone


@pytest.mark.parametrize(
    "query", ["edit=nothing", "edit=timeline&item=abc", "edit=whys&below=" + "9" * 40, "part=x", "deleted=%00"]
)
def test_an_address_that_asks_for_nothing_real_shows_the_page(author: Person, sign_in: SignIn, query: str) -> None:
    address = factories.draft(author).incident.get_edit_url()
    for headers in ({}, HTMX):
        assert sign_in(author).get(f"{address}?{query}", headers=headers).status_code == 200


def test_the_page_takes_few_queries_however_long_it_is(
    author: Person, sign_in: SignIn, django_assert_max_num_queries: Callable
) -> None:
    review = factories.draft(author)
    for n in range(30):
        review.incident.events.create(occurred_at=factories.NOON, text=f"e{n}", html="<p>e</p>")
        action = review.incident.actions.create(title=f"a{n}")
        review.factors.create(text=f"f{n}", html="<p>f</p>").actions.add(action)
        review.whys.create(question=f"q{n}")
    client = sign_in(author)
    with django_assert_max_num_queries(40):
        assert client.get(review.incident.get_edit_url()).status_code == 200


def test_a_tree_of_a_thousand_levels_opens(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    above = None
    for n in range(1000):
        above = review.whys.create(question=f"Why {n}?", parent=above)
    page = sign_in(author).get(review.incident.get_edit_url()).content.decode()
    assert "Why 999?" in page
    assert page.count("<ol>") == page.count("</ol>") - page.count("<ol class=")
