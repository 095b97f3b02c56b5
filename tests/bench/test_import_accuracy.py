"""How answers of the importer are judged against labels."""

from pathlib import Path
from typing import Any

import pytest

from bench.import_accuracy import LABELS, read_labels, summary
from bench.import_scoring import FIELDS, Verdict, judge

LABEL = {
    "file": "reviews/tide.md",
    "title": "2021-03-31 - Tide gauge outage",
    "occurred_at": "2021-03-31T09:30+02:00",
    "detected_at": None,
    "mitigated_at": None,
    "resolved_at": "2021-03-31",
    "zone": "Europe/Berlin",
    "services": [["Tide gauge", "gauges"], ["harbour map"]],
    "timeline_events": 4,
    "action_items": None,
    "causes": ["capacity"],
    "also_right": {"resolved_at": ["2021-04-01T08:00+02:00"], "mitigated_at": ["2021-03-31T10:00+02:00"]},
    "note": None,
}


def verdict(field: str, given: Any, **changes: Any) -> Verdict:
    return judge({**LABEL, **changes}, {field: given})[field]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2021-03-31T07:30:00+00:00", Verdict.RIGHT),
        ("2021-03-31T07:30:59Z", Verdict.RIGHT),
        ("2021-03-31T09:30:00Z", Verdict.WRONG),
        ("2021-03-31", Verdict.MISSED),
        ("2021-03-30", Verdict.WRONG),
        (None, Verdict.MISSED),
    ],
)
def test_a_stated_moment_counts_to_the_minute(given: str | None, expected: Verdict) -> None:
    assert verdict("occurred_at", given) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2021-03-31", Verdict.RIGHT),
        ("2021-03-30T22:30:00Z", Verdict.RIGHT),
        ("2021-03-31T00:00:00+00:00", Verdict.RIGHT),
        ("2021-03-31T23:30:00-07:00", Verdict.RIGHT),
        ("2021-04-01T06:00:00Z", Verdict.RIGHT),
        ("2021-04-01T06:01:00Z", Verdict.WRONG),
        (None, Verdict.MISSED),
    ],
)
def test_a_stated_day_takes_any_moment_of_it(given: str | None, expected: Verdict) -> None:
    assert verdict("resolved_at", given) is expected


def test_what_the_text_does_not_state_is_best_left_empty() -> None:
    assert verdict("detected_at", None) is Verdict.EMPTY
    assert verdict("detected_at", "2021-03-31T07:30:00Z") is Verdict.INVENTED
    assert verdict("mitigated_at", "2021-03-31T08:00:00Z") is Verdict.EMPTY


def test_a_gap_is_right_where_the_label_says_so() -> None:
    assert verdict("occurred_at", None, also_right={"occurred_at": [None]}) is Verdict.RIGHT


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2021-03-31  –  **Tide gauge** outage", Verdict.RIGHT),
        ("Tide gauge outage", Verdict.RIGHT),
        ("Gauge outage", Verdict.WRONG),
        ("", Verdict.MISSED),
    ],
)
def test_titles_count_by_their_words(given: str, expected: Verdict) -> None:
    assert verdict("title", given) is expected


def test_a_title_that_is_only_a_date_stays_whole() -> None:
    assert verdict("title", "Incident on 2021-03-31", title="Incident on 2021-03-31") is Verdict.RIGHT
    assert verdict("title", "Summary", title="Incident on 2021-03-31") is Verdict.WRONG


def test_no_title_is_judged_where_the_text_has_none() -> None:
    assert "title" not in judge({**LABEL, "title": None}, {"title": "tide"})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["tide-gauge"], Verdict.RIGHT),
        (["Gauges", "Harbour Map"], Verdict.RIGHT),
        (["tide-gauge", "lighthouse"], Verdict.WRONG),
        ([], Verdict.MISSED),
    ],
)
def test_services_need_one_good_name_and_no_bad_one(given: list[str], expected: Verdict) -> None:
    assert verdict("services", given) is expected


def test_names_that_a_label_tolerates_are_not_enough() -> None:
    tolerant = {"services": ["lighthouse"]}
    assert verdict("services", ["lighthouse"], also_right=tolerant) is Verdict.WRONG
    assert verdict("services", ["lighthouse", "gauges"], also_right=tolerant) is Verdict.RIGHT
    assert verdict("services", ["lighthouse"], services=None, also_right=tolerant) is Verdict.EMPTY
    assert verdict("services", ["lighthouse"], services=None) is Verdict.INVENTED


def test_counts_are_exact_and_none_is_zero() -> None:
    assert verdict("timeline_events", 4) is Verdict.RIGHT
    assert verdict("timeline_events", 5) is Verdict.WRONG
    assert verdict("timeline_events", 5, also_right={"timeline_events": [5]}) is Verdict.RIGHT
    assert verdict("timeline_events", 0) is Verdict.MISSED
    assert verdict("timeline_events", 0, also_right={"timeline_events": [0]}) is Verdict.RIGHT
    assert verdict("action_items", 0) is Verdict.EMPTY
    assert verdict("action_items", 2) is Verdict.INVENTED


def test_a_file_that_was_not_imported_misses_what_it_states() -> None:
    verdicts = judge(LABEL, {})
    assert verdicts["title"] is verdicts["services"] is verdicts["timeline_events"] is Verdict.MISSED
    assert verdicts["detected_at"] is verdicts["action_items"] is Verdict.EMPTY


def test_percentages_are_of_the_texts_that_state_the_field() -> None:
    other = {"occurred_at": "2021-03-31T09:00:00Z", "services": ["gauges"]}
    figures = summary({"a.md": judge(LABEL, {"occurred_at": "2021-03-31T07:30Z"}), "b.md": judge(LABEL, other)})
    assert list(figures) == FIELDS
    assert (figures["occurred_at"]["right_percent"], figures["occurred_at"]["wrong_percent"]) == (50.0, 50.0)
    assert (figures["services"]["right"], figures["services"]["missed"]) == (1, 1)
    assert (figures["detected_at"]["stated"], figures["detected_at"]["empty"]) == (0, 2)


def test_every_label_agrees_with_itself() -> None:
    for label in read_labels(LABELS):
        verdicts = judge(label, {**label, "services": [name for names in label["services"] or [] for name in names]})
        assert set(verdicts.values()) <= {Verdict.RIGHT, Verdict.EMPTY}, (label["file"], verdicts)


def test_labels_name_files_that_exist_and_cover_every_source(shared: Path) -> None:
    labels = read_labels(LABELS)
    files = [label["file"] for label in labels]
    assert len(files) == len(set(files))
    assert [file for file in files if not (shared / "data" / file).is_file()] == []
    assert {file for file in files if file.startswith("reviews/")} == {
        f"reviews/{path.name}" for path in (shared / "data" / "reviews").glob("*.md")
    }
