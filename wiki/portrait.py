"""What the newest reviews of a service, a cause or a team say together: when, what recurs, how long, where to start."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice, product
from statistics import median

from django.db import connection

from core.search_dates import quarter_of, quarters_back
from incidents.models import Incident, Status
from timeline.milestones import Milestones
from wiki.matching import Matching

LOOKED_AT = 2_000  # of the newest reviews
TIMED = 100  # of these, whose durations are read: they stand in the versions, which are large
QUARTERS = 12
RECURRING = 5
PICKS = 5
RECENT_DAYS = 730
SEVERE = ("sev1", "sev2")

_ROWS = """
    SELECT newest.incident_id, newest.occurred_at, newest.severity, newest.service_ids, newest.cause_ids, newest.status,
        ARRAY(SELECT review_id FROM reviews_recurrence WHERE earlier_id = newest.incident_id),
        CASE WHEN newest.place <= {timed} THEN (
            SELECT document -> 'milestones' FROM reviews_version AS version
            WHERE version.review_id = newest.incident_id ORDER BY number DESC LIMIT 1
        ) END
    FROM (
        SELECT matched.*, row_number() OVER (ORDER BY occurred_at DESC, incident_id DESC) AS place
        FROM ({matched}) AS matched WHERE fits
    ) AS newest ORDER BY newest.place
"""
_NAMES = """
    SELECT 'service', id, slug, name FROM catalog_service WHERE id = ANY(%s)
    UNION ALL SELECT 'cause', id, slug, name FROM catalog_causecategory WHERE id = ANY(%s)
    UNION ALL SELECT 'review', incident.id, incident.number::text, entry.title
    FROM wiki_searchentry AS entry JOIN incidents_incident AS incident ON incident.id = entry.incident_id
    WHERE entry.incident_id = ANY(%s)
"""


@dataclass(frozen=True)
class Reviewed:
    """A published review, as far as it is counted; `recurred` are reviews that are said to be its recurrences,
    `milestones` the JSON of its latest version.
    """

    pk: int
    occurred_at: datetime
    severity: str
    services: list[int]
    causes: list[int]
    status: str
    recurred: list[int]
    milestones: str | None


@dataclass(frozen=True)
class Quarter:
    """How many reviews began in a quarter."""

    name: str
    count: int


@dataclass(frozen=True)
class Recurring:
    """A service and a cause that several reviews share; on the page of one of them, the other alone is named."""

    label: str
    query: str
    count: int
    last: datetime


@dataclass(frozen=True)
class Typical:
    """The median of a duration, and of how many reviews."""

    name: str
    length: timedelta
    count: int


@dataclass(frozen=True)
class Pick:
    """A review to start with, and why."""

    title: str
    url: str
    why: str


@dataclass(frozen=True)
class Candidate:
    """A review to start with, and why; `about` are a service and a cause to name there, 0 for none."""

    pk: int
    why: str
    about: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Portrait:
    """All of it. `is_whole`: no reviews beyond the ones looked at."""

    reviews: int
    is_whole: bool
    quarters: list[Quarter] = field(default_factory=list)
    recurring: list[Recurring] = field(default_factory=list)
    durations: list[Typical] = field(default_factory=list)
    picks: list[Pick] = field(default_factory=list)


Names = dict[tuple[str, int], tuple[str, str]]
Groups = dict[tuple[int, int], list[Reviewed]]


def portrait_of(matching: Matching) -> Portrait:
    """Of the reviews that match and that the person may see. Two queries, one where there are none."""
    rows = _rows(matching)
    if not rows:
        return Portrait(0, True)
    kind = matching.query.filters[0].kind
    own = set(known.ids) if (known := matching.known.of(matching.query.filters[0])) else set()
    groups = _groups(rows, kind, own)
    candidates = _picked(rows, kind, own, matching.today)
    names = _names(groups, candidates)
    return Portrait(
        len(rows),
        len(rows) < LOOKED_AT,
        _quarters(rows, matching.today, matching.zone),
        _recurring(groups, kind, matching.query.text, names),
        _durations(rows),
        list(_picks(candidates, names)),
    )


def _rows(matching: Matching) -> list[Reviewed]:
    matched = matching.newest("incident_id, occurred_at, severity, service_ids, cause_ids, status", LOOKED_AT)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(matched=matched.sql, timed=TIMED), matched.values)
        return [Reviewed(*row) for row in cursor.fetchall()]


def _names(groups: Groups, candidates: Iterable[Candidate]) -> Names:
    """Slug (or number) and name (or title), by kind and key."""
    services, causes = {service for service, _ in groups}, {cause for _, cause in groups}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [list(services), list(causes), [one.pk for one in candidates]])
        return {(kind, pk): (slug, name) for kind, pk, slug, name in cursor.fetchall()}


def _quarters(rows: Sequence[Reviewed], today: date, zone: tzinfo) -> list[Quarter]:
    """The last quarters up to the present one, the earliest first; from the first that has a review."""
    counted = Counter(quarter_of(one.occurred_at.astimezone(zone).date()) for one in rows)
    listed = [Quarter(name, counted[name]) for name in islice(quarters_back(today), QUARTERS)][::-1]
    begun = next((place for place, one in enumerate(listed) if one.count), len(listed))
    return listed[begun:]


def _groups(rows: Sequence[Reviewed], kind: str, own: set[int]) -> Groups:
    """Reviews by what they share: on a service's page a cause, on a cause's a service, on a team's both."""
    groups: Groups = defaultdict(list)
    for one in rows:
        if kind == "service":
            shared = [(0, cause) for cause in one.causes]
        elif kind == "cause":
            shared = [(service, 0) for service in one.services]
        else:
            shared = [pair for pair in product(one.services, one.causes) if pair[0] in own]
        for pair in shared:
            groups[pair].append(one)
    return groups


