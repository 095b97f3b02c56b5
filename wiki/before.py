"""What a writer should know of while drafting: what this is a recurrence of, and what else is like it."""

from dataclasses import dataclass

from accounts.models import Person
from reviews.models import Review
from reviews.recurring import recurrences_of
from wiki.likeness import Alike
from wiki.models import SearchEntry
from wiki.similar import SHOWN, Similar, compared_draft, described, nearest_described


@dataclass(frozen=True)
class Before:
    """Earlier reviews: `confirmed` ones, and others that are like the draft."""

    confirmed: list[Similar]
    similar: list[Similar]

    @property
    def happened(self) -> list[Similar]:
        """Those of which it is plain that it happened before: confirmed, or of the same service and cause."""
        return [*self.confirmed, *(one for one in self.similar if one.happened_before)]

    @property
    def open_actions(self) -> int:
        """How many action items of what happened before are not finished."""
        return sum(len(one.open_actions) for one in self.happened)


def before(person: Person, review: Review) -> Before:
    """What happened before the draft as it stands, as far as `person` may see it."""
    compared = compared_draft(review)
    keys = list(recurrences_of(person, review.pk).values_list("earlier", flat=True))
    entries = SearchEntry.objects.defer("vector").in_bulk(keys)
    found = (entries[key] for key in keys if key in entries)
    alike = [Alike(one.pk, 1.0, one.service_ids, one.cause_ids, one.severity) for one in found]
    confirmed = described(person, compared, alike, confirmed=keys) if alike else []
    similar = nearest_described(person, compared, SHOWN + len(confirmed))
    return Before(confirmed, [one for one in similar if one.incident not in keys][:SHOWN])
