"""How the history names the things of a review: by the words that they hold now, or held before they were deleted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from actions.models import ActionItem
from incidents.models import Deletion
from reviews.audited import Thing
from reviews.models import Factor, Review, Why
from reviews.wording import wording_of
from timeline.models import Event

_MODELS = {
    "event": (Event, "text"),
    "why": (Why, "question"),
    "factor": (Factor, "text"),
    "action": (ActionItem, "title"),
}
_LONGEST = 80


@dataclass(frozen=True)
class Labels:
    """What the sections are called, and the first words of things by kind and key."""

    sections: dict[str, str]
    words: dict[Thing, str]

    @classmethod
    def of(cls, review: Review, places: Iterable[str], things: Iterable[Thing]) -> "Labels":
        """The labels of these places and things. A query for each kind, and one for what was deleted."""
        wanted = {*things, *(thing for place in places if (thing := _thing(place)) is not None)}
        words: dict[Thing, str] = {}
        for kind, (model, name) in _MODELS.items():
            keys = [key for one, key in wanted if one == kind]
            if keys:
                owner = "review" if kind in ("why", "factor") else "incident"
                rows = model._default_manager.filter(**{owner: review.pk, "pk__in": keys}).values_list("pk", name)
                words |= {(kind, pk): _short(text) for pk, text in rows}
        sections = {kind: wording.title for kind, wording in wording_of(review).items()}
        return cls(sections, words | _deleted(review, wanted - words.keys()))

    def of_place(self, place: str) -> str:
        """The text's name: "Summary", "Factor “No alert”", "Answer to “Why?”"."""
        thing = _thing(place)
        if thing is None:
            return self.sections[place.removeprefix("section:")]
        words = self.of_thing(thing)
        named = f" “{words}”" if words else ""
        return f"Factor{named}" if thing[0] == "factor" else f"Answer{' to' if named else ''}{named}"

    def of_thing(self, thing: Thing) -> str:
        """Its first words, nothing where they are not known any more."""
        return self.words.get(thing, "")


def _deleted(review: Review, gone: set[Thing]) -> dict[Thing, str]:
    if not gone:
        return {}
    held = Q()
    for kind, key in gone:
        held |= Q(kind=kind, data__rows__contains=[{"pk": key}])
    words: dict[Thing, str] = {}
    for kind, rows in Deletion.objects.filter(held, incident=review.pk).values_list("kind", "data__rows"):
        name = _MODELS[kind][1]
        words |= {(kind, row["pk"]): _short(row["fields"][name]) for row in rows if name in row["fields"]}
    return {thing: text for thing, text in words.items() if thing in gone}


def _thing(place: str) -> Thing | None:
    kind, _, key = place.partition(":")
    return None if kind == "section" else (kind, int(key))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
