"""Where the language rules look in a Markdown text, and the exact characters of what they find."""

from itertools import pairwise

import pytest

from reviews.checker.language import check_text


def found(text: str) -> list[str]:
    findings = check_text(text)
    assert all(text[finding.start : finding.end] == finding.text for finding in findings)
    return [finding.text for finding in findings]


MARKDOWN = """# Café outage 🔥🔥

It was\thuman error, 👩‍🔧 said everyone.

1. *Obviously* the limit was wrong.
   - 🙈 We should have
     tested this.
> The engineer **forgot** to look.

| Cause | Note |
|---|---|
| Human error | İstanbul: nobody checked it |
"""


def test_places_are_exact_among_emoji_lists_quotes_and_tables() -> None:
    assert found(MARKDOWN) == [
        "human error",
        "Obviously",
        "We should have\n     tested",
        "The engineer **forgot** to look",
        "Human error",
        "nobody checked",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "`human error`",
        "``a ` human error``",
        "```\nhuman error\n```",
        "~~~text\nhuman error\n~~~",
        "    human error",
        "Text.\n\n    human error",
        "<!-- human error -->",
        "<!--\nhuman error\n-->",
        "---\ntitle: human error\n---\n",
        "[a](https://x.example/human-error)",
        "[a]: https://x.example/human-error",
        "https://x.example/human-error",
        '<a title="human error">a</a>',
        "2026-03-14 10:02:11 ERROR human error",
        "ERROR: human error",
        "We do not speak of “human error” here.",
        "What they call \"human error\" begins with a form.",
    ],
)  # fmt: skip
def test_what_is_no_prose_is_not_read(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "- human error",
        "* [ ] Root cause: human error",
        "## Human error",
        "Human error\n===",
        "> Human error.",
        "[Human error](https://x.example/)",
        "`api` was down due to human error.",
        "| a | human error |",
        "An unclosed ` tick and human error.",
    ],
)
def test_prose_is_read_wherever_it_stands(text: str) -> None:
    assert [words.lower() for words in found(text)] == ["human error"]


def test_findings_come_in_order_and_do_not_overlap() -> None:
    text = "The engineer obviously should have known that the careless push would break it. It was human error."
    findings = check_text(text)
    assert len(findings) > 1
    assert all((one.end or 0) <= (after.start or 0) for one, after in pairwise(findings))


def test_every_finding_says_why_and_asks_after_the_system() -> None:
    for finding in check_text(MARKDOWN):
        assert finding.message
        assert finding.suggestion.endswith("?")
