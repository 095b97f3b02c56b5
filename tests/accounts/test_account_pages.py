"""Pages around signing in: in our frame, and calm when something is missing."""

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return factories.person("alice", password="correct horse", email="alice@example.org")


@pytest.fixture
def client_of_alice(alice: Person) -> Client:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("address", ["logout/", "password/change/", "email/", "reauthenticate/"])
def test_pages_of_the_signed_in_stand_in_our_frame(address: str, client_of_alice: Client) -> None:
    page = client_of_alice.get(f"/accounts/{address}").content.decode()
    assert 'class="frame"' in page
    assert 'class="frame-person"' in page


@pytest.mark.parametrize(
    "address", ["login/", "signup/", "inactive/", "password/reset/", "password/reset/done/", "password/reset/key/1-x/"]
)
def test_pages_of_strangers_stand_in_our_frame(address: str, client: Client) -> None:
    page = client.get(f"/accounts/{address}").content.decode()
    assert 'class="frame"' in page
    assert 'class="frame-person"' not in page


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, alice: Person) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    page = client.get("/" + link.split("/", 3)[3], follow=True)
    assert "A new password" in page.content.decode()
    words = {"password1": "another long password", "password2": "another long password"}
    client.post(page.redirect_chain[-1][0], words)
    alice.refresh_from_db()
    assert alice.check_password("another long password")


@pytest.mark.parametrize("address", ["alice@example.org", "nobody@example.org"])
def test_without_a_mail_server_the_page_stays_calm(
    address: str, client: Client, alice: Person, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post("/accounts/password/reset/", {"email": address})
    assert answer.status_code == 302


def test_changing_the_password_says_what_is_wrong(client_of_alice: Client) -> None:
    words = {"oldpassword": "wrong", "password1": "short", "password2": "other"}
    page = client_of_alice.post("/accounts/password/change/", words).content.decode()
    assert "Your password is not changed yet" in page


def test_a_page_that_is_missing_is_the_same_each_time(client_of_alice: Client) -> None:
    one, other = client_of_alice.get("/nothing/"), client_of_alice.get("/nothing/")
    assert one.status_code == 404
    assert one.content == other.content


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_pages_for_what_goes_wrong_ask_no_database(
    template: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(template)
