"""What the checker finds."""

from dataclasses import dataclass

WHOLE_PARTS = ("summary", "timeline", "whys", "factors", "actions")


@dataclass(frozen=True)
class Finding:
    """A passage, an item or a part of a review that a rule has something to say about.

    `rule` is its stable code (reviews/checker/rules.yaml); `severity` "error", "warning" or "advice". `where` is the
    place: "section:summary", "factor:3", "why:7" (its answer), "why-question:7", "event:5", "action:2", or one of
    WHOLE_PARTS. `start` and `end` are characters from 0 in the Markdown of that place, None where the finding is about
    the whole of it; `text` are the words there. `message` says why these words matter; `suggestion` is a question or
    wording that leads on.
    """

    rule: str
    severity: str
    where: str
    message: str
    suggestion: str = ""
    start: int | None = None
    end: int | None = None
    text: str = ""
    blocking: bool = False

    @property
    def words(self) -> str:
        """The words with their whitespace folded: what a dismissal remembers."""
        return " ".join(self.text.split())
