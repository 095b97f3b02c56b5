"""Feeds under a secret address: valid Atom, as far as its person may read, and no longer than they want."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.feed_addresses import feed_token, new_feed_token, reader_of, revoke_feed_token
from accounts.models import FeedKey, Person
from incidents.models import Grant, Visibility
from reviews.publishing import publish_review
from tests import factories
from wiki.feeds import SHOWN, atom, feed_path
from wiki.newly_published import Publication
from wiki.searches import save_search

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def token(outsider: Person) -> str:
    """In the addresses of the outsider's feeds."""
    return new_feed_token(outsider)


def feed_of(answer: HttpResponse) -> ElementTree.Element:
    """The root of a feed that has what RFC 4287 asks of every feed and entry."""
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert {"self", "alternate"} == {link.get("rel") for link in root.findall(f"{ATOM}link")}
    for part in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            [one] = part.findall(f"{ATOM}{name}")
            assert one.text
        assert datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo
        assert part.findtext(f"{ATOM}id", "").startswith("http://testserver/")
        assert all(link.get("href", "").startswith("http://testserver/") for link in part.findall(f"{ATOM}link"))
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


def titles(answer: HttpResponse) -> list[str]:
    return [entry.findtext(f"{ATOM}title", "") for entry in feed_of(answer).findall(f"{ATOM}entry")]


def test_a_feed_tells_what_was_published_last_first(author: Person, token: str, client: Client) -> None:
    first = factories.published(author, "First", summary="Tea & <b>biscuits</b>.").review
    factories.published(author, "Second")
    assert titles(client.get(feed_path(token))) == ["Second", "First"]
    publish_review(author, first)
    root = feed_of(client.get(feed_path(token)))
    [entry, _] = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "First"
    assert entry.findtext(f"{ATOM}id") == f"http://testserver/reviews/{first.incident.number}/"
    assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")


def test_every_search_has_a_feed(author: Person, token: str, client: Client) -> None:
    factories.published(author, "Teapot", services=[factories.service("Kitchen")])
    factories.published(author, "Kettle")
    assert titles(client.get(feed_path(token, "service:kitchen"))) == ["Teapot"]
    assert titles(client.get(feed_path(token, "kettle -service:kitchen"))) == ["Kettle"]
    assert titles(client.get(feed_path(token, "xylophone"))) == []
    assert titles(client.get(feed_path(token, "after:2026-02-30 colour:red \x00"))) == ["Kettle", "Teapot"]


def test_a_saved_search_has_a_feed_under_its_name(author: Person, outsider: Person, token: str, client: Client) -> None:
    factories.published(author, "Teapot")
    factories.published(author, "Kettle")
    saved = save_search(outsider, name="Tea & pots", text="teapot")
    answer = client.get(f"/reviews/feed/{token}/saved/{saved.pk}/")
    assert titles(answer) == ["Teapot"]
    assert feed_of(answer).findtext(f"{ATOM}title") == "Tea & pots"
    others = save_search(author, name="Mine", text="kettle")
    assert client.get(f"/reviews/feed/{token}/saved/{others.pk}/").status_code == 404


def test_a_feed_shows_what_its_person_may_read(author: Person, outsider: Person, token: str, client: Client) -> None:
    open_to_all = factories.published(author, "Open").review.incident
    secret = factories.published(author, "Secret", visibility="restricted").review.incident
    factories.draft(author, "Draft")
    assert titles(client.get(feed_path(token))) == ["Open"]
    Grant.objects.create(incident=secret, person=outsider)
    assert titles(client.get(feed_path(token))) == ["Secret", "Open"]
    open_to_all.visibility = Visibility.RESTRICTED
    open_to_all.save()
    assert titles(client.get(feed_path(token))) == ["Secret"]


def test_a_feed_is_not_sent_again_while_it_is_the_same(author: Person, token: str, client: Client) -> None:
    factories.published(author, "First")
    answer = client.get(feed_path(token))
    etag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = client.get(feed_path(token), headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(feed_path(token), headers={"If-Modified-Since": changed}).status_code == 304
    factories.published(author, "Second")
    assert client.get(feed_path(token), headers={"If-None-Match": etag}).status_code == 200


def test_an_address_can_be_replaced_and_revoked(outsider: Person, token: str, client: Client) -> None:
    assert feed_token(outsider) == token
    other = new_feed_token(outsider)
    assert (client.get(feed_path(token)).status_code, client.get(feed_path(other)).status_code) == (404, 200)
    revoke_feed_token(outsider)
    assert (client.get(feed_path(other)).status_code, feed_token(outsider)) == (404, "")


def test_a_closed_account_has_no_feeds(outsider: Person, token: str, client: Client) -> None:
    outsider.is_active = False
    outsider.save()
    assert client.get(feed_path(token)).status_code == 404


@pytest.mark.parametrize("wrong", ["1", "x", "-", "1-", "99999999999999999999-a", "²-a", "1-\ud800", "1" * 500])
def test_a_guessed_address_is_none(token: str, wrong: str) -> None:
    assert reader_of(wrong) is None
    assert reader_of(token[:-1] + ("0" if token[-1] != "0" else "1")) is None


def test_the_database_alone_does_not_tell_the_address(outsider: Person, token: str) -> None:
    assert FeedKey.objects.get(person=outsider).salt not in token


def test_the_page_makes_shows_and_revokes_the_address(outsider: Person, sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(outsider)
    assert "/reviews/feed/" not in client.get("/reviews/searches/").content.decode()
    page = client.post("/reviews/searches/feed", follow=True).content.decode()
    assert f"http://testserver{feed_path(feed_token(outsider))}" in page
    page = client.post("/reviews/searches/feed/revoke", follow=True).content.decode()
    assert "/reviews/feed/" not in page
    assert client.get("/reviews/searches/feed").status_code == 405


def test_a_feed_takes_a_handful_of_queries_and_is_not_endless(author: Person, token: str, client: Client) -> None:
    for number in range(SHOWN + 2):
        factories.published(author, f"Teapot {number}")
    with CaptureQueriesContext(connection) as queries:
        assert len(titles(client.get(feed_path(token, "teapot service:none")))) == SHOWN
    assert len(queries) <= 6


def test_signs_that_xml_cannot_hold_are_left_out() -> None:
    one = Publication(1, "Bell \x07 & \ufffe <i>", "\x00\x0b", "sev1", datetime(2026, 3, 14, tzinfo=UTC))
    xml = atom("\x01", [one], page="http://x/", own="http://x/feed", absolute=lambda path: f"http://x{path}")
    root = ElementTree.fromstring(xml)
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "Bell   &   <i>"
