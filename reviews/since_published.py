"""What changed in a review since it was last published."""

from dataclasses import dataclass

from reviews.comparing import Comparison, compare
from reviews.models import Review, Version
from reviews.snapshot import snapshot_of


@dataclass(frozen=True)
class SincePublished:
    """The latest published version, and what turns it into the review as it is now."""

    version: Version
    comparison: Comparison


def since_published(review: Review) -> SincePublished | None:
    """The comparison with the latest version; None where none was published. Some twelve queries, else one."""
    latest = review.versions.select_related("published_by").order_by("-number").first()
    return SincePublished(latest, compare(latest.document, snapshot_of(review))) if latest else None
