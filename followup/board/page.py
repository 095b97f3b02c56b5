"""What the board's page shows around its groups: chips, other dimensions, ways in, and an address for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from core.chips import Chip
from core.query_language import Filter, Message
from core.text import storable, whole_number
from followup.board.dimensions import DIMENSIONS, STATUS
from followup.board.known import KnownValues
from followup.board.reading import GROUPS, Asked, Board, Group
from followup.board.vocabulary import STATES

UNFINISHED = "is:unfinished"
WAYS_IN = {
    "Everything": "",
    "Mine": "is:mine is:unfinished",
    "Unassigned": "is:unassigned",
    "Overdue": "is:overdue",
    "Due this week": "is:due-this-week",
}
_KINDS = {"is": "", "cause": "Cause", "after": "Due from", "before": "Due before", "quarter": "Due in"}
_LONGEST = 2_100


@dataclass(frozen=True)
class Way:
    """Another board."""

    label: str
    url: str
    is_here: bool = False


@dataclass(frozen=True)
class Column:
    """A group with its addresses: `alone` shows nothing else, `more` leads on from its last card."""

    group: Group
    alone: str
    more: str
    is_current: bool
    switch: str


@dataclass(frozen=True)
class BoardPage:
    """The page, ready for its template. `here` is its own query string, without what only places a cursor."""

    board: Board
    text: str
    here: str
    columns: list[Column]
    chips: list[Chip]
    messages: list[Message]
    dimensions: list[Way]
    ways_in: list[Way]
    all_of_it: str
    change_all: str
    previous: str
    next: str
    shown_groups: str

    @property
    def has_columns(self) -> bool:
        """Whether groups stand beside each other."""
        return self.board.by.has_columns and not self.board.only


def asked_by(given: Mapping[str, str]) -> Asked:
    """What an address asks for; what it says in no known way is left out."""
    by = given.get("by", "")
    return Asked(
        text=given.get("q", "")[:_LONGEST],
        by=by if by in DIMENSIONS else STATUS.name,
        start=whole_number(given.get("from", ""), 6) or 0,
        only=storable(given.get("group", ""))[:40],
        after=given.get("after", "")[:40],
    )


def query_string(asked: Asked, **changed: str) -> str:
    """The query string of a board; what is as always is left out."""
    values = {
        "q": asked.text,
        "by": asked.by if asked.by != STATUS.name else "",
        "group": asked.only,
        "from": str(asked.start or ""),
        **changed,
    }
    return urlencode({name: value for name, value in values.items() if value})


def address(asked: Asked, **changed: str) -> str:
    """The address of a board."""
    query = query_string(asked, **changed)
    return reverse("board") + (f"?{query}" if query else "")


def page_of(board: Board, asked: Asked, column: str = "") -> BoardPage:
    """The page of `board`; `column` is the one that a narrow screen shows. Runs no query."""
    text = board.query.text
    plain = Asked(text=text, by=asked.by)
    here = Asked(text=text, by=asked.by, start=asked.start, only=asked.only)
    current = column if column in {one.key for one in board.groups} else _first_with_items(board)
    last = asked.start + len(board.groups)
    has_pages = not board.by.has_columns and not board.only
    return BoardPage(
        board=board,
        text=text,
        here=query_string(here),
        columns=[_column(one, plain, current) for one in board.groups],
        chips=[*_chips(board, here)],
        messages=board.messages,
        dimensions=[
            Way(one.label, address(Asked(_unfinished(text, one.name), one.name)), one is board.by)
            for one in DIMENSIONS.values()
        ],
        ways_in=[Way(label, address(Asked(said, asked.by)), text == said) for label, said in WAYS_IN.items()],
        all_of_it=address(plain),
        change_all=_change_all(board, here),
        previous=address(here, **{"from": str(max(asked.start - GROUPS, 0) or "")})
        if has_pages and asked.start
        else "",
        next=address(here, **{"from": str(last)}) if has_pages and last < board.all_groups else "",
        shown_groups=f"{asked.start + 1} to {last} of {board.all_groups:,}" if has_pages and last > asked.start else "",
    )


def _change_all(board: Board, here: Asked) -> str:
    """The form for all that the query asks for; nothing where it asks for nothing, or finds nothing."""
    if not board.total or board.only or not (board.query.filters or board.query.groups):
        return ""
    return f"{reverse('board-change')}?{urlencode({'q': here.text, 'back': query_string(here)})}"


def _first_with_items(board: Board) -> str:
    keys = [one.key for one in board.groups if one.total] or [one.key for one in board.groups]
    return keys[0] if keys else ""


def _unfinished(text: str, by: str) -> str:
    """Who looks at everything by status wants to see what is done; who looks at owners and dates, what is to do."""
    if by == STATUS.name:
        return "" if text == UNFINISHED else text
    return text or UNFINISHED


def _column(group: Group, plain: Asked, current: str) -> Column:
    return Column(
        group=group,
        alone=address(plain, group=group.key),
        more=address(plain, group=group.key, after=group.next) if group.next else "",
        is_current=group.key == current,
        switch=address(plain, column=group.key),
    )


def _chips(board: Board, here: Asked) -> list[Chip]:
    chips = []
    for one in board.query.filters:
        if label := _label(one, board.known):
            kind = _KINDS.get(one.kind, one.kind.capitalize())
            without, turned = board.query.without(one), board.query.turned(one)
            chips.append(Chip(kind, label, one.negated, address(here, q=without), address(here, q=turned)))
    return chips


def _label(one: Filter, known: KnownValues) -> str:
    """The value as people call it; nothing where it means nothing."""
    if one.kind == "is":
        return STATES[one.value]
    found = known.of(one)
    if found:
        return ", ".join(dict.fromkeys(found.labels))
    if one.kind in ("service", "team", "cause"):
        return ""
    if one.kind == "severity":
        return one.value.upper()
    if one.kind in ("status", "kind"):
        return one.value.replace("wont-do", "won't do").replace("-", " ").capitalize()
    return one.value
