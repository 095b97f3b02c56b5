"""What the page of a published review shows: its frozen document, and where its actions stand now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.utils.html import strip_tags
from django.utils.text import Truncator

from core.templatetags.instants import duration
from core.zones import zone_named
from incidents.models import DetectedBy
from reviews.anchors import first_words
from reviews.models import SectionKind
from reviews.traceability import Matrix, matrix_of_document
from timeline.milestones import Milestones, milestones_read
from timeline.ribbon import TICK_STEPS, Ribbon, ribbon_of
from wiki.published import Frozen, Published, Standing
from wiki.reading_time import minutes_to_read
from wiki.whys import Line, lines_of

BEFORE_TIMELINE = (SectionKind.IMPACT,)
AFTER_TIMELINE = (SectionKind.NARRATIVE,)
LEARNED = (SectionKind.WENT_WELL, SectionKind.WENT_BADLY, SectionKind.LUCKY, SectionKind.LESSONS)


@dataclass(frozen=True)
class Section:
    """A prose section under its heading."""

    anchor: str
    title: str
    html: str


@dataclass(frozen=True)
class Moment:
    """An event; `since` counts from the start of the impact, `source` is a link that is safe to follow."""

    event: dict[str, Any]
    at: datetime
    since: timedelta | None
    source: str

    @property
    def said(self) -> str:
        """ "+7 min" after the impact began, "−22 min" before; nothing at that moment."""
        if not self.since:
            return ""
        return f"−{duration(-self.since)}" if self.since < timedelta() else f"+{duration(self.since)}"


@dataclass(frozen=True)
class Day:
    """The events of one day in the reader's zone."""

    day: date
    zone: str
    moments: list[Moment]


@dataclass(frozen=True)
class Action:
    """An action as it was published, where it stands (None where it no longer exists), and which factors it removes:
    their keys and first words.
    """

    item: dict[str, Any]
    standing: Standing | None
    days_overdue: int
    removes: list[tuple[int, str]]


@dataclass(frozen=True)
class Factor:
    """A contributing factor, the actions that remove it, and the why that it was found by."""

    item: dict[str, Any]
    removed_by: list[Action]
    why: dict[str, Any] | None


