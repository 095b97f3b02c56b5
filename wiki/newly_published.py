"""What was published lately that a search finds: for feeds, and for mails about saved searches."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from django.db import connection

from accounts.models import Person
from core.query_language import read_query
from incidents.models import Incident
from reviews.models import Version
from wiki.known_values import look_up
from wiki.matching import Matching
from wiki.models import SearchEntry

LATELY = timedelta(days=30)
LOOKED_AT = 2_000  # matches, the newest incidents first, of which the last published are taken


@dataclass(frozen=True)
class Publication:
    """A published review, as its latest version says."""

    number: int
    title: str
    summary: str
    severity: str
    published_at: datetime

    @property
    def path(self) -> str:
        """The address of its page."""
        return Incident(number=self.number, title=self.title).get_absolute_url()


def last_published(person: Person, text: str, *, now: datetime, zone: tzinfo, most: int) -> list[Publication]:
    """What matches `text` and `person` may see, the last published first. Three queries, five after a quiet month."""
    matching = _matching(person, text, now, zone)
    found = _published(replace(matching, published_after=now - LATELY), most)
    return found if len(found) >= most else _published(matching, most)


def first_published(
    person: Person, text: str, since: datetime, *, now: datetime, zone: tzinfo, most: int
) -> list[Publication]:
    """What matches `text` and was published after `since`, for the first time. Four queries at most."""
    found = _published(replace(_matching(person, text, now, zone), published_after=since), most)
    numbers = [one.number for one in found]
    firsts = Version.objects.filter(number=1, published_at__gt=since, review__incident__number__in=numbers)
    new = set(firsts.values_list("review__incident__number", flat=True)) if numbers else set()
    return [one for one in found if one.number in new]


def _matching(person: Person, text: str, now: datetime, zone: tzinfo) -> Matching:
    today = now.astimezone(zone).date()
    query = read_query(text, today)
    return Matching(person, query, look_up(query, person), today, zone)


def _published(matching: Matching, most: int) -> list[Publication]:
    newest = matching.newest("incident_id", LOOKED_AT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT incident_id FROM ({newest.sql}) AS newest JOIN wiki_searchentry AS entry USING (incident_id)"  # noqa: S608
            f" WHERE fits ORDER BY entry.published_at DESC, incident_id DESC LIMIT {most:d}",
            newest.values,
        )
        keys = [key for (key,) in cursor.fetchall()]
    rows = SearchEntry.objects.filter(pk__in=keys).order_by("-published_at", "-pk")
    found = rows.values_list("incident__number", "title", "summary", "severity", "published_at")
    return [Publication(*row) for row in found] if keys else []
