"""The comments beside the parts of the editor page."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from accounts.access import Verb, may
from accounts.models import Person
from core.text import whole_number
from incidents.models import Deletion, Status
from reviews.comment_forms import CommentForm, ThreadForm
from reviews.commented import Place, place_in, places_of
from reviews.discussion import Discussed, Discussion, discussions_of
from reviews.models import Review


@dataclass(frozen=True)
class Speaking:
    """What stands open among the comments: a new thread, a form that was refused, one's own comment to change."""

    part: str = ""
    place: Place | None = None
    thread: int | None = None
    comment: int | None = None
    form: CommentForm | None = None
    deletion: Deletion | None = None
    untold: list[Person] = field(default_factory=list)


SILENCE = Speaking()


@dataclass(frozen=True)
class Beside:
    """What stands beside one part."""

    discussion: Discussion
    speaking: Speaking
    at: str

    @property
    def part(self) -> str:
        """The name of the part."""
        return self.discussion.part

    @property
    def is_open(self) -> bool:
        """Whether the threads are unfolded: something is being said there, or the address leads there."""
        return bool(self.speaking.part or self._holds(self.discussion.open) or self.shows_resolved)

    @property
    def shows_resolved(self) -> bool:
        """Whether the address leads to a resolved thread."""
        return self._holds(self.discussion.resolved)

    def _holds(self, threads: list[Discussed]) -> bool:
        return any(f"comment-{comment.pk}" == self.at for one in threads for comment in one.comments)


@dataclass(frozen=True)
class Comments:
    """All that is said about a review, for templates; `may` says whether the reader may join in."""

    discussions: dict[str, Discussion]
    speaking: Speaking
    at: str
    may: bool

    def beside(self, part: str) -> Beside:
        """What stands beside `part`."""
        speaking = self.speaking if self.speaking.part == part else SILENCE
        return Beside(self.discussions.get(part) or Discussion(part), speaking, self.at)

    def about(self, key: str) -> list[Discussed]:
        """The open threads about one place."""
        return [one for found in self.discussions.values() for one in found.open if one.place.key == key]


def may_comment(person: Person, review: Review) -> bool:
    """Whether they may say something now: an archived review is fixed."""
    return review.incident.status != Status.ARCHIVED and may(person, Verb.COMMENT, review.incident)


def build_comments(request: Any, review: Review, speaking: Speaking = SILENCE) -> Comments:
    """The comments for the page of this request."""
    asked = speaking if speaking.part else speaking_at(request, review)
    at = request.GET.get("at", "")
    return Comments(discussions_of(review), asked, at, may_comment(request.user, review))


def asks_for_comments(request: Any) -> bool:
    """Whether htmx asks for comments alone."""
    return bool(
        request.htmx
        and (request.GET.get("part") == "comments" or request.GET.get("comment") or request.GET.get("change"))
    )


def speaking_at(request: HttpRequest, review: Review) -> Speaking:
    """What the address asks for: ?comment=PLACE a new thread, ?change=PK one's own comment to change."""
    if key := request.GET.get("comment", ""):
        place = place_in(review, key.replace("\x00", ""))
        return speaking_about(place) if place else SILENCE
    if change := _key(request, "change"):
        return speaking_again(review, change)
    if deleted := _key(request, "deleted"):
        return _just_deleted(request.user, review, deleted)
    return SILENCE


def _key(request: HttpRequest, name: str) -> int:
    return whole_number(request.GET.get(name, "")) or 0


def _just_deleted(person: Any, review: Review, pk: int) -> Speaking:
    mine = Deletion.objects.filter(incident=review.incident, kind="comment", deleted_by=person, undone_at=None)
    deletion = mine.filter(pk=pk).first()
    if deletion is None:
        return SILENCE
    place = deletion.data["links"]["place"]
    return Speaking(places_of(review, [place])[place].part, deletion=deletion)


def speaking_about(place: Place, form: ThreadForm | None = None) -> Speaking:
    """A new thread about `place`."""
    name = place.key.replace(":", "-")
    form = form or ThreadForm(initial={"place": place.key}, auto_id=f"comment-on-{name}-%s")
    return Speaking(place.part, place=place, form=form)


def speaking_again(review: Review, comment_pk: int, form: CommentForm | None = None) -> Speaking:
    """A comment that stands, to be changed."""
    for discussion in discussions_of(review).values():
        for one in [*discussion.open, *discussion.resolved]:
            for comment in one.comments:
                if comment.pk == comment_pk:
                    form = form or CommentForm(initial={"text": comment.text}, auto_id=f"comment-{comment.pk}-%s")
                    return Speaking(discussion.part, comment=comment.pk, form=form)
    return SILENCE
