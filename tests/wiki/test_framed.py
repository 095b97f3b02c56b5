"""A page in a kept frame is the page that `render` would have given."""

import re
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import resolve
from django.utils.safestring import SafeString

from accounts.models import Person
from tests import factories
from wiki.framed import framed

pytestmark = pytest.mark.django_db

TEXTS = {
    "title": SafeString("A &lt;b&gt; title"),
    "address": SafeString("/reviews/1/a/"),
    "article": SafeString("<p>Article</p>"),
}


def asked_by(person: Person) -> Any:
    request: Any = RequestFactory().get("/reviews/1/")
    request.user, request.session = person, SessionStore()
    request.resolver_match = resolve("/reviews/1/")
    request._messages = FallbackStorage(request)
    return request


def without_tokens(html: bytes) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "TOKEN", html.decode())


def people() -> list[Person]:
    return [
        factories.person("alice"),
        factories.person("sam", role="reader"),
        factories.person("lee", role="team-lead", time_zone="Europe/Berlin"),
        factories.person("admin", role="administrator", is_staff=True),
        factories.person("<script>"),
    ]


def test_everyone_gets_their_own_frame_first_and_again() -> None:
    for person in people() * 2:
        expected = render(asked_by(person), "wiki/review.html", TEXTS)
        found = framed(asked_by(person), "wiki/review.html", **TEXTS)
        assert without_tokens(found.content) == without_tokens(expected.content), person


def test_a_change_of_name_or_zone_shows_at_once() -> None:
    person = factories.person("alice")
    framed(asked_by(person), "wiki/review.html", **TEXTS)
    person.name, person.time_zone = "Alice Example", "Asia/Tokyo"
    found = framed(asked_by(person), "wiki/review.html", **TEXTS).content.decode()
    assert "Alice Example" in found
    assert "times in Asia/Tokyo" in found


def test_an_account_made_anew_under_an_old_name_gets_a_frame_of_its_own() -> None:
    person = factories.person("alice")
    framed(asked_by(person), "wiki/review.html", **TEXTS)
    person.pk += 1
    assert f'data-person="{person.pk}"' in framed(asked_by(person), "wiki/review.html", **TEXTS).content.decode()


def test_each_answer_has_a_token_of_its_own() -> None:
    person = factories.person("alice")
    tokens = []
    for _ in range(2):
        found = framed(asked_by(person), "wiki/review.html", **TEXTS).content.decode()
        tokens.append(set(re.findall(r"[A-Za-z0-9]{64}", found)))
        assert len(tokens[-1]) == 1
    assert tokens[0] != tokens[1]


def test_a_message_shows_once() -> None:
    request = asked_by(factories.person("alice"))
    messages.success(request, "Published.")
    assert "Published." in framed(request, "wiki/review.html", **TEXTS).content.decode()
    assert "Published." not in framed(asked_by(request.user), "wiki/review.html", **TEXTS).content.decode()
