"""Reviews that are like another one: which, why, what is still open, and nothing that one may not see."""

import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Grant, Incident
from reviews.models import Review, Version
from reviews.publishing import publish_review
from tests import factories
from wiki.common_words import spelling_of
from wiki.models import Likeness, TermCount
from wiki.similar import Similar, similar_to, similar_to_draft
from wiki.term_counts import ALL, count_anew

pytestmark = pytest.mark.django_db

LAG = "The replica lag grew. Every reader of the ledger met the replica lag and saw a replica of the past."


def publish(author: Person, title: str, summary: str, **facts: Any) -> Version:
    return factories.published(author, title, summary=summary, **facts)


def others(author: Person) -> None:
    """Reviews that have nothing to do with replicas."""
    for place, words in enumerate(["certificate expired", "disk full", "flag flipped", "cable cut", "queue stuck"]):
        publish(author, f"Something {words}", f"The {words} at {place} in the morning.")


def titles(found: list[Similar]) -> list[str]:
    return [one.title for one in found]


def test_what_speaks_of_the_same_comes_first(author: Person, outsider: Person) -> None:
    others(author)
    publish(author, "Replica fell behind", LAG)
    again = publish(author, "Ledger of the past", LAG.replace("ledger", "shop"))
    found = similar_to(outsider, again.review.incident)
    assert found[0].title == "Replica fell behind"
    assert found[0].score > 0.3
    assert all(one.score < found[0].score for one in found[1:])


def test_the_same_text_scores_one(author: Person) -> None:
    others(author)
    publish(author, "Replica fell behind", LAG)
    again = publish(author, "Replica fell behind", LAG)
    assert similar_to(author, again.review.incident)[0].score == pytest.approx(1, abs=0.05)


def test_reasons_are_in_words_of_people(author: Person) -> None:
    others(author)
    payments, capacity = factories.service("Payments"), factories.cause("capacity")
    publish(author, "Replica fell behind", LAG, services=[payments], causes=[capacity])
    again = publish(author, "Behind once more", LAG, services=[payments], causes=[capacity])
    found = similar_to(author, again.review.incident)[0]
    assert found.why[:2] == ["Same service: Payments", f"Same cause: {capacity.name}"]
    assert found.why[2].startswith("Both speak of replica lag")
    assert found.happened_before


def test_names_of_people_are_no_reason(author: Person) -> None:
    others(author)
    quilla = factories.person("quillavane")
    publish(quilla, "Replica fell behind", f"{LAG} Quillavane saw it. Quillavane called.")
    again = publish(quilla, "Behind once more", f"{LAG} Quillavane saw it. Quillavane called.")
    why = " ".join(similar_to(author, again.review.incident)[0].why)
    assert "replica" in why
    assert "quillavane" not in why.lower()


def test_days_and_months_are_no_reason(author: Person) -> None:
    publish(author, "Replica fell behind", f"{LAG} On Monday in October, October again.")
    again = publish(author, "Behind once more", f"{LAG} On Monday in October, October again.")
    assert "ctober" not in " ".join(similar_to(author, again.review.incident)[0].why)


def test_what_shares_nothing_is_not_similar(author: Person) -> None:
    publish(author, "Aardvark", "Zebra umbrella.")
    lonely = factories.draft(author, "Xylophone", summary="Quokka.", severity="")
    assert similar_to_draft(author, lonely) == []


def test_the_same_service_and_cause_are_enough(author: Person) -> None:
    payments, capacity = factories.service("Payments"), factories.cause("capacity")
    publish(author, "Aardvark", "Zebra umbrella.", services=[payments], causes=[capacity])
    draft = factories.draft(author, "Xylophone", summary="Quokka.", services=[payments])
    draft.causes.add(capacity)
    assert titles(similar_to_draft(author, draft)) == ["Aardvark"]


def test_a_review_is_not_similar_to_itself(author: Person) -> None:
    version = publish(author, "Replica fell behind", LAG)
    assert similar_to(author, version.review.incident) == []
    assert similar_to_draft(author, version.review) == []


def test_drafts_are_never_found(author: Person) -> None:
    factories.draft(author, "Replica fell behind", summary=LAG)
    draft = factories.draft(author, "Behind once more", summary=LAG)
    assert similar_to_draft(author, draft) == []


def test_open_actions_are_those_of_the_published_version(author: Person) -> None:
    review = factories.draft(author, "Replica fell behind", summary=LAG)
    for title, status in [("Alert on pool use", "open"), ("Grow the pool", "done"), ("Limit it", "in-progress")]:
        ActionItem.objects.create(incident=review.incident, title=title, status=status, reason="")
    publish_review(author, review)
    ActionItem.objects.create(incident=review.incident, title="Not published yet")
    draft = factories.draft(author, "Behind once more", summary=LAG)
    found = similar_to_draft(author, draft)[0]
    assert [one.title for one in found.open_actions] == ["Alert on pool use", "Limit it"]
    assert found.open_actions[0].url.startswith(found.url + "#action-")


def restricted(author: Person) -> Review:
    services, causes = [factories.service("Payments")], [factories.cause("capacity")]
    version = publish(author, "Replica zq7xcanary", LAG, visibility="restricted", services=services, causes=causes)
    return version.review


def test_a_restricted_review_is_similar_only_for_who_may_see_it(author: Person, outsider: Person) -> None:
    hidden = restricted(author)
    shown = publish(author, "Behind once more", LAG, services=[factories.service("Payments")])
    assert similar_to(outsider, shown.review.incident) == []
    assert titles(similar_to(author, shown.review.incident)) == ["Replica zq7xcanary"]
    Grant.objects.create(incident=hidden.incident, person=outsider)
    assert titles(similar_to(outsider, shown.review.incident)) == ["Replica zq7xcanary"]


