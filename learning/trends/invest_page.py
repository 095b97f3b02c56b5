"""The page of where to invest: each rank with its parts in words, and the reviews behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from catalog.models import CauseCategory, Service
from core.templatetags.instants import duration
from learning.trends.investing import MOST_WEIGHT, PARTS, Part, Ranked, ranked
from learning.trends.remembered import Remembered
from learning.trends.selection import Selection

SHOWN = 25
LABELS = {
    "impact": "Impact",
    "recurrence": "Recurrence",
    "severity": "Severity",
    "actions": "Open actions",
    "trend": "More than before",
}
_REMEMBERED: Remembered[list[Ranked]] = Remembered(seconds=settings.TRENDS_SECONDS, most=200)


@dataclass(frozen=True)
class ShownPart:
    """A part of a score: its sum in words, and what it adds to the score in points."""

    label: str
    said: str
    points: float
    percent: int


@dataclass(frozen=True)
class Rank:
    """A place in the ranking."""

    place: int
    label: str
    page: str
    score: int
    reviews: int
    reviews_url: str
    parts: list[ShownPart]


@dataclass(frozen=True)
class Weight:
    """A weight that can be changed."""

    name: str
    label: str
    value: int


@dataclass(frozen=True)
class Ranking:
    """The page; `more` ranked lower are not shown."""

    ranks: list[Rank]
    more: int
    weights: list[Weight]
    most: int


def ranking_of(selection: Selection, kind: str, weights: Mapping[str, int]) -> Ranking:
    """The ranking of "service" or "cause". Three statements where it is not remembered."""
    key = (selection.key(), kind, tuple(weights.values()))
    found = _REMEMBERED.get(key, lambda: ranked(selection, kind, weights))
    model: Any = Service if kind == "service" else CauseCategory
    keys = [one.key for one in found[:SHOWN]]
    names = {pk: (slug, name) for pk, slug, name in model.objects.filter(pk__in=keys).values_list("pk", "slug", "name")}
    whole = sum(weights.values())
    path = reverse("trend-reviews")
    ranks = [
        Rank(
            place,
            names[one.key][1],
            reverse(kind, args=[names[one.key][0]]),
            round(one.score),
            one.reviews,
            selection.address(path, **{kind: names[one.key][0]}),
            [_shown(part, weights[part.name], whole) for part in one.parts],
        )
        for place, one in enumerate(found[:SHOWN], 1)
        if one.key in names
    ]
    shown = [Weight(name, LABELS[name], weights[name]) for name in PARTS]
    return Ranking(ranks, max(len(found) - SHOWN, 0), shown, MOST_WEIGHT)


def _shown(part: Part, weight: int, whole: int) -> ShownPart:
    number = f"{part.value:g}"
    said = {
        "impact": duration(timedelta(minutes=round(part.value))),
        "recurrence": f"{number} beyond the first",
        "severity": f"{number} points",
        "actions": f"{number} open",
        "trend": f"+{number}",
    }[part.name]
    return ShownPart(
        LABELS[part.name], said, 100 * weight * part.share / whole if whole else 0.0, round(100 * part.share)
    )
