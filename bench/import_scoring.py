"""Judges one answer of `import_reviews --json` against a label of bench/truth/ (rules in bench/truth/README.md)."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

INSTANTS = ["occurred_at", "detected_at", "mitigated_at", "resolved_at"]
FIELDS = ["title", *INSTANTS, "zone", "services", "causes", "timeline_events", "action_items"]

LEADING_DATE = re.compile(
    r"(?:incident (?:report )?(?:on |for )?)?"
    r"(?:\d{4} \d{1,2} \d{1,2}|(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december) \d{1,2} \d{4}) (?=\S)"
)


class Verdict(StrEnum):
    """Right, wrong and missed where the text states the field; rightly empty and invented where it does not."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    EMPTY = "empty"
    INVENTED = "invented"


def judge(label: dict[str, Any], answer: dict[str, Any]) -> dict[str, Verdict]:
    """A verdict for each field; a title is left out where the text has none. No answer at all is `{}`."""
    verdicts = {}
    for field in FIELDS:
        stated, accepted = label[field], label.get("also_right", {}).get(field, [])
        given = answer.get(field)
        if field in INSTANTS:
            verdicts[field] = _judge_moment(stated, accepted, given, _zone(label["zone"]))
        elif field == "zone":
            verdicts[field] = _judge_zone(stated, given, answer.get("occurred_at"))
        elif field in {"services", "causes"}:
            verdicts[field] = _judge_names(stated, accepted, given or [])
        elif field != "title":
            verdicts[field] = _judge_one(stated, accepted, given or None, lambda form, value: (form or None) == value)
        elif stated is not None:
            verdicts[field] = _judge_one(stated, accepted, given or None, _same_title)
    return verdicts


def _judge_one(stated: Any, accepted: list[Any], given: Any, same: Callable[[Any, Any], bool]) -> Verdict:
    agrees = any(same(form, given) for form in [stated, *accepted])
    if stated is None:
        return Verdict.EMPTY if agrees or given is None else Verdict.INVENTED
    if agrees:
        return Verdict.RIGHT
    return Verdict.MISSED if given is None else Verdict.WRONG


def _judge_moment(stated: Any, accepted: list[Any], given: str | None, zone: tzinfo) -> Verdict:
    verdict = _judge_one(stated, accepted, given, lambda form, value: _same_moment(form, value, zone))
    if verdict is Verdict.WRONG and _only_less_exact(stated, given, zone):
        return Verdict.MISSED
    return verdict


def _judge_zone(stated: str | None, given: str | None, began: str | None) -> Verdict:
    """By its offset when the incident began. Where none is stated the importer keeps UTC, as it has to keep one."""
    at = datetime.combine(_read(began or "2021-03-01"), datetime.min.time(), UTC)
    offsets = [at.astimezone(_zone(zone)).utcoffset() for zone in (stated, given)]
    if stated is None:
        return Verdict.EMPTY if given in (None, "UTC") else Verdict.INVENTED
    if given is None:
        return Verdict.MISSED
    return Verdict.RIGHT if offsets[0] == offsets[1] else Verdict.WRONG


def _judge_names(stated: list[Any] | None, accepted: list[str], given: list[str]) -> Verdict:
    required = {slug(name) for name in _flat(stated or [])}
    allowed = required | {slug(name) for name in accepted}
    returned = {slug(name) for name in given}
    if stated is None:
        return Verdict.EMPTY if returned <= allowed else Verdict.INVENTED
    if not returned:
        return Verdict.MISSED
    return Verdict.RIGHT if returned <= allowed and returned & required else Verdict.WRONG


def _flat(names: list[Any]) -> Iterable[str]:
    for name in names:
        yield from name if isinstance(name, list) else [name]


def slug(name: str) -> str:
    """Lower case, letters and digits, one hyphen between."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def _same_title(form: str | None, given: str | None) -> bool:
    """Words alone count: markup, punctuation and case do not, nor does a date in front."""
    if form is None or given is None:
        return form == given
    words, answered = slug(form).replace("-", " "), slug(given).replace("-", " ")
    return answered in {words, LEADING_DATE.sub("", words, count=1)} or words == LEADING_DATE.sub("", answered, count=1)


def _same_moment(form: Any, given: str | None, zone: tzinfo) -> bool:
    """To the minute; where only a day is stated, a moment on that day in the text's zone or as it is written."""
    if form is None or given is None:
        return form == given
    expected, answered = _read(form), _read(given)
    if isinstance(expected, datetime):
        return isinstance(answered, datetime) and _minute(expected) == _minute(answered)
    if isinstance(answered, datetime):
        return expected in {answered.astimezone(zone).date(), answered.date()}
    return expected == answered


def _only_less_exact(stated: Any, given: str | None, zone: tzinfo) -> bool:
    """The right day for a stated moment: less than the text says, but not wrong."""
    if stated is None or given is None:
        return False
    expected, answered = _read(stated), _read(given)
    if isinstance(answered, datetime) or not isinstance(expected, datetime):
        return False
    return answered in {expected.astimezone(zone).date(), expected.date()}


def _read(form: Any) -> date | datetime:
    """A day, or an instant; without an offset it is taken for UTC."""
    text = form.isoformat() if isinstance(form, date) else str(form)
    if len(text) == len("2021-03-31"):
        return date.fromisoformat(text)
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _minute(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def _zone(name: str | None) -> tzinfo:
    """An IANA name or an offset such as "-07:00"; UTC when the text states none."""
    if name is None:
        return UTC
    if name[0] in "+-":
        hours, minutes = name[1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if name[0] == "-" else offset)
    return ZoneInfo(name)