def _recurring(groups: Groups, kind: str, query: str, names: Names) -> list[Recurring]:
    often = sorted(groups, key=lambda pair: (-len(groups[pair]), pair))
    found = []
    for service, cause in often[: RECURRING * 2]:
        same = groups[service, cause]
        told = [(one, names.get((one, pk))) for one, pk in (("service", service), ("cause", cause)) if pk]
        if len(same) > 1 and all(name for _, name in told):
            label = " · ".join(name[1] for _, name in told if name)
            filters = " ".join(f"{one}:{name[0]}" for one, name in told if name)
            sought = filters if kind == "team" else f"{query} {filters}"
            found.append(Recurring(label, sought, len(same), same[0].occurred_at))
    return found[:RECURRING]


def _durations(rows: Sequence[Reviewed]) -> list[Typical]:
    """Medians over the reviews that say when: the intervals of timeline.milestones."""
    lengths: dict[str, list[timedelta]] = defaultdict(list)
    for one in rows:
        if one.milestones:
            read = {name: datetime.fromisoformat(at) if at else None for name, at in json.loads(one.milestones).items()}
            for interval in Milestones(**read).intervals:
                lengths[interval.name].append(interval.length)
    order = ("Time to detect", "Time to mitigate", "Time to resolve")
    return [Typical(name, _median(lengths[name]), len(lengths[name])) for name in order if lengths[name]]


def _median(lengths: Iterable[timedelta]) -> timedelta:
    return timedelta(seconds=round(median(length.total_seconds() for length in lengths)))


def _picks(candidates: Iterable[Candidate], names: Names) -> Iterator[Pick]:
    for one in candidates:
        number, title = names.get(("review", one.pk), ("", ""))
        about = [names[key][1] for key in zip(("service", "cause"), one.about, strict=True) if key in names]
        if number:
            url = Incident(number=int(number), title=title).get_absolute_url()
            yield Pick(title, url, one.why.format(about=" and ".join(about)))


def _picked(rows: Sequence[Reviewed], kind: str, own: set[int], today: date) -> list[Candidate]:
    """What a newcomer reads first, of the last two years: what came back, what was worst, what is typical, the last."""
    first = today - timedelta(days=RECENT_DAYS)
    recent = [one for one in rows if one.status == Status.PUBLISHED and one.occurred_at.date() >= first]
    picked: dict[int, Candidate] = {}
    for one in _candidates(recent, {one.pk for one in rows}, _groups(recent, kind, own)):
        picked.setdefault(one.pk, one)
    return list(picked.values())[:PICKS]


def _candidates(recent: Sequence[Reviewed], seen: set[int], groups: Groups) -> Iterator[Candidate]:
    came_back = {one.pk: len(seen.intersection(one.recurred)) for one in recent}
    for one in sorted(recent, key=lambda one: -came_back[one.pk])[:2]:
        if times := came_back[one.pk]:
            yield Candidate(one.pk, f"It happened again {'once' if times == 1 else f'{times} times'}.")
    for one in sorted((one for one in recent if one.severity in SEVERE), key=lambda one: one.severity)[:2]:
        yield Candidate(one.pk, f"One of the worst of the last two years: {one.severity.upper()}.")
    for about in sorted(groups, key=lambda pair: (-len(groups[pair]), pair))[:2]:
        if len(groups[about]) > 1:
            yield Candidate(groups[about][0].pk, f"The last of {len(groups[about])} about {{about}}.", about)
    for one in recent[:1]:
        yield Candidate(one.pk, "The last one.")
