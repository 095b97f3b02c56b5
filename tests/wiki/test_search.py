"""What a search finds, in which order, and what it says about it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Person
from actions.models import ActionItem
from catalog.models import CauseCategory, ServiceAlias
from incidents.models import Grant
from incidents.operations import change_facts
from reviews.models import Review, Section
from reviews.publishing import publish_review
from tests import factories
from wiki import facets
from wiki.readers import keep_reading
from wiki.search import Found, find

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def seek(person: Person, text: str, **more: Any) -> Found:
    return find(person, text, now=NOW, **{"zone": UTC, **more})


def titles(person: Person, text: str, **more: Any) -> list[str]:
    return [row.title for row in seek(person, text, **more).rows]


def facet(found: Found, kind: str) -> dict[str, int]:
    return {one.value: one.count for one in found.counts.facets[kind]}


def action(review: Review, **facts: Any) -> ActionItem:
    return ActionItem.objects.create(incident=review.incident, **{"title": "Add an alert", **facts})


# Words


def test_words_are_found_in_any_form(author: Person) -> None:
    factories.published(author, summary="The pools were exhausted while queries waited.")
    assert titles(author, "pool querying") == ["Checkout slow"]
    assert titles(author, "pool teapot") == []


def test_a_phrase_keeps_its_order(author: Person) -> None:
    factories.published(author, "Right", summary="The slow query held connections.")
    factories.published(author, "Wrong", summary="The query was slow.")
    assert titles(author, '"slow query"') == ["Right"]


def test_or_joins_what_stands_on_both_sides(author: Person) -> None:
    for word in ("alpha", "beta", "gamma"):
        factories.published(author, word)
    assert set(titles(author, "alpha or gamma")) == {"alpha", "gamma"}
    assert titles(author, "alpha beta or gamma") == ["gamma"]


def test_a_minus_excludes(author: Person) -> None:
    factories.published(author, "Disk full")
    factories.published(author, "Pool full")
    assert titles(author, "full -disk") == ["Pool full"]
    assert titles(author, "-disk") == ["Pool full"]
    assert titles(author, '-"disk full" -pool') == []


def test_parts_of_a_hyphenated_word_are_found_and_the_other_way_round(author: Person) -> None:
    factories.published(author, "One", summary="Load-balancer down.")
    factories.published(author, "Two", summary="Load balancer down.")
    for query in ("load-balancer", '"load balancer"'):
        assert set(titles(author, query)) == {"One", "Two"}, query


@pytest.mark.parametrize("query", ["cd", "CI/CD", "“pool”", "yaml", "config.yaml", "ÉLAN", "us-east-1", "it’s pool"])
def test_signs_do_not_hide_words(author: Person, query: str) -> None:
    text = "CI/CD read config.yaml; the “pool”—and Élan—in us-east-1."
    factories.published(author, summary=text)
    assert titles(author, query) == ["Checkout slow"]


def test_only_common_words_show_everything_and_say_so(author: Person) -> None:
    factories.published(author)
    found = seek(author, "the of")
    assert [row.title for row in found.rows] == ["Checkout slow"]
    assert [message.text for message in found.messages] == ["“the”, “of”: too common to search for, and left out."]


def test_only_signs_show_everything_and_say_so(author: Person) -> None:
    factories.published(author)
    found = seek(author, "&|!")
    assert len(found.rows) == 1
    assert "holds no word" in found.messages[0].text


def test_a_common_word_beside_another_is_passed_over_in_silence(author: Person) -> None:
    factories.published(author)
    assert seek(author, "the checkout").messages == []


# Order


def test_the_title_weighs_more_than_the_summary_and_that_more_than_the_rest(author: Person) -> None:
    def review(title: str, summary: str = "Nothing.", factor: str = "", impact: str = "") -> None:
        made = factories.draft(author, title, summary=summary)
        if factor:
            made.factors.create(text=factor, html=f"<p>{factor}</p>")
        if impact:
            Section.objects.create(review=made, kind="impact", text=impact, html=f"<p>{impact}</p>")
        publish_review(author, made)

    review("In the rest", impact="A teapot.")
    review("In a factor", factor="A teapot.")
    review("In the summary", summary="A teapot.")
    review("Teapot in the title")
    assert titles(author, "teapot") == ["Teapot in the title", "In the summary", "In a factor", "In the rest"]


def test_the_newest_come_first_without_words_or_when_asked(author: Person) -> None:
    factories.published(author, "Old teapot", occurred_at=NOW - timedelta(days=9))
    factories.published(author, "New", summary="A teapot.", occurred_at=NOW - timedelta(days=2))
    assert titles(author, "") == ["New", "Old teapot"]
    assert titles(author, "teapot") == ["Old teapot", "New"]
    assert titles(author, "teapot", sort="newest") == ["New", "Old teapot"]
    assert seek(author, "-x").sort == "newest"


# Filters


def test_service_by_slug_name_and_alias(author: Person) -> None:
    payments = factories.service("Card payments")
    ServiceAlias.objects.create(service=payments, name="Moneybox")
    factories.published(author, "Paid", services=[payments])
    factories.published(author, "Other")
    for value in ("card-payments", '"card PAYMENTS"', "moneybox"):
        assert titles(author, f"service:{value}") == ["Paid"], value
        assert titles(author, f"-service:{value}") == ["Other"], value


def test_a_cause_holds_all_below_it(author: Person) -> None:
    parent = factories.cause("capacity")
    child = CauseCategory.objects.create(slug="memory", name="Memory", parent=parent)
    factories.published(author, "Below", causes=[child])
    factories.published(author, "Above", causes=[parent])
    assert set(titles(author, "cause:capacity")) == {"Below", "Above"}
    assert titles(author, "cause:memory") == ["Below"]


def test_a_team_by_its_services_and_by_its_actions(author: Person) -> None:
    core = factories.team("Core")
    factories.published(author, "Its service", services=[factories.service("Ledger", owner=core)])
    action(factories.published(author, "Its action").review, team=core)
    factories.published(author, "Neither")
    assert set(titles(author, "team:core")) == {"Its service", "Its action"}
    assert titles(author, "-team:core") == ["Neither"]


def test_an_owner_by_account_by_me_and_as_written(author: Person) -> None:
    lee = factories.person("lee")
    action(factories.published(author, "Of Lee").review, owner=lee)
    action(factories.published(author, "As written").review, owner_as_written="Robin")
    assert titles(author, "owner:lee") == ["Of Lee"]
    assert titles(lee, "owner:me") == ["Of Lee"]
    assert titles(author, "owner:me") == []
    found = seek(author, "owner:robin")
    assert [row.title for row in found.rows] == ["As written"]
    assert "No account is called “robin”" in found.messages[0].text


def test_open_and_overdue_actions(author: Person) -> None:
    action(factories.published(author, "Overdue").review, due="2026-11-23")
    action(factories.published(author, "Due").review, due="2026-11-24")
    action(factories.published(author, "Done").review, status="done", due="2020-01-01")
    assert set(titles(author, "is:open-actions")) == {"Overdue", "Due"}
    assert titles(author, "is:overdue") == ["Overdue"]
    assert set(titles(author, "-is:overdue")) == {"Due", "Done"}


def test_overdue_depends_on_the_reader_s_day(author: Person) -> None:
    action(factories.published(author, "Due").review, due="2026-11-24")
    assert titles(author, "is:overdue", zone=ZoneInfo("Pacific/Kiritimati")) == ["Due"]


def test_recurring_means_another_visible_review_shares_service_and_cause(author: Person, outsider: Person) -> None:
    ledger, other, cause = factories.service("Ledger"), factories.service("Other"), factories.cause("capacity")
    factories.published(author, "First", services=[ledger], causes=[cause])
    factories.published(author, "Other service", services=[other], causes=[cause])
    again = factories.published(author, "Again", services=[ledger], causes=[cause]).review.incident
    assert set(titles(outsider, "is:recurring")) == {"First", "Again"}
    again.visibility = "restricted"
    again.save()
    assert titles(outsider, "is:recurring") == []
    assert set(titles(author, "is:recurring")) == {"First", "Again"}


def test_tags_in_any_case(author: Person) -> None:
    factories.published(author, "Tagged", tags=["database"])
    factories.published(author, "Bare")
    assert titles(author, "tag:Database") == ["Tagged"]
    assert titles(author, "-tag:database") == ["Bare"]
    assert seek(author, "tag:unheard").messages == []


def test_archived_reviews_are_found_and_can_be_left_out(author: Person) -> None:
    incident = factories.published(author, "Old").review.incident
    incident.status = "archived"
    incident.save()
    factories.published(author, "Current")
    assert set(titles(author, "")) == {"Old", "Current"}
    assert titles(author, "status:archived") == ["Old"]
    assert titles(author, "-status:archived") == ["Current"]
    assert [row.archived for row in seek(author, "status:archived").rows] == [True]


def test_drafts_are_not_searched_and_that_is_said(author: Person) -> None:
    factories.draft(author)
    factories.published(author, "Published")
    found = seek(author, "status:draft")
    assert found.rows == []
    assert "Only published reviews are searched" in found.messages[0].text


def test_unread_is_what_oneself_has_not_read(author: Person, outsider: Person) -> None:
    factories.published(author, "New")
    keep_reading(author, factories.published(author, "Known").review.pk)
    assert titles(author, "is:unread") == ["New"]
    assert titles(author, "-is:unread") == ["Known"]
    assert sorted(titles(outsider, "is:unread")) == ["Known", "New"]


def test_days_are_those_of_the_reader(author: Person) -> None:
    factories.published(author, "Late", occurred_at=datetime(2026, 3, 14, 23, 30, tzinfo=UTC))
    berlin = ZoneInfo("Europe/Berlin")
    assert titles(author, "after:2026-03-15", zone=UTC) == []
    assert titles(author, "after:2026-03-15", zone=berlin) == ["Late"]
    assert titles(author, "before:2026-03-15", zone=UTC) == ["Late"]
    assert titles(author, "before:2026-03-15", zone=berlin) == []
    assert titles(author, "after:2026-03-14 before:2026-03-15", zone=UTC) == ["Late"]


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("quarter:2026-Q1", True),
        ("quarter:2026-Q2", False),
        ("-quarter:2026-Q1", False),
        ("quarter:2026-Q2 quarter:2026-Q1", True),
        ("after:2026", True),
        ("before:2026", False),
        ("after:1y", True),
        ("after:30d", False),
        ("-after:30d", True),
        ("after:2026-02-30", True),
        ("severity:sev2", True),
        ("severity:1 severity:2", True),
        ("-severity:sev2", False),
    ],
)
def test_dates_and_severities(author: Person, query: str, finds: bool) -> None:
    factories.published(author)
    assert bool(titles(author, query)) is finds


def test_filters_of_two_kinds_hold_together(author: Person) -> None:
    ledger = factories.service("Ledger")
    factories.published(author, "Both", services=[ledger], severity="sev1")
    factories.published(author, "One", services=[ledger], severity="sev3")
    assert titles(author, "service:ledger severity:sev1") == ["Both"]


def test_an_unknown_value_is_named_with_what_comes_near_and_the_rest_runs(author: Person) -> None:
    factories.published(author, services=[factories.service("Card payments")])
    found = seek(author, "service:payments checkout")
    assert [row.title for row in found.rows] == ["Checkout slow"]
    assert found.messages[0].text == (
        "There is no service “payments”; the filter was left out. Perhaps service:card-payments?"
    )


# Counts and facets


def test_counts_and_facets(author: Person) -> None:
    ledger, cart = factories.service("Ledger"), factories.service("Cart")
    cause = factories.cause("capacity")
    factories.published(author, "One", services=[ledger, cart], causes=[cause], severity="sev1")
    factories.published(author, "Two", services=[ledger], occurred_at=datetime(2025, 12, 31, 12, tzinfo=UTC))
    found = seek(author, "")
    assert (found.counts.count, found.counts.is_exact) == (2, True)
    assert facet(found, "service") == {"ledger": 2, "cart": 1}
    assert facet(found, "cause") == {"capacity": 1}
    assert facet(found, "severity") == {"sev1": 1, "sev2": 1}
    assert facet(found, "quarter") == {"2026-Q1": 1, "2025-Q4": 1}


def test_a_facet_is_counted_without_its_own_filter(author: Person) -> None:
    ledger, cart = factories.service("Ledger"), factories.service("Cart")
    factories.published(author, "One", services=[ledger], severity="sev1")
    factories.published(author, "Two", services=[cart], severity="sev2")
    found = seek(author, "service:ledger")
    assert found.counts.count == 1
    assert facet(found, "service") == {"ledger": 1, "cart": 1}
    assert facet(found, "severity") == {"sev1": 1}


def test_beyond_the_bound_the_count_says_more_than(author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "LOOKED_AT", 2)
    for title in "abc":
        factories.published(author, title)
    counts = seek(author, "").counts
    assert (counts.count, counts.is_exact) == (2, False)


def test_pages_follow_each_other_without_gap_or_repeat(author: Person) -> None:
    for number in range(5):
        factories.published(author, f"Review {number}", occurred_at=NOW)
    seen: list[str] = []
    for page in (1, 2, 3):
        found = seek(author, "", page=page, per_page=2)
        seen += [row.title for row in found.rows]
        assert found.has_next is (page < 3)
    assert sorted(seen) == [f"Review {number}" for number in range(5)]
    assert seek(author, "", page=4, per_page=2).rows == []
    assert seek(author, "", page=10**9).rows == []


def test_only_the_newest_matches_are_ranked(author: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "LOOKED_AT", 1)  # and one more, to know whether there is one
    factories.published(author, "Teapot", occurred_at=NOW - timedelta(days=9))
    for number, day in (("New", 0), ("Newer", 1)):
        factories.published(author, number, summary="A teapot.", occurred_at=NOW + timedelta(days=day))
    assert titles(author, "teapot") == ["Newer", "New"]
    assert titles(author, "teapot", sort="newest") == ["Newer", "New", "Teapot"]


def test_a_row_says_what_a_reader_chooses_by(author: Person) -> None:
    services = [factories.service("Ledger"), factories.service("Cart")]
    version = factories.published(
        author, services=services, causes=[factories.cause("capacity")], resolved_at=factories.NOON + timedelta(hours=1)
    )
    action(version.review)
    action(version.review, status="done")
    row = seek(author, "checkout").rows[0]
    assert (row.severity, row.began, row.duration) == ("sev2", factories.NOON, timedelta(hours=1))
    assert (sorted(row.services), len(row.causes), row.open_actions) == (["Cart", "Ledger"], 1, 1)
    assert row.text.startswith("<mark>Checkout</mark> was slow.")


# Ways on from nothing


def test_nothing_found_says_which_part_to_drop(author: Person) -> None:
    factories.published(author, services=[factories.service("Ledger")])
    factories.published(author, "Other", services=[factories.service("Cart")])
    found = seek(author, "checkout service:ledger severity:sev5")
    assert [(drop.part, drop.query, drop.count) for drop in found.suggestions.drops] == [
        ("severity:sev5", "checkout service:ledger", 1)
    ]


def test_nothing_found_says_how_a_word_may_have_been_meant(author: Person) -> None:
    factories.published(author, "The ledger was closed")
    assert seek(author, "ledgre").meant == ["ledger"]
    assert seek(author, "closd ledgre service:x").meant == ["closed ledger service:x"]
    assert seek(author, "xylophone").meant == []


# Access


def test_a_restricted_review_is_found_by_those_it_names_only(author: Person, outsider: Person) -> None:
    review = factories.published(author, "Secret teapot", visibility="restricted").review
    named = factories.person("named")
    Grant.objects.create(incident=review.incident, person=named)
    admin = factories.person("boss", role="administrator")
    for person in (author, named, admin):
        assert titles(person, "teapot") == ["Secret teapot"], person
    found = seek(outsider, "teapot")
    assert (found.rows, found.counts.count) == ([], 0)


def test_facets_and_suggestions_know_nothing_of_hidden_reviews(author: Person, outsider: Person) -> None:
    ledger = factories.service("Ledger")
    factories.published(author, "Open", services=[ledger])
    factories.published(
        author, "Secret teapot", visibility="restricted", services=[ledger], causes=[factories.cause("capacity")]
    )
    found = seek(outsider, "")
    assert (found.counts.count, facet(found, "service"), facet(found, "cause")) == (1, {"ledger": 1}, {})
    found = seek(outsider, "teapto service:ledger")
    assert found.meant == []
    assert [drop.count for drop in found.suggestions.drops] == [1]
    assert seek(author, "teapto").meant == ["teapot"]


def test_access_that_changes_is_followed_at_once(author: Person, outsider: Person) -> None:
    incident = factories.published(author, "Teapot").review.incident
    assert titles(outsider, "teapot") == ["Teapot"]
    incident.visibility = "restricted"
    incident.save()
    assert titles(outsider, "teapot") == []


@pytest.mark.parametrize("query", ["", "teapot", "is:recurring", "teapot service:x", "-teapot"])
def test_an_account_that_was_closed_finds_nothing(author: Person, query: str) -> None:
    factories.published(author, "Teapot")
    author.is_active = False
    found = seek(author, query)
    assert (found.rows, found.counts.count, found.suggestions.drops) == ([], 0, [])


def test_a_day_alone_is_that_day_for_every_reader(author: Person) -> None:
    author.time_zone = "America/New_York"
    factories.published(author, occurred_at="2026-03-14T00:00+09:00", occurred_is_date=True, time_zone="Asia/Tokyo")
    assert seek(author, "").rows[0].began == date(2026, 3, 14)


def test_an_address_says_the_title_that_was_published(author: Person) -> None:
    incident = factories.published(author, "Checkout slow").review.incident
    change_facts(author, incident, title="Not yet for everyone")
    assert seek(author, "").rows[0].url == f"/reviews/{incident.number}/checkout-slow/"
