"""Nothing that a write-up says is dropped: each word stands in the review, or in a value that was used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.importing.decoding import decode_source
from reviews.importing.document import ParsedReview, ParsedWhy, UnreadableDocument
from reviews.importing.front_matter import split_front_matter
from reviews.importing.headings import is_plain_alias
from reviews.importing.parse import parse_review
from reviews.importing.plain import plain

INVENTED = sorted(
    path for path in (Path(__file__).parent.parent / "data" / "write-ups").iterdir() if path.suffix in (".md", ".txt")
)
WORD = re.compile(r"[^\W_]{2,}")
# A label, heading or column whose part of the review says the same: "## What went well", "| Time | Event |", "Owner:".
LABEL = re.compile(r"^[#\s>|*_-]*([^|#*]{2,60}?)[*_]*:?[*_]*\s*$")
COLUMNS = {
    "time", "event", "events", "date", "description", "action", "item", "items", "owner", "due", "status", "type", "bug", "day",
    "assignee", "task", "who", "when", "what", "timestamp", "note", "eta", "deadline",
}  # fmt: skip


def words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))


def stored(review: ParsedReview) -> set[str]:
    parts = [review.title, *review.sections.values(), *review.tags, *review.authors, *review.services]
    parts += [part for event in review.events for part in (event.text, event.written_as, str(event.occurred_at.date()))]
    parts += [
        part
        for action in review.actions
        for part in (action.title, action.details, action.owner, action.tracker_url, str(action.due))
    ]
    parts += [factor.text for factor in review.factors]
    parts += [part for why in every(review.whys) for part in (why.question, why.answer)]
    return words("\n".join(parts))


def every(whys: list[ParsedWhy]) -> Iterator[ParsedWhy]:
    for why in whys:
        yield why
        yield from every(why.children)


def dropped(source: bytes, name: str) -> set[str]:
    """Words of the text that are neither stored nor the wording of a part's own heading, label or column."""
    text, _ = decode_source(source, name)
    lines = text.split("\n")
    matter = split_front_matter(lines)
    missing: set[str] = set()
    have = stored(parse_review(source, name))
    for line in lines[matter.lines :]:
        lost = words(line) - have
        if not lost:
            continue
        label = LABEL.match(line)
        if label and is_plain_alias(plain(label[1])):
            continue
        if "|" in line and lost <= COLUMNS:
            continue
        lead = re.match(r"[\s>*_#-]*([\w' ()-]{2,40}?)[*_]*:", line)
        if lead and lost <= words(lead[1]) and is_plain_alias(lead[1]):
            continue
        if re.fullmatch(r"[#*_\s-]*\W*(?:\w+ )?[\w/.,-]+(?: \w+)?,? ?\d{0,4}[*_:\s]*", line) and re.search(r"\d", line):
            continue  # a day above its times: the times carry it
        missing |= lost
    return missing


@pytest.mark.parametrize("path", INVENTED, ids=lambda path: path.name)
def test_every_word_of_an_invented_write_up_is_kept(path: Path) -> None:
    assert dropped(path.read_bytes(), path.name) == set()


def test_every_word_of_the_real_write_ups_is_kept(shared: Path) -> None:
    lost = {
        path.name: found
        for path in sorted(shared.glob("data/*/*.md"))
        if (found := dropped(path.read_bytes(), path.name))
    }
    assert lost == {}


def test_front_matter_that_no_field_takes_stands_in_the_narrative() -> None:
    review = parse_review(b"---\ntitle: T one\nreviewers: Ann and Bea\n---\n\nText.\n", "x.md")
    assert "reviewers: Ann and Bea" in review.sections["narrative"]


pieces = st.sampled_from([
    "# Sluice stuck", "## Summary", "## Timeline", "## Action items", "## Root cause", "## Five whys", "## Something else",
    "- 10:02 UTC pumps stop", "- 2024-03-01 11:00 gate opened by hand", "| Time | Event |", "| --- | --- |",
    "| 12:00 | water falls |", "1. Why was it stuck? Rust.", "- [ ] paint the gate", "```", "plain words here", "", "",
    "**Impact:** fields under water", "> quoted", "  - nested point", "Owner: keeper", "Resolved: 2024-03-01 13:00",
])  # fmt: skip


@given(st.lists(pieces, min_size=1, max_size=25))
def test_every_word_is_kept_whatever_the_order_of_lines(lines: list[str]) -> None:
    try:
        assert dropped("\n".join(lines).encode(), "x.md") == set()
    except UnreadableDocument:
        assert not "".join(lines).strip()
