"""Recent and saved searches: one person's own, and mails about what they newly find."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person
from incidents.models import Visibility
from reviews.publishing import publish_review
from tests import factories
from wiki.models import SavedSearch
from wiki.search_mails import mail_matches, people_to_tell
from wiki.searches import (
    MOST_SAVED,
    RECENT,
    delete_search,
    recent_searches,
    remember_search,
    save_search,
    saved_searches,
    set_mails,
)

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


def recent(person: Person) -> list[str]:
    return [one.text for one in recent_searches(person)]


# Recent


def test_recent_searches_stand_newest_first_and_once(author: Person) -> None:
    for text in ("pool", "service:payments", " pool ", "", "x" * 301):
        remember_search(author, text)
    assert recent(author) == ["pool", "service:payments"]


def test_only_the_last_few_are_kept(author: Person) -> None:
    for number in range(RECENT + 3):
        remember_search(author, f"pool {number}")
    assert recent(author)[0] == f"pool {RECENT + 2}"
    assert len(recent(author)) == RECENT


def test_recent_searches_are_private_and_can_be_forgotten(author: Person, outsider: Person, sign_in: SignIn) -> None:
    assert sign_in(author).post("/reviews/searches/recent", {"q": "teapot"}).status_code == 204
    assert "teapot" not in sign_in(outsider).get("/reviews/searches/").content.decode()
    assert "teapot" not in sign_in(outsider).get("/reviews/completions?part=").content.decode()
    client = sign_in(author)
    assert 'data-value="teapot"' in client.get("/reviews/completions?part=").content.decode()
    assert "teapot" in client.get("/reviews/searches/").content.decode()
    client.post("/reviews/searches/recent/forget")
    assert recent(author) == []


def test_looking_alone_remembers_nothing(author: Person, sign_in: SignIn) -> None:
    sign_in(author).get("/reviews/?q=teapot")
    assert recent(author) == []


# Saved


def test_a_search_is_kept_under_a_name(author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    assert 'value="pool"' in client.get("/reviews/searches/name?q=pool").content.decode()
    answer = client.post("/reviews/searches/save", {"name": " Pools ", "q": "pool  service:x"}, follow=True)
    assert "“Pools” is kept." in answer.content.decode()
    assert list(saved_searches(author).values_list("name", "text", "mails")) == [("Pools", "pool service:x", False)]
    assert "/reviews/?q=pool+service%3Ax" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "text", "field"),
    [("", "pool", "name"), ("Pools", "", "q"), ("POOLS", "x", "name"), ("x" * 81, "x", "name"), ("x", "y" * 2001, "q")],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(
    author: Person, sign_in: SignIn, name: str, text: str, field: str
) -> None:
    save_search(author, name="Pools", text="pool")
    answer = sign_in(author).post("/reviews/searches/save", {"name": name, "q": text, "mails": "1"})
    assert answer.status_code == 422
    assert f'href="#search-{field}"' in answer.content.decode()
    assert saved_searches(author).count() == 1


def test_no_text_breaks_saving(author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    for number, text in enumerate(("\x00", "🫖" * 20, '"><b>', "%s %(x)s")):
        client.post("/reviews/searches/save", {"name": f"{text}{number}", "q": text})
        client.post("/reviews/searches/recent", {"q": text})
    page = client.get("/reviews/searches/")
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()


def test_there_are_not_too_many(author: Person) -> None:
    for number in range(MOST_SAVED):
        save_search(author, name=f"{number}", text="x")
    with pytest.raises(ValidationError, match="Delete one first"):
        save_search(author, name="one more", text="x")


def test_nobody_elses_search_can_be_read_changed_or_deleted(author: Person, outsider: Person, sign_in: SignIn) -> None:
    saved = save_search(author, name="Teapots", text="teapot")
    client = sign_in(outsider)
    for verb in ("mails", "delete"):
        assert client.post(f"/reviews/searches/{saved.pk}/{verb}", {"mails": "1"}).status_code == 404
    assert client.post(f"/reviews/searches/{2**70}/delete").status_code == 404
    assert "Teapots" not in client.get("/reviews/searches/").content.decode()
    with pytest.raises(Http404):
        delete_search(outsider, saved.pk)
    saved.refresh_from_db()
    assert not saved.mails


def test_the_page_takes_five_queries(author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    for number in range(5):
        save_search(author, name=f"{number}", text="x")
        remember_search(author, f"x {number}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/reviews/searches/").status_code == 200
    assert len(queries) <= 5


# Mails


@pytest.fixture
def reader(settings: Any) -> Person:
    """Somebody with an address, on a site that sends mails."""
    settings.MAILS_NOTIFICATIONS = True
    settings.SITE_ADDRESS = "https://debrief.example"
    return factories.person("mailed", role="reader", email="mailed@example.org")


def test_one_mail_tells_of_all_that_saved_searches_newly_find(author: Person, reader: Person) -> None:
    factories.published(author, "Old teapot")
    save_search(reader, name="Teapots", text="teapot", mails=True)
    save_search(reader, name="Worst", text="severity:sev1", mails=True)
    save_search(reader, name="Quiet", text="kettle")
    factories.published(author, "New teapot")
    number = factories.published(author, "Kettle", severity="sev1").review.incident.number
    assert people_to_tell() == [reader.pk]
    assert mail_matches(reader.pk)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["mailed@example.org"], "2 new reviews for your saved searches")
    assert "Teapots\n\n  New teapot\n" in sent.body
    assert f"https://debrief.example/reviews/{number}/kettle/" in sent.body
    assert "Old teapot" not in sent.body
    assert "Quiet" not in sent.body
    assert "https://debrief.example/reviews/searches/" in sent.body


def test_nothing_is_told_twice_and_no_more_than_once_a_day(author: Person, reader: Person) -> None:
    save_search(reader, name="Teapots", text="teapot", mails=True)
    factories.published(author, "Teapot one")
    assert mail_matches(reader.pk)
    factories.published(author, "Teapot two")
    assert not mail_matches(reader.pk)
    SavedSearch.objects.update(mailed_at=timezone.now() - timedelta(days=1))
    assert mail_matches(reader.pk)
    assert [("one" in sent.body, "two" in sent.body) for sent in mail.outbox] == [(True, False), (False, True)]
    SavedSearch.objects.update(mailed_at=timezone.now() - timedelta(days=1))
    assert not mail_matches(reader.pk)


def test_a_new_version_is_not_told_of_as_new(author: Person, reader: Person) -> None:
    review = factories.published(author, "Teapot").review
    save_search(reader, name="Teapots", text="teapot", mails=True)
    publish_review(author, review)
    assert not mail_matches(reader.pk)


@pytest.mark.parametrize("change", ["restricted", "no mails", "no address", "closed", "switched off"])
def test_nobody_is_mailed_what_is_not_for_them(author: Person, reader: Person, change: str) -> None:
    saved = save_search(reader, name="Teapots", text="teapot", mails=True)
    incident = factories.published(author, "Teapot").review.incident
    if change == "restricted":
        incident.visibility = Visibility.RESTRICTED
        incident.save()
    elif change == "switched off":
        set_mails(reader, saved.pk, False)
    else:
        facts = {"no mails": {"wants_mail": False}, "no address": {"email": ""}, "closed": {"is_active": False}}
        Person.objects.filter(pk=reader.pk).update(**facts[change])
        assert people_to_tell() == []
    assert not mail_matches(reader.pk)
    assert mail.outbox == []


def test_without_a_mail_server_nobody_is_told(reader: Person, settings: Any) -> None:
    save_search(reader, name="Teapots", text="teapot", mails=True)
    settings.MAILS_NOTIFICATIONS = False
    assert people_to_tell() == []
