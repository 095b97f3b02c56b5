"""The history of every text: a version each time its writers pause."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from reviews.models import Origin, TextVersion

PAUSE = timedelta(seconds=60)
LONGEST = timedelta(minutes=5)


def record(
    review_pk: int, place: str, before: str, text: str, people: Iterable[int], *, origin: Origin, at: datetime
) -> TextVersion:
    """Note that `place`, which read `before`, reads `text` since `at`, written by the persons of these keys.

    What is typed without a pause of a minute, for at most five minutes, is one version. What a place said before
    its history began becomes its first version.
    """
    versions = TextVersion.objects.filter(review_id=review_pk, place=place)
    latest = versions.first()
    if latest is None and before.strip():
        latest = TextVersion.objects.create(review_id=review_pk, place=place, text=before, began_at=at, saved_at=at)
    elif latest is not None and _goes_on(latest, origin, at):
        latest.text, latest.saved_at = text, at
        latest.save(update_fields=["text", "saved_at"])
        latest.people.add(*people)
        return latest
    made = TextVersion.objects.create(
        review_id=review_pk, place=place, text=text, began_at=at, saved_at=at, origin=origin
    )
    made.people.add(*people)
    return made


def _goes_on(latest: TextVersion, origin: Origin, at: datetime) -> bool:
    typed = latest.origin == origin == Origin.TYPED and latest.people.exists()
    return typed and at - latest.saved_at < PAUSE and at - latest.began_at < LONGEST
