"""Search as one thing, for the page and every other door: rows, count, facets, snippets and messages of a query."""

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from accounts.models import Person
from core.query_language import Message, Query, read_query
from incidents.models import Status
from wiki import facets
from wiki.catalog_names import names_of
from wiki.known_values import KnownValues, look_up
from wiki.matching import ALL, Matching, text_of
from wiki.remembered import state_for
from wiki.rows import Row, rows_with
from wiki.searchable import searchable
from wiki.spelling import readings
from wiki.suggestions import Suggestions, suggest

RELEVANCE, NEWEST = "relevance", "newest"
PER_PAGE = 20
DEEPEST = 10_000  # rows that are skipped at most; a query with dates reaches further back


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

    @property
    def meant(self) -> list[str]:
        """The query as it may have been meant, the likeliest reading first; none where all its words are known."""
        return readings(self.query, self.known.asked, self.known.spelling, found=bool(self.rows))


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

    Four queries, one more where names or words are looked up, and one less where the same was asked before and nothing
    has changed; one more where a phrase is rare, nothing is found, or one pages deep. `zone` is the reader's: dates in
    the query mean days there. An unknown `sort` means relevance where there are words, and the newest first where there
    are none.
    """
    today = now.astimezone(zone).date()
    query = read_query(text, today)
    known = look_up(query, person)
    matching = Matching(person, query, known, today, zone)
    ranked = sort != NEWEST and any(not term.negated for term in query.terms)
    start = (page - 1) * per_page
    state = state_for(person) if matching.question else None
    looked = facets.look(matching, state, ranked=ranked)
    if looked.gave_up and len(looked.keys) <= start + per_page:
        looked = facets.look(replace(matching, examined=ALL), state, ranked=ranked)
    keys = looked.keys[start : start + per_page + 1]
    if not ranked and start + per_page > facets.LOOKED_AT and start <= DEEPEST and not looked.is_exact:
        keys = facets.keys_further_down(matching, start=start, most=per_page + 1)
    numbers = looked.numbers
    names = names_of((key for key, _ in numbers["service"]), (key for key, _ in numbers["cause"]))
    counts = facets.counts_of(looked, names)
    messages = [*query.messages, *known.messages, *_honest(query)]
    suggestions = Suggestions([])
    if counts.words_ignored:
        messages.append(_ignored(query))
    if not counts.count and (query.terms or query.filters):
        suggestions = suggest(matching)
    sought = [text_of(term) for term in query.terms if not term.negated]
    return Found(
        query=query,
        known=known,
        sort=RELEVANCE if ranked else NEWEST,
        page=page,
        per_page=per_page,
        rows=rows_with(keys[:per_page], sought, state),
        has_next=len(keys) > per_page,
        counts=counts,
        messages=messages,
        suggestions=suggestions,
    )


def _honest(query: Query) -> list[Message]:
    """What a filter cannot do."""
    said = []
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
