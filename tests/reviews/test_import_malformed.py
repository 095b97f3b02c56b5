"""Texts that are no write-up: a message or a reading, never an exception that escapes, and never a hang."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.importing.decoding import MAX_BYTES
from reviews.importing.document import UnreadableDocument
from reviews.importing.parse import parse_review

WRAPPINGS = [
    "%s",
    "# T\n\n## Timeline\n\n- %s x\n",
    "# T\n\n| Time | Event |\n|---|---|\n| %s | e |\n",
    "---\ndate: %s\nstart_time: %s\nseverity: %s\n---\nbody",
    "# T\n\n## Timeline\n\n### %s\n\ntext\n",
    "Start time: %s\nResolved: %s\n",
    "## Five whys\n\n1. %s\n\n## Action items\n\n- [ ] %s by %s\n",
]


def read(text: str) -> None:
    try:
        parse_review(text.encode("utf-8", "surrogatepass"), "x.md")
    except UnreadableDocument as refused:
        assert str(refused)


@pytest.mark.parametrize(
    "name", ["import-bodies", "dates-malformed", "naughty-strings", "csv-injection", "markdown-xss"]
)
def test_hostile_strings_in_every_place(shared: Path, name: str) -> None:
    for line in (shared / "data" / "security" / f"{name}.jsonl").read_text().splitlines():
        payload = json.loads(line)["payload"]
        for wrapping in WRAPPINGS:
            read(wrapping.replace("%s", payload if isinstance(payload, str) else json.dumps(payload)))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-02-30 10:00", "30 February does not exist"),
        ("2026-13-01 10:00", "There is no month 13"),
        ("2026-02-01 25:00", "There is no hour 25"),
        ("01/02/2026 10:00", "can be read two ways"),
    ],
)
def test_a_time_that_cannot_be_is_named_with_its_line(written: str, message: str) -> None:
    review = parse_review(f"# Sluice\n\n## Timeline\n\n- {written} UTC water rises\n".encode(), "x.md")
    assert any(message in problem and problem.startswith("Line 5") for problem in review.problems)
    assert review.events == []


def test_times_without_a_zone_are_read_as_utc_and_said() -> None:
    review = parse_review(b"# Sluice\n\n## Timeline\n\n- 2026-02-01 10:00 water rises\n", "x.md")
    assert any("no time zone is stated" in problem for problem in review.problems)


def test_a_broken_block_of_values_is_read_line_by_line() -> None:
    review = parse_review(b"---\ntitle: Sluice: stuck\nseverity: SEV2\n  bad: [\n---\n\nText.\n", "x.md")
    assert (review.title, review.severity) == ("Sluice: stuck", "sev2")
    assert review.problems


def test_a_file_that_is_too_large_says_so() -> None:
    with pytest.raises(UnreadableDocument, match="5 MB"):
        parse_review(b"x" * (MAX_BYTES + 1), "big.md")


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "*" * 500_000,
        "[" * 300_000,
        "|" * 500_000 + "\n|---|\n",
        "https://x.y/" + "a/" * 300_000,
        "## Timeline\n\n- 10:00 UTC " + "user reported " * 100_000,
        "## Root cause\n\n" + "because " * 200_000,
        "2021-01-01 10:00 to 11:00 outage resolved at " * 30_000,
        "## Five whys\n\n" + "".join("  " * n + "- Why x?\n" for n in range(80)),
        "".join(" " * 2 * n + "- x\n" for n in range(500)),
        "---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n---\nbody\n",
    ],
    ids=["word", "stars", "brackets", "pipes", "address", "entry", "cause", "times", "whys", "nested", "aliases"],
)
def test_long_and_deep_texts_end(text: str) -> None:
    read(text)


@given(st.text(alphabet="#-*|>`:[](){}!\\_ \n\t0123456789apmUTCZ/.,+-=~<&;?", max_size=400))
def test_any_punctuation_is_read(text: str) -> None:
    read(text)
