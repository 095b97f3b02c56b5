"""Published reviews as rows of a list: home, search, and the pages of services, causes and teams."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    F,
    Func,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from actions.models import ActionItem
from catalog.models import CauseCategory, Service
from core.prepared import Prepared
from incidents.models import Incident, Status, Visibility
from wiki.models import SearchEntry
from wiki.remembered import Remembered, State
from wiki.row_html import row_html
from wiki.snippets import headline, snippet

# What a row is made of, in the order of the values that `_row` takes.
_COLUMNS = (
    "incident__number", "title", "severity", "incident__occurred_at", "incident__occurred_is_date",
    "incident__time_zone", "published_at", "duration", "service_names", "cause_names", "open_actions", "visibility",
    "status",
)  # fmt: skip

_MARKED: Remembered[dict[int, str]] = Remembered(1_000)  # for the entries of a page, what stands around the words


@dataclass(frozen=True)
class Row:
    """What a list shows of a review."""

    number: int
    title: str
    text: str
    severity: str
    began: datetime | date | None
    published_at: datetime
    duration: timedelta | None
    services: tuple[str, ...]
    causes: tuple[str, ...]
    open_actions: int
    restricted: bool
    archived: bool = False

    @property
    def url(self) -> str:
        """The address of the page."""
        return _address(self.number, self.title, get_script_prefix())

    @property
    def html(self) -> SafeString:
        """The row, in the reader's zone."""
        return row_html(self)

    @property
    def services_line(self) -> str:
        """The services, the first few by name."""
        return _first(self.services)

    @property
    def causes_line(self) -> str:
        """The cause categories, the first few by name."""
        return _first(self.causes)


def rows_of(entries: "QuerySet[SearchEntry, SearchEntry]") -> list[Row]:
    """Rows in the order of `entries`, which the caller has filtered with `visible_to`. One query."""
    return [_row(summary, *facts) for summary, *facts in with_facts(entries).values_list("summary", *_COLUMNS)]


def rows_with(keys: Sequence[int], sought: Sequence[str] = (), state: State | None = None) -> list[Row]:
    """Rows of the entries with these keys, which `visible_to` let through, in this order.

    Where words are `sought`, what stands around them takes the place of the summary; that is remembered for a `state`.
    One query, none without keys.
    """
    if not keys:
        return []
    question = (tuple(keys), tuple(sought))
    marks = _MARKED.get(state, question) if state and sought else None
    asked = {f"key{number}": key for number, key in enumerate(_padded(keys))}
    words = {f"word{number}": word for number, word in enumerate(sought)} if marks is None else {}
    found = {key: (marked, *facts) for key, marked, *facts in _BY_KEYS.rows(None, **asked, **words)}
    if marks is None:
        marks = {key: marked for key, (marked, *_) in found.items()}
        if state and sought:
            _MARKED.keep(state, question, marks)
    rows = {
        key: _row(snippet(marks.get(key, ""), summary) if sought else summary, *facts)
        for key, (_, summary, *facts) in found.items()
    }
    return [rows[key] for key in keys if key in rows]


def with_facts(entries: "QuerySet[SearchEntry]") -> "QuerySet[SearchEntry, Any]":
    """The entries with what a row shows from other tables: service_names, cause_names, open_actions."""
    unfinished = ActionItem.objects.filter(incident=OuterRef("pk")).unfinished().order_by().values("incident")
    return entries.annotate(
        service_names=_names(Service, "service_ids"),
        cause_names=_names(CauseCategory, "cause_ids"),
        open_actions=Coalesce(Subquery(unfinished.values(count=Count("pk")), output_field=IntegerField()), 0),
    )


def _names(model: type[Model], array: str) -> ArraySubquery:
    """The names of the rows whose keys are in the array, in its order."""
    named = model._default_manager.filter(_IsOneOf(F("pk"), OuterRef(array)))
    place = Func(OuterRef(array), F("pk"), function="array_position", output_field=IntegerField())
    return ArraySubquery(named.annotate(place=place).order_by("place").values("name"))


@lru_cache(maxsize=10_000)
def _address(number: int, title: str, prefix: str) -> str:
    """As `prefix` is where this site is served; making an Incident and a slug takes longer than the rest of a row."""
    return Incident(number=number, title=title).get_absolute_url()


def _first(names: Sequence[str], most: int = 2) -> str:
    """As many names as a quiet line holds."""
    rest = len(names) - most
    return f"{', '.join(names[:most])} and {rest} more" if rest > 0 else ", ".join(names)


class _IsOneOf(Func):
    """`key = ANY(array)`, which unlike other conditions with arrays uses the key's index."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _row(
    text: str,
    number: int,
    title: str,
    severity: str,
    occurred_at: datetime | None,
    occurred_is_date: bool,
    time_zone: str,
    published_at: datetime,
    duration: timedelta | None,
    services: Iterable[str],
    causes: Iterable[str],
    open_actions: int,
    visibility: str,
    status: str,
) -> Row:
    began: datetime | date | None = occurred_at
    if occurred_is_date:
        began = Incident(occurred_at=occurred_at, occurred_is_date=True, time_zone=time_zone).began
    return Row(
        number=number,
        title=title,
        text=text,
        severity=severity,
        began=began,
        published_at=published_at,
        duration=duration,
        services=tuple(services),
        causes=tuple(causes),
        open_actions=open_actions,
        restricted=visibility == Visibility.RESTRICTED,
        archived=status == Status.ARCHIVED,
    )


def _padded(keys: Sequence[int]) -> list[int]:
    """The keys, the last one repeated, so that pages of nearly the same length share one query."""
    return [*keys, *[keys[-1]] * (-len(keys) % 10)]


def _by_keys(shape: None, **places: Any) -> "QuerySet[SearchEntry, Any]":
    keys = [place for name, place in places.items() if name.startswith("key")]
    sought = [place for name, place in places.items() if name.startswith("word")]
    marked = headline(sought) if sought else Value("", output_field=TextField())
    entries = with_facts(SearchEntry.objects.filter(pk__in=keys)).annotate(marked=marked)
    return entries.values_list("pk", "marked", "summary", *_COLUMNS)


_BY_KEYS = Prepared(_by_keys)
