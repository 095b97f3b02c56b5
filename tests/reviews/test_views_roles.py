"""The switch on the publish page: who is written as which role, and what becomes of each name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from accounts.models import Person
from incidents.models import Participant
from reviews.models import Review, RoleName, Section
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    review = factories.draft(author, summary="Author saw it, Grace Hopper as well. Zoë did too.")
    Participant.objects.create(incident=review.incident, person=author, role="responder")
    return review


@pytest.fixture
def client(author: Person, sign_in: Callable[[Person], Client]) -> Client:
    return sign_in(author)


@pytest.fixture
def base(review: Review) -> str:
    return review.incident.get_edit_url()


def form_on(page: str) -> dict[str, Any]:
    """What a browser would send from the publish page."""
    shown = HTMLParser(page)
    values: dict[str, Any] = {"names_as_roles": "on"}
    for field in shown.css("#names input"):
        name, kind = field.attributes["name"] or "", field.attributes["type"]
        if kind != "checkbox" or "checked" in field.attributes:
            values.setdefault(name, [])
            values[name] = [*values[name], field.attributes.get("value") or "on"] if name != "names_as_roles" else "on"
    return {
        name: value if name == "whose" else value[-1] if isinstance(value, list) else value
        for name, value in values.items()
    }


def texts(page: str) -> str:
    return " ".join(HTMLParser(page).css_first("#names").text().split())  # type: ignore[union-attr]


def switched_on(client: Client, base: str) -> str:
    return client.post(f"{base}roles", {"names_as_roles": "on"}, follow=True).content.decode()


def test_the_switch_shows_what_becomes_of_each_name(client: Client, base: str, review: Review) -> None:
    factories.person("grace")
    Person.objects.filter(username="grace").update(name="Grace Hopper")
    assert "Readers find" not in client.get(f"{base}publish").content.decode()
    page = switched_on(client, base)
    review.refresh_from_db()
    assert review.names_as_roles
    assert 'value="the on-call engineer"' in page
    assert 'value="the engineer"' in page
    assert "Replaced 1 time" in texts(page)


def test_roles_are_stored_and_used(client: Client, base: str, review: Review, author: Person) -> None:
    form = form_on(switched_on(client, base)) | {"role-0": "the platform engineer"}
    form |= {"new_name": "Zoë", "new_role": "the product manager"}
    page = client.post(f"{base}roles", form, follow=True).content.decode()
    assert 'value="the product manager"' in page
    assert RoleName.objects.get(person=author).role == "the platform engineer"
    client.post(f"{base}publish", form_on(page))
    document = review.versions.get().document
    assert document["sections"]["summary"]["text"].startswith("The platform engineer saw it")
    assert document["sections"]["summary"]["text"].endswith("The product manager did too.")


def test_publishing_at_once_shows_the_preview_first(client: Client, base: str, review: Review) -> None:
    answer = client.post(f"{base}publish", {"names_as_roles": "on"})
    assert answer.status_code == 200
    assert "Look at what becomes of each name" in answer.content.decode()
    assert not review.versions.exists()
    client.post(f"{base}publish", form_on(answer.content.decode()))
    assert review.versions.get().names_as_roles


def test_switched_off_again_names_are_published(client: Client, base: str, review: Review) -> None:
    form = form_on(switched_on(client, base))
    del form["names_as_roles"]
    client.post(f"{base}publish", form)
    version = review.versions.get()
    assert not version.names_as_roles
    assert "Author saw it" in version.document["sections"]["summary"]["text"]


def test_a_publish_form_that_says_nothing_of_names_changes_nothing(client: Client, base: str, review: Review) -> None:
    switched_on(client, base)
    client.post(f"{base}publish", {"note": ""})
    assert review.versions.get().names_as_roles


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("", "Write what Author did"),
        ("*engineer*", "Use letters"),
        ("1. engineer", "Use letters"),
        ("<b>x", "Use letters"),
        ("x" * 81, "at most 80"),
        ("Author’s manager", "names somebody"),
    ],
)
def test_a_role_that_cannot_stand_is_refused_beside_it(
    client: Client, base: str, review: Review, role: str, said: str
) -> None:
    form = form_on(switched_on(client, base)) | {"role-0": role}
    for address in ("roles", "publish"):
        answer = client.post(f"{base}{address}", form)
        assert answer.status_code == 422
        assert said in texts(answer.content.decode())
    assert not review.versions.exists()
    assert not RoleName.objects.exists()


def test_two_people_must_be_told_apart(client: Client, base: str, review: Review) -> None:
    Participant.objects.create(incident=review.incident, person=factories.person("lee"), role="scribe")
    form = form_on(switched_on(client, base))
    answer = client.post(f"{base}roles", form | {"role-0": "the scribe"})
    assert answer.status_code == 422
    assert "Tell them apart" in texts(answer.content.decode())


def test_a_name_added_by_hand_goes_with_an_empty_role(client: Client, base: str, review: Review) -> None:
    form = form_on(switched_on(client, base)) | {"new_name": "Zoë", "new_role": "the manager"}
    form = form_on(client.post(f"{base}roles", form, follow=True).content.decode())
    place = form["whose"].index("name:Zoë")
    form = form_on(client.post(f"{base}roles", form | {f"role-{place}": ""}, follow=True).content.decode())
    assert "name:Zoë" not in form["whose"]


def test_ambiguous_words_and_links_are_shown(client: Client, base: str, review: Review) -> None:
    will = factories.person("will")
    Person.objects.filter(pk=will.pk).update(name="Will Smith")
    Participant.objects.create(incident=review.incident, person=will, role="scribe")
    text = "Will it hold? See https://chat.example/will-smith and Will Smith."
    Section.objects.filter(kind="summary").update(text=text, html=f"<p>{text}</p>")
    page = switched_on(client, base)
    assert "perhaps another word" in texts(page)
    form = form_on(page)
    place = next(n for n, key in enumerate(form["whose"]) if key == f"person:{will.pk}")
    client.post(f"{base}publish", form | {f"everywhere-{place}": "on"})
    assert review.versions.get().document["sections"]["summary"]["text"].startswith("The scribe it hold?")


@pytest.mark.parametrize(
    "sent",
    [
        {"whose": ["person:x", "person:999999999999999999999", "name:", "x", ""], "role-0": "a", "role-2": "b"},
        {"whose": ["name:\x00"], "role-0": "\ud800".encode("utf-8", "surrogatepass")},
        {"whose": ["name:" + "x" * 500], "role-0": "the engineer"},
        {"new_name": "x" * 1000, "new_role": "y" * 1000},
        {"whose": [f"name:n{n}" for n in range(300)]},
    ],
)
def test_nonsense_gives_no_500(client: Client, base: str, sent: dict[str, Any]) -> None:
    for address in ("roles", "publish"):
        assert client.post(f"{base}{address}", {"names_as_roles": "on", **sent}).status_code in (200, 302, 422)


def test_only_who_may_edit_sees_and_chooses(
    base: str, review: Review, outsider: Person, sign_in: Callable[[Person], Client]
) -> None:
    assert sign_in(outsider).post(f"{base}roles", {"names_as_roles": "on"}).status_code == 404
    Participant.objects.create(incident=review.incident, person=outsider, role="reviewer")
    assert sign_in(outsider).post(f"{base}roles", {"names_as_roles": "on"}).status_code == 403
    review.refresh_from_db()
    assert not review.names_as_roles


def test_what_changed_is_told_in_the_words_of_the_version(client: Client, base: str, review: Review) -> None:
    client.post(f"{base}publish", form_on(switched_on(client, base)))
    assert "No changes since version 1" in client.get(base).content.decode()
    history = client.get(f"{base}history/versions/1").content.decode()
    assert "Nothing: the draft reads like version 1" in history
    assert "Put a text back" not in history
