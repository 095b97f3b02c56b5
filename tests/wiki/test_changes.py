"""Readers are told what changed between published versions."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from reviews.models import Review
from reviews.operations import save_section
from reviews.publishing import publish_review
from tests import factories
from timeline.operations import add_event

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    """Three versions: another summary, then an event."""
    review = factories.published(author, title="Pool ran dry").review
    save_section(author, review, "summary", "Checkout was very slow.", 1)
    publish_review(author, review, "The summary says how slow")
    add_event(author, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="Deploy began")
    publish_review(author, review, "The deploy is in the timeline")
    return review


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def changes(review: Review) -> str:
    return f"/reviews/{review.incident.number}/changes"


def test_a_later_version_says_what_it_is_and_where_to_see_what_changed(
    review: Review, outsider: Person, sign_in: SignIn
) -> None:
    page = words(sign_in(outsider), review.incident.get_absolute_url())
    head = page[: page.index('class="review-body"')]
    assert "Version 3," in head
    assert "The deploy is in the timeline" in head
    assert changes(review) in head


def test_a_first_version_says_nothing_of_the_kind(author: Person, outsider: Person, sign_in: SignIn) -> None:
    first = factories.published(author).review
    page = words(sign_in(outsider), first.incident.get_absolute_url())
    assert "See what changed" not in page
    assert "version-line" not in page


def test_an_older_version_leads_to_the_latest_and_to_what_changed_since(
    review: Review, outsider: Person, sign_in: SignIn
) -> None:
    number = review.incident.number
    client = sign_in(outsider)
    for address in (f"/reviews/{number}/versions/1/", f"/reviews/{number}/?version=1"):
        page = words(client, address)
        assert "This is version 1" in page
        assert "Version 3 is the latest" in page
        assert f"{changes(review)}?from=1&amp;to=3" in page
    assert "is the latest" not in words(client, f"/reviews/{number}/?version=3")
    assert client.get(f"/reviews/{number}/?version=4").status_code == 404
    for odd in ("abc", "9" * 30, "", "-1"):
        assert client.get(f"/reviews/{number}/", {"version": odd}).status_code == 200


def test_the_latest_is_compared_with_the_one_before_it(review: Review, outsider: Person, sign_in: SignIn) -> None:
    page = words(sign_in(outsider), changes(review))
    assert "<ins>Deploy began</ins>" in page
    assert "<ins>very </ins>" not in page
    assert "Versions" in page


def test_any_two_versions_are_compared_both_ways(review: Review, outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    page = words(client, f"{changes(review)}?from=1&to=3")
    assert "<ins>very </ins>" in page and "<ins>Deploy began</ins>" in page
    page = words(client, f"{changes(review)}?from=3&to=1")
    assert "<del>very </del>" in page and "<del>Deploy began</del>" in page
    page = words(client, f"{changes(review)}?to=2")
    assert "<ins>very </ins>" in page and "Deploy began" not in page.replace("The deploy", "")
    assert "first one: nothing was published before it" in words(client, f"{changes(review)}?to=1")


def test_a_version_compared_with_itself_asks_for_another(review: Review, outsider: Person, sign_in: SignIn) -> None:
    assert "Both are version 2." in words(sign_in(outsider), f"{changes(review)}?from=2&to=2")


@pytest.mark.parametrize("odd", ["9", "999999999999999999999", "abc", "-1", "0", "٣", "<b>", "1.5"])
def test_a_version_that_there_is_not_is_named(odd: str, review: Review, outsider: Person, sign_in: SignIn) -> None:
    client = sign_in(outsider)
    for name in ("from", "to"):
        answer = client.get(changes(review), {name: odd})
        assert answer.status_code == 200
        assert "There is no version" in answer.content.decode()
        assert "<b>" not in answer.content.decode()
    assert client.get(changes(review), {"from": "\x00"}).status_code == 200


def test_one_version_alone_says_so(author: Person, outsider: Person, sign_in: SignIn) -> None:
    first = factories.published(author).review
    assert "nothing was published before it" in words(sign_in(outsider), changes(first))


def test_changes_are_for_those_who_may_read_it(author: Person, outsider: Person, sign_in: SignIn) -> None:
    restricted = factories.published(author, visibility="restricted").review
    draft = factories.draft(author)
    client = sign_in(outsider)
    for one in (restricted, draft):
        assert client.get(changes(one)).status_code == 404
    assert sign_in(author).get(changes(draft)).status_code == 404
    assert sign_in(author).get(changes(restricted)).status_code == 200
    assert client.get("/reviews/99999999999999999999999/changes").status_code == 404


def test_an_older_comparison_shows_nothing_of_the_draft(
    review: Review, author: Person, outsider: Person, sign_in: SignIn
) -> None:
    save_section(author, review, "summary", "Not published yet", 2)
    for query in ("", "?from=1&to=3", "?from=1&to=4"):
        assert "Not published yet" not in words(sign_in(outsider), changes(review) + query)


def test_times_are_told_in_the_readers_zone(review: Review, author: Person, sign_in: SignIn) -> None:
    for zone, time in (("Asia/Tokyo", "21:00"), ("America/New_York", "08:00"), ("Asia/Tokyo", "21:00")):
        reader = factories.person(f"in {zone}", role="reader", time_zone=zone)
        assert time in words(sign_in(reader), changes(review))


def test_the_page_asks_few_queries(
    review: Review, outsider: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(outsider)
    with django_assert_max_num_queries(6):
        client.get(f"{changes(review)}?from=1&to=3")
