"""From loose data of a file to values that can be stored; the first thing that is wrong is told, and where."""

import uuid
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from actions.models import ActionKind, ActionStatus
from core.safe_html import safe_address
from core.text import storable
from core.zones import validate_zone
from incidents.models import DetectedBy, ParticipantRole, Severity, Status, Visibility
from reviews.importing.document import UnreadableDocument
from reviews.models import SectionKind
from reviews.portable.gathering import FORM, MILESTONES, Document
from timeline.models import EventKind

_MOST = 20_000  # of one kind in a review
_LONGEST = 2_000_000


class _Wrong(Exception):
    """Something in the file is not what it should be; the message says what."""


def checked(loose: Document, name: str) -> Document:
    """The document with instants and days as such. UnreadableDocument for what cannot be stored."""
    form = loose.get("debrief")
    if not isinstance(form, int) or isinstance(form, bool) or form < 1:
        raise UnreadableDocument(f"{name} is not a review that Debrief exported.")
    if form > FORM:
        raise UnreadableDocument(f"{name} comes from a newer Debrief. Upgrade this one first.")
    try:
        return _document(_Values(loose, "the review"))
    except _Wrong as problem:
        raise UnreadableDocument(f"{name} cannot be read back: {problem}.") from None


class _Values:
    """The values of one part, `called` as messages name it."""

    def __init__(self, values: Any, called: str) -> None:
        if not isinstance(values, dict):
            raise _Wrong(f"{called} is not a group of values")
        self.values, self.called = values, called

    def text(self, key: str, longest: int = _LONGEST, *, required: bool = False) -> str:
        value = self.values.get(key) or ""
        if not isinstance(value, str):
            raise self.wrong(key, "is not text")
        if len(value) > longest:
            raise self.wrong(key, f"has more than {longest:,} characters")
        if required and not value.strip():
            raise self.wrong(key, "is missing")
        return storable(value)

    def choice(self, key: str, known: Any, usual: str | None = None) -> str:
        value = self.values.get(key, usual)
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key, f"is none of {', '.join(one for one in known if one)}")
        return value

    def number(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**53:
            raise self.wrong(key, "is not a number from 1 up")
        return value

    def numbers(self, key: str) -> list[int]:
        found = self.many(key)
        if not all(isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**53 for one in found):
            raise self.wrong(key, "is not a list of numbers")
        return list(dict.fromkeys(found))

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def moment(self, key: str) -> datetime | None:
        value = self.values.get(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.wrong(key, "is not a time as 2026-03-14T09:30:00Z") from None
        if moment.tzinfo is None or not 1 < moment.year < 9999:
            raise self.wrong(key, "has no time zone" if moment.tzinfo is None else "lies outside the calendar")
        return moment

    def day(self, key: str) -> date | None:
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.wrong(key, "is not a day as 2026-03-14") from None

    def zone(self, key: str) -> str:
        value = self.text(key, 60) or "UTC"
        try:
            validate_zone(value)
        except ValidationError:
            raise self.wrong(key, "is not a time zone") from None
        return value

    def address(self, key: str) -> str:
        value = self.text(key, 500).strip()
        if value and safe_address(value) is None:
            raise self.wrong(key, "is not a web address")
        return value

    def many(self, key: str) -> list[Any]:
        value = self.values.get(key) or []
        if not isinstance(value, list) or len(value) > _MOST:
            raise self.wrong(key, f"is not a list of at most {_MOST:,}")
        return value

    def texts(self, key: str, longest: int) -> list[str]:
        return [_Values({key: one}, self.called).text(key, longest) for one in self.many(key) if one]

    def parts(self, key: str, called: str) -> list["_Values"]:
        return [_Values(one, f"{called} {number}") for number, one in enumerate(self.many(key), 1)]

    def group(self, key: str) -> "_Values":
        return _Values(self.values.get(key) or {}, f"“{key}”")

    def named(self, key: str) -> dict[str, str] | None:
        return _named(self.group(key)) if self.values.get(key) else None

    def wrong(self, key: str, what: str) -> _Wrong:
        return _Wrong(f"“{key}” of {self.called} {what}")


def _document(of: _Values) -> Document:
    occurred_at = of.moment("occurred_at")
    sections = of.group("sections")
    stated, readers = of.group("stated"), of.group("readers")
    return {
        "number": of.number("number"),
        "title": " ".join(of.text("title", 200, required=True).split()),
        "status": of.choice("status", Status.values, Status.DRAFT),
        "visibility": of.choice("visibility", Visibility.values, Visibility.INTERNAL),
        "severity": of.choice("severity", ["", *Severity.values], ""),
        "detected_by": of.choice("detected_by", ["", *DetectedBy.values], ""),
        "recorded_at": of.moment("recorded_at"),
        "published_at": of.moment("published_at"),
        "note": of.text("note", 300),
        "names_as_roles": of.flag("names_as_roles"),
        "template": of.text("template", 60),
        "occurred_at": occurred_at,
        "occurred_is_date": occurred_at is not None and of.flag("occurred_is_date"),
        "time_zone": of.zone("time_zone"),
        "stated": {name: at for name in MILESTONES if (at := stated.moment(name))},
        "tags": of.texts("tags", 60),
        "authors": of.texts("authors", 200),
        "readers": {"people": readers.texts("people", 150), "teams": readers.texts("teams", 80)},
        "people": [_person(one) for one in of.parts("people", "person")],
        "services": [_named(one) for one in of.parts("services", "service")],
        "causes": [_named(one) for one in of.parts("causes", "cause")],
        "recurrence_of": of.numbers("recurrence_of"),
        "sections": {kind: _section(sections, kind) for kind in SectionKind.values if sections.values.get(kind)},
        "events": [_event(one) for one in of.parts("events", "event")],
        "whys": _whys(of),
        "factors": [_factor(one) for one in of.parts("factors", "factor")],
        "actions": [_action(one) for one in of.parts("actions", "action")],
        "attachments": [_attachment(one) for one in of.parts("attachments", "attachment")],
    }


def _section(sections: _Values, kind: str) -> str:
    return _Values(sections.values[kind], f"section {kind}").text("text")


def _person(one: _Values) -> dict[str, str]:
    return {
        "name": one.text("name", 150),
        "username": one.text("username", 150),
        "role": one.choice("role", ParticipantRole.values),
    }


def _named(one: _Values) -> dict[str, str]:
    name = " ".join(one.text("name", 120, required=True).split())
    slug = one.text("slug", 80, required=True)
    if not slug.isascii() or not slug.replace("-", "").replace("_", "").isalnum():
        raise one.wrong("slug", "is not a name of letters, digits and hyphens")
    return {"slug": slug, "name": name}


def _event(one: _Values) -> Document:
    at = one.moment("at")
    if at is None:
        raise one.wrong("at", "is missing")
    return {
        "id": one.number("id"),
        "at": at,
        "zone": one.zone("zone"),
        "kind": one.choice("kind", EventKind.values, EventKind.NOTE),
        "text": one.text("text", required=True),
        "written_as": one.text("written_as", 80),
        "source_url": one.address("source_url"),
        "perspectives": [_perspective(seen) for seen in one.parts("perspectives", f"{one.called}, perspective")],
    }


def _perspective(one: _Values) -> dict[str, str]:
    seen = {"who": one.text("who", 120, required=True), "known": one.text("known"), "sense": one.text("sense")}
    if not seen["known"] and not seen["sense"]:
        raise one.wrong("known", "is missing")
    return seen


def _whys(of: _Values) -> list[Document]:
    roots: list[Document] = []
    waiting = [(one, roots) for one in reversed(of.parts("whys", "why"))]
    count = 0
    while waiting:
        one, beside = waiting.pop()
        count += 1
        if count > _MOST:
            raise of.wrong("whys", f"are more than {_MOST:,}")
        below: list[Document] = []
        beside.append(
            {
                "id": one.number("id"),
                "question": one.text("question", 500, required=True),
                "answer": one.text("answer"),
                "is_root_cause": one.flag("is_root_cause"),
                "cause": one.named("cause"),
                "evidence": [_proof(proof) for proof in one.parts("evidence", f"{one.called}, evidence")],
                "children": below,
            }
        )
        waiting.extend((child, below) for child in reversed(one.parts("children", f"{one.called}, below it")))
    return roots


def _proof(one: _Values) -> Document:
    event, url = one.number("event"), one.address("url")
    if bool(event) == bool(url):
        raise one.wrong("event", "or “url” has to be given, and only one of them")
    return {"event": event, "url": url, "label": one.text("label", 200) if url else ""}


def _factor(one: _Values) -> Document:
    return {
        "text": one.text("text", required=True),
        "cause": one.named("cause"),
        "why": one.number("why"),
        "actions": one.numbers("actions"),
    }


def _action(one: _Values) -> Document:
    status = one.choice("status", ActionStatus.values, ActionStatus.OPEN)
    return {
        "id": one.number("id"),
        "title": one.text("title", 300, required=True),
        "done_when": one.text("done_when"),
        "details": one.text("details"),
        "kind": one.choice("kind", ActionKind.values, ActionKind.PREVENT),
        "owner": one.text("owner", 120),
        "team": one.text("team", 120),
        "due": one.day("due"),
        "status": status,
        "done_at": one.moment("done_at") if status == ActionStatus.DONE else None,
        "reason": one.text("reason", required=status == ActionStatus.WONT_DO),
        "tracker_url": one.address("tracker_url"),
        "evidence": one.text("evidence"),
        "verified_by": one.text("verified_by", 150) if status == ActionStatus.DONE else "",
        "verified_at": one.moment("verified_at") if status == ActionStatus.DONE else None,
        "split_from": one.number("split_from"),
        "merged_into": one.number("merged_into") if status == ActionStatus.WONT_DO else None,
        "waits_for": one.numbers("waits_for"),
        "moved_due": [_moved(moved) for moved in one.parts("moved_due", f"{one.called}, moved day")],
    }


def _moved(one: _Values) -> Document:
    at, before = one.moment("at"), one.day("from")
    if at is None or before is None:
        raise one.wrong("at" if at is None else "from", "is missing")
    return {"at": at, "from": before, "to": one.day("to"), "why": one.text("why"), "by": one.text("by", 150)}


def _attachment(one: _Values) -> dict[str, Any]:
    try:
        key = uuid.UUID(one.text("id", 36))
    except ValueError:
        raise one.wrong("id", "is not the key of a file") from None
    return {"id": key, "name": one.text("name", 200, required=True), "path": one.text("path", 300)}
