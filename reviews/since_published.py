"""What changed in a review since it was last published."""

from dataclasses import dataclass

from reviews.comparing import Comparison, compare
from reviews.models import Review, Version
from reviews.naming.next_version import NextVersion, next_version_of


@dataclass(frozen=True)
class SincePublished:
    """The latest published version, and what turns it into the next one as it would be published now."""

    version: Version
    comparison: Comparison


def since_published(review: Review, next_version: NextVersion | None = None) -> SincePublished | None:
    """The comparison of the latest version with the next one; None where none was published, which takes one query.

    Some twelve queries, six more with roles, where `next_version` is not known already.
    """
    latest = review.versions.select_related("published_by").order_by("-number").first()
    if latest is None:
        return None
    return SincePublished(latest, compare(latest.document, (next_version or next_version_of(review)).document))
