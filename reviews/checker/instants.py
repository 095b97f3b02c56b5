"""Instants and lengths of time in prose: whether a text says when something was, and for how long."""

import re
from datetime import date, datetime

from core.zones import zone_named
from reviews.checker.wordlists import finder

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_ZONE = r"(?:UTC|GMT|[A-Z]{2,4}T|[A-Z][a-z]{1,20} [Tt]ime|local time)"
_TIME = (
    r"(?:(?:[01]?\d|2[0-3])[:h][0-5]\d(?::[0-5]\d)?(?![\d%])|\b(?:1[0-2]|[1-9])(?:[:.][0-5]\d)? ?[ap]\.?m\b"
    r"|\b(?:noon|midnight)\b|\b[0-2]\d[0-5]\d(?= ?(?:UTC|GMT|Z\b|hours\b)))"
)
_CLOCK = rf"(?<![\d:.,/-]){_TIME}"
_DATE = (
    r"(?:\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?!:)"
    rf"|\b(?:early|mid|late|in|since|of)[ -]{_MONTH}\b(?=[ ,.;)]|$)(?! (?:have|be|not|also))|\b{_MONTH} \d{{4}}\b)"
)
_SAID_WHEN = re.compile(rf"{_DATE}|{_CLOCK}|\b{_WEEKDAY}\b", re.IGNORECASE)
_MOMENTS = re.compile(rf"{_CLOCK}|{_DATE}", re.IGNORECASE)
_TO = r"(?:[-\u2013\u2014]|(?:to|until|till|and|through)\b)"
_DAY = rf"(?:{_DATE}|\b{_WEEKDAY}\b)"
_RANGES = [
    rf"{_CLOCK}(?: ?\(?{_ZONE}\)?)?(?: on [^.;\n]{{1,30}}?)?,? ?{_TO} ?(?:\w{{1,20}} ){{0,2}}?{_TIME}",
    rf"{_DAY}(?: [a-z]{{1,12}})? ?{_TO} ?(?:\w{{1,12}} ){{0,2}}?{_DAY}",
    rf"\b\d{{1,2}}(?:st|nd|rd|th)? ?{_TO} ?(?:the )?{_DATE}",
    rf"\b\d{{1,2}} ?{_TO} ?{_TIME}",
]
_RANGE = re.compile("|".join(_RANGES), re.IGNORECASE)
RELATIVE = finder(
    "yesterday",
    "today",
    "tonight",
    "last night",
    "this (?:morning|afternoon|evening|week)",
    "last (?:week|month)",
    "recently",
    "the other day",
)

_COUNT = (
    r"(?:\d[\d,.]{0,12}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty(?:-five)?|fifty|sixty|ninety|half an?|several|a few|(?:a )?couple of)"
)
_SOME = rf"(?:{_COUNT}|an?|most of (?:an?|the)|(?:the )?(?:whole|entire)|the|another|all|some|many)"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|nights?|evenings?|afternoons?|mornings?|weekends?)"
_ABOUT = (
    r"(?:about|almost|nearly|around|roughly|approximately|over|more than|less than|just|under|at least|up to|only"
    r"|well over|a little over|the)"
)
# How often, how old, or a limit; not how long.
_OF_SOMETHING = (
    r"(?:time-?outs?|intervals?|windows?|ttl|cache|old|ago|retention|earlier|before|average|delay|limit|lag|latency"
    r"|budget|expiry|period)"
)
_LENGTHS = [
    rf"(?<!every )(?<!each )(?<!last )(?<!past )\b{_COUNT}[ -]?(?:and a half )?(?:more )?{_UNIT}\b"
    rf"(?![ -]{_OF_SOMETHING}\b)",
    r"\b\d{1,3} ?(?:h|hr|min|m|d)\b(?!/)|\b\d{1,2}h ?\d{1,2}(?:m|min)?\b",
    r"\b(?:for|lasted|lasting|took|taking|over|within|throughout|during|nearly|almost|about|around|roughly"
    rf"|approximately|duration(?: of|:)?)(?: {_ABOUT}){{0,2}} {_SOME}[ -](?:\w{{1,20}} ){{0,2}}?{_UNIT}\b",
    r"\b(?:lasted|lasting)(?: \w{1,20}){0,2} \d{1,4} ?(?:s|secs?|seconds?)\b",
    r"\b(?:overnight|all (?:day|night|morning|afternoon|evening|week(?:end)?))\b",
    r"\b(?:duration|outage|downtime|impact)(?: \w{1,20}){0,3} (?:of|was|lasted|:) ?\d{1,4} ?(?:s|secs?|seconds)\b",
    r"\bhalf[ -](?:an )?(?:hour|day)\b|\bquarter of an hour\b",
    rf"\b(?:most|much|the rest|all|half|part) of (?:\w{{1,20}} ){{0,3}}{_UNIT}\b",
    r"\b\d{1,4}[ -]seconds?[ -](?:outage|interruption|downtime)\b",
]
_LENGTH = re.compile("|".join(_LENGTHS), re.IGNORECASE)
_END = finder(
    "until",
    "till",
    "resolved",
    "recover\\w*",
    "restored",
    "mitigated",
    "fixed",
    "ended",
    "over",
    "back",
    "normal",
    "roll(?:ed)? ?back",
    "reverted",
    "complete",
    "completed",
    "stopped",
    "closed",
    "healthy",
    "working again",
    "finished",
    "cleared",
    "by",
)


def says_when(text: str) -> bool:
    """Whether there is a day or a time of day in it."""
    return _SAID_WHEN.search(text) is not None


def says_how_long(text: str) -> bool:
    """Whether it tells a length of time, or both ends of it."""
    if _LENGTH.search(text) or _RANGE.search(text):
        return True
    moments = {found[0].lower() for found in _MOMENTS.finditer(text)}
    return len(moments) > 1 and _END.search(text) is not None


def in_words(moment: datetime | date, zone: str) -> str:
    """ "14 March 2026, 12:00 UTC"."""
    if not isinstance(moment, datetime):
        return f"{moment.day} {moment:%B %Y}"
    local = moment.astimezone(zone_named(zone))
    return f"{local.day} {local:%B %Y}, {local:%H:%M} {local:%Z}"
