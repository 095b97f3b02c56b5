"""Requests that are not quite right, before any view sees them."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "utf-8"])
def test_a_form_in_another_encoding_is_refused_with_a_page(charset: str) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")  # without its cookie the form is not even read
    answer = client.post(
        "/accounts/login/", b"login=a", content_type=f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert answer.status_code in (400, 403)
    assert "<h1>" in answer.content.decode()


def test_only_the_names_of_this_site_are_answered(
    author: Person, sign_in: Callable[[Person], Client], settings: Settings
) -> None:
    client = sign_in(author)
    settings.ALLOWED_HOSTS = ["debrief.example"]
    assert client.get("/", headers={"host": "debrief.example"}).status_code == 200
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_a_load_balancer_asks_by_number(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["debrief.example"]
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200


def test_an_address_without_its_last_slash_leads_on(author: Person, sign_in: Callable[[Person], Client]) -> None:
    number = factories.published(author).review.incident.number
    client = sign_in(author)
    for address in ("/reviews", "/drafts", f"/reviews/{number}", f"/drafts/{number}"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{address}/")


@pytest.mark.parametrize(
    "address", ["//elsewhere.example/reviews", "//elsewhere.example", "/\\elsewhere.example/reviews"]
)
def test_the_slash_never_leads_elsewhere(author: Person, sign_in: Callable[[Person], Client], address: str) -> None:
    answer = sign_in(author).get("/", PATH_INFO=address)
    assert not answer.headers.get("Location", "/").startswith(("//", "/\\", "http"))
