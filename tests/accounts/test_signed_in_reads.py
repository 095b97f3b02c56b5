"""The two reads of every request, session and person, answer as Django's own would."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_alice() -> Client:
    client = Client()
    client.force_login(factories.person("alice"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_session_keeps_what_was_put_into_it() -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    session = store()
    session["word"] = "kept"
    session.save()
    assert store(session.session_key)["word"] == "kept"


def test_a_session_that_ran_out_signs_nobody_in(client_of_alice: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client_of_alice.get("/drafts/").status_code == 302


def test_a_session_that_was_deleted_signs_nobody_in(client_of_alice: Client) -> None:
    Session.objects.all().delete()
    assert client_of_alice.get("/drafts/").status_code == 302


def test_a_closed_account_is_out_at_once(client_of_alice: Client) -> None:
    assert client_of_alice.get("/drafts/").status_code == 200
    Person.objects.update(is_active=False)
    assert client_of_alice.get("/drafts/").status_code == 302


def test_a_changed_password_ends_other_sessions(client_of_alice: Client) -> None:
    person = Person.objects.get(username="alice")
    person.set_password("another password")
    person.save()
    assert client_of_alice.get("/drafts/").status_code == 302


def test_a_session_that_became_somebody_elses_is_theirs_at_once(client_of_alice: Client) -> None:
    assert client_of_alice.get("/drafts/").wsgi_request.user.username == "alice"
    bob = Client()
    bob.force_login(factories.person("bob"), backend="django.contrib.auth.backends.ModelBackend")
    key = client_of_alice.session.session_key
    Session.objects.filter(pk=key).update(session_data=Session.objects.get(pk=bob.session.session_key).session_data)
    assert client_of_alice.get("/drafts/").wsgi_request.user.username == "bob"


def test_what_is_put_into_a_session_is_not_in_the_next_before_it_is_saved(client_of_alice: Client) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    key = client_of_alice.session.session_key
    store(key)["word"] = "not saved"
    assert "word" not in store(key)


def test_a_person_found_by_key_is_the_whole_person() -> None:
    made = factories.person("alice", time_zone="Asia/Tokyo")
    found, usual = Person.objects.get(pk=made.pk), Person.objects.filter(pk=made.pk).get()
    fields = [field.attname for field in Person._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(usual, name) for name in fields]
    assert not found.get_deferred_fields()
    found.name = "Alice Example"
    found.save()
    assert Person.objects.get(pk=made.pk).name == "Alice Example"


@pytest.mark.parametrize("key", [0, -1, 2**62, 2**70])
def test_a_key_that_nobody_has_finds_nobody(key: int) -> None:
    with pytest.raises(Person.DoesNotExist):
        Person.objects.get(pk=key)


def test_a_key_is_looked_for_only_among_the_people_of_a_relation() -> None:
    inside, outside = factories.person("inside"), factories.person("outside")
    core = factories.team("Core", inside)
    assert core.members.get(pk=inside.pk) == inside
    with pytest.raises(Person.DoesNotExist):
        core.members.get(pk=outside.pk)


@pytest.mark.parametrize("key", ["aaaaaaaaaa\x00", "aaaaaaaaaa\ud800", "aaaaaaaa' OR 1=1 --", "é" * 32, "x" * 5000])
def test_a_cookie_that_is_no_session_signs_nobody_in(client: Client, key: str) -> None:
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    assert session.load() == {}
    client.cookies[settings.SESSION_COOKIE_NAME] = '"' + "".join(f"\\{ord(c):03o}" for c in key if ord(c) < 256) + '"'
    assert client.get("/").status_code == 302
