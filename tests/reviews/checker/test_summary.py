"""The summary: what, when, for how long, to whom; in one paragraph, without riddles."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviews.checker.material import Material
from tests.reviews.checker.made import BEGAN, found, rules

_SUMMARIES = yaml.safe_load((Path(__file__).parents[2] / "data/checker/summaries.yaml").read_text("utf-8"))
GOOD = "On 14 March 2026 payments failed for 48 minutes for 12 % of customers."


def summary(text: str, **more: Any) -> Material:
    return Material(sections={"summary": text, **more.pop("sections", {})}, **more)


@pytest.mark.parametrize("one", _SUMMARIES, ids=lambda one: one["text"][:40])
def test_what_a_summary_lacks_is_named(one: dict[str, Any]) -> None:
    lacking = [rule for rule, _ in rules(summary(one["text"]), "summary-no")]
    assert lacking == one["lacks"]


def test_an_empty_summary_lacks_nothing_but_itself() -> None:
    assert [(one.rule, one.where, one.blocking) for one in found(Material(), "summary")] == [
        ("summary-missing", "summary", True)
    ]


def test_words_that_mean_another_day_tomorrow_are_pointed_at() -> None:
    [vague] = found(summary("Yesterday payments failed for 48 minutes for all customers.", began=BEGAN), "summary")
    assert (vague.rule, vague.text, vague.start) == ("summary-no-when", "Yesterday", 0)
    assert vague.suggestion == "The facts say 14 March 2026, 12:00 UTC."


def test_a_day_among_the_facts_is_offered() -> None:
    [one] = found(summary("Payments failed for 48 minutes for all customers.", began=date(2026, 3, 14)), "summary")
    assert one.suggestion == "The facts say 14 March 2026."


def test_the_second_paragraph_is_pointed_at() -> None:
    [one] = found(summary(f"## In short\n\n{GOOD}\n\nThere is more to say about this."), "summary")
    assert (one.rule, one.text) == ("summary-several-paragraphs", "There is more to say about this.")
    assert found(summary(f"# In short\n{GOOD}\n"), "summary") == []


def test_a_list_below_the_paragraph_is_a_second_one() -> None:
    assert rules(summary(f"{GOOD}\n\n- One\n- Two"), "summary") == [("several-paragraphs", "section:summary")]


def acronyms(text: str, **more: Any) -> list[str]:
    return [one.text for one in found(summary(f"{GOOD} {text}", **more), "summary-unexplained")]


def test_an_acronym_is_pointed_at_once() -> None:
    assert acronyms("The CDC stream lagged, and CDC consumers waited.") == ["CDC"]
    assert acronyms("Our QXMs failed over.") == ["QXMs"]


@pytest.mark.parametrize(
    "text",
    [
        "The change data capture (CDC) stream lagged, and CDC consumers waited.",
        "CDC (change data capture) lagged.",
        "The internal routing layer, or IRL, lagged.",
        "CDC, short for change data capture, lagged.",
        "The API returned HTTP 500 over TLS from 10:02 UTC to the CPU.",
        "Ticket OPS-1234 and PAY-77 tell more.",
        "The flag `XQZ_ON` and `XQZ` were set.",
        "It did NOT come back, and ALL of it was SEV2.",
        "World War II ended; PostgreSQL and MongoDB did not.",
        "See https://example.org/XQZ for more.",
    ],
)
def test_what_is_spelled_out_or_known_or_no_acronym_is_fine(text: str) -> None:
    assert acronyms(text) == []


def test_an_acronym_may_be_spelled_out_elsewhere_in_the_review() -> None:
    assert acronyms("The CDC stream lagged.", sections={"impact": "Change data capture (CDC) feeds search."}) == []


def test_the_name_of_a_service_stands_for_itself() -> None:
    assert acronyms("QXM was slow.", services=("QXM Gateway",)) == []


def test_a_text_that_shouts_has_no_acronyms() -> None:
    assert found(summary("PAYMENTS FAILED FOR ALL CUSTOMERS ON 14 MARCH FOR 48 MINUTES"), "summary-unexplained") == []


def test_code_and_addresses_say_nothing() -> None:
    lacking = rules(summary("It broke: `2026-03-14 for 48 minutes, customers`"), "summary-no")
    assert [rule for rule, _ in lacking] == ["when", "duration", "impact"]
