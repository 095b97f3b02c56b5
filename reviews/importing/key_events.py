"""Lists of key moments ("First detected: 2021-03-31 09:30") read as events."""

from __future__ import annotations

from core.zone_words import Zone
from reviews.importing.document import ParsedEvent
from reviews.importing.facts import facts_in
from reviews.importing.kinds import kind_of
from reviews.importing.lines import Line
from reviews.importing.milestones import milestone_of_label
from reviews.importing.moments import moments_in
from reviews.importing.setting import Setting
from reviews.importing.timeline import Reading

_KINDS = {"occurred": "signal", "detected": "detection", "mitigated": "mitigation", "resolved": "resolution"}


def read_key_events(lines: list[Line], setting: Setting, problems: list[str]) -> Reading:
    """A list of labelled moments as events; lines without a moment are left over, in order.

    `problems` are those met in reading it as an ordinary timeline; they hold where no moment is found either.
    """
    reading = Reading()
    for line in lines:
        fact = next(iter(facts_in([line])), None)
        event = _event(line, fact.name, fact.value, setting) if fact is not None else None
        if event is not None:
            reading.events.append(event)
        else:
            reading.left.append(line.text)
    if not reading.events:
        reading.problems = problems
    return reading


def _event(line: Line, name: str, value: str, setting: Setting) -> ParsedEvent | None:
    moments = moments_in(value, setting)
    if not moments or moments[0].start > 2:
        return None
    moment = moments[0]
    zone: Zone | None = moment.zone or setting.zone
    at, zone_name = moment.at(zone)
    words = value[moment.end :].strip(" :-–—")
    milestone = milestone_of_label(name.lower())
    return ParsedEvent(
        occurred_at=at,
        zone=zone_name,
        kind=_KINDS.get(milestone or "", "") or kind_of(name),
        text=f"{name}: {words}" if words else name,
        written_as=value[moment.start : moment.end],
        line=line.number,
        is_date=moment.time is None,
    )
