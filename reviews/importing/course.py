"""The course of an incident as its timeline tells it: which entry is the beginning, the detection, the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from reviews.importing.document import ParsedEvent, ParsedReview
from reviews.importing.facts import Fact
from reviews.importing.plain import plain

_READ = 220
# Someone who runs the service knows of it.
_KNOWS = re.compile(
    r"^\W*alerts?\b(?!\w* (?:threshold|rule))|\b(?:alert(?:s|ed)? (?:fired?|triggered|received|went|raised|from"
    r"|about|for)|(?:was|were|got|is|are|been"
    r"|am) (?:\w+ )?(?:alerted|paged|notified|informed|contacted)"
    r"|notic(?:e|es|ed)|detect(?:s|ed)|discover(?:s|ed)|identif(?:ied|ies)|realiz?s?(?:es?|ed)|reali[sz](?:ation"
    r"|ed|es?)|became aware|aware of|paged|sees|asks (?:in|about|why)|(?:rais(?:e|es|ed)|opens?|opened"
    r"|filed?) (?:an? |the )?(?:\w+ )?(?:ticket|incident|alarm|issue)|receiv(?:es|ed) (?:an? |the |several "
    r"|multiple )?(?:\w+ ){0,2}(?:pager?s?|alerts?|alarms?)"
    r"|calls? (?:the |our )?(?:help ?desk|service desk|support|on-?call|hotline)"
    r"|(?<=^)(?:(?!news|press|media)\S+ ){1,4}report(?:s|ed)|(?<!news )(?<!press )(?<!media )report(?:s|ed"
    r"|ing)? (?:of|that|from|by|on|the|an?|it|issues?|problems?|failures?|errors?|having|come|came|started|to)"
    r"|(?:first|initial|user|customer|incoming|bug) reports?"
    r"|(?:were|was) reported|notif(?:y|ies|ied) (?:the |our |us|via|team|by)|reach(?:es|ed|ing)? out|complain\w*"
    r"|disclosed to|(?:e-?mails?|emailed|contact(?:s|ed)|messag(?:es|ed)) (?:\w+ ){0,3}(?:security|support|us"
    r"|the team|on-?call|help)"
    r"|respond(?:s|ed|ing)? to (?:the |an? )?(?:alarm|alert|page)s?|(?:sent|sends?|received?|receives) (?:an? "
    r"|the |us )?(?:\w+ ){0,2}e-?mails?|incident (?:is |was |has been )?(?:declared|opened|raised|created)"
    r"|posts? (?:in|a message|about)"
    r"|investigat(?:e[sd]?|ing|ions?)|troubleshoot\w*|e-?mail was received|forwarded the (?:\w+ )?e-?mail"
    r"|provided (?:details|a screenshot)|opened, reporting|we (?:saw|see|found|find)"
    r"|submitted a (?:\w+ )?(?:bug )?report|escalat(?:e[sd]?|ion))\b",
    re.IGNORECASE,
)
# Harm to those who rely on it.
_HARM = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|crash(?:es|ed|ing|-?loop\w*)?|down|offline|unavailable|unreachable|unresponsive"
    r"|out(?:age)? (?:starts?|started|begins?|began)"
    r"|return(?:s|ed|ing) (?:\w+ ){0,2}[45]\d\d|[45]\d\d errors?|notready|not ready|(?:stops?|stopped) (?:\w+ing"
    r"|\w+)|drop(?:s|ped)?|unable|reaches? 0|0%"
    r"|expire[sd]?|degrad\w+|(?:incident|impact|outage|problem|fault)s? (?:starts?|started|begins?|began|occurs?)"
    r"|start of (?:the )?(?:incident|outage|impact)"
    r"|(?:accidental\w*|unintended|unintentional(?:ly)?|ungraceful\w*|unexpectedly) |no longer|errors? (?:start"
    r"|began|increase|spike|rate)\w*|spikes?|timeouts?|timing out|malicious|unauthori[sz]ed access|lost|loses?"
    r"|(?:backlog|queue|latency|error rates?|delays?) (?:\w+ ){0,3}?(?:starts?|begins?|began|gr[oe]w\w*|r[io]s\w+"
    r"|climb\w*|increas\w+|spik\w+|builds?)|hangs?|hung|hanging|stuck|fr[eo]ez\w*|delet(?:es|ed) (?:all|every|our"
    r"|the|\d+)|not found|could not|cannot|broke[n]?)",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:outage|impact|disruption|downtime|degradation|fault)s? (?:starts?|started|begins?|began|occurs?)\b"
    r"|\b(?:start|begin|beginning|onset) of (?:the )?(?:\w+ )?(?:outage|impact|disruption|downtime|degradation"
    r"|incident)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:solved|resolved|fixed|(?:is |are |was |were |now |all )(?:working|operational|healthy|functional"
    r"|restored|recovered)|(?:all|every) (?:[\w-]+ ){0,3}(?:restored|recovered|back|fixed)|runs? again"
    r"|works?(?: again| fine| now| as| normally|$)|(?:reachable|available|visible|online|found"
    r"|possible|accessible|responding|up|stable|running|flowing|healthy) again|working (?:again|as|fine|normally)"
    r"|confirmed working|fix works"
    r"|back (?:online|up|to (?:a |its |their )?(?:\w+ )?(?:normal|functional|healthy|operational|100|working)"
    r"|in operation|operation\w*|now)|(?:goes|went|returned|returns?|returning) (?:back )?to (?:normal|100)"
    r"|(?:subsequently )?returns? to\s+normal"
    r"|(?:fully |site |service |services |traffic )(?:recovered|recovers|restored|operational|resum\w+)|closed"
    r"|all (?:good|clear|healthy)|recovery|(?:released?|release|published|deployed)\b.{0,80}\b(?:fix(?:es)?"
    r"|patch(?:es)?)\b"
    r"|fix(?:es)? (?:was |were |has been |is )?(?:deployed|rolled out|live|applied|shipped)(?! (?:in|to"
    r"|on) (?:\w+ )?(?:sandbox|staging|test))|(?:fix|fixes|patch)\b.{0,30} (?:was |were |has been "
    r"|is )?(?:released|live|in production)|false (?:positive|alarm)|goes away|went away|availab\w+ (?:confirmed"
    r"|restored|again)|\w+ing (?:fine|normally|again|as expected)|finished successfully)",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:incident|outage|ticket|case|issue)s?\b.{0,30}\b(?:resolved|closed|over|ends?|ended)\b|\ball[- ]clear\b"
    r"|^\W*resolved\b",
    re.IGNORECASE,
)
_NOT_ENDED = re.compile(
    r"\b(?:not|n't|never|isn't|aren't|without|still|try|trying|attempt\w*|until|before|once|if|to be|will|would"
    r"|partially|temporar\w+|should)\b[^.]{0,25}$",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(?:post-?mortem|retrospective|retro\b|follow-?up|review meeting|root cause|write-?up|cve|blog)\b", re.IGNORECASE
)
_REPAIRED = re.compile(
    r"\b(?:mitigated|repaired|work-?around (?:\w+ ){0,2}(?:applied|in place|deployed|implemented))\b", re.IGNORECASE
)
_DETECT_LABEL = re.compile(
    r"(?:mean )?time to (?:detect(?:ion)?|discover\w*)|ttd|mttd|detection time|time-to-detect(?:ion)?"
)
_RECOVER_LABEL = re.compile(
    r"(?:mean )?time to (?:recover\w*|resol\w+|restor\w+|mitigat\w+|repair|fix)|ttr|mttr|recovery time|duration"
    r"|total duration|incident duration|outage duration|(?:duration|length) of (?:the )?(?:outage|incident|impact)"
    r"|time-to-(?:recover\w*|resol\w+)"
)
_LENGTH = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*(d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?)\b", re.IGNORECASE)


def length_of(text: str) -> timedelta | None:
    """The length that words such as "4 hours 42 minutes" or "3h 21m" state."""
    parts = _LENGTH.findall(text[:60])
    unit = {"d": "days", "h": "hours", "m": "minutes"}
    total = sum((timedelta(**{unit[word[0].lower()]: float(number)}) for number, word in parts), timedelta())
    return total if parts else None


def read_course(review: ParsedReview, events: list[ParsedEvent], facts: Iterable[Fact]) -> None:
    """Fill the moments that nothing else stated from the entries whose words tell them."""
    timed = [event for event in events if not event.is_date]
    days = len(events) - len(timed)
    told = list(events) if days > len(timed) or (events and events[0].is_date) else timed
    if not told:
        return
    heads = [plain(event.text[:_READ].replace("\n", " ")) for event in told]
    known = _first_known(told, heads)
    detected = review.detected_at or (told[known].occurred_at if known is not None else None)
    began = _began(told, heads, detected, facts, review)
    if began is not None and (review.occurred_at is None or review.occurred_is_date) and not told[began].is_date:
        review.occurred_at, review.occurred_is_date = told[began].occurred_at, False
    if review.occurred_at is not None and not review.occurred_is_date:
        # A mere day beside an exact beginning would give lengths that nobody stated.
        heads = [head for event, head in zip(told, heads, strict=True) if not event.is_date]
        told = timed
        known = _first_known(told, heads)
        detected = review.detected_at or (told[known].occurred_at if known is not None else None)
    review.detected_at = detected
    if review.mitigated_at is None:
        review.mitigated_at = next(
            (e.occurred_at for e, head in zip(told, heads, strict=True) if _says(_REPAIRED, head)), None
        )
    if review.resolved_at is None:
        review.resolved_at = _ended(told, heads, review.occurred_at, facts)
    _mark(told, review)


def _mark(told: list[ParsedEvent], review: ParsedReview) -> None:
    """Entries that gave a moment, and whose own words gave them no kind, are of that moment's kind."""
    for kind, at in (
        ("signal", None if review.occurred_is_date else review.occurred_at),
        ("detection", review.detected_at),
        ("mitigation", review.mitigated_at),
        ("resolution", review.resolved_at),
    ):
        same = [event for event in told if event.occurred_at == at]
        if len(same) == 1 and same[0].kind == "note":
            same[0].kind = kind


