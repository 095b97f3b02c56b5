"""Rules about the summary: one paragraph that tells someone who was not there what, when, for how long and to whom."""

import re
from collections.abc import Iterator

from core.templatetags.instants import duration
from reviews.checker import instants
from reviews.checker.acronyms import unexplained
from reviews.checker.findings import Finding, about, at_words
from reviews.checker.material import Material
from reviews.checker.plain import prose_of
from reviews.checker.wordlists import finder, wordlists

LONGEST = 20_000  # characters that are read of a summary; one of that length is none
_WORDS = wordlists("summary")
_TROUBLE = finder(*_WORDS["trouble"])
_COURSE = finder(*_WORDS["course"])
_HOLLOW = finder(*_WORDS["hollow"])
_PAST = re.compile(r"\b[a-z]{2,20}ed\b", re.IGNORECASE)
_PEOPLE = finder(*_WORDS["people"])
_WANTED = finder(*_WORDS["wanted"])
_TOTAL = finder(*_WORDS["total"])
_COUNTED = re.compile(r"\d ?%|\bper ?cent\b|\bhalf of\b|[€$£]", re.IGNORECASE)
_BLOCK = re.compile(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*")
_NO_PROSE = re.compile(r"#{1,6}(?:\s|$)|[-=*_]{3,}\s*$|!\[|\[\^|\|")
_HEADING_AND_MORE = re.compile(r"#{1,6}[ \t][^\n]*\n")
_OPENING = re.compile(r"\S{1,60}(?:[ \t]+\S{1,30}){0,7}")
_LEAST_WORDS = 3


def summary_findings(material: Material) -> Iterator[Finding]:
    """Every finding of the group."""
    if not material.summary.strip():
        yield about(
            "summary-missing", "summary", "There is no summary.", "In one paragraph: what happened, when, for how long?"
        )
        return
    text = prose_of(material.summary[:LONGEST])
    for rule, lacks in _LACKS.items():
        if (said := lacks(text, material)) is not None:
            yield said if isinstance(said, Finding) else about(rule, "section:summary", *said)
    yield from _second_paragraph(material.summary[:LONGEST])
    yield from _acronyms(text, material)


Said = tuple[str, str] | Finding | None


def _what(text: str, material: Material) -> Said:
    if _TROUBLE.search(text) or _COURSE.search(text):
        return None
    verbs = [found for found in _PAST.finditer(text) if not _HOLLOW.fullmatch(found[0])]
    if verbs and len(text.split()) > _LEAST_WORDS:
        return None
    return "It does not say what happened.", "What did the system do, or stop doing?"


def _when(text: str, material: Material) -> Said:
    if instants.says_when(text):
        return None
    if vague := instants.RELATIVE.search(text):
        message = f"“{vague[0]}” means nothing to someone who reads this in a year."
        return at_words("summary-no-when", "section:summary", vague, message, _began(material) or "On which day?")
    return "It does not say when.", _began(material) or "On which day, and at what time?"


def _began(material: Material) -> str:
    """When it began, as the facts have it."""
    began = material.began
    return f"The facts say {instants.in_words(began, material.zone)}." if began else ""


def _for_how_long(text: str, material: Material) -> Said:
    if instants.says_how_long(text):
        return None
    lasted = material.milestones.duration
    known = f"By the milestones it lasted {duration(lasted)}." if lasted else "From when until when did it hurt?"
    return "It does not say for how long.", known


def _impact(text: str, material: Material) -> Said:
    if _PEOPLE.search(text) or _TOTAL.search(text):
        return None
    if _WANTED.search(text) and (_TROUBLE.search(text) or _COUNTED.search(text) or re.search(r"\d", text)):
        return None
    return "It does not say what users noticed.", "Who noticed what, and how many of them? If nobody did, say so."


_LACKS = {
    "summary-no-what": _what,
    "summary-no-when": _when,
    "summary-no-duration": _for_how_long,
    "summary-no-impact": _impact,
}


def _second_paragraph(text: str) -> Iterator[Finding]:
    """Headings and pictures are no paragraphs; a list is."""
    paragraphs = 0
    for block in _BLOCK.finditer(text):
        heading = _HEADING_AND_MORE.match(block[0])
        start = block.start() + (heading.end() if heading else 0)
        words = _OPENING.search(text, start, block.end())
        if words is None or _NO_PROSE.match(words[0]):
            continue
        paragraphs += 1
        if paragraphs == 2:
            yield at_words(
                "summary-several-paragraphs",
                "section:summary",
                words,
                "A second paragraph begins here. A summary that fits into one is read to its end.",
                "Could this stand under Impact or What happened?",
            )
            return


def _acronyms(text: str, material: Material) -> Iterator[Finding]:
    everything = [words for _, words in material.texts()]
    for found in unexplained(text, everything, material.services):
        yield at_words(
            "summary-unexplained-acronym",
            "section:summary",
            found,
            f"“{found[0]}” is spelled out nowhere.",
            f"What does it stand for? At its first use: “full name ({found[0]})”.",
        )
