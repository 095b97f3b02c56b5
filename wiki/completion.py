"""How a filter may go on while it is typed: `ser` to `service:`, `service:pa` to the services of that name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.models import Person
from catalog.models import CauseCategory, Service, Team
from core.query_language import KINDS, SEVERITIES, STATES, written_filter
from core.search_dates import quarters_back
from core.text import storable
from wiki.models import Listed
from wiki.searches import recent_searches

MOST = 8
LONGEST = 200
NAMES_BESIDE = 4  # services that are offered for a word without a filter
READ = 2_000  # the newest reviews, whose tags are offered

ABOUT = {
    "service": "a service",
    "team": "a team's services and actions",
    "cause": "a cause category",
    "severity": "sev1 to sev5",
    "status": "published or archived",
    "owner": "who owns an action",
    "tag": "a tag",
    "after": "from a day on",
    "before": "before a day",
    "quarter": "a quarter",
    "is": "open actions, overdue, happened again, not read",
}
_STATES = {
    "open-actions": "with actions that are not finished",
    "overdue": "with overdue actions",
    "recurring": "happened again",
    "unread": "not read by you",
}


@dataclass(frozen=True)
class Completion:
    """A way to go on: `value` takes the place of what was typed, `label` says what it is."""

    value: str
    label: str


def complete(person: Person, part: str, today: date) -> list[Completion]:
    """How `part`, what stands before the caret since the last space, may go on; nothing at all, to recent searches.

    One query at most. Names of services, teams, categories and people are known to everyone who is signed in; tags
    only from reviews.
    """
    part = storable(part)[:LONGEST]
    if not part:
        return [Completion(one.text, "searched for lately") for one in recent_searches(person)[:MOST]]
    minus, typed = ("-", part[1:]) if part.startswith("-") else ("", part)
    kind, colon, value = typed.partition(":")
    if not colon:
        return [*_kinds(minus, typed), *_services_beside(minus, typed)][:MOST]
    kind = kind.lower().replace("_", "-")
    if kind not in KINDS:
        return []
    before, comma, begun = value.rpartition(",")
    begun = begun.lstrip('"').strip()
    found = _VALUES[kind](person, begun.lower(), today)
    if comma:
        return [Completion(f"{minus}{kind}:{before},{one}", label) for one, label in found if " " not in one][:MOST]
    return [Completion(written_filter(kind, one, bool(minus)), label) for one, label in found][:MOST]


Values = Iterator[tuple[str, str]]


def _kinds(minus: str, typed: str) -> Iterator[Completion]:
    for kind in KINDS:
        if typed and kind.startswith(typed.lower()):
            yield Completion(f"{minus}{kind}:", ABOUT[kind])


def _services_beside(minus: str, typed: str) -> Iterator[Completion]:
    if len(typed) > 1:
        for slug, name in _named(Service.objects.all(), "slug", typed.lower())[:NAMES_BESIDE]:
            yield Completion(written_filter("service", slug, bool(minus)), name)


def _named(rows: "QuerySet[Any, Any]", key: str, begun: str) -> "QuerySet[Any, Any]":
    """Keys and names: first those that begin as typed, then those of which another word does."""
    begins = Q(**{f"{key}__istartswith": begun}) | Q(name__istartswith=begun)
    within = Q(name__icontains=f" {begun}") | Q(name__icontains=f"-{begun}")
    place = Case(When(begins, then=Value(0)), default=Value(1))
    return rows.filter(begins | within).annotate(place=place).order_by("place", "name", key).values_list(key, "name")


def _of(model: type[Service] | type[Team] | type[CauseCategory]) -> Callable[[Person, str, date], Values]:
    def values(person: Person, begun: str, today: date) -> Values:
        yield from _named(model.objects.all(), "slug", begun)[:MOST]

    return values


def _people(person: Person, begun: str, today: date) -> Values:
    if "me".startswith(begun):
        yield "me", "you"
    yield from _named(Person.objects.filter(is_active=True), "username", begun)[:MOST]


def _one_of(values: tuple[str, ...], labels: dict[str, str]) -> Callable[[Person, str, date], Values]:
    def offered(person: Person, begun: str, today: date) -> Values:
        for one in values:
            if one.startswith(begun):
                yield one, labels.get(one, "")

    return offered


_TAGS = """
    SELECT min(tag), count(*)::text || CASE count(*) WHEN 1 THEN ' review' ELSE ' reviews' END
    FROM ({newest}) AS newest, unnest(said) AS tag
    WHERE starts_with(lower(tag), %s) GROUP BY lower(tag) ORDER BY count(*) DESC, 1 LIMIT %s
"""


def _tags(person: Person, begun: str, today: date) -> Values:
    """Tags of the newest reviews that the person may see, the most used first."""
    said = Case(When(names_as_roles=True, then=F("tags")), default=F("incident__tags"))
    newest = Listed.objects.visible_to(person).order_by("-occurred_at", "-incident").values(said=said)[:READ]
    try:
        sql, values = newest.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TAGS.format(newest=sql), [*values, begun, MOST])
        yield from cursor.fetchall()


def _days(person: Person, begun: str, today: date) -> Values:
    forms = [
        ("7d", "a week ago"),
        ("1m", "a month ago"),
        ("3m", "three months ago"),
        ("1y", "a year ago"),
        (f"{today:%Y}", "this year"),
        (f"{today:%Y-%m}", "this month"),
        (f"{today:%Y-%m-%d}", "today"),
    ]
    yield from (one for one in forms if one[0].startswith(begun))


def _quarters(person: Person, begun: str, today: date) -> Values:
    for value in islice(quarters_back(today), 12):
        if value.lower().startswith(begun):
            yield value, ""


_VALUES: dict[str, Callable[[Person, str, date], Values]] = {
    "service": _of(Service),
    "team": _of(Team),
    "cause": _of(CauseCategory),
    "owner": _people,
    "tag": _tags,
    "severity": _one_of(SEVERITIES, {"sev1": "the worst"}),
    "status": _one_of(("published", "archived"), {}),
    "is": _one_of(STATES, _STATES),
    "after": _days,
    "before": _days,
    "quarter": _quarters,
}
