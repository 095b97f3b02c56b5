"""What comments are about: a section, an item of the review, or a whole part of it.

A place is "section:summary" (a SectionKind), "event:3", "why:3", "factor:3" or "action:3" (keys of rows), or the name
of a part of the editor page that holds no one text ("timeline").
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.text import whole_number
from reviews.models import Review, SectionKind

_PARTS = frozenset({"facts", "timeline", "whys", "factors", "actions", "participants", "visibility", "attachments"})
_PART_OF_ITEM = {"event": "timeline", "why": "whys", "factor": "factors", "action": "actions"}
_LIVE = ("section", "factor", "why")
_LONGEST_LABEL = 80


@dataclass(frozen=True)
class Place:
    """A place on the editor page, the text that can be quoted there, and what to call it beside its part."""

    key: str
    part: str
    text: str = ""
    label: str = ""
    is_there: bool = True

    @property
    def anchor(self) -> str:
        """Its id on the page: "factor-3", "summary"."""
        kind, _, key = self.key.partition(":")
        return f"{kind}-{key}" if kind in _PART_OF_ITEM else self.part

    @property
    def name(self) -> str:
        """Its key as a part of ids."""
        return self.key.replace(":", "-")

    @property
    def is_live(self) -> bool:
        """Whether its text stands in the live document."""
        return self.key.startswith(_LIVE) and self.is_there


def place_in(review: Review, key: str) -> Place | None:
    """The place, or None where the review has none of that name. One query."""
    kind, _, rest = key.partition(":")
    known = key in _PARTS or (kind == "section" and rest in SectionKind.values)
    if not known and (kind not in _PART_OF_ITEM or whole_number(rest) is None):
        return None
    place = places_of(review, [key])[key]
    return place if place.is_there and place.key == key else None


def places_of(review: Review, keys: Iterable[str]) -> dict[str, Place]:
    """Each place by its key; items that are gone are told as such. At most five queries."""
    wanted = {*keys}
    kinds = {key.partition(":")[0] for key in wanted}
    found = {key: Place(key, key) for key in wanted & _PARTS}
    if "section" in kinds:
        texts = dict(review.sections.values_list("kind", "text"))
        found |= {f"section:{kind}": Place(f"section:{kind}", kind, texts.get(kind, "")) for kind in SectionKind.values}
    if "event" in kinds:
        for event in review.incident.events.all():
            said = f"{event.local_time:%H:%M %Z} {event.text}"
            found[f"event:{event.pk}"] = Place(f"event:{event.pk}", "timeline", event.text, _short(said))
    if "why" in kinds:
        for why in review.whys.all():
            found[f"why:{why.pk}"] = Place(f"why:{why.pk}", "whys", why.answer, _short(why.question))
    if "factor" in kinds:
        for factor in review.factors.all():
            found[f"factor:{factor.pk}"] = Place(f"factor:{factor.pk}", "factors", factor.text, _short(factor.text))
    if "action" in kinds:
        for action in review.incident.actions.all():
            found[f"action:{action.pk}"] = Place(f"action:{action.pk}", "actions", action.details, _short(action.title))
    return {key: found.get(key) or _gone(key) for key in wanted}


def _gone(key: str) -> Place:
    kind = key.partition(":")[0]
    name = {"event": "An event", "why": "A question", "factor": "A factor", "action": "An action"}.get(kind, "A part")
    return Place(key, _PART_OF_ITEM.get(kind, "facts"), label=f"{name} that was deleted", is_there=False)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 1].rstrip() + "…"
