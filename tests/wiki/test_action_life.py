"""What becomes of action items, on the published page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import add_action, change_action
from actions.verifying import verify_action
from reviews.models import Review
from reviews.publishing import publish_review
from tests import factories

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def reader() -> Person:
    return factories.person("zora", role="team-lead")


def published(author: Person, **more: Any) -> ActionItem:
    """An item of a published review that is open."""
    review = factories.draft(author, "Pool ran dry")
    Review.objects.filter(pk=review.pk).update(**more)
    action = add_action(author, review.incident, title="Add an alert", owner=author, done_when="It fires in staging.")
    publish_review(author, Review.objects.get(pk=review.pk))
    return action


def page_of(client: Client, action: ActionItem) -> str:
    return " ".join(client.get(f"/reviews/{action.incident.number}/", follow=True).content.decode().split())


def test_it_says_how_one_will_know(sign_in: SignIn, author: Person, reader: Person) -> None:
    assert "It fires in staging." in page_of(sign_in(reader), published(author))


def test_it_leads_to_the_page_of_the_item(sign_in: SignIn, author: Person, reader: Person) -> None:
    action = published(author)

    assert f'href="/actions/{action.pk}/"' in page_of(sign_in(reader), action)


def test_what_shows_it_is_shown(sign_in: SignIn, author: Person, reader: Person) -> None:
    action = published(author)
    change_action(author, action.pk, status="done", evidence="It fired on **Tuesday**.")

    assert "It fired on <strong>Tuesday</strong>." in page_of(sign_in(reader), action)


def test_done_without_evidence_says_so(sign_in: SignIn, author: Person, reader: Person) -> None:
    action = published(author)
    change_action(author, action.pk, status="done")

    assert "Nothing shows it yet" in page_of(sign_in(reader), action)


def test_who_looked_is_named(sign_in: SignIn, author: Person, reader: Person) -> None:
    action = published(author)
    change_action(author, action.pk, status="done")
    verify_action(reader, action.pk)

    assert "Zora</span> looked and says that it is done" in page_of(sign_in(author), action)


def test_a_version_with_roles_tells_no_evidence_and_no_verifier(
    sign_in: SignIn, author: Person, reader: Person
) -> None:
    action = published(author, names_as_roles=True)
    change_action(author, action.pk, status="done", evidence="Author saw it fire.")
    verify_action(reader, action.pk)

    page = page_of(sign_in(factories.person("sam", role="reader")), action)

    assert "Author saw" not in page
    assert "Zora" not in page
    assert "looked and says that it is done" in page
    assert "Nothing shows it yet" not in page


def test_versions_of_before_it_was_asked_for_are_still_read(sign_in: SignIn, author: Person, reader: Person) -> None:
    action = published(author)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the database lets nobody change a version
        cursor.execute("UPDATE reviews_version SET document = document #- '{actions,0,done_when}'")
        cursor.execute("SET LOCAL session_replication_role = origin")

    page = page_of(sign_in(reader), action)

    assert "Add an alert" in page
    assert "It fires in staging." not in page
