"""How many contributing factors are removed: those with an action item that is done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from accounts.access import PUBLISHED_STATES, visible_condition
from accounts.models import Person
from actions.models import ActionStatus
from core.prepared import PreparedCondition
from incidents.models import Incident
from reviews.models import Version

_FACTORS = """
    SELECT factor.review_id, count(*), count(*) FILTER (WHERE removed), count(*) FILTER (WHERE NOT covered)
    FROM (
        SELECT factor.id, factor.review_id, COALESCE(bool_or(action.status = %(done)s), false) AS removed,
            COALESCE(bool_or(action.id IS NOT NULL), false) AS covered,
            COALESCE(bool_or(action.id = ANY(%(items)s)), false) AS is_of_items
        FROM reviews_factor AS factor
        JOIN incidents_incident ON incidents_incident.id = factor.review_id
        LEFT JOIN reviews_factor_actions AS removal ON removal.factor_id = factor.id
        LEFT JOIN actions_actionitem AS action ON action.id = removal.actionitem_id
        WHERE incidents_incident.status = ANY(%(published)s) AND ({visible})
        GROUP BY factor.id
    ) AS factor
    WHERE {which}
    GROUP BY factor.review_id
"""


@dataclass(frozen=True)
class Factors:
    """Of one review, or of all: how many there are, are removed, and have no action item at all."""

    all: int
    removed: int
    uncovered: int

    @property
    def percent(self) -> int:
        """The share that is removed."""
        return round(100 * self.removed / self.all) if self.all else 0

    @property
    def left(self) -> int:
        """How many are not removed."""
        return self.all - self.removed


@dataclass(frozen=True)
class OfReview:
    """The factors of a published review, and its title as its latest version has it."""

    number: int
    title: str
    factors: Factors

    @property
    def url(self) -> str:
        """The factors on its page."""
        return f"{Incident(number=self.number, title=self.title).get_absolute_url()}#factors"


def factors_by_review(person: Person, items: Sequence[int] | None = None) -> dict[int, Factors]:
    """The factors of published reviews that `person` may see, by the key of the review; with `items`, only the factors
    that one of these items removes. One query."""
    visible, values = _VISIBLE.sql((person.role, person.is_active), "rule", person=person.pk)
    which = "true" if items is None else "is_of_items"
    values |= {"done": ActionStatus.DONE, "items": list(items or []), "published": list(PUBLISHED_STATES)}
    with connection.cursor() as cursor:
        cursor.execute(_FACTORS.format(visible=visible, which=which), values)
        return {review: Factors(*counts) for review, *counts in cursor.fetchall()}


def summed(by_review: dict[int, Factors]) -> Factors:
    """All together."""
    sums: dict[str, int] = defaultdict(int)
    for one in by_review.values():
        sums["all"] += one.all
        sums["removed"] += one.removed
        sums["uncovered"] += one.uncovered
    return Factors(sums["all"], sums["removed"], sums["uncovered"])


def reviews_with_factors(person: Person, by_review: dict[int, Factors]) -> list[OfReview]:
    """The reviews of `factors_by_review`, those with most factors left first. One query."""
    titles = Version.objects.filter(review=OuterRef("pk")).order_by("-number")
    title = Subquery(titles.values(title=KeyTextTransform("title", "document"))[:1])
    rows = Incident.objects.visible_to(person).filter(pk__in=by_review).annotate(told=title)
    found = [
        OfReview(number, told or "", by_review[pk])
        for pk, number, told in rows.order_by("-number").values_list("pk", "number", "told")
    ]
    return sorted(found, key=lambda one: -one.factors.left)


def _visible(shape: tuple[str, bool], person: int) -> "QuerySet[Incident]":
    role, is_active = shape
    return Incident.objects.filter(visible_condition(Person(pk=person, role=role, is_active=is_active)))


_VISIBLE = PreparedCondition(_visible)
