"""The made-up organisation for benchmarks: repeatable, whole, and never beside real reviews by accident."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F, Func, TextField
from django.db.models.functions import Length
from django.test import Client

from accounts.models import Person
from incidents.models import Grant, Incident, Participant, Status, Visibility
from reviews.models import Review, Version
from reviews.snapshot import snapshot_of
from tests import factories
from wiki.indexing import reindex
from wiki.models import SearchEntry
from wiki.search import find
from wiki.synthetic.load import load_synthetic

pytestmark = pytest.mark.django_db


def load(reviews: int = 30, seed: int = 1) -> None:
    load_synthetic(reviews, seed)


def entries() -> list[Any]:
    """What is indexed; without the order of sections, which a version does not keep."""
    words = Func(F("vector"), function="strip", output_field=TextField())
    fields = ("title", "occurred_at", "severity", "duration", "summary", "service_ids", "cause_ids")
    return list(SearchEntry.objects.order_by("pk").values_list(*fields, words, Length("text__body")))


def without_keys(value: Any) -> Any:
    """A document as it would be with other keys: they go on counting when rows are gone."""
    if isinstance(value, dict):
        return {
            name: without_keys(one) for name, one in value.items() if name not in ("id", "number", "why", "actions")
        }
    return [without_keys(one) for one in value] if isinstance(value, list) else value


def test_as_many_reviews_as_asked_for_are_published_and_indexed() -> None:
    load(30)
    assert Incident.objects.filter(status__in=[Status.PUBLISHED, Status.ARCHIVED]).count() == 30
    assert Version.objects.count() == SearchEntry.objects.count() == 30


def test_the_same_seed_gives_the_same_data() -> None:
    load(20, seed=7)
    first = list(Version.objects.order_by("pk").values_list("document", flat=True))
    load(20, seed=7)
    again = list(Version.objects.order_by("pk").values_list("document", flat=True))[20:]
    assert without_keys(again) == without_keys(first)


def test_another_seed_gives_other_data() -> None:
    load(5, seed=1)
    first = list(Version.objects.order_by("pk").values_list("document__title", flat=True))
    load(5, seed=2)
    assert not set(first) & set(Version.objects.order_by("pk").values_list("document__title", flat=True)[5:])


def test_a_version_holds_what_publishing_the_draft_would_freeze() -> None:
    load(5)
    for review in Review.objects.select_related("incident"):
        assert snapshot_of(review) == review.versions.get().document


def test_the_index_holds_what_indexing_the_versions_would_write() -> None:
    load(10)
    loaded = entries()
    reindex()
    assert entries() == loaded


def test_every_page_opens(sign_in: Callable[[Person], Client]) -> None:
    load(5)
    client = sign_in(factories.person("root", role="administrator"))
    for incident in Incident.objects.all():
        page = client.get(incident.get_absolute_url())
        assert page.status_code == 200
        assert incident.title in page.text


def test_each_draft_opens_for_its_author(sign_in: Callable[[Person], Client]) -> None:
    load(1)
    incident = Incident.objects.get()
    author = Participant.objects.get(role="author").person
    author.role = "author"
    author.save()
    assert sign_in(author).get(incident.get_edit_url()).status_code == 200


def test_a_common_word_stands_nearly_everywhere() -> None:
    load(100)
    found = find(factories.person("root", role="administrator"), "service", now=datetime.now(UTC), zone=UTC)
    assert 85 <= found.counts.count <= 100


def test_some_reviews_are_restricted_to_a_team() -> None:
    load(200)
    restricted = Incident.objects.filter(visibility=Visibility.RESTRICTED)
    assert 0 < restricted.count() < 20
    assert Grant.objects.filter(incident__in=restricted, team__isnull=False).count() == restricted.count()


def test_what_is_published_afterwards_gets_a_number_of_its_own(author: Person) -> None:
    load(3)
    version = factories.published(author)
    assert version.document["number"] > 3


def test_it_stays_away_from_reviews_that_somebody_wrote(author: Person) -> None:
    factories.published(author)
    with pytest.raises(CommandError, match="holds reviews"):
        call_command("load_synthetic", "--reviews", "5")
    assert Incident.objects.count() == 1


def test_it_adds_to_reviews_that_somebody_wrote_when_told_to(author: Person) -> None:
    factories.published(author)
    call_command("load_synthetic", "--reviews", "5", "--force", verbosity=0)
    assert SearchEntry.objects.count() == 6


def test_it_stands_beside_the_demo(demo: date) -> None:
    before = SearchEntry.objects.count()
    call_command("load_synthetic", "--reviews", "5", verbosity=0)
    assert SearchEntry.objects.count() == before + 5


def test_it_is_not_loaded_twice_by_accident() -> None:
    load(1)
    with pytest.raises(CommandError, match="already"):
        call_command("load_synthetic", "--reviews", "5")


@pytest.mark.parametrize("reviews", ["0", "-3", "99999999999"])
def test_a_number_that_is_none_is_refused(reviews: str) -> None:
    with pytest.raises(CommandError, match="must be a number"):
        call_command("load_synthetic", "--reviews", reviews)
