"""When it began, was detected, mitigated and resolved: from named values, the timeline and plain statements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from core.zone_words import Zone
from reviews.importing.course import read_course
from reviews.importing.document import ParsedEvent, ParsedReview
from reviews.importing.facts import Fact
from reviews.importing.front_matter import FrontMatter
from reviews.importing.moments import Moment, linked, moments_in
from reviews.importing.setting import Setting

_THING = (
    r"(?:incident|outage|impact|issue|problem|fault|disruption|event|degradation|downtime|customer|user|service"
    r"|production)"
)
_WHEN = r"(?:date/time|time|date|at|on|timestamp|and|utc|gmt|of|day)"
_LABELS: list[tuple[str, re.Pattern[str]]] = [
    (milestone, re.compile(pattern))
    for milestone, pattern in (
        (
            "occurred",
            rf"(?:{_THING} ){{0,2}}(?:start(?:s|ed)?|begins?|began|begun|beginning|occur(?:s|red)?"
            rf"|onset)(?: {_WHEN}){{0,3}}"
            rf"|(?:start|begin|beginning|time|date)(?: {_WHEN})* (?:of|for) (?:the )?{_THING}(?: {_THING})?(?: start)?"
            rf"|(?:time|date) (?:{_THING} )?(?:started|began|occurred)|{_THING} (?:time|date|date/time"
            rf"|date and time|day)"
            r"|first (?:impact|occurrence|symptoms?|errors?|failures?)|date|date and time|date/time|when|day"
            r"|when did (?:it|this|the incident) (?:happen|start|begin|occur)|occurrence|dates?|date of outage",
        ),
        (
            "detected",
            rf"(?:(?:{_THING}|first|initially|time|date|when|was|time first) ){{0,3}}"
            rf"(?:detect(?:ed|ion)|discover(?:ed|y)|noticed)(?: {_WHEN}){{0,3}}"
            rf"|team (?:aware|alerted|notified)|(?:time|date) of (?:detection|discovery)|became aware",
        ),
        (
            "mitigated",
            rf"(?:(?:{_THING}|time|date|was|fully|initially) ){{0,2}}"
            rf"(?:mitigat(?:ed|ion)|repaired|contained|containment|stabili[sz]ed|work-?around(?: in place| applied)?)"
            rf"(?: (?:declared|{_WHEN})){{0,3}}|(?:time|date) of (?:mitigation|repair|containment)",
        ),
        (
            "resolved",
            rf"(?:(?:{_THING}|time|date|was|fully|full) ){{0,2}}"
            rf"(?:resolved|resolution|ended|ends?|closed|finish(?:ed)?|recovered|recovery|restored|fixed|over|stop"
            rf"|stopped)"
            rf"(?: (?:declared|{_WHEN})){{0,3}}|(?:end|time|date)(?: {_WHEN})* (?:of|for) (?:the )?(?:resolution"
            rf"|recovery|{_THING}(?: end)?)"
            r"|all clear|back to normal|end of (?:incident|outage|impact)",
        ),
        (
            "window",
            rf"(?:{_THING} ){{0,2}}(?:window|duration|period|time ?span|time range|time frame|timeframe)(?: of .*)?"
            rf"|duration|length|time (?:window|period)(?: of .*)?|outage|downtime|times?|incident times?|total duration"
            r"|duration of (?:the )?(?:incident|outage|impact|disruption)",
        ),
    )
]
_FRONT = {
    "occurred": ("start_time", "started_at", "start", "start_at", "began", "began_at", "incident_start", "outage_start",
                 "impact_start", "started", "starttime", "start_date", "incident_date", "occurred_at", "occurred",
                 "date_of_incident", "incident_time", "event_date"),
    "detected": ("detected_at", "detected", "detection_time", "detect_time", "time_detected", "detection"),
    "mitigated": ("mitigated_at", "mitigated", "mitigation_time", "time_mitigated"),
    "resolved": ("end_time", "ended_at", "end", "end_at", "ended", "resolved_at", "resolved", "incident_end",
                 "outage_end",
                 "impact_end", "endtime", "end_date", "resolution_time", "resolve_time", "restored_at", "closed_at"),
}  # fmt: skip
_INCIDENT_KEYS = {"severity", "sev", "services", "service", "impact", "duration", "incident", "incident_id", "status",
                  "detected", "resolved", "affected_services", "root_cause", "commander",
                  "incident_commander"}  # fmt: skip
_VAGUE = {
    "date",
    "date and time",
    "date/time",
    "when",
    "day",
    "dates",
    "time",
    "times",
    "end",
    "start",
    "stop",
    "fixed",
    "over",
}
_OPENING = re.compile(
    r"(?:~|≈|approx(?:imately|\.)?|around|about|circa|ca\.|from|between|at|on|the|since|(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)day,?|(?:mon|tue|wed|thu|fri|sat|sun)\b[.,]?|\(|\s)*",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:outages?|incidents?|unavailable|unavailability|down(?:time)?|degrad\w+|disrupt\w+|errors?|fail(?:s|ed"
    r"|ing|ures?)?|broken"
    r"|slow\w*|latency|interrupt\w+|inaccessible|unreachable|unable|impact(?:ed|ing)?|affect(?:ed|ing)?|loss|lost"
    r"|delay(?:s|ed)"
    r"|stopped|crash\w*|offline|issues?|problems?|unresponsive|intermittent|stalled|experienc\w+|suffer\w*"
    r"|elevated|could not|couldn't)\b",
    re.IGNORECASE,
)
_NOT_HARM = re.compile(
    r"\b(?:maintenance|investigat\w+|notic\w+|detect\w+|discover\w+|scheduled|meeting|rollout|respond\w*"
    r"|working on|migrat\w+"
    r"|report(?:s|ed|ing)?|alert\w*|paged|monitor\w*|deploy\w*|merged|released?|debug\w*|restor\w+|resolv\w+"
    r"|mitigat\w+|recover\w+)\b",
    re.IGNORECASE,
)
_BEGAN_BEFORE = re.compile(
    r"\b(?:start(?:ed|ing|s)?|began|beginning|begins?|commenced|onset|since|occurred)\s+(?:to occur\s+)?(?:at|on"
    r"|around|about|from|approximately|in|"
    r"roughly|circa|shortly after|,)?\s*(?:at|around|about|approximately|on|the)?\s*$",
    re.IGNORECASE,
)
_BEGAN_AFTER = re.compile(
    r"^[\s,)(]*(?:[A-Za-z]{2,4}\)?,?\s)?(?:[\w'’./&()-]+\s){0,12}?(?P<verb>went (?:down|black|dark|blank|offline"
    r"|silent)|goes down|(?:started|began|starts"
    r"|begins) (?:to )?(?:fail\w*|return\w*|experienc\w*|see\w*"
    r"|suffer\w*|report\w*|crash\w*|show\w*|degrad\w*|throw\w*|respond\w* (?:slowly|with errors)|observ\w*)"
    r"|experienced|suffered|became (?:\w+ )?(?:un\w+|degraded|slow|inaccessible|impaired)"
    r"|stopped (?:\w+ing|respond\w*|work\w*|accept\w*)|crashed|was (?:down|unavailable|offline|unreachable)"
    r"|were (?:down|unavailable|offline|unreachable)|lost (?:power|connectivity)|failed|(?:was"
    r"|were) (?:compromised|breached|attacked|interrupted|disrupted))\b",
    re.IGNORECASE,
)
_ENDED_BEFORE = re.compile(
    r"\b(?P<how>(?:fully |completely )?(?:resolved|restored|recovered|(?:was|were|is|are|came) back|ended|fixed"
    r"|mitigated|repaired"
    r"|back to normal|operational|normali[sz]ed))"
    r"(?: (?:at|by|on|around|as of|until|before|approximately|about|roughly|from|since))?(?: (?:at|on|around|about"
    r"|approximately))?\s*$",
    re.IGNORECASE,
)
_ENDED_AFTER = re.compile(
    r"^[\s,)(]*(?:[\w'’./&()-]+\s){0,10}?(?:was|were|had|is|are|has|have|been)\s(?:\w+\s){0,8}?"
    r"(?P<how>(?:fully |completely )?(?:resolved|restored|recovered|mitigated|repaired|operational|back to normal"
    r"|over))\b",
    re.IGNORECASE,
)
_KNEW_BEFORE = re.compile(
    r"\b(?:detected|(?:were|was|been|got) (?:alerted|paged|notified)|(?:told|called|contacted) us|(?:alerted|paged"
    r"|notified) (?:us|engineers"
    r"|on-?call|(?:the|our) (?:[\w-]+ ){0,2}(?:team|engineers?|on-?call))|became aware|were made aware|noticed"
    r"|discovered)"
    r"(?: [\w'’-]+){0,6} (?:at"
    r"|on|around|about)\s*(?:the )?$",
    re.IGNORECASE,
)
_KNEW_AFTER = re.compile(
    r"^[\s,)(]*(?:[A-Za-z]{2,4}\)?,?\s)?(?:we|(?:(?:the|our|an?) )?(?:[\w-]+ ){0,3}(?:team|engineers?|sres?"
    r"|operators?|developers?|colleague|employee|member|on-?call|administrators?))\s"
    r"(?:received (?:an? |the |our |first |several |multiple )*(?:\w+ ){0,2}(?:reports?|alerts?|page)|(?:was|were"
    r"|got) (?:alerted|paged|notified|made aware)|noticed|detected|discovered|became aware)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“(\[])|\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)")


@dataclass
class Milestones:
    """The best statement found for each so far: lower ranks are surer."""

    best: dict[str, tuple[int, Moment]] = field(default_factory=dict)
    day: tuple[int, date] | None = None

    def offer(self, milestone: str, rank: int, moment: Moment) -> None:
        """Take a moment that the text states, unless a surer one is known; an hour is surer than a day of one rank."""
        known = self.best.get(milestone)
        rank = 2 * rank + (moment.time is None)
        if known is None or rank < known[0]:
            self.best[milestone] = (rank, moment)

    def offer_last(self, milestone: str, rank: int, moment: Moment) -> None:
        """Like `offer`, but of several moments of one rank the last counts: what ended twice ended the second time."""
        known = self.best.get(milestone)
        if (
            known is not None
            and known[0] == 2 * rank
            and moment.time
            and (moment.day, moment.time)
            > (
                known[1].day,
                known[1].time or time(),
            )
        ):
            self.best[milestone] = (known[0], moment)
        self.offer(milestone, rank, moment)

    def offer_day(self, rank: int, day: date | None) -> None:
        """Take a day as that of the incident."""
        if day is not None and (self.day is None or rank < self.day[0]):
            self.day = (rank, day)

    def moment(self, milestone: str) -> Moment | None:
        """What is known of this milestone."""
        known = self.best.get(milestone)
        return known[1] if known else None


def from_front_matter(matter: FrontMatter, setting: Setting, found: Milestones, used: set[str]) -> None:
    """Begin and end as front matter names them. A bare `date` may be that of publication: it counts beside facts."""
    for milestone, names in _FRONT.items():
        for name in names:
            moments = moments_in(matter.text(name), setting)
            if moments and matter.text(name):
                found.offer(milestone, 0, moments[0])
                used.add(name)
                break
    if _INCIDENT_KEYS & matter.values.keys() and "layout" not in matter.values:
        moments = moments_in(matter.text("date"), setting)
        if moments:
            used.add("date")
            if moments[0].time is not None and moments[0].time != time():
                found.offer("occurred", 1, moments[0])
            found.offer_day(1, moments[0].day)


def milestone_of_label(label: str) -> str | None:
    """Which milestone, or "window" for a stretch of time, a label names."""
    return next((milestone for milestone, pattern in _LABELS if pattern.fullmatch(label)), None)


def from_facts(facts: Iterable[Fact], setting: Setting, found: Milestones, *, vague: bool) -> None:
    """Moments beside a label such as "Start time" or "First detected"; `vague` takes a mere "Date" as well."""
    for fact in facts:
        milestone = milestone_of_label(fact.label)
        if milestone is None:
            continue
        if fact.label in _VAGUE and not vague:
            continue
        moments = moments_in(fact.value, setting)
        opening = _OPENING.match(fact.value)
        if not moments or moments[0].start > (opening.end() if opening else 0) + (16 if milestone == "window" else 8):
            continue
        first = moments[0]
        ranged = len(moments) > 1 and linked(fact.value, first, moments[1])
        if milestone == "window" or (milestone == "occurred" and ranged):
            if ranged and first.time is not None and moments[1].time is not None:
                found.offer("occurred", 2, first)
                found.offer("resolved", 2, moments[1])
            elif milestone == "occurred":
                found.offer_day(0, first.day)
        elif milestone == "occurred" and first.time is None:
            found.offer_day(0, first.day)
        else:
            found.offer(milestone, 1, first)


def from_prose(text: str, setting: Setting, found: Milestones, rank: int) -> None:
    """What sentences say outright: "from 10:00 to 11:30 UTC the site was down", "was resolved at 11:30"."""
    for sentence in _SENTENCE.split(text[:20000]):
        flat = " ".join(sentence.split())
        if not any(char.isdigit() for char in flat):
            continue
        moments = moments_in(flat, setting)
        if moments:
            _from_sentence(flat, moments, found, rank)


def _from_sentence(text: str, moments: list[Moment], found: Milestones, rank: int) -> None:
    harm = _HARM.search(text) is not None
    for number, moment in enumerate(moments):
        before, after = text[max(0, moment.start - 90) : moment.start], text[moment.end : moment.end + 160]
        following = moments[number + 1] if number + 1 < len(moments) else None
        if following is not None:
            after = text[moment.end : following.start][:160]
        if number:
            before = text[max(moments[number - 1].end, moment.start - 90) : moment.start]
        if moment.time is None:
            continue
        if harm and following is not None and following.time and linked(text, moment, following):
            if not _NOT_HARM.search(before[-45:]) and not _NOT_HARM.search(text[following.end : following.end + 40]):
                found.offer("occurred", rank, moment)
                found.offer("resolved", rank + 1, following)
            continue
        if number and linked(text, moments[number - 1], moment):
            continue
        ended = _ENDED_BEFORE.search(before)
        if ended is None and not (following is not None and _ENDED_BEFORE.search(after)):
            ended = _ENDED_AFTER.search(after)
        if ended is not None:
            found.offer_last(
                "mitigated" if ended["how"].lower().endswith(("mitigated", "repaired")) else "resolved", rank, moment
            )
        elif _KNEW_BEFORE.search(before) or _KNEW_AFTER.search(after):
            found.offer("detected", rank, moment)
        elif (harm and (_BEGAN_BEFORE.search(before) and not _NOT_HARM.search(before[-45:]))) or (
            (began := _BEGAN_AFTER.search(after)) is not None and not _NOT_HARM.search(after[: began.start("verb")])
        ):
            found.offer("occurred", rank, moment)


def settle(
    review: ParsedReview, found: Milestones, zone: Zone | None, events: list[ParsedEvent], facts: list[Fact]
) -> None:
    """Write the milestones into the review; where nothing else states one, the timeline's own entries do."""
    for milestone in ("occurred", "detected", "mitigated", "resolved"):
        moment = found.moment(milestone)
        exact = review.occurred_at is not None and not review.occurred_is_date
        if moment is not None and (moment.time is not None or milestone == "occurred" or not exact):
            at, name = moment.at(zone)
            setattr(review, f"{milestone}_at", at)
            if milestone == "occurred":
                review.occurred_is_date = moment.time is None
            review.zone = name if review.zone == "UTC" else review.zone
    read_course(review, events, facts)
    _check_order(review)
    if review.occurred_at is None and found.day is None and review.detected_at is not None:
        found.offer_day(0, review.detected_at.date())
    if review.occurred_at is None and found.day is not None:
        at, _ = Moment(found.day[1], None, None, 0, 0).at(zone)
        review.occurred_at, review.occurred_is_date = at, True


def _check_order(review: ParsedReview) -> None:
    """An end before the beginning is a misreading or a slip: better to state nothing, and to say so."""
    begin = review.occurred_at
    if begin is None or review.occurred_is_date:
        return
    for name in ("mitigated_at", "resolved_at"):
        moment: datetime | None = getattr(review, name)
        if moment is not None and moment < begin:
            setattr(review, name, None)
            review.problems.append(
                f"It is said to be {name.split('_')[0]} before it began; that time was left out. Check the times."
            )


def tells_of_harm(text: str) -> bool:
    """Whether a sentence tells of an incident at all."""
    return _HARM.search(text) is not None
