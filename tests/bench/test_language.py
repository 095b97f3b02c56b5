"""How findings of the language rules are scored against labelled sentences and a reader's verdicts."""

import hashlib
import json
from pathlib import Path

import pytest

from bench.language import read_labels
from bench.language_scoring import NOT_FINE, Found, Label, Reading, kappa, read, rules_at, score, wilson_upper

CAUSE, ERROR = "language-person-as-cause", "language-human-error"


def label(*rules: str, start: int = 0, end: int = 10) -> Label:
    return Label("reviews/tide.md", start, end, "tuning", frozenset(rules))


def found(rule: str = CAUSE, start: int = 0, end: int = 5, file: str = "reviews/tide.md") -> Found:
    return Found(file, start, end, rule)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (found(start=8, end=12), {CAUSE}),
        (found(start=10, end=12), set()),
        (found(start=0, end=4, file="reviews/ebb.md"), set()),
    ],
)
def test_a_finding_counts_in_the_sentence_it_overlaps(finding: Found, expected: set[str]) -> None:
    assert rules_at(label(start=0, end=10), [finding]) == expected


def test_another_rule_than_the_labelled_one_counts_for_not_fine_only() -> None:
    scores = score([label(CAUSE)], [frozenset({ERROR})])
    assert (scores[NOT_FINE].both, scores[CAUSE].both, scores[ERROR].both) == (1, 0, 0)


def test_precision_falls_with_a_false_alarm() -> None:
    scores = score([label(CAUSE), label()], [frozenset({CAUSE}), frozenset({CAUSE})])
    assert (scores[NOT_FINE].precision, scores[NOT_FINE].recall) == (0.5, 1.0)


def test_recall_falls_with_a_miss() -> None:
    scores = score([label(CAUSE), label(CAUSE)], [frozenset({CAUSE}), frozenset()])
    assert (scores[CAUSE].precision, scores[CAUSE].recall) == (1.0, 0.5)


def test_f1_lies_between_precision_and_recall() -> None:
    scores = score([label(CAUSE), label(CAUSE)], [frozenset({CAUSE}), frozenset()])
    assert scores[CAUSE].f1 == pytest.approx(2 / 3)


def test_a_rule_never_labelled_and_never_found_has_no_ratio() -> None:
    assert score([label()], [frozenset()])[ERROR].figures() == {
        "labelled": 0,
        "found": 0,
        "both": 0,
        "precision": None,
        "recall": None,
        "f1": None,
    }


def test_kappa_is_one_for_readers_who_agree() -> None:
    assert kappa([True, False, False], [True, False, False]) == 1


def test_kappa_is_nought_where_agreement_is_what_chance_gives() -> None:
    assert kappa([True, True, False, False], [True, False, True, False]) == 0


def test_kappa_of_readers_who_never_say_yes_is_one() -> None:
    assert kappa([False, False], [False, False]) == 1


def test_a_verdict_holds_for_a_finding_that_moved_a_little() -> None:
    verdict = {"file": "reviews/tide.md", "start": 3, "end": 9, "rule": CAUSE, "verdict": "false alarm"}
    assert read([found()], [verdict], 100).false_alarms == 1


def test_a_verdict_on_another_rule_leaves_a_finding_unread() -> None:
    verdict = {"file": "reviews/tide.md", "start": 0, "end": 5, "rule": ERROR, "verdict": "right"}
    assert read([found()], [verdict], 100).read == 0


def test_the_rate_of_the_findings_read_is_taken_for_all_findings() -> None:
    assert Reading(sentences=400, findings=20, read=10, false_alarms=1).per_sentence == pytest.approx(2 / 400)


def test_nothing_is_estimated_before_anything_was_read() -> None:
    reading = Reading(sentences=400, findings=20, read=0, false_alarms=0)
    assert (reading.per_sentence, reading.upper) == (None, None)


def test_the_upper_end_of_a_rate_is_the_rate_where_all_findings_were_read() -> None:
    reading = Reading(sentences=400, findings=20, read=20, false_alarms=2)
    assert reading.upper == reading.per_sentence


def test_the_upper_end_of_a_share_of_none_is_not_nought() -> None:
    assert wilson_upper(0, 100) == pytest.approx(0.037, abs=0.001)


def row(sentence: str, **changes: object) -> dict[str, object]:
    digest = hashlib.sha256(sentence.encode()).hexdigest()[:12]
    place = {"file": "reviews/tide.md", "start": 2, "end": 2 + len(sentence), "sha": digest}
    return {**place, "half": "reserve", "label": ["fine"], **changes}


def test_a_fine_label_names_no_rule(tmp_path: Path) -> None:
    path = tmp_path / "language.jsonl"
    path.write_text(json.dumps(row("The gauge fell.")))
    assert read_labels(path, {"reviews/tide.md": "- The gauge fell."})[0].rules == frozenset()


def test_a_label_is_refused_where_the_text_is_another(tmp_path: Path) -> None:
    path = tmp_path / "language.jsonl"
    path.write_text(json.dumps(row("The gauge fell.")))
    with pytest.raises(SystemExit, match=r"reviews/tide\.md: the sentence at 2"):
        read_labels(path, {"reviews/tide.md": "- The gauge rose."})
