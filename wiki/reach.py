"""How far reviews reached: who outside the team read or discussed them, in a quarter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from accounts.access import PUBLISHED_STATES
from accounts.models import Person
from catalog.models import Membership
from core.search_dates import Days, quarter_of
from incidents.models import Incident
from reviews.models import Comment
from wiki.models import Reading, SearchEntry
from wiki.readers import from_outside

SHOWN = 50


@dataclass(frozen=True)
class Reached:
    """A review with how many from outside read it and discussed it."""

    title: str
    url: str
    readers: int
    discussed: int


@dataclass(frozen=True)
class Reach:
    """A quarter: the reviews that reached furthest, and sums over all that the asker may see."""

    reviews: list[Reached]
    reached: int
    readings: int
    people: int
    teams: int

    @property
    def more(self) -> int:
        """How many reviews are not listed."""
        return self.reached - len(self.reviews)


def reach_of(person: Person, days: Days) -> Reach:
    """The reach within `days`, of the reviews that `person` may see. Five queries.

    Who read a review counts in the quarter in which they did so first.
    """
    zone = timezone.get_current_timezone()
    began, ended = (datetime.combine(day, time(), zone) for day in (days.first, days.end))
    seen = Incident.objects.visible_to(person).filter(status__in=PUBLISHED_STATES)
    readings = Reading.objects.filter(
        from_outside(), on__gte=days.first, on__lt=days.end, incident__in=seen, person__is_active=True
    )
    comments = Comment.objects.filter(
        from_outside("author", "thread__review"),
        created_at__gte=began,
        created_at__lt=ended,
        thread__review__in=seen.values("pk"),
    )
    readers: dict[int, int] = dict(readings.values_list("incident").annotate(many=Count("person")))
    discussed: dict[int, int] = dict(
        comments.values_list("thread__review").annotate(many=Count("author", distinct=True))
    )
    reached = {*readers, *discussed}
    first = sorted(reached, key=lambda pk: (-readers.get(pk, 0), -discussed.get(pk, 0), -pk))[:SHOWN]
    shown = {entry.pk: entry for entry in _entries(first)}
    people = {*readings.values_list("person", flat=True).distinct()}
    teams = Membership.objects.filter(person__in=people).values("team").distinct().count()
    return Reach(
        [
            Reached(entry.title, _address(entry), readers.get(entry.pk, 0), discussed.get(entry.pk, 0))
            for pk in first
            if (entry := shown.get(pk))
        ],
        len(reached),
        sum(readers.values()),
        len(people),
        teams,
    )


def _entries(keys: list[int]) -> Iterable[SearchEntry]:
    return SearchEntry.objects.filter(pk__in=keys).select_related("incident").only("title", "incident__number")


def _address(entry: SearchEntry) -> str:
    return Incident(number=entry.incident.number, title=entry.title).get_absolute_url()


def discussed_by_outsiders(incident_pk: int) -> int:
    """How many from outside commented on the review of an incident."""
    comments = Comment.objects.filter(from_outside("author", "thread__review"), thread__review=incident_pk)
    return comments.values("author").distinct().count()


def quarters_beside(days: Days, today: date) -> tuple[str, str]:
    """The quarter before, and the one after unless it has not begun."""
    before = quarter_of(days.first - timedelta(days=1))
    return before, quarter_of(days.end) if days.end <= today else ""
