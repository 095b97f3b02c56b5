"""What was renamed is found under its address of before, and under its name of before in a query."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from catalog.models import CauseCategory, FormerServiceSlug, Service, Team
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(author: Person, sign_in: Callable[[Person], Client]) -> Client:
    return sign_in(author)


def make(kind: str, slug: str) -> Any:
    model: Any = {"services": Service, "causes": CauseCategory, "teams": Team}[kind]
    return model.objects.create(slug=slug, name=slug.title())


def rename(thing: Any, slug: str) -> None:
    thing.slug = slug
    thing.save()


@pytest.mark.parametrize("kind", ["services", "causes", "teams"])
def test_an_old_address_leads_to_the_present_one_for_ever(client: Client, kind: str) -> None:
    thing = make(kind, "sluice")
    rename(thing, "lower-sluice")
    rename(thing, "lower-gate")
    for old in ("sluice", "lower-sluice"):
        answer = client.get(f"/{kind}/{old}/?page=2")
        assert (answer.status_code, answer["Location"]) == (301, f"/{kind}/lower-gate/?page=2")


def test_browsers_do_not_keep_it_as_a_name_may_come_back(client: Client) -> None:
    rename(make("services", "sluice"), "gate")
    assert client.get("/services/sluice/")["Cache-Control"] == "no-cache"


def test_a_name_that_comes_back_is_no_loop(client: Client) -> None:
    thing = make("services", "sluice")
    rename(thing, "gate")
    rename(thing, "sluice")
    assert client.get("/services/sluice/").status_code == 200
    assert client.get("/services/gate/", follow=True).redirect_chain == [("/services/sluice/", 301)]
    assert list(FormerServiceSlug.objects.values_list("slug", flat=True)) == ["gate"]


def test_a_name_that_is_given_to_another_leads_to_that(client: Client) -> None:
    first = make("services", "sluice")
    rename(first, "gate")
    second = Service.objects.create(slug="sluice", name="Another")
    assert b"Another" in client.get("/services/sluice/").content
    rename(second, "weir")
    assert client.get("/services/sluice/")["Location"] == "/services/weir/"


def test_a_name_whose_new_bearer_is_deleted_leads_to_the_old_one_again(client: Client) -> None:
    rename(make("services", "sluice"), "gate")
    Service.objects.create(slug="sluice", name="Another").delete()
    assert client.get("/services/sluice/")["Location"] == "/services/gate/"


def test_two_that_swap_their_names_stay_apart(client: Client) -> None:
    first, second = make("services", "sluice"), make("services", "gate")
    rename(first, "for-a-moment")
    rename(second, "sluice")
    rename(first, "gate")
    assert client.get("/services/sluice/").status_code == 200
    assert client.get("/services/gate/").status_code == 200
    assert client.get("/services/for-a-moment/")["Location"] == "/services/gate/"


def test_what_was_deleted_is_gone(client: Client) -> None:
    thing = make("services", "sluice")
    rename(thing, "gate")
    thing.delete()
    assert client.get("/services/sluice/").status_code == 404


def test_renaming_in_the_back_room_is_enough(sign_in: Callable[[Person], Client]) -> None:
    admin = factories.person("boss", role="administrator", is_staff=True, is_superuser=True)
    thing = make("causes", "sluice")
    form = {"name": "Gate", "slug": "gate", "about": "", "parent": "", "position": "0"}
    assert sign_in(admin).post(f"/admin/catalog/causecategory/{thing.pk}/change/", form).status_code == 302
    assert sign_in(admin).get("/causes/sluice/")["Location"] == "/causes/gate/"


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    rename(make("services", "sluice"), "gate")
    assert "/accounts/login/" in Client().get("/services/sluice/")["Location"]


@pytest.mark.parametrize("query", ["service:sluice", "cause:sluice", "service:SLUICE", "-cause:sluice"])
def test_a_query_with_a_name_of_before_finds_the_same(client: Client, author: Person, query: str) -> None:
    service, cause = make("services", "sluice"), make("causes", "sluice")
    factories.published(author, "Sluice stuck", services=[service], causes=[cause])
    rename(service, "gate")
    rename(cause, "gate")
    service.name = cause.name = "Gate"
    service.save()
    cause.save()
    found = b"Sluice stuck" in client.get("/reviews/", {"q": query}).content
    assert found is not query.startswith("-")


def test_a_published_review_links_to_where_the_service_is_now(client: Client, author: Person) -> None:
    service = make("services", "sluice")
    version = factories.published(author, "Sluice stuck", services=[service])
    rename(service, "gate")
    page = client.get(version.review.incident.get_absolute_url()).content.decode()
    assert "Sluice" in page
    assert any(client.get(f"/services/{slug}/", follow=True).status_code == 200 for slug in ("sluice", "gate"))