def _first_known(told: list[ParsedEvent], heads: list[str]) -> int | None:
    order = sorted(range(len(told)), key=lambda n: told[n].occurred_at)
    for n in order:
        if told[n].kind in ("detection", "escalation", "response") or _KNOWS.search(heads[n]):
            return n
    return None


def _began(
    told: list[ParsedEvent], heads: list[str], detected: datetime | None, facts: Iterable[Fact], review: ParsedReview
) -> int | None:
    length = _stated_length(facts, _DETECT_LABEL)
    if length is not None and detected is not None:
        by_length = [
            n for n, event in enumerate(told) if abs(detected - event.occurred_at - length) <= timedelta(minutes=1)
        ]
        if by_length:
            return by_length[0]
    named = next((n for n, head in enumerate(heads) if _BEGINS.search(head)), None)
    if named is not None and (detected is None or told[named].occurred_at <= detected):
        return named
    for n in sorted(range(len(told)), key=lambda n: told[n].occurred_at):
        if detected is not None and told[n].occurred_at > detected:
            return None
        if told[n].is_date or told[n].kind in ("detection", "escalation", "response", "communication"):
            continue
        harm, knows = _HARM.search(heads[n]), _KNOWS.search(heads[n])
        if (harm or told[n].kind == "signal") and (
            knows is None or (harm is not None and harm.start() < knows.start())
        ):
            return n
    return None


