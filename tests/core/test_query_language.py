"""The query language: what each form means, and a message for everything that means nothing."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.query_language import KINDS, Query, Vocabulary, read_query
from core.search_dates import SearchDateProblem, read_days, read_quarter

TODAY = date(2026, 3, 31)


def read(text: str) -> Query:
    return read_query(text, TODAY)


def words(text: str) -> list[list[str]]:
    """The groups of words; a minus before what is negated, quotes around phrases."""
    return [
        [f"{'-' * term.negated}{term.text!r}" if term.phrase else f"{'-' * term.negated}{term.text}" for term in group]
        for group in read(text).groups
    ]


def filters(text: str) -> list[str]:
    return [f"{'-' * one.negated}{one.kind}:{one.value}" for one in read(text).filters]


def told(text: str) -> list[str]:
    return [message.text for message in read(text).messages]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("pool", [["pool"]]),
        ("connection pool", [["connection", "pool"]]),
        ('"connection pool" slow', [["'connection pool'", "slow"]]),
        ("“connection pool”", [["'connection pool'"]]),
        ("pool -mobile", [["pool", "-mobile"]]),
        ('-"slow query"', [["-'slow query'"]]),
        ("a b or c", [["a", "b"], ["c"]]),
        ("a OR -b", [["a"], ["-b"]]),
        ('"or"', [["'or'"]]),
        ("or", []),
        ("or a or", [["a"]]),
        ('"never closed', [["'never closed'"]]),
        ('""', []),
        ("- -- a -", [["--", "a"]]),
        ("post-mortem", [["post-mortem"]]),
        ("http://example.org/a", [["http://example.org/a"]]),
        ("std::string 10:30", [["std::string", "10:30"]]),
        ("\u3000 \t\n", []),
    ],
)
def test_words_phrases_and_or(text: str, meant: list[list[str]]) -> None:
    assert words(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("service:payments", ["service:payments"]),
        ("SERVICE:Payments", ["service:Payments"]),
        ('service:"Card payments"', ["service:Card payments"]),
        ("-cause:capacity", ["-cause:capacity"]),
        ('-team:"On call"', ["-team:On call"]),
        ("severity:SEV1 severity:2", ["severity:sev1", "severity:sev2"]),
        ("severity:sev1,sev3", ["severity:sev1", "severity:sev3"]),
        ("status:in_review", ["status:in-review"]),
        ("is:Open-Actions -is:overdue", ["is:open-actions", "-is:overdue"]),
        ("quarter:2026q3", ["quarter:2026-Q3"]),
        ("tag:a-b owner:me", ["tag:a-b", "owner:me"]),
        ("after:3m before:2026-03", ["after:3m", "before:2026-03"]),
    ],
)
def test_filters(text: str, meant: list[str]) -> None:
    assert filters(text) == meant
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("colour:red", "no filter “colour:”"),
        ("after:2026-02-30", "30 February does not exist"),
        ("before:2026-13", "no month 13"),
        ("after:yesterdayish", "“yesterdayish” is not a date"),
        ("after:99999y", "out of range"),
        ("after:999999w", "out of range"),
        ("after:3000", "out of range"),
        ("quarter:2026-Q5", "Q1 to Q4"),
        ("quarter:soon", "2026-Q3"),
        ("severity:9", "sev1 to sev5"),
        ("status:lost", "draft, in-review, published and archived"),
        ("is:nice", "open-actions, overdue, recurring and unread"),
        ("service:", "needs a value"),
        ('service:""', "needs a value"),
        ("severity:sev1 or pool", "“or” joins words only"),
        ("x" * 300, "too long for a word"),
        ("a " * 40, "first 32 words"),
        ("service:a " * 40, "first 24 filters"),
        ("a b c d e f g h " * 200, "first 2,000 characters"),
    ],
)
def test_what_means_nothing_is_named_and_the_rest_is_kept(text: str, part: str) -> None:
    query = read(f"{text} pool") if len(text) < 60 else read(f"pool {text}")
    assert any(part in message.text for message in query.messages), query.messages
    assert "pool" in [term.text for term in query.terms]


def test_a_filter_mistyped_is_offered_as_it_is_written() -> None:
    assert "Did you mean “service:”?" in told("servce:payments")[0]
    assert "mean" not in told("colour:red")[0]


def test_or_between_filters_of_one_kind_needs_no_word_about_it() -> None:
    assert told("service:a or service:b") == []


@pytest.mark.parametrize(
    ("written", "first", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-03", date(2026, 3, 1), date(2026, 4, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-03-14", date(2026, 3, 14), date(2026, 3, 15)),
        ("7d", date(2026, 3, 24), date(2026, 3, 25)),
        ("3w", date(2026, 3, 10), date(2026, 3, 11)),
        ("1m", date(2026, 2, 28), date(2026, 3, 1)),
        ("1y", date(2025, 3, 31), date(2025, 4, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
    ],
)
def test_dates(written: str, first: date, end: date) -> None:
    days = read_days(written, TODAY)
    assert (days.first, days.end) == (first, end)


def test_a_quarter_is_three_months() -> None:
    value, days = read_quarter("2026-q4")
    assert (value, days.first, days.end) == ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1))


@given(st.text(max_size=20) | st.from_regex(r"[0-9]{1,7}[dwmyq-][0-9q-]{0,6}", fullmatch=True))
def test_a_date_is_read_or_refused_with_a_message(written: str) -> None:
    for read_one in (lambda: read_days(written, TODAY), lambda: read_quarter(written)[1]):
        try:
            days = read_one()
        except SearchDateProblem as problem:
            assert str(problem).endswith((".", "?"))
        else:
            assert days.first < days.end


def test_a_part_can_be_taken_out() -> None:
    query = read('pool service:"Card payments" -is:overdue severity:sev1,sev2')
    payments, overdue, sev1, _ = query.filters
    assert query.without(payments) == "pool -is:overdue severity:sev1,sev2"
    assert query.without(overdue) == 'pool service:"Card payments" severity:sev1,sev2'
    assert query.without(sev1) == 'pool service:"Card payments" -is:overdue severity:sev2'
    assert query.without(query.terms[0]) == 'service:"Card payments" -is:overdue severity:sev1,sev2'


def test_a_filter_can_be_added() -> None:
    assert read("pool").with_filter("service", "Card payments") == 'pool service:"Card payments"'
    assert read("").with_filter("severity", "sev1") == "severity:sev1"


PIECES = st.sampled_from(
    [*(f"{kind}:" for kind in KINDS), '"', "-", "or", " ", "a", "sev1", "2026-03", "7d", ",", "“", ":", "colour:", "é", "0"]
)  # fmt: skip


@given(st.text(max_size=200) | st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    query = read(text)
    for part in [*query.terms, *query.filters]:
        assert 0 <= part.start < part.end <= len(query.text)
        rest = read(query.without(part))
        assert len(rest.terms) + len(rest.filters) <= len(query.terms) + len(query.filters)
    assert read(query.text).text == query.text


@given(st.text(max_size=100))
def test_what_is_read_can_be_stored(text: str) -> None:
    stored = json.dumps([term.text for term in read(text).terms], ensure_ascii=False).encode()
    assert b"\x00" not in stored


def test_strings_that_break_other_searches_are_read(shared: Path) -> None:
    for name in ("search-breaking", "naughty-strings"):
        for line in (shared / f"data/security/{name}.jsonl").read_text().splitlines():
            read(json.loads(line)["payload"])


BOARD = Vocabulary(
    {"owner": "owner:me", "status": "status:open", "before": "before:+2w", "kind": "kind:detect", "is": "is:overdue"},
    {"status": ("open", "done"), "kind": ("detect", "prevent"), "is": ("overdue", "undated")},
    ahead=True,
)


def test_another_place_has_filters_and_values_of_its_own() -> None:
    query = read_query("status:Done kind:detect owner:lee is:undated before:+2w", TODAY, BOARD)
    assert [f"{one.kind}:{one.value}" for one in query.filters] == [
        "status:done", "kind:detect", "owner:lee", "is:undated", "before:+2w",
    ]  # fmt: skip
    assert query.filters[-1].days == read_days("2026-04-14", TODAY)
    assert not query.messages


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tag:x", "There is no filter “tag:”."),
        ("status:published", "There is no status “published”. They are open and done."),
        ("kind:x", "There is no kind “x”. They are detect and prevent."),
        ("is:unread", "There is no “is:unread”. There are overdue and undated."),
        ("before:+999999y", "“+999999y” is out of range: years run to 2199."),
        ("before:+2", "“+2” is not a date here. Write 2026, 2026-03, 2026-03-14, or back from today 7d, 3w, 2m, 1y,"),
    ],
)
def test_what_another_place_does_not_know_is_told(text: str, said: str) -> None:
    messages = read_query(text, TODAY, BOARD).messages
    assert [message.text[: len(said)] for message in messages] == [said]


def test_reviews_are_not_asked_for_by_days_to_come() -> None:
    assert not read("before:+2w").filters
