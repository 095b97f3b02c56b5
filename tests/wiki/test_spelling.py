"""Words and names with a slip in them lead to the right ones, and never to what the reader may not know of."""

from datetime import UTC

import pytest
from django.utils import timezone

from accounts.models import Person
from catalog.models import Service, ServiceAlias
from incidents.models import Grant, Visibility
from reviews.models import Section
from reviews.publishing import publish_review
from tests import factories
from wiki.models import Word
from wiki.search import find
from wiki.slips import slips_between
from wiki.vocabulary import keys_of, learn_anew

pytestmark = pytest.mark.django_db


def meant(person: Person, text: str) -> list[str]:
    return find(person, text, now=timezone.now(), zone=UTC).meant


@pytest.mark.parametrize("written", ["paymnets", "paymens", "paymments", "paxments", "apyments", "PAYMNETS"])
def test_one_slip_leads_to_the_word(author: Person, written: str) -> None:
    factories.published(author, "Payments were late")
    assert meant(author, written) == ["payments"]


@pytest.mark.parametrize("text", ["payments", "payment", "late", "-paymnets", "12345", "x", "%", "", "zzzzzzz"])
def test_what_is_known_or_like_nothing_is_left_alone(author: Person, text: str) -> None:
    factories.published(author, "Payments were late")
    assert meant(author, text) == []


def test_a_word_is_offered_as_people_write_it_and_never_as_a_stem(author: Person) -> None:
    factories.published(author, "The replication stalled")
    assert meant(author, "replicatoin") == ["replication"]


def test_a_stem_that_is_found_all_the_same_does_not_hide_the_right_word(author: Person) -> None:
    factories.published(author, "A long outage")
    found = find(author, "outags", now=timezone.now(), zone=UTC)
    assert (len(found.rows), found.meant) == (1, ["outage"])


def test_each_wrong_word_is_mended_where_it_stands(author: Person) -> None:
    factories.published(author, "Payments were late", summary="The connection pool was empty.")
    assert meant(author, 'latte "conection poool" or paymnets is:overdue') == [
        'late "connection pool" or payments is:overdue'
    ]


def test_readings_that_are_as_likely_are_all_offered(author: Person) -> None:
    factories.published(author, "A race for the rack")
    assert sorted(meant(author, "rac")) == ["race", "rack"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("checkot-api", "checkout-api"),
        ("chekcout-api", "checkout-api"),
        ("checkoutapi", "checkout api"),
        ("service:chekcout-api", "service:checkout-api"),
        ('-service:"chekcout api"', '-service:"checkout-api"'),
        ("mybiyder.org", "mybinder.org"),
        ("service:mybiyder.org late", "service:mybinder late"),
        ("service:till-sistem", "service:checkout-api"),
        ("team:coer", "team:core"),
        ("cause:capacitty", "cause:capacity"),
    ],
)
def test_names_are_known_before_any_review_says_them(author: Person, text: str, right: str) -> None:
    checkout = factories.service("Checkout API")
    ServiceAlias.objects.create(service=checkout, name="Till system")
    Service.objects.create(slug="mybinder", name="mybinder.org")
    ServiceAlias.objects.create(service=checkout, name="till-system")
    factories.team("Core")
    factories.cause("capacity").save()
    assert meant(author, text) == [right]


def test_a_filter_is_mended_by_names_of_its_kind_only(author: Person) -> None:
    factories.service("Ledger")
    factories.published(author, "The ledger")
    assert meant(author, "team:ledgre") == []
    assert meant(author, "service:ledger") == []


def test_words_of_restricted_reviews_are_for_those_who_may_see_one(author: Person, outsider: Person) -> None:
    incident = factories.published(author, "Secret teapot", visibility="restricted").review.incident
    assert (meant(author, "teapto"), meant(outsider, "teapto")) == (["teapot"], [])
    Grant.objects.create(incident=incident, person=outsider)
    assert meant(outsider, "teapto") == ["teapot"]


def test_a_word_of_a_restricted_review_hides_no_word_of_an_open_one(author: Person, outsider: Person) -> None:
    factories.published(author, "Teapots", visibility="restricted")
    factories.published(author, "The teapost")
    assert meant(outsider, "teapots") == ["teapost"]
    assert meant(author, "teapots") == []


def test_a_review_that_becomes_restricted_takes_its_words_along(author: Person, outsider: Person) -> None:
    incident = factories.published(author, "Teapot").review.incident
    assert meant(outsider, "teapto") == ["teapot"]
    incident.visibility = Visibility.RESTRICTED
    incident.save()
    assert meant(outsider, "teapto") == []


def test_an_open_review_opens_a_word_that_only_restricted_ones_had(author: Person, outsider: Person) -> None:
    factories.published(author, "Secret teapot", visibility="restricted")
    factories.published(author, "Open teapot")
    assert meant(outsider, "teapto") == ["teapot"]


def test_at_night_a_word_finds_another_review_that_has_it(author: Person, outsider: Person) -> None:
    first = factories.published(author, "Teapot").review.incident
    factories.published(author, "Another teapot")
    first.visibility = Visibility.RESTRICTED
    first.save()
    learn_anew()
    assert meant(outsider, "teapto") == ["teapot"]
    assert Word.objects.get(word="teapot").reviews == 1


def test_what_a_new_version_no_longer_says_is_forgotten(author: Person) -> None:
    review = factories.published(author, "Late", summary="The teapot leaked.").review
    Section.objects.filter(review=review, kind="summary").update(text="The kettle.", html="<p>The kettle.</p>")
    publish_review(author, review)
    assert (meant(author, "teapto"), meant(author, "kettel")) == ([], ["kettle"])


def test_an_account_that_was_closed_is_offered_nothing(author: Person) -> None:
    factories.published(author, "Teapot", visibility="restricted")
    author.is_active = False
    assert meant(author, "teapto") == []


def test_very_many_words_are_looked_up_in_one_query(author: Person, django_assert_max_num_queries: object) -> None:
    factories.published(author, "Teapot")
    text = " ".join(f"teapt{chr(97 + number % 26)}" for number in range(500))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        find(author, text, now=timezone.now(), zone=UTC)


@pytest.mark.parametrize(
    ("written", "word", "slips"),
    [
        ("abc", "abc", []),
        ("abcd", "abc", ["added"]),
        ("ab", "abc", ["missing"]),
        ("abd", "abc", ["wrong"]),
        ("acb", "abc", ["swapped"]),
        ("", "a", ["missing"]),
        ("xyz", "abc", None),
    ],
)
def test_slips_are_counted(written: str, word: str, slips: list[str] | None) -> None:
    assert slips_between(written, word, 1) == slips
    assert slips is None or keys_of(written) & keys_of(word)
