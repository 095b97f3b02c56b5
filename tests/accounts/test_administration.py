"""The first administrator, and the back room in which accounts are made."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Person, Role
from tests import factories


@pytest.fixture
def administrator(db: None) -> Person:
    return Person.objects.create_superuser("root", "root@example.org", "a long pass phrase")


def test_createsuperuser_makes_an_administrator(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long pass phrase")
    call_command("createsuperuser", "--noinput", username="robin", email="robin@example.org", verbosity=0)
    assert Person.objects.get(username="robin").has_role(Role.ADMINISTRATOR)


def test_an_account_made_there_has_its_role(administrator: Person, sign_in: Callable[[Person], Client]) -> None:
    form = {"username": "yuki", "name": "Yuki", "email": "", "role": "team-lead", "time_zone": "Asia/Tokyo"}
    form |= {"usable_password": "true", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    answer = sign_in(administrator).post("/admin/accounts/person/add/", form)
    assert answer.status_code == 302
    made = Person.objects.get(username="yuki")
    assert (made.role, made.is_staff, made.is_superuser) == (Role.TEAM_LEAD, False, False)
    assert made.check_password("a long pass phrase")


def test_djangos_flags_follow_the_role(administrator: Person, sign_in: Callable[[Person], Client]) -> None:
    person = factories.person("dana")
    client = sign_in(administrator)
    form = {"username": "dana", "name": "Dana", "email": "", "time_zone": "UTC", "is_active": "on"}
    for role, expected in [("administrator", True), ("author", False)]:
        assert client.post(f"/admin/accounts/person/{person.pk}/change/", {**form, "role": role}).status_code == 302
        person.refresh_from_db()
        assert (person.is_staff, person.is_superuser) == (expected, expected)


@pytest.mark.parametrize("place", ["accounts/person", "catalog/team", "catalog/service", "catalog/causecategory"])
def test_the_back_room_opens_for_administrators_only(
    administrator: Person, author: Person, sign_in: Callable[[Person], Client], place: str
) -> None:
    for path in (f"/admin/{place}/", f"/admin/{place}/add/"):
        assert sign_in(administrator).get(path).status_code == 200
        assert sign_in(author).get(path).status_code == 302


def test_signing_in_there_goes_through_the_common_page_with_its_limits(db: None, client: Client) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert client.post("/admin/login/", {"username": "admin", "password": "guess"}).status_code == 302


@pytest.mark.parametrize("sent", ["x", "\x00", "1e9", "²", "9" * 40, "-1"])
def test_a_member_that_is_no_person_is_named_beside_the_form(
    administrator: Person, sign_in: Callable[[Person], Client], sent: str
) -> None:
    form = {
        "name": "Core",
        "slug": "core",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-person": sent,
    }
    answer = sign_in(administrator).post("/admin/catalog/team/add/", form)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
