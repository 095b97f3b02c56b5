"""Which published reviews a trend counts: those of a span that the reader may see, narrowed down by an address.

The same condition lists the reviews behind each number, so a number and its list cannot differ.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection, transaction
from django.utils import timezone

from accounts.access import PUBLISHED_STATES
from accounts.models import Person
from catalog.models import CauseCategory, Service, Team
from catalog.queries import find_by_slug
from core.query_language import SEVERITIES
from core.text import one_line, whole_number
from followup.models import HoldAnswer
from incidents.models import DetectedBy
from learning.trends.span import Span
from wiki.models import Listed
from wiki.remembered import state_for

INTERVALS = {
    "detect": "Time to detect",
    "respond": "Detection-to-response gap",
    "mitigate": "Time to mitigate",
    "resolve": "Time to resolve",
}
# The upper ends of the classes in which lengths are counted, in seconds; one more class is open.
EDGES = (300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400)
UNKNOWN = "none"
# The hour of the week, from 0 on Monday, in the organisation's zone; nothing where only the day is known.
HOUR = """CASE WHEN seen.has_hour THEN
    24 * (extract(isodow FROM seen.occurred_at AT TIME ZONE %(zone)s)::int - 1)
    + extract(hour FROM seen.occurred_at AT TIME ZONE %(zone)s)::int
END"""

# Where no answer is marked as a root cause, the review's cause categories stand for its root causes.
_SEEN = """
    SELECT wiki_listed.incident_id AS id, wiki_listed.occurred_at, wiki_listed.severity, wiki_listed.service_ids,
        wiki_listed.cause_ids, COALESCE(measured.detected_by, '') AS detected_by, measured.detect, measured.respond,
        measured.mitigate, measured.resolve, measured.impact,
        COALESCE(NULLIF(measured.root_cause_ids, '{{}}'), wiki_listed.cause_ids) AS root_cause_ids,
        COALESCE(measured.factor_cause_ids, '{{}}') AS factor_cause_ids,
        COALESCE(measured.has_hour, false) AS has_hour, wiki_listed.occurred_at >= %(since)s AS is_now,
        width_bucket(wiki_listed.occurred_at, %(steps)s::timestamptz[]) AS step
    FROM wiki_listed LEFT JOIN learning_measured AS measured ON measured.incident_id = wiki_listed.incident_id
    WHERE wiki_listed.occurred_at >= %(first)s AND wiki_listed.occurred_at < %(end)s
        AND wiki_listed.status = ANY(%(published)s) AND ({visible})
"""


@dataclass(frozen=True)
class Narrowing:
    """What only some of the reviews have, as the address names it: `parts` by name, and `labels` for people.

    `where` are conditions on `seen`, of `values`. `problems` say what was not understood.
    """

    parts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """What tells it from others."""
        return tuple(sorted(self.parts.items()))


@dataclass(frozen=True)
class Selection:
    """The reviews of `span` that `person` may see and that `narrowing` leaves."""

    person: Person
    span: Span
    narrowing: Narrowing

    def seen(self, *, with_before: bool) -> tuple[str, dict[str, Any]]:
        """SQL of a table `seen` with its values; `with_before` has the span before as well, where is_now is false."""
        visible, values = _visible_to(self.person)
        since, end = self.span.instants
        first = self.span.before.instants[0] if with_before else since
        values |= {"since": since, "first": first, "end": end, "steps": self.span.beginnings}
        values |= {"published": list(PUBLISHED_STATES), "zone": _zone(), **self.narrowing.values}
        sql = _SEEN.format(visible=visible)
        if self.narrowing.where:
            sql = f"SELECT * FROM ({sql}) AS seen WHERE {' AND '.join(self.narrowing.where)}"  # noqa: S608 - see above
        return sql, values

    def key(self) -> Hashable:
        """What tells its answers from others': readers who see the same have the same. One query."""
        zone = timezone.get_default_timezone_name()
        return state_for(self.person).seen, self.span, zone, self.narrowing.key

    def address(self, path: str, **more: str) -> str:
        """`path` with everything that is asked for, and what is added or, if empty, taken away."""
        asked = {**self.span.query, **self.narrowing.parts, **more}
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"


def narrowing_of(given: Mapping[str, str]) -> Narrowing:
    """What an address narrows down to. A query for each service, cause category or team that it names. Never raises."""
    narrowed = _Narrowed()
    for name, take in _TAKEN.items():
        written = one_line(given.get(name, ""))[:120]
        if written and not take(narrowed, name, written):
            narrowed.problems.append(f"“{written}” is not a {_CALLED.get(name, name)} here, and was left out.")
    return Narrowing(narrowed.parts, narrowed.labels, tuple(narrowed.where), narrowed.values, tuple(narrowed.problems))


