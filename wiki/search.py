"""Search as one thing, for the page and every other door: rows, count, facets, snippets and messages of a query."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F, QuerySet, TextField, Value

from accounts.models import Person
from incidents.models import Status
from wiki import facets
from wiki.known_values import KnownValues, look_up
from wiki.matching import Matching, newest_first
from wiki.models import SearchEntry
from wiki.query_language import Message, Query, read_query
from wiki.rows import Row, rows_of, with_facts
from wiki.searchable import searchable
from wiki.snippets import headline, snippet
from wiki.suggestions import Suggestions, suggest

RELEVANCE, NEWEST = "relevance", "newest"
PER_PAGE = 20
RANKED = 2_000  # the newest matches that are ranked; the rest is found by sorting by date
DEEPEST = 10_000  # rows that are skipped at most; a query with dates reaches further back
LENGTH_COUNTS = 1  # divide a rank by 1 + the logarithm of the document's length


@dataclass(frozen=True)
class Found:
    """What a search gives back. `suggestions` only where nothing was found."""

    query: Query
    known: KnownValues
    sort: str
    page: int
    per_page: int
    rows: list[Row]
    has_next: bool
    counts: facets.Counts
    messages: list[Message]
    suggestions: Suggestions = field(default_factory=lambda: Suggestions([]))

    @property
    def can_rank(self) -> bool:
        """Whether there is a word to rank by."""
        return any(not term.negated for term in self.query.terms)


def find(
    person: Person,
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    sort: str = "",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Found:
    """Page `page` of the published reviews that match `text` and that `person` may see.

    Three queries at most, two where no filter names anything. `zone` is the reader's: dates in the query mean days
    there. An unknown `sort` means relevance where there are words, and the newest first where there are none.
    """
    today = now.astimezone(zone).date()
    query = read_query(text, today)
    known = look_up(query, person)
    matching = Matching(person, query, known, today, zone)
    ranked = sort != NEWEST and any(not term.negated for term in query.terms)
    rows = _rows(matching, ranked, (page - 1) * per_page, per_page + 1)
    messages = [*query.messages, *known.messages, *_honest(query)]
    counts, suggestions = facets.NOTHING, Suggestions([])
    if rows or page > 1 or not (query.terms or query.filters):
        counts = facets.count(matching)
        if counts.words_ignored:
            messages.append(_ignored(query))
    else:
        suggestions = suggest(matching)
    return Found(
        query=query,
        known=known,
        sort=RELEVANCE if ranked else NEWEST,
        page=page,
        per_page=per_page,
        rows=rows[:per_page],
        has_next=len(rows) > per_page,
        counts=counts,
        messages=messages,
        suggestions=suggestions,
    )


def _rows(matching: Matching, ranked: bool, start: int, most: int) -> list[Row]:
    """The rows from `start` on. One query, none beyond the deepest."""
    if start > (RANKED if ranked else DEEPEST):
        return []
    entries = matching.entries()
    words, sought = matching.words(), matching.sought()
    order: list[Any] = [F("occurred_at").desc(), F("incident").desc()]
    if ranked and words is not None:
        rank = SearchRank(F("vector"), words, normalization=Value(LENGTH_COUNTS))
        entries = SearchEntry.objects.filter(pk__in=newest_first(entries).values("pk")[:RANKED])
        order.insert(0, rank.desc())
    keys = entries.order_by(*order).values("pk")[start : start + most]
    # What is dear to make is made only for the rows of the page.
    shown: QuerySet[SearchEntry, Any] = with_facts(SearchEntry.objects.filter(pk__in=keys))
    shown = shown.select_related("incident").defer("vector", "body").order_by(*order)
    marked = Value("", output_field=TextField()) if sought is None else headline(sought)
    listed = list(shown.annotate(marked=marked))
    return rows_of(listed, {one.pk: snippet(one.marked, one.summary) for one in listed})


def _honest(query: Query) -> list[Message]:
    """What a filter cannot do, or not yet."""
    said = []
    if any((one.kind, one.value) == ("is", "unread") for one in query.filters):
        said.append(Message("What you have read is not kept track of yet, so “is:unread” was left out.", "is:unread"))
    unpublished = {Status.DRAFT, Status.IN_REVIEW}
    if any(one.kind == "status" and one.value in unpublished and not one.negated for one in query.filters):
        said.append(Message("Only published reviews are searched. Yours that are not published are under Drafts."))
    return said


def _ignored(query: Query) -> Message:
    words = [term for term in query.terms if any(sign.isalnum() for sign in searchable(term.text))]
    if not words:
        return Message(f"“{query.terms[0].text[:60]}” holds no word to search for and was left out.")
    listed = ", ".join(f"“{term.text[:60]}”" for term in words[:5])
    return Message(f"{listed}: too common to search for, and left out.")
