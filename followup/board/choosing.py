"""The items that someone chose to change: by their marks, or all that a query matches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.models import Person
from actions.bulk import MOST, Meanwhile, NothingChanged
from actions.models import ActionItem
from actions.seen import Seen
from core.query_language import read_query
from followup.board.cards import Card, cards_of
from followup.board.known import look_up
from followup.board.matching import TABLES, Matching
from followup.board.vocabulary import BOARD

SHOWN = 200  # chosen items that are listed each with a mark of its own


@dataclass(frozen=True)
class Chosen:
    """One item as it stands now, with what was seen of it. `trouble` says why it stopped the change, if it did."""

    card: Card
    seen: str
    trouble: str = ""


@dataclass(frozen=True)
class Choice:
    """What was chosen; `gone` of them are not there, or not for the person; `too_many` says how many matched."""

    items: list[Chosen]
    gone: int = 0
    too_many: int = 0

    @property
    def listed(self) -> list[Chosen]:
        """Those that are shown, those in trouble first."""
        return sorted(self.items, key=lambda one: not one.trouble)[:SHOWN]

    @property
    def unlisted(self) -> list[Chosen]:
        """Those that go along unseen."""
        return sorted(self.items, key=lambda one: not one.trouble)[SHOWN:]


def read_marks(marks: Iterable[str]) -> list[Seen]:
    """What a form brings back of the items that were chosen, each once."""
    found = {one.pk: one for mark in marks if (one := Seen.read(mark)) is not None}
    return [*found.values()]


def chosen(person: Person, seen: list[Seen], today: date, stopped: NothingChanged | None = None) -> Choice:
    """The items by their marks. Where a change was `stopped`, the marks say what is so now. Three queries."""
    wanted = {one.pk: one for one in seen}
    visible = list(ActionItem.objects.visible_to(person).filter(pk__in=wanted).order_by().values_list("pk", flat=True))
    cards = cards_of(person, visible, Matching(person, read_query("", today, BOARD), look_up(_NOTHING, person), today))
    trouble = _trouble(stopped, cards) if stopped else {}
    items = [
        Chosen(cards[pk], cards[pk].seen if stopped else _mark(wanted[pk], cards[pk]), trouble.get(pk, ""))
        for pk in wanted
        if pk in cards
    ]
    return Choice(items, gone=len(wanted) - len(items))


def all_matching(person: Person, text: str, today: date) -> Choice:
    """All items that a query matches and that the person may change; none of them where they are too many."""
    query = read_query(text, today, BOARD)
    matching = Matching(person, query, look_up(query, person), today)
    condition = matching.condition
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT actions_actionitem.id FROM {TABLES} WHERE {condition.sql} LIMIT %(most)s",  # noqa: S608
            {**condition.values, "most": MOST + 1},
        )
        keys = [key for (key,) in cursor.fetchall()]
    if len(keys) > MOST:
        return Choice([], too_many=len(keys))
    cards = cards_of(person, keys, matching)
    ordered = sorted(cards.values(), key=lambda one: (one.is_finished, one.due or date.max, one.pk))
    return Choice([Chosen(one, one.seen) for one in ordered if one.may_change])


def _mark(seen: Seen, card: Card) -> str:
    """What was seen; what is so now, where nothing was."""
    return card.seen if seen.status is None else seen.written


def _trouble(stopped: NothingChanged, cards: dict[int, Card]) -> dict[int, str]:
    said = {one.action.pk: _meanwhile(one, cards[one.action.pk]) for one in stopped.meanwhile if one.action.pk in cards}
    said |= {one.pk: "is not yours to change" for one in stopped.not_theirs}
    return said | {one.pk: "belongs to an archived review, which stays as it is" for one in stopped.archived}


def _meanwhile(one: Meanwhile, card: Card) -> str:
    """What is so now, and who made it so where the reader may know."""
    now = {
        "status": f"is “{card.status_label}” now",
        "due": f"is due {card.due.day} {card.due:%b %Y} now" if card.due else "has no due date now",
        "owner": f"belongs to {card.owner} now" if card.owner else "belongs to nobody now",
        "team": f"belongs to the team {card.team} now" if card.team else "belongs to no team now",
    }
    facts = " and ".join(now[name] for name in one.fields)
    who = f": {one.last.by} changed it" if one.last and one.last.by and card.tells_names else ""
    return facts + who


_NOTHING = read_query("", date(2000, 1, 1), BOARD)
