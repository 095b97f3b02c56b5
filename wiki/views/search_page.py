"""What the search page shows of what was found: words for counts, and an address for each change of the query."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote_plus, urlencode

from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString

from core.chips import Chip
from core.query_language import Filter, Message, Query
from wiki import facets
from wiki.filter_form import STATES
from wiki.known_values import KnownValues
from wiki.rows import Row
from wiki.search import NEWEST, RELEVANCE, Found
from wiki.views.facet_list import facet_list

TITLES = {"service": "Service", "cause": "Cause", "severity": "Severity", "quarter": "Quarter"}
_NAMES = {"is": "", "owner": "Owner", "team": "Team", "tag": "Tag", "status": "Status", "after": "After"}


@dataclass(frozen=True)
class Choice:
    """A value of a facet; `url` adds it to the query, or takes it out where it is chosen."""

    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """Values that the matches have, each with a link."""

    title: str
    choices: list[Choice]


@dataclass(frozen=True)
class Way:
    """A way on from a search that found nothing."""

    label: str
    count: str
    url: str


@dataclass(frozen=True)
class SearchPage:
    """The page, ready for its template."""

    text: str
    sort: str
    here: str
    count: str
    rows: list[Row]
    messages: list[Message]
    chips: list[Chip]
    facets: list[Facet]
    facets_note: str
    sorts: list[tuple[str, str, bool]]
    meant: list[Way]
    drops: list[Way]
    number: int
    previous: str
    next: str
    rest: str
    first: str

    @property
    def facet_list(self) -> SafeString:
        """The facets as HTML."""
        return facet_list(self.facets)


def page_of(found: Found) -> SearchPage:
    """The page of `found`. Runs no query."""
    query, counts = found.query, found.counts
    default = RELEVANCE if found.can_rank else NEWEST
    sort = found.sort if found.sort != default else ""
    suggested = found.suggestions
    ends_early = found.sort == RELEVANCE and not found.has_next and not counts.is_exact
    return SearchPage(
        text=query.text,
        sort=sort,
        here=urlencode({"q": query.text, "sort": sort}),
        count=count_in_words(counts.count, counts.is_exact),
        rows=found.rows,
        messages=found.messages,
        chips=[*_chips(query, found.known, sort)],
        facets=[facet for kind in facets.KINDS if (facet := _facet(kind, found, sort)).choices] if found.rows else [],
        facets_note="" if counts.is_exact else f"Counts of the newest {counts.count:,}.",
        sorts=_sorts(found),
        meant=[Way(text, "", address(text, sort)) for text in found.meant],
        drops=[
            Way(drop.part, count_in_words(drop.count, drop.is_exact), address(drop.query, sort))
            for drop in suggested.drops
        ],
        number=found.page,
        previous=address(query.text, sort, found.page - 1) if found.page > 1 and found.rows else "",
        next=address(query.text, sort, found.page + 1) if found.has_next else "",
        rest=address(query.text, NEWEST) if ends_early else "",
        first=address(query.text, sort),
    )


def address(text: str, sort: str = "", page: int = 1) -> str:
    """The address of a search; what is as always is left out."""
    parts = [f"q={quote_plus(text)}"] if text else []
    if sort:
        parts.append(f"sort={quote_plus(sort)}")
    if page > 1:
        parts.append(f"page={page}")
    place = _place(get_script_prefix())
    return f"{place}?{'&'.join(parts)}" if parts else place


@cache
def _place(prefix: str) -> str:
    """Where the reviews are, below what this site is served under; each of thirty links begins with it."""
    return reverse("reviews")


def count_in_words(count: int, is_exact: bool) -> str:
    """ "1 review", "17 reviews", "more than 5,000 reviews"."""
    if not is_exact:
        return f"more than {count:,} reviews"
    return "1 review" if count == 1 else f"{count:,} reviews"


def _chips(query: Query, known: KnownValues, sort: str) -> list[Chip]:
    chips = []
    for one in query.filters:
        label = _label(one, known)
        if label:
            kind = _NAMES.get(one.kind, one.kind.capitalize())
            without, turned = address(query.without(one), sort), address(query.turned(one), sort)
            chips.append(Chip(kind, label, one.negated, without, turned))
    return chips


def _label(one: Filter, known: KnownValues) -> str:
    """The value as people call it; nothing where it means nothing."""
    if one.kind == "is":
        return STATES[one.value]
    if one.kind in ("service", "team", "cause"):
        value = known.of(one)
        return ", ".join(dict.fromkeys(value.labels)) if value else ""
    if one.kind == "owner":
        value = known.of(one)
        return value.labels[0] if value else one.value
    return one.value.upper() if one.kind == "severity" else one.value


def _facet(kind: str, found: Found, sort: str) -> Facet:
    query = found.query
    chosen = {
        value: one for one in query.filters if one.kind == kind and not one.negated for value in _values(one, found)
    }
    counted = found.counts.facets[kind]
    missing = [
        facets.Value(value, _label(one, found.known), 0)
        for value, one in chosen.items()
        if value not in {counted_one.value for counted_one in counted}
    ]
    return Facet(
        TITLES[kind],
        [
            Choice(
                one.label,
                one.count,
                one.value in chosen,
                address(
                    query.without(chosen[one.value]) if one.value in chosen else query.with_filter(kind, one.value),
                    sort,
                ),
            )
            for one in [*counted, *missing]
        ],
    )


def _values(one: Filter, found: Found) -> list[str]:
    """The values of the facet that a filter chooses."""
    if one.kind not in ("service", "cause"):
        return [one.value]
    known = found.known.of(one)
    return known.slugs if known else []


def _sorts(found: Found) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the present one; nothing where there is nothing to choose."""
    if not found.can_rank or not found.rows:
        return []
    query = found.query.text
    return [
        ("Relevance", address(query), found.sort == RELEVANCE),
        ("Newest", address(query, NEWEST), found.sort == NEWEST),
    ]
