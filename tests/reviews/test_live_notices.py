"""What pages are told, and where they find the live process."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from accounts.models import Person
from core import audit
from core.models import AuditEntry
from reviews.live.address import live_address
from reviews.live.notices import notice_of_audit, parts_of_verb
from reviews.models import LiveDocument
from tests import factories


@pytest.mark.parametrize(
    ("verb", "parts"),
    [
        ("add-event", ["timeline", "whys"]),
        ("cite-evidence", ["whys"]),
        ("disconnect-factor", ["factors", "actions", "whys"]),
        ("undo-delete-why", ["whys", "factors"]),
        ("move-why", ["whys", "factors"]),
        ("change-action", ["actions", "factors"]),
        ("remove-participant", ["participants"]),
        ("publish", ["page"]),
        ("dismiss-finding", ["findings"]),
        ("take-back-finding", ["findings"]),
        ("confirm-recurrence", ["recurrence"]),
        ("take-back-recurrence", ["recurrence"]),
    ],
)
def test_a_verb_names_the_parts_that_show_it(verb: str, parts: list[str]) -> None:
    assert parts_of_verb(verb, "") == parts


@pytest.mark.parametrize("verb", ["dismiss-finding", "take-back-finding"])
def test_what_the_timeline_says_in_place_is_fetched_anew_as_well(verb: str) -> None:
    assert parts_of_verb(verb, "timeline-gap at event:3: x") == ["findings", "timeline"]
    assert parts_of_verb(verb, "language-hindsight at event:3: x") == ["findings"]


def test_a_saved_section_is_its_own_part() -> None:
    assert parts_of_verb("save-section", "impact revision 3") == ["impact"]
    assert parts_of_verb("save-section", "nonsense") == ["page"]


@pytest.mark.parametrize("subject", ["organisation", "person 3", "incident x", ""])
def test_what_no_editor_shows_is_not_told(subject: str) -> None:
    assert notice_of_audit({"id": 1, "verb": "add-event", "subject": subject, "detail": ""}) is None


@pytest.mark.django_db(transaction=True)
def test_the_database_announces_every_audit_entry(author: Person) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("LISTEN debrief_audit")
    entry = audit.record(author, "add-event", "incident 7", "event 3")
    heard = next(connection.connection.notifies(timeout=5, stop_after=1))
    assert f'"id" : {entry.pk}' in heard.payload
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_behind_a_proxy_the_live_process_has_the_address_of_the_page(settings: Any) -> None:
    settings.LIVE_AT_SAME_ADDRESS = True
    settings.ALLOWED_HOSTS = ["debrief.example.org"]
    found = live_address(RequestFactory().get("/", secure=True, HTTP_HOST="debrief.example.org"))
    assert found is not None
    assert (found.sockets, found.events) == ("wss://debrief.example.org/live", "https://debrief.example.org/live")


def test_on_one_machine_it_has_the_name_of_the_page_and_its_own_port(settings: Any) -> None:
    settings.LIVE_PORT = "8001"
    found = live_address(RequestFactory().get("/", HTTP_HOST="[::1]:8000"))
    assert found is not None
    assert found.sockets == "ws://[::1]:8001/live"


def test_without_one_nothing_is_named(settings: Any) -> None:
    settings.LIVE_PORT = ""
    assert live_address(RequestFactory().get("/")) is None


@pytest.mark.django_db
def test_the_editor_may_connect_to_it_and_other_pages_may_not(settings: Any, author: Person, sign_in: Any) -> None:
    settings.LIVE_PORT = "8001"
    review = factories.draft(author)
    client: Client = sign_in(author)
    page = client.get(f"/drafts/{review.incident.number}/")
    assert "ws://testserver:8001" in page["Content-Security-Policy"]
    assert f'data-guid="{LiveDocument.objects.get(pk=review.pk).guid}"' in page.text
    assert "8001" not in client.get("/drafts/")["Content-Security-Policy"]
    assert "8001" not in client.get("/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_who_only_reads_a_draft_gets_no_socket(settings: Any, author: Person, sign_in: Any) -> None:
    settings.LIVE_PORT = "8001"
    review = factories.draft(author)
    reader = factories.person("reader", role="reader")
    review.incident.participants.create(person=reader, role="responder")
    page = sign_in(reader).get(f"/drafts/{review.incident.number}/")
    assert 'data-live=""' in page.text
    assert "/events" in page.text
