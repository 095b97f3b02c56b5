"""What the next published version of a review will say."""

from dataclasses import dataclass

from reviews.models import Review
from reviews.naming.document import Document, with_roles
from reviews.naming.people import NamedRow, named_in, rows_of
from reviews.naming.writing import Naming
from reviews.snapshot import snapshot_of

_LONGEST_TITLE = 200  # roles are longer than names


@dataclass(frozen=True)
class NextVersion:
    """The document, and with roles in it: who is which (`rows`), and what became of their names (`naming`)."""

    document: Document
    rows: list[NamedRow]
    naming: Naming | None = None


def next_version_of(review: Review) -> NextVersion:
    """`review` as it would be published now. Some ten queries, six more with roles."""
    document = snapshot_of(review)
    if not review.names_as_roles:
        return NextVersion(document, [])
    rows = rows_of(review, document)
    naming = Naming(named_in(rows))
    written = with_roles(document, naming)
    written["title"] = written["title"][:_LONGEST_TITLE].rstrip()
    return NextVersion(written, rows, naming)