@transaction.atomic
def asked(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that goes through many reviews at once, with room to do so in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        cursor.execute(sql, values)
        return cursor.fetchall()


class _Narrowed:
    def __init__(self) -> None:
        self.parts: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.where: list[str] = []
        self.values: dict[str, Any] = {}
        self.problems: list[str] = []

    def take(self, name: str, value: str, label: str, where: str, **values: Any) -> bool:
        self.parts[name], self.labels[name] = value, label
        self.where.append(where)
        self.values |= values
        return True

    def service(self, name: str, written: str) -> bool:
        found = find_by_slug(Service.objects.all(), written)
        return found is not None and self.take(
            name, found.slug, found.name, "%(service)s = ANY(seen.service_ids)", service=found.pk
        )

    def cause(self, name: str, written: str) -> bool:
        found = find_by_slug(CauseCategory.objects.all(), written)
        column = {"cause": "seen.cause_ids", "root": "seen.root_cause_ids", "factor": "seen.factor_cause_ids"}[name]
        return found is not None and self.take(
            name, found.slug, _LABELS[name] + found.name, f"%({name})s = ANY({column})", **{name: found.pk}
        )

    def team(self, name: str, written: str) -> bool:
        found = find_by_slug(Team.objects.all(), written)
        owned = "seen.service_ids && ARRAY(SELECT id FROM catalog_service WHERE owner_id = %(team)s)"
        return found is not None and self.take(name, found.slug, found.name, owned, team=found.pk)

    def severity(self, name: str, written: str) -> bool:
        value = "" if written == UNKNOWN else written.lower()
        known = value == "" or value in SEVERITIES
        return known and self.take(
            name, written, value.upper() or "Not rated", "seen.severity = %(severity)s", severity=value
        )

    def detected(self, name: str, written: str) -> bool:
        value = "" if written == UNKNOWN else written
        if value not in ("", *DetectedBy.values):
            return False
        label = f"Noticed by {str(DetectedBy(value).label).lower()}" if value else "Not known who noticed"
        return self.take(name, written, label, "seen.detected_by = %(detected)s", detected=value)

    def hour(self, name: str, written: str) -> bool:
        number = whole_number(written, 3)
        if number is None or number >= 168:
            return False
        label = f"{DAYS[number // 24]} {number % 24:02}:00"
        return self.take(name, written, label, f"{HOUR} = %(hour)s", hour=number)

    def interval(self, name: str, written: str) -> bool:
        known, _, written_class = written.partition("-")
        if known not in INTERVALS:
            return False
        if not written_class:
            return self.take(name, written, f"{INTERVALS[known]} known", f"seen.{known} IS NOT NULL")
        number = whole_number(written_class, 2)
        if number is None or number > len(EDGES):
            return False
        where = f"width_bucket(seen.{known}, %(edges)s::float8[]) = %(class)s"
        label = f"{INTERVALS[known]} {class_name(number)}"
        return self.take(name, written, label, where, edges=list(EDGES), **{"class": number})

    def items(self, name: str, written: str) -> bool:
        if written not in _ITEMS:
            return False
        label, condition = _ITEMS[written]
        of_review = "SELECT FROM actions_actionitem WHERE incident_id = seen.id AND merged_into_id IS NULL"
        return self.take(name, written, label, f"EXISTS ({of_review} AND {condition})")

    def held(self, name: str, written: str) -> bool:
        if written not in HoldAnswer.values:
            return False
        answered = """EXISTS (
            SELECT FROM actions_actionitem AS item
            JOIN LATERAL (
                SELECT answer FROM followup_holdcheck
                WHERE action_id = item.id AND done_at = item.done_at AND answer <> '' ORDER BY number DESC LIMIT 1
            ) AS last ON true
            WHERE item.incident_id = seen.id AND last.answer = %(held)s
        )"""
        return self.take(name, written, f"A fix {HoldAnswer(written).label.lower()}", answered, held=written)

    def recurrence(self, name: str, written: str) -> bool:
        confirmed = "EXISTS (SELECT FROM reviews_recurrence WHERE review_id = seen.id)"
        return written == "confirmed" and self.take(name, written, "Confirmed recurrences", confirmed)


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLASSES = (
    "under 5 min", "5 to 15 min", "15 to 30 min", "30 to 60 min", "1 to 2 h", "2 to 4 h", "4 to 8 h", "8 to 24 h",
    "over a day",
)  # fmt: skip
_ITEMS = {
    "any": ("With action items", "true"),
    "done": ("With action items that are done", "status = 'done'"),
    "in-time": (
        "With action items done in time",
        "status = 'done' AND (done_at AT TIME ZONE %(zone)s)::date <= due",
    ),
    "dropped": ("With action items that won't be done", "status = 'wont-do'"),
}
_LABELS = {"cause": "", "root": "Root cause: ", "factor": "Factor: "}
_CALLED = {"cause": "cause category", "root": "cause category", "factor": "cause category", "detected": "way to notice"}
_TAKEN = {
    "service": _Narrowed.service,
    "team": _Narrowed.team,
    "cause": _Narrowed.cause,
    "root": _Narrowed.cause,
    "factor": _Narrowed.cause,
    "severity": _Narrowed.severity,
    "detected": _Narrowed.detected,
    "hour": _Narrowed.hour,
    "interval": _Narrowed.interval,
    "items": _Narrowed.items,
    "held": _Narrowed.held,
    "recurrence": _Narrowed.recurrence,
}


def class_name(number: int) -> str:
    """The words for a class of lengths: 0 is under the first of EDGES."""
    return _CLASSES[number]


def _visible_to(person: Person) -> tuple[str, dict[str, Any]]:
    query = Listed.objects.visible_to(person).query
    try:
        sql, given = query.get_compiler(connection=connection).compile(query.where)
    except EmptyResultSet:
        return "false", {}
    except FullResultSet:
        return "true", {}
    names = [f"visible{at}" for at in range(len(given))]
    return sql % tuple(f"%({name})s" for name in names), dict(zip(names, given, strict=True))


def _zone() -> str:
    return timezone.get_default_timezone_name()
