"""The history of every text: a version each time its writers pause, and each time one is saved as a whole."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from reviews.models import Origin, Review, TextVersion

PAUSE = timedelta(seconds=60)
LONGEST = timedelta(minutes=5)


def record(
    review_pk: int,
    place: str,
    before: str,
    text: str,
    people: Iterable[int],
    *,
    origin: Origin,
    at: datetime,
    whole: bool = False,
) -> TextVersion:
    """Note that `place`, which read `before`, reads `text` since `at`, written by the persons of these keys.

    What is typed without a pause of a minute, for at most five minutes, is one version. A text that was set as a
    `whole` is a version of its own: what stood there may be what somebody else typed a second ago. What a place said
    without our having seen it written becomes a version as well. Two or three queries while people type.
    """
    latest = TextVersion.objects.filter(review_id=review_pk, place=place).first()
    if latest is None and before.strip():
        _note_beginning(review_pk, place, before, at)
    elif latest is not None and latest.text != before:
        _make(review_pk, place, before, [], at, Origin.TYPED, is_closed=True)
    elif latest is not None and not whole and _goes_on(latest, origin, at):
        TextVersion.objects.filter(pk=latest.pk).update(text=text, saved_at=at)
        latest.text, latest.saved_at = text, at
        _name_writers(latest, people)
        return latest
    return _make(review_pk, place, text, people, at, origin, is_closed=whole)


def begin(review_pk: int, place: str, text: str, person_pk: int | None) -> None:
    """Note the first text of a factor or an answer that was added just now."""
    if text.strip():
        people = [person_pk] if person_pk else []
        _make(review_pk, place, text, people, timezone.now(), Origin.TYPED, is_closed=True)


def close_versions(review_pk: int) -> None:
    """Let whatever is typed from now on be another version: this text was published."""
    TextVersion.objects.filter(review_id=review_pk, is_closed=False).update(is_closed=True)


def _goes_on(latest: TextVersion, origin: Origin, at: datetime) -> bool:
    typed = latest.origin == origin == Origin.TYPED and not latest.is_closed
    return typed and at - latest.saved_at < PAUSE and at - latest.began_at < LONGEST


def _note_beginning(review_pk: int, place: str, text: str, at: datetime) -> None:
    """What was there before anything was noted: written by whoever imported the review, or by nobody we know."""
    created, author, imported = Review.objects.values_list(
        "incident__created_at", "incident__created_by", "source__imported_at"
    ).get(pk=review_pk)
    people = [author] if imported and author else []
    origin = Origin.IMPORTED if imported else Origin.TYPED
    _make(review_pk, place, text, people, min(imported or created, at), origin, is_closed=True)


def _make(
    review_pk: int, place: str, text: str, people: Iterable[int], at: datetime, origin: Origin, *, is_closed: bool
) -> TextVersion:
    version = TextVersion.objects.create(
        review_id=review_pk, place=place, text=text, began_at=at, saved_at=at, origin=origin, is_closed=is_closed
    )
    _name_writers(version, people)
    return version


def _name_writers(version: TextVersion, people: Iterable[int]) -> None:
    writers = [TextVersion.people.through(textversion_id=version.pk, person_id=pk) for pk in people]
    if writers:
        TextVersion.people.through.objects.bulk_create(writers, ignore_conflicts=True)
