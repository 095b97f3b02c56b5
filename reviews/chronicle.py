"""What happened to a review, the latest first: texts, published versions, deletions, and what the audit trail says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from core.models import AuditEntry
from incidents.models import Deletion
from reviews.audited import PART_OF_KIND, PART_OF_VERB, VERBS, said_of, thing_of
from reviews.history_labels import Labels
from reviews.live.places import part_of_place
from reviews.models import Origin, Review, SectionKind, TextVersion, Version
from reviews.word_diff import amount_changed

PER_PAGE = 50
LAST_PAGE = 2_000
_PLACE = re.compile(r"section:[a-z_]{1,12}|(factor|why):[0-9]{1,18}")
_TOGETHER = timedelta(minutes=10)
_SAME_SAVE = timedelta(seconds=2)
_TEXT, _PUBLISHED, _DELETED, _AUDITED = range(4)


@dataclass(frozen=True)
class Happening:
    """One line: who did what, when. `text`, `version` or `deletion` is what it is about, where it is one of these."""

    at: datetime
    who: str
    said: str
    part: str = ""
    text: TextVersion | None = None
    version: Version | None = None
    deletion: Deletion | None = None
    label: str = ""
    things: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """What happened on one day in the reader's zone."""

    day: date
    happenings: list[Happening]


@dataclass(frozen=True)
class Page:
    """One page of the chronicle."""

    days: list[Day]
    number: int
    has_more: bool

    @property
    def newer(self) -> int:
        """The number of the page with what happened after."""
        return self.number - 1

    @property
    def older(self) -> int:
        """The number of the page with what happened before."""
        return self.number + 1


@dataclass(frozen=True)
class Choice:
    """What the list shows: all of it, one part of the editor page, or one text."""

    part: str = ""
    place: str = ""

    @property
    def texts(self) -> Q:
        """Which texts it shows."""
        if self.place:
            return Q(place=self.place)
        if self.part in SectionKind.values:
            return Q(place=f"section:{self.part}")
        beginning = {"factors": "factor:", "whys": "why:"}.get(self.part)
        if beginning:
            return Q(place__startswith=beginning)
        return Q(pk__in=[]) if self.part else Q()

    @property
    def verbs(self) -> list[str]:
        """Which audited changes it shows."""
        return [] if self.place else [verb for verb in VERBS if self.part in ("", PART_OF_VERB.get(verb))]

    @property
    def deleted(self) -> list[str]:
        """Which kinds of deletions it shows."""
        return [] if self.place else [kind for kind, part in PART_OF_KIND.items() if self.part in ("", part)]


def is_place(place: str) -> bool:
    """Whether it is written like a place of reviews.live.places."""
    return bool(_PLACE.fullmatch(place)) and (
        not place.startswith("section:") or place.removeprefix("section:") in SectionKind.values
    )


def chronicle_of(review: Review, choice: Choice, page: int) -> Page:
    """A page of what happened, published versions always among it. At most twelve queries."""
    found = _found(review, choice, (page - 1) * PER_PAGE)
    rows = found[:PER_PAGE]
    keys: dict[int, list[int]] = {kind: [pk for _, one, pk in rows if one == kind] for kind in range(4)}
    texts = texts_with_before(review).filter(pk__in=keys[_TEXT]).in_bulk()
    versions = Version.objects.select_related("published_by").defer("document").in_bulk(keys[_PUBLISHED])
    is_gone = Case(When(data__rows=[], then=True), default=False)
    deletions = Deletion.objects.select_related("deleted_by").defer("data").annotate(is_gone=is_gone)
    deletions_by_key = deletions.in_bulk(keys[_DELETED])
    entries = AuditEntry.objects.select_related("person").in_bulk(keys[_AUDITED])
    things = [thing for entry in entries.values() if (thing := thing_of(entry)) is not None]
    labels = Labels.of(review, [text.place for text in texts.values()], things)
    happenings: list[Happening] = []
    told = {(text.place, text.saved_at) for text in texts.values()}
    for _, kind, pk in rows:
        if kind == _TEXT:
            happenings.append(_text(texts[pk], labels))
        elif kind == _PUBLISHED:
            happenings.append(_published(versions[pk]))
        elif kind == _DELETED:
            happenings.append(_deleted(deletions_by_key[pk]))
        elif not _told_by_text(entries[pk], told):
            happenings.append(_audited(entries[pk], labels))
    return Page(_by_day(_joined(happenings)), page, len(found) > PER_PAGE)


def texts_with_before(review: Review) -> "QuerySet[TextVersion]":
    """The review's text versions with their writers and, as `before`, the text of the version before (None: none)."""
    earlier = TextVersion.objects.filter(review=OuterRef("review"), place=OuterRef("place")).filter(
        Q(saved_at__lt=OuterRef("saved_at")) | Q(saved_at=OuterRef("saved_at"), pk__lt=OuterRef("pk"))
    )
    return review.text_versions.annotate(
        before=Subquery(earlier.values("text")[:1]), before_pk=Subquery(earlier.values("pk")[:1])
    ).prefetch_related("people")


