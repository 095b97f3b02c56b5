"""How a Markdown write-up is cut into sentences."""

import pytest

from bench.sentences import sentences


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("The gauge fell. Nobody saw it.", ["The gauge fell.", "Nobody saw it."]),
        ("The gauge\nfell at noon.", ["The gauge\nfell at noon."]),
        ("# What the gauge showed\nIt fell at noon.", ["What the gauge showed", "It fell at noon."]),
        ("- The gauge fell\n- The tide rose again", ["The gauge fell", "The tide rose again"]),
        ("1. [x] The gauge was replaced", ["The gauge was replaced"]),
        ("> The gauge fell at noon", ["The gauge fell at noon"]),
        ("It fell, e.g. The northern gauge fell.", ["It fell, e.g. The northern gauge fell."]),
        ('She said "it fell." Then it rose again.', ['She said "it fell."', "Then it rose again."]),
    ],
)
def test_a_document_is_cut_into_its_sentences(document: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(document)] == expected


@pytest.mark.parametrize(
    "document",
    [
        "---\ntitle: The gauge fell at noon\n---\n",
        "+++\ntitle = 'The gauge fell at noon'\n+++\n",
        "```\nthe gauge fell at noon\n```\n",
        "~~~text\nthe gauge fell at noon\n```\nand rose again later\n~~~",
        "| time | the gauge fell at noon |\n|---|---|\n| 12:00 | the gauge fell at noon |",
        "12:00 UTC",
        "[gauge]: https://example.org/the/gauge/fell",
    ],
)
def test_what_is_not_prose_is_left_out(document: str) -> None:
    assert sentences(document) == []


def test_a_sentence_knows_its_place() -> None:
    document = "# Tide\n\n- It rose. The gauge fell at noon.\n"
    assert [document[each.start : each.end] for each in sentences(document)] == ["The gauge fell at noon."]
