"""Merging categories and services: what named one names the other, and old names lead on."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import Person
from catalog.models import CauseCategory, MergedCause, Service, ServiceAlias
from core.models import AuditEntry
from reviews.importing.store import import_file
from reviews.models import Factor, Review, Version, Why
from reviews.operations import delete_factor, undo
from reviews.publishing import publish_review
from tests import factories
from wiki.indexing import reindex
from wiki.merging.causes import cause_merge, merge_causes
from wiki.merging.services import merge_services
from wiki.models import Listed, SearchEntry, TermCount

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> Person:
    return factories.person("boss", role="administrator")


@pytest.fixture
def sluice(db: None) -> CauseCategory:
    return CauseCategory.objects.create(slug="sluice", name="Sluice")


@pytest.fixture
def gate(db: None) -> CauseCategory:
    return CauseCategory.objects.create(slug="gate", name="Gate")


def found(client: Client, query: str) -> bool:
    return b"Water rose" in client.get("/reviews/", {"q": query}).content


def test_what_named_one_names_the_other(
    boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory
) -> None:
    review = factories.draft(author)
    review.causes.set([sluice])
    Why.objects.create(review=review, question="Why?", cause=sluice)
    Factor.objects.create(review=review, text="No alarm.", cause=sluice)
    merge_causes(boss, sluice.pk, gate.pk)
    assert list(review.causes.all()) == [gate]
    assert Why.objects.get().cause == gate
    assert Factor.objects.get().cause == gate
    assert not CauseCategory.objects.filter(slug="sluice").exists()


def test_a_review_that_named_both_names_one(
    boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory
) -> None:
    version = factories.published(author, "Water rose", causes=[sluice, gate])
    merge_causes(boss, sluice.pk, gate.pk)
    assert list(version.review.causes.all()) == [gate]
    for entries in (Listed, SearchEntry):
        assert entries.objects.get().cause_ids == [gate.pk]
    assert TermCount.objects.get(term=f"cause {gate.pk}").reviews == 1
    assert not TermCount.objects.filter(term=f"cause {sluice.pk}").exists()


def test_search_and_facets_follow_and_versions_stay(
    boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory, sign_in: Callable[[Person], Client]
) -> None:
    version = factories.published(author, "Water rose", causes=[sluice])
    merge_causes(boss, sluice.pk, gate.pk)
    client = sign_in(author)
    assert found(client, "cause:gate")
    assert found(client, "cause:sluice")
    assert not found(client, "-cause:sluice")
    page = client.get("/reviews/").content.decode()
    assert "cause%3Agate" in page
    assert "cause%3Asluice" not in page
    assert Version.objects.get(pk=version.pk).document["causes"][0]["slug"] == "sluice"
    assert client.get("/causes/sluice/")["Location"] == "/causes/gate/"
    assert client.get(version.review.incident.get_absolute_url()).status_code == 200


def test_writing_the_index_anew_keeps_it_so(
    boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory
) -> None:
    factories.published(author, "Water rose", causes=[sluice])
    weir = CauseCategory.objects.create(slug="weir", name="Weir")
    merge_causes(boss, sluice.pk, gate.pk)
    merge_causes(boss, gate.pk, weir.pk)
    reindex()
    assert Listed.objects.get().cause_ids == [weir.pk]
    assert set(MergedCause.objects.values_list("into", flat=True)) == {weir.pk}


def test_a_name_of_before_the_merge_leads_on_as_well(
    boss: Person, sluice: CauseCategory, gate: CauseCategory, sign_in: Callable[[Person], Client]
) -> None:
    sluice.slug = "lower-sluice"
    sluice.save()
    merge_causes(boss, sluice.pk, gate.pk)
    for slug in ("sluice", "lower-sluice"):
        assert sign_in(boss).get(f"/causes/{slug}/")["Location"] == "/causes/gate/"


def test_the_next_version_names_the_other(
    boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory
) -> None:
    review = factories.published(author, "Water rose", causes=[sluice]).review
    merge_causes(boss, sluice.pk, gate.pk)
    version = publish_review(author, Review.objects.get(pk=review.pk))
    assert [one["slug"] for one in version.document["causes"]] == ["gate"]


def test_categories_below_move(boss: Person, sluice: CauseCategory, gate: CauseCategory) -> None:
    below = CauseCategory.objects.create(slug="below", name="Below", parent=sluice)
    merge_causes(boss, sluice.pk, gate.pk)
    below.refresh_from_db()
    assert below.parent == gate


def test_a_category_can_be_merged_into_one_far_below_itself(boss: Person, sluice: CauseCategory) -> None:
    top = CauseCategory.objects.create(slug="top", name="Top")
    sluice.parent = top
    sluice.save()
    middle = CauseCategory.objects.create(slug="middle", name="Middle", parent=sluice)
    deep = CauseCategory.objects.create(slug="deep", name="Deep", parent=middle)
    merge_causes(boss, sluice.pk, deep.pk)
    middle.refresh_from_db()
    deep.refresh_from_db()
    assert (middle.parent, deep.parent) == (deep, top)


def test_a_deleted_factor_comes_back_with_the_other_category(
    boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory
) -> None:
    review = factories.draft(author)
    factor = Factor.objects.create(review=review, text="No alarm.", cause=sluice)
    deletion = delete_factor(author, factor.pk)
    merge_causes(boss, sluice.pk, gate.pk)
    undo(author, deletion.pk)
    assert Factor.objects.get().cause == gate


def test_it_is_audited(boss: Person, author: Person, sluice: CauseCategory, gate: CauseCategory) -> None:
    factories.published(author, causes=[sluice])
    merge_causes(boss, sluice.pk, gate.pk)
    entry = AuditEntry.objects.get(verb="merge-cause")
    assert (entry.person, entry.subject) == (boss, "cause sluice")
    assert "into gate: 1 published" in entry.detail


def test_what_would_change_is_counted(author: Person, sluice: CauseCategory, gate: CauseCategory) -> None:
    factories.published(author, causes=[sluice])
    factories.published(author, causes=[sluice, gate])
    factories.draft(author).causes.set([sluice])
    would = cause_merge(sluice, gate)
    assert (would.published, would.both, would.drafts, would.reviews) == (2, 1, 1, 3)


def test_a_service_is_merged_with_its_names(boss: Person, author: Person, sign_in: Callable[[Person], Client]) -> None:
    old, new = factories.service("Sluice"), factories.service("Gate")
    team = factories.team("Water")
    Service.objects.filter(pk=old.pk).update(owner=team)
    ServiceAlias.objects.create(service=old, name="The old gate")
    version = factories.published(author, "Water rose", services=[old])
    merge_services(boss, old.pk, new.pk)
    new.refresh_from_db()
    assert list(version.review.incident.services.all()) == [new]
    assert {one.name for one in new.aliases.all()} == {"Sluice", "The old gate"}
    assert new.owner == team
    client = sign_in(author)
    assert found(client, "service:sluice")
    assert found(client, "service:gate")
    assert client.get("/services/sluice/")["Location"] == "/services/gate/"
    reindex()
    assert Listed.objects.get().service_ids == [new.pk]


def test_imports_that_name_what_was_merged_find_the_other(boss: Person, gate: CauseCategory) -> None:
    capacity = factories.cause("capacity")
    old, new = factories.service("Sluice"), factories.service("Weir")
    merge_causes(boss, capacity.pk, gate.pk)
    merge_services(boss, old.pk, new.pk)
    text = b"---\ntitle: Water rose\nservices: [Sluice]\ncauses: [capacity]\n---\n\nText.\n"
    review = import_file("a.md", text).review
    assert review is not None
    assert list(review.causes.all()) == [gate]
    assert list(review.incident.services.all()) == [new]


@pytest.fixture
def pages(boss: Person, sign_in: Callable[[Person], Client]) -> Client:
    return sign_in(boss)


def test_the_page_shows_what_changes_and_changes_nothing(
    pages: Client, author: Person, sluice: CauseCategory, gate: CauseCategory
) -> None:
    factories.published(author, causes=[sluice])
    assert "Merge into another category" in pages.get("/causes/sluice/").content.decode()
    page = pages.get("/causes/sluice/merge", {"into": "gate"}).content.decode()
    assert "1 published review will be found under" in page
    assert CauseCategory.objects.filter(slug="sluice").exists()


def test_the_page_merges(pages: Client, sluice: CauseCategory, gate: CauseCategory) -> None:
    answer = pages.post("/causes/sluice/merge", {"into": "gate"})
    assert answer["Location"] == "/causes/gate/"
    assert not CauseCategory.objects.filter(slug="sluice").exists()


@pytest.mark.parametrize("into", ["", "sluice", "nothing", "\x00", "\ud800", "x" * 5000])
def test_a_wrong_choice_is_told(pages: Client, sluice: CauseCategory, into: str) -> None:
    sent = urlencode({"into": into.encode("utf-8", "surrogatepass")})
    answer = pages.post("/causes/sluice/merge", sent, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "Choose the category" in answer.content.decode()


@pytest.mark.parametrize("role", ["reader", "author", "facilitator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_administrators_merge(
    role: str, method: str, sluice: CauseCategory, gate: CauseCategory, sign_in: Callable[[Person], Client]
) -> None:
    client = sign_in(factories.person(role, role=role))
    assert getattr(client, method)("/causes/sluice/merge", {"into": "gate"}).status_code == 404
    assert "merge" not in client.get("/causes/sluice/").content.decode()


def test_a_service_has_the_page_as_well(pages: Client, author: Person) -> None:
    factories.service("Sluice")
    factories.service("Gate")
    assert "will also be known as" in pages.get("/services/sluice/merge", {"into": "gate"}).content.decode()
    assert pages.post("/services/sluice/merge", {"into": "gate"})["Location"] == "/services/gate/"