@dataclass(frozen=True)
class Article:
    """The parts of the page in reading order; those that are empty vanish."""

    published: Published
    frozen: Frozen
    began: datetime | date | None
    milestones: Milestones
    ribbon: Ribbon | None
    summary: str
    before_timeline: list[Section]
    days: list[Day]
    after_timeline: list[Section]
    whys: list[Line]
    factors: list[Factor]
    matrix: Matrix
    learned: list[Section]
    actions: list[Action]
    people: list[tuple[str, list[str]]]

    @property
    def document(self) -> dict[str, Any]:
        """The review as it was published."""
        return self.frozen.document

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Anchor and title of each heading."""
        middle = [
            ("timeline", "Timeline") if self.days or self.ribbon else None,
            *[(one.anchor, one.title) for one in self.after_timeline],
            ("whys", "Five whys") if self.whys else None,
            ("factors", "Contributing factors") if self.factors else None,
            *[(one.anchor, one.title) for one in self.learned],
            ("actions", "Action items") if self.actions else None,
            ("people", "People") if self.people else None,
        ]
        return [*[(one.anchor, one.title) for one in self.before_timeline], *[one for one in middle if one]]

    @property
    def noticed_by(self) -> str:
        """Who noticed it first, in words; older versions do not say."""
        who = self.document.get("detected_by")
        return str(DetectedBy(who).label).lower() if who in DetectedBy.values else ""

    @property
    def minutes(self) -> int:
        """How long it takes to read; 0 where that is not worth telling."""
        return minutes_to_read(self.document)

    @property
    def description(self) -> str:
        """The beginning of the summary as plain text, for a preview elsewhere."""
        return Truncator(" ".join(unescape(strip_tags(self.summary)).split())).chars(200)

    @property
    def ticks(self) -> list[float]:
        """Where events stand on the ribbon, in percent."""
        return [tick * 100 / TICK_STEPS for tick in self.ribbon.ticks] if self.ribbon else []

    @property
    def tags(self) -> list[tuple[str, str]]:
        """Each tag, and the search for it."""
        return [(tag, urlencode({"q": 'tag:"{}"'.format(tag.replace('"', " "))})) for tag in self.document["tags"]]

    @property
    def open_actions(self) -> int:
        """How many are still to be done."""
        return sum(1 for one in self.actions if one.standing and not one.standing.is_finished)


def article_of(
    published: Published, frozen: Frozen, standings: Mapping[int, Standing], *, zone: tzinfo, today: date
) -> Article:
    """The page for a reader in `zone`, for whom it is `today`. Runs no query."""
    document = frozen.document
    milestones = milestones_read(document["milestones"])
    moments = moments_of(document, zone)
    actions = _actions(document, standings, today)
    by_key = {one.item["id"]: one for one in actions}
    whys = lines_of(document["whys"], {one.event["id"]: one for one in moments})
    asked = {line.why["id"]: line.why for line in whys}
    return Article(
        published=published,
        frozen=frozen,
        began=began_of(document),
        milestones=milestones,
        ribbon=ribbon_of(milestones, [one.at for one in moments], zone),
        summary=document["sections"].get(SectionKind.SUMMARY, {}).get("html", ""),
        before_timeline=_sections(document, BEFORE_TIMELINE),
        days=_days(moments),
        after_timeline=_sections(document, AFTER_TIMELINE),
        whys=whys,
        factors=[
            Factor(one, [by_key[key] for key in one["actions"] if key in by_key], asked.get(one.get("why")))
            for one in document["factors"]
        ],
        matrix=matrix_of_document(document),
        learned=_sections(document, LEARNED),
        actions=actions,
        people=_people(document),
    )


def began_of(document: dict[str, Any]) -> datetime | date | None:
    """When it began; where only the day is known, that day in the incident's own zone, whatever the reader's."""
    if not document["occurred_at"]:
        return None
    at = datetime.fromisoformat(document["occurred_at"])
    return at.astimezone(zone_named(document["time_zone"])).date() if document["occurred_is_date"] else at


def _sections(document: dict[str, Any], kinds: Iterable[SectionKind]) -> list[Section]:
    return [
        Section(kind.value.replace("_", "-"), section.get("title") or str(kind.label), section["html"])
        for kind in kinds
        if (section := document["sections"].get(kind))
    ]


def moments_of(document: dict[str, Any], zone: tzinfo) -> list[Moment]:
    """The events in order of time, for a reader in `zone`."""
    started = milestones_read(document["milestones"]).started_at
    moments = []
    for event in document["events"]:
        at = datetime.fromisoformat(event["at"]).astimezone(zone)
        source = event["source_url"] if event["source_url"].startswith(("http://", "https://")) else ""
        moments.append(Moment(event, at, at - started if started else None, source))
    return moments


def _days(moments: Iterable[Moment]) -> list[Day]:
    days: list[Day] = []
    for moment in moments:
        day, zone = moment.at.date(), moment.at.tzname() or ""
        if not days or (days[-1].day, days[-1].zone) != (day, zone):
            days.append(Day(day, zone, []))
        days[-1].moments.append(moment)
    return days


def _actions(document: dict[str, Any], standings: Mapping[int, Standing], today: date) -> list[Action]:
    removes: dict[int, list[tuple[int, str]]] = {}
    for factor in document["factors"]:
        for key in factor["actions"]:
            removes.setdefault(key, []).append((factor["id"], first_words(factor["text"], factor["html"])))
    return [
        Action(item, standing, standing.days_overdue(today) if standing else 0, removes.get(item["id"], []))
        for item in document["actions"]
        for standing in [standings.get(item["id"])]
    ]


def _people(document: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Names by role; the authors first, as the text names them."""
    by_role: dict[str, list[str]] = {"Author": list(document["authors"])} if document["authors"] else {}
    for one in document["people"]:
        names = by_role.setdefault(one["role_label"], [])
        if one["name"] not in names and not (one["role"] == "author" and document["authors"]):
            names.append(one["name"])
    return [(role, names) for role, names in by_role.items() if names]