def writers_of(text: TextVersion) -> str:
    """Its writers: "Lee", "Lee and Ada", "Lee, Ada and Sam"."""
    return _names([str(person) for person in text.people.all()])


def amount_in_words(text: Any) -> str:
    """How much a version changed: "12 words added, 3 removed"."""
    if text.before is None:
        count = len(text.text.split())
        return f"{_words(count)} to begin with"
    added, removed = amount_changed(text.before, text.text)
    if added and removed:
        return f"{_words(added)} added, {removed:,} removed"
    if added or removed:
        return f"{_words(added or removed)} {'added' if added else 'removed'}"
    return "moved or set in another way" if text.before != text.text else "nothing in the end"


def _found(review: Review, choice: Choice, start: int) -> list[tuple[datetime, int, int]]:
    """When, which kind and the key of what happened, one more than a page holds. One query."""
    number = review.incident.number
    audited = Q(subject=f"incident {number}", verb__in=choice.verbs)
    if not choice.part and not choice.place:
        audited |= Q(subject=f"review {number}", verb="import")

    def keyed(rows: Any, kind: int, at: str) -> Any:
        return rows.order_by().annotate(when=F(at), what=Value(kind)).values_list("when", "what", "pk")

    texts = keyed(review.text_versions.filter(choice.texts), _TEXT, "saved_at")
    rows = texts.union(
        keyed(review.versions.all(), _PUBLISHED, "published_at"),
        keyed(Deletion.objects.filter(incident=review.pk, kind__in=choice.deleted or [""]), _DELETED, "deleted_at"),
        keyed(AuditEntry.objects.filter(audited), _AUDITED, "at"),
        all=True,
    )
    return list(rows.order_by("-when", "-what", "-pk")[start : start + PER_PAGE + 1])


def _text(text: Any, labels: Labels) -> Happening:
    said = {Origin.RESTORED: "restored an earlier text", Origin.IMPORTED: "imported it"}.get(text.origin, "")
    who = writers_of(text)
    if not who and not said:
        said = "stood there before"
    amount = amount_in_words(text)
    return Happening(
        text.saved_at,
        who,
        f"{said}, {amount}" if said else amount,
        part=part_of_place(text.place),
        text=text,
        label=labels.of_place(text.place),
    )


def _published(version: Version) -> Happening:
    who = str(version.published_by) if version.published_by else ""
    return Happening(version.published_at, who, version.note, version=version)


def _deleted(deletion: Deletion) -> Happening:
    said = f"deleted the {deletion.kind}"
    return Happening(deletion.deleted_at, str(deletion.deleted_by), said, deletion=deletion, things=[deletion.label])


def _audited(entry: AuditEntry, labels: Labels) -> Happening:
    thing = thing_of(entry)
    label = labels.of_thing(thing) if thing else ""
    return Happening(
        entry.at,
        str(entry.person) if entry.person else "",
        said_of(entry),
        part=PART_OF_VERB.get(entry.verb, ""),
        things=[label] if label else [],
    )


def _told_by_text(entry: AuditEntry, told: set[tuple[str, datetime]]) -> bool:
    """Whether a text version says the same: a factor or an answer was saved in one go with its text."""
    thing = thing_of(entry)
    if thing is None or entry.verb not in ("add-factor", "change-factor", "change-why"):
        return False
    return any(place == f"{thing[0]}:{thing[1]}" and abs(at - entry.at) < _SAME_SAVE for place, at in told)


def _joined(happenings: Iterable[Happening]) -> list[Happening]:
    """What one person did several times in a row to things of one kind, as one line."""
    joined: list[Happening] = []
    for one in happenings:
        last = joined[-1] if joined else None
        if last and one.things and not one.deletion and _is_alike(last, one):
            things = [*last.things, *(thing for thing in one.things if thing not in last.things)]
            joined[-1] = Happening(last.at, last.who, last.said, part=last.part, things=things)
        elif last and one == Happening(one.at, last.who, last.said, part=last.part, things=last.things):
            continue
        else:
            joined.append(one)
    return joined


def _is_alike(last: Happening, one: Happening) -> bool:
    return (
        not last.deletion
        and (last.who, last.said, last.part) == (one.who, one.said, one.part)
        and last.at - one.at < _TOGETHER
        and timezone.localtime(last.at).date() == timezone.localtime(one.at).date()
    )


def _by_day(happenings: Iterable[Happening]) -> list[Day]:
    days: list[Day] = []
    for one in happenings:
        day = timezone.localtime(one.at).date()
        if not days or days[-1].day != day:
            days.append(Day(day, []))
        days[-1].happenings.append(one)
    return days


def _names(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _words(count: int) -> str:
    return f"{count:,} word{'' if count == 1 else 's'}"