def _ended(told: list[ParsedEvent], heads: list[str], start: datetime | None, facts: Iterable[Fact]) -> datetime | None:
    closed = [
        event.occurred_at
        for event, head in zip(told, heads, strict=True)
        if event.kind == "resolution" and _CLOSED.search(head)
    ]
    if closed:
        return closed[-1]
    length = _stated_length(facts, _RECOVER_LABEL)
    if length is not None and start is not None:
        for event in told:
            if abs(event.occurred_at - start - length) <= timedelta(minutes=1):
                return event.occurred_at
    ends = [
        event.occurred_at
        for event, head in zip(told, heads, strict=True)
        if (event.kind == "resolution" or (event.kind != "escalation" and _says(_ENDS, head)))
        and not _LATER.search(head[:80])
    ]
    if ends:
        return max(ends)
    undone = [
        e.occurred_at
        for e, head in zip(told, heads, strict=True)
        if e.kind == "mitigation" and not _LATER.search(head[:80])
    ]
    return max(undone, default=None)


def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text says so, without a "not" or "until" before it."""
    return any(not _NOT_ENDED.search(text[: match.start()]) for match in pattern.finditer(text))


def _stated_length(facts: Iterable[Fact], label: re.Pattern[str]) -> timedelta | None:
    return next((length for fact in facts if label.fullmatch(fact.label) and (length := length_of(fact.value))), None)