def test_a_restricted_review_changes_no_score_and_no_count(author: Person, outsider: Person) -> None:
    others(author)
    publish(author, "Replica fell behind", LAG)
    again = publish(author, "Behind once more", LAG)
    before, counts = similar_to(outsider, again.review.incident), dict(TermCount.objects.values_list())
    restricted(author)
    assert similar_to(outsider, again.review.incident) == before
    assert dict(TermCount.objects.values_list()) == counts
    count_anew()
    assert dict(TermCount.objects.values_list()) == counts


def test_terms_are_counted_as_reviews_are_published_and_anew(author: Person) -> None:
    review = publish(author, "Replica fell behind", LAG, services=[factories.service("Payments")]).review
    publish_review(author, review)
    publish(author, "Cable cut", "A cable was cut.")
    counts = dict(TermCount.objects.values_list())
    assert (counts[ALL], counts["pool"], counts["cabl"], counts[f"service {factories.service('Payments').pk}"]) == (
        2,
        2,
        1,
        1,
    )  # fmt: skip  every review of the factory has a factor about pools
    count_anew()
    assert dict(TermCount.objects.values_list()) == counts


def test_publishing_again_leaves_each_pair_once(author: Person) -> None:
    review = publish(author, "Replica fell behind", LAG).review
    publish(author, "Behind once more", LAG)
    publish_review(author, review)
    assert Likeness.objects.count() == 2
    assert len(set(Likeness.objects.values_list("incident", "other"))) == 2


@pytest.mark.parametrize(
    "words", ["", "it's o'clock \\ & | ! <-> :*", "'; --", "\x01\x7f", "a" * 3000, "日本語 كلمة 🎈", "%s %(a)s {} {0}"]
)
def test_any_text_can_be_compared(words: str, author: Person) -> None:
    publish(author, "Replica fell behind", f"{words} {LAG} {words}")
    draft = factories.draft(author, "Behind once more", summary=f"{words} {LAG} {words}")
    assert titles(similar_to_draft(author, draft)) == ["Replica fell behind"]


def test_words_are_named_as_they_are_written() -> None:
    spelling = spelling_of("Connection pools: the Connection pools waited, connected.", ["connect", "pool", "wait"])
    assert spelling.words == {"connect": "connection", "pool": "pools", "wait": "waited"}
    assert spelling.pairs == {("connect", "pool"): "connection pools"}


def test_a_published_review_is_compared_with_few_queries(
    author: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    services, causes = [factories.service("Payments")], [factories.cause("capacity")]
    for place in range(8):
        last = publish(author, f"Behind {place}", LAG, services=services, causes=causes)
    with django_assert_max_num_queries(13):
        assert len(similar_to(author, last.review.incident)) == 5


def test_the_page_shows_similar_reviews_and_what_is_open(author: Person, outsider: Person, sign_in: Any) -> None:
    review = factories.draft(author, "Replica fell behind", summary=LAG)
    ActionItem.objects.create(incident=review.incident, title="Alert on pool use")
    publish_review(author, review)
    again = publish(author, "Behind once more", LAG).review.incident
    client: Client = sign_in(outsider)
    page = client.get(again.get_absolute_url()).content.decode()
    assert "Similar reviews" in page
    assert "Replica fell behind" in page
    assert "1 action item still open" in page
    assert "Alert on pool use" in page
    ActionItem.objects.update(status="done")
    assert "still open" not in client.get(again.get_absolute_url()).content.decode()


def test_the_older_page_shows_the_newer_review_as_well(author: Person, outsider: Person, sign_in: Any) -> None:
    first = publish(author, "Replica fell behind", LAG).review.incident
    publish(author, "Behind once more", LAG)
    assert "Behind once more" in sign_in(outsider).get(first.get_absolute_url()).content.decode()


def test_the_page_never_shows_a_restricted_neighbour(author: Person, outsider: Person, sign_in: Any) -> None:
    hidden = restricted(author)
    shown = publish(author, "Behind once more", LAG).review.incident
    client = sign_in(outsider)
    assert "zq7xcanary" not in client.get(shown.get_absolute_url()).content.decode()
    Incident.objects.filter(pk=hidden.pk).update(visibility="internal")
    assert "zq7xcanary" in client.get(shown.get_absolute_url()).content.decode()
    Incident.objects.filter(pk=hidden.pk).update(visibility="restricted")
    assert "zq7xcanary" not in client.get(shown.get_absolute_url()).content.decode()


def test_reindex_finds_all_neighbours_again(author: Person) -> None:
    publish(author, "Replica fell behind", LAG)
    publish(author, "Behind once more", LAG)
    kept = set(Likeness.objects.values_list("incident", "other"))
    Likeness.objects.all().delete()
    call_command("reindex")
    assert set(Likeness.objects.values_list("incident", "other")) == kept


@pytest.mark.django_db(transaction=True)
def test_reviews_that_are_alike_are_published_at_once(transactional_db: None) -> None:
    author = factories.person("author")
    reviews = [publish(author, f"Behind {place}", LAG).review for place in range(3)]
    failed: list[Exception] = []

    def publish_often(review: Review) -> None:
        try:
            for _ in range(6):
                publish_review(author, review)
        except Exception as problem:  # told in the thread that started this one
            failed.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish_often, args=(review,)) for review in reviews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    pairs = list(Likeness.objects.values_list("incident", "other"))
    assert len(pairs) == len(set(pairs)) == 6
