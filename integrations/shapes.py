"""The JSON that goes in and out of the API."""

from typing import Self

from ninja import Field, Schema

from core.problems import LONGEST_TEXT
from reviews.checker.findings import Finding
from wiki.similar import Similar


class Text(Schema):
    """A text to check."""

    text: str = Field(max_length=LONGEST_TEXT)


class WordingFinding(Schema):
    """A finding about words; `start` and `end` are characters of the text, from 0."""

    rule: str
    severity: str
    start: int
    end: int
    text: str
    why: str
    suggestion: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """A finding of `check_text`."""
        return cls(
            rule=finding.rule,
            severity=finding.severity,
            start=finding.start or 0,
            end=finding.end or 0,
            text=finding.text,
            why=finding.message,
            suggestion=finding.suggestion,
        )


class Wording(Schema):
    """What the blameless-language rules say about a text."""

    findings: list[WordingFinding]


class ReviewFinding(Schema):
    """A finding about a review. `where` is "section:summary", "factor:3", "why:7", "event:5", "action:2" or a whole
    part; `start` and `end` are characters of that place's Markdown, null where the finding is about all of it.
    """

    rule: str
    severity: str
    where: str
    message: str
    suggestion: str
    text: str
    start: int | None
    end: int | None
    blocking: bool

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """A finding of `check_review`."""
        return cls(**{name: getattr(finding, name) for name in cls.model_fields})


class Findings(Schema):
    """The open findings of a review, and how many of them block publishing."""

    blocking: int
    findings: list[ReviewFinding]


class Publishing(Schema):
    """How to publish: the note tells readers what changed since the version before."""

    note: str = ""


class Published(Schema):
    """The version that was published."""

    number: int
    version: int
    url: str


class SimilarReview(Schema):
    """A published review that is like another one. `score` is 1 for the same text, `why` is in words for people."""

    number: int
    title: str
    score: float
    why: list[str]
    open_actions: int

    @classmethod
    def of(cls, similar: Similar) -> Self:
        """A result of `similar_to`."""
        return cls(
            number=similar.number,
            title=similar.title,
            score=similar.score,
            why=similar.why,
            open_actions=len(similar.open_actions),
        )


class SimilarReviews(Schema):
    """The reviews that are most like one, the nearest first."""

    results: list[SimilarReview]
