"""The comments of a review as the editor page shows them, each thread beside its part."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch
from pycrdt import Doc

from reviews.anchors import Passage, find_passage, stuck, words_of
from reviews.commented import Place, places_of
from reviews.live.document import document_from, text_at
from reviews.live.sticky import Positions
from reviews.live.store import updates_since
from reviews.models import Comment, LiveDocument, Review, Thread


@dataclass(frozen=True)
class Discussed:
    """A thread with its comments, what it is about, and the present words of its passage.

    `before` of the same words stand before them. A passage that is gone has no `words`.
    """

    thread: Thread
    comments: list[Comment]
    place: Place
    words: str = ""
    before: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether it is about a passage of which nothing is left."""
        return bool(self.thread.quote) and not self.words and self.thread.resolved_at is None

    @property
    def reply_id(self) -> str:
        """The id of the field for a reply."""
        return f"reply-{self.thread.pk}-text"

    @property
    def quote(self) -> str:
        """The words that it is about: as they are now, or as they were."""
        return self.words or self.thread.quote


@dataclass
class Discussion:
    """The threads of one part, those that wait for somebody first."""

    part: str
    open: list[Discussed] = field(default_factory=list)
    resolved: list[Discussed] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many comments stand in open threads."""
        return sum(len(one.comments) for one in self.open)


def discussions_of(review: Review) -> dict[str, Discussion]:
    """The discussion of each part that has one. Two queries and some for what the threads are about, however many."""
    comments = Prefetch("comments", Comment.objects.select_related("author"))
    threads = list(review.threads.select_related("resolved_by").prefetch_related(comments))
    places = places_of(review, [thread.place for thread in threads])
    texts = _Texts(review, threads)
    found: dict[str, Discussion] = {}
    for thread in threads:
        place = places[thread.place]
        discussion = found.setdefault(place.part, Discussion(place.part))
        said = list(thread.comments.all())
        if thread.resolved_at:
            discussion.resolved.append(Discussed(thread, said, place))
        else:
            discussion.open.append(Discussed(thread, said, place, *texts.words_of(thread, place)))
    return found


class _Texts:
    """The texts in which passages stand; the live document is loaded only where one is needed."""

    def __init__(self, review: Review, threads: Iterable[Thread]) -> None:
        anchored = any(thread.start and not thread.resolved_at for thread in threads)
        self._doc = _live_document(review) if anchored else None
        self._positions: dict[str, Positions] = {}

    def words_of(self, thread: Thread, place: Place) -> tuple[str, int]:
        """The present words of the thread's passage and how many of the same stand before them; none, and 0."""
        if not thread.quote or not place.is_there:
            return "", 0
        passage, text = self._present(thread, place)
        if passage is None:
            return "", 0
        words = words_of(text[passage.start : passage.end])
        return words or text[passage.start : passage.end], passage.before

    def _present(self, thread: Thread, place: Place) -> tuple[Passage | None, str]:
        if self._doc is None or not thread.start or not thread.end or text_at(self._doc, place.key) is None:
            return find_passage(place.text, thread.quote), place.text
        positions = self._positions.setdefault(place.key, Positions(self._doc, place.key))
        passage = stuck(positions, bytes(thread.start), bytes(thread.end))
        # What was cut out and pasted elsewhere is the same passage to its readers.
        return passage or find_passage(positions.said, thread.quote), positions.said


def _live_document(review: Review) -> Doc | None:
    try:
        return document_from(data for _, data in updates_since(review.pk, -1))
    except LiveDocument.DoesNotExist:
        return None
