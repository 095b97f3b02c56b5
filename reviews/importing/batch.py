"""What write-ups that come together know of each other: the names of services that they give."""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable

from reviews.importing.document import ParsedReview, UnreadableDocument
from reviews.importing.parse import parse_review
from reviews.models import ImportedSource

_MOST_HELD = 64 * 1024 * 1024
logger = logging.getLogger(__name__)


class Batch:
    """Files read once before any is kept: `names` are what some state, or two of them take from title or prose.

    Files that were imported before are not read again: their services are in the catalog. What cannot be read here is
    left for the import itself to report.
    """

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        kept = set(ImportedSource.objects.values_list("sha256", flat=True))
        stated: set[str] = set()
        told: Counter[str] = Counter()
        self._read: dict[tuple[str, str], ParsedReview] = {}
        held = 0
        for name, content in files:
            digest = hashlib.sha256(content).hexdigest()
            if digest in kept or (parsed := _parsed(name, content)) is None:
                continue
            kept.add(digest)
            if parsed.services_stated:
                stated.update(parsed.services)
            else:
                told.update(set(parsed.services))
            held += len(content)
            if held < _MOST_HELD:
                self._read[name, digest] = parsed
        self.names = sorted(stated | {name for name, times in told.items() if times > 1})

    def take(self, name: str, digest: str) -> ParsedReview | None:
        """What was read of a file, once; None when it has to be read again."""
        return self._read.pop((name, digest), None)


def _parsed(name: str, content: bytes) -> ParsedReview | None:
    try:
        return parse_review(content, name)
    except UnreadableDocument:
        return None
    except Exception:
        logger.debug("%s was not read for the names in it", name, exc_info=True)
        return None
