"""From a query as understood to SQL for what matches it: always inside what the person may see, the newest first.

The SQL is written here rather than by Django, which takes longer to write it than PostgreSQL to answer.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from accounts.access import open_condition, takes_part_condition
from accounts.models import Person
from actions.models import UNFINISHED
from core.prepared import PreparedCondition
from core.query_language import Filter, Query, Term
from wiki.known_values import KnownValues
from wiki.models import Listed, SearchEntry
from wiki.recurrence import RECURRING
from wiki.searchable import searchable

# A phrase is looked for in so many of the newest reviews that hold its words; each costs as much as a match.
EXAMINED = 3_000
ALL = 10_000_000
NEWEST_FIRST = "occurred_at DESC, incident_id DESC"  # the order of the index that all bounded reads walk
_HOLDING = f"""(
    SELECT *, row_number() OVER () AS examined FROM (
        SELECT * FROM {{table}} WHERE {{conditions}} ORDER BY {NEWEST_FIRST} LIMIT %(examined)s
    ) AS holding
) AS holding"""  # noqa: S608
_SAID_BY_INDEX = ("service", "cause", "severity", "status", "after", "before", "quarter")
_HYPHENS = str.maketrans("-", " ")
_TABLES = {model._meta.db_table: model for model in (Listed, SearchEntry)}


@dataclass(frozen=True)
class Statement:
    """SQL and its values by name; equal names mean equal values in all statements of one `Matching`."""

    sql: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """What the access rule said of the person a moment ago: they see these reviews besides what is open to everyone who
    is signed in, all there are where `own` is None, or nothing, as whoever's account was closed."""

    own: tuple[int, ...] | None
    sees_any: bool = True


@dataclass(frozen=True)
class Matching:
    """A query by a person on a day: which entries it matches. Leaves out what could not be understood.

    `examined`: in how many reviews with the words of a phrase the phrase is looked for. `published_after`: only what
    was published later than that. `seen`: what may be seen, where the access rule was asked already.
    """

    person: Person
    query: Query
    known: KnownValues
    today: date
    zone: tzinfo
    examined: int = EXAMINED
    published_after: datetime | None = None
    seen: "Seen | None" = None

    @property
    def table(self) -> str:
        """The table that is read: with the vectors only where there are words, or where only that table says it."""
        return (SearchEntry if self.query.terms or self.published_after else Listed)._meta.db_table

    @property
    def question(self) -> Hashable | None:
        """All that decides what is found, but for the reader and the index; None where other tables have a say."""
        if self.published_after or any(one.kind not in _SAID_BY_INDEX for one in self.query.filters):
            return None
        filters = [
            (one.kind, one.negated, [*map(str, meaning.values.values())])
            for one in self.query.filters
            if (meaning := self._meaning(one, "")) is not None
        ]
        groups = [[(text_of(term), term.negated, _is_phrase(term)) for term in group] for group in self.query.groups]
        return repr((groups, filters, str(self.zone), self.examined))

    def newest(
        self, columns: str, most: int, *, without_kind: str = "", without: Term | Filter | None = None
    ) -> Statement:
        """The newest `most` matching entries that the person may see, with `columns`, and how many were `examined`.

        `without_kind` leaves out the filters that ask for a value of that kind (for the facet of the kind), `without`
        one part of the query (to say what it costs). Words that are all too common make an empty query, which would
        match nothing; it is left out instead.
        """
        conditions, values = self._conditions(without_kind, without)
        words = self.words(without)
        values |= words.values
        source, examined = self.table, "0"
        exact = f"(vector @@ {words.sql} OR numnode({words.sql}) = 0)" if words.sql else "true"
        loosely = self.words(without, loosely=True)
        if loosely.sql and loosely.sql != words.sql:
            conditions.append(f"(vector @@ {loosely.sql} OR numnode({loosely.sql}) = 0)")
            source = _HOLDING.format(table=self.table, conditions=" AND ".join(conditions))
            conditions, examined = [f"({exact} OR examined = %(examined)s)"], "examined"
            values["examined"] = self.examined
        else:
            conditions.append(exact)
        return Statement(
            f"SELECT {columns}, {exact} AS fits, {examined} AS examined FROM {source}"  # noqa: S608
            f" WHERE {' AND '.join(conditions)} ORDER BY {NEWEST_FIRST} LIMIT {most}",
            values,
        )

    def words(self, without: Term | Filter | None = None, *, loosely: bool = False) -> Statement:
        """The words as a query of PostgreSQL, without SQL where there are none.

        Such a query is compared with the vectors by an index; but where the words of a phrase stand in an entry, only
        the entry says. `loosely` asks for all words of a phrase anywhere, and for nothing that is excluded as a phrase.
        """
        groups, values = [], {}
        for group in self._numbered(without):
            parts = []
            for number, term in group:
                is_phrase = _is_phrase(term)
                if not (loosely and is_phrase and term.negated):
                    function = "plainto_tsquery" if loosely and is_phrase else "phraseto_tsquery"
                    parts.append(f"{'!!' * term.negated}{function}('english', %(word{number})s)")
                    values[f"word{number}"] = text_of(term)
            if not parts:
                return Statement("", {})
            groups.append(f"({' && '.join(parts)})")
        return Statement(f"({' || '.join(groups)})" if groups else "", values)

    def _numbered(self, without: Term | Filter | None) -> Iterator[list[tuple[int, Term]]]:
        """The groups of terms with a number for each term, the same whatever is left out."""
        number = 0
        for group in self.query.groups:
            kept = [(number + at, term) for at, term in enumerate(group) if term is not without]
            number += len(group)
            if kept:
                yield kept

    def _conditions(self, without_kind: str, without: Term | Filter | None) -> tuple[list[str], dict[str, Any]]:
        """The access rule and the filters: those of one kind mean either, each negated one excludes."""
        rule, values = self._rule()
        either: dict[str, list[str]] = defaultdict(list)
        conditions = [rule]
        if self.published_after:
            conditions.append("published_at > %(published_after)s")
            values["published_after"] = self.published_after
        for number, one in enumerate(self.query.filters):
            if one is without or (one.kind == without_kind and not one.negated):
                continue
            meaning = self._meaning(one, f"filter{number}")
            if meaning is None:
                continue
            values |= meaning.values
            if one.negated:
                conditions.append(f"({meaning.sql}) IS NOT TRUE")
            else:
                either[one.kind].append(f"({meaning.sql})")
        return [*conditions, *(f"({' OR '.join(some)})" for some in either.values())], values

    def _rule(self) -> tuple[str, dict[str, Any]]:
        if self.seen is None:
            return visible(self.table, self.person)
        if not self.seen.sees_any:
            return "false", {}
        if self.seen.own is None:
            return "true", {}
        sql, values = is_open_to_all(self.table)
        return f"({sql} OR incident_id = ANY (%(own)s::bigint[]))", {**values, "own": list(self.seen.own)}

    def _meaning(self, one: Filter, name: str) -> Statement | None:
        """The condition of one filter, whose values bear names that begin with `name`; None where it means nothing."""
        known = self.known.of(one)
        match one.kind:
            case "service" | "cause":
                return Statement(f"{one.kind}_ids && %({name})s::bigint[]", {name: known.ids}) if known else None
            case "team":
                return self._of_team(known.ids, known.teams, name) if known else None
            case "owner":
                return self._owned(one, known.ids if known else [], name)
            case "tag":
                return self._tagged(one, name)
            case "severity" | "status":
                return Statement(f"{one.kind} = %({name})s", {name: one.value})
            case "is":
                return self._state(one.value, name)
        return self._days(one, name)

    def _of_team(self, services: list[int], teams: list[int], name: str) -> Statement:
        action = self._has_action(f"action.team_id = ANY(%({name}teams)s)")
        sql = f"service_ids && %({name})s::bigint[] OR {action}"
        return Statement(sql, {name: services, f"{name}teams": teams})

    def _owned(self, one: Filter, ids: list[int], name: str) -> Statement:
        """Whose actions they are is told of a review that names people, to those who take part, and to the owner."""
        takes_part, values = _TAKES_PART.sql(
            (self.table, self.person.role, self.person.is_active), f"{name}part", person=self.person.pk
        )
        owned = self._has_action(
            f"action.owner_id = ANY(%({name})s) OR upper(action.owner_as_written) = upper(%({name}written)s)"
        )
        mine = self._has_action(f"action.owner_id = %({name}mine)s") if self.person.pk in ids else "false"
        values |= {name: ids, f"{name}written": one.value, f"{name}mine": self.person.pk}
        return Statement(f"({owned} AND (NOT names_as_roles OR {takes_part})) OR {mine}", values)

    def _tagged(self, one: Filter, name: str) -> Statement:
        spellings = sorted({one.value, one.value.lower(), one.value.upper(), one.value.capitalize()})
        live = f"SELECT id FROM incidents_incident WHERE tags && %({name})s::varchar[]"  # noqa: S608
        sql = f"incident_id IN ({live}) AND (tags IS NULL OR tags && %({name})s::varchar[])"
        return Statement(sql, {name: spellings})

    def _state(self, state: str, name: str) -> Statement | None:
        unfinished = f"action.status = ANY(%({name})s)"
        match state:
            case "open-actions":
                return Statement(self._has_action(unfinished), {name: list(UNFINISHED)})
            case "overdue":
                sql = self._has_action(f"{unfinished} AND action.due < %({name}today)s")
                return Statement(sql, {name: list(UNFINISHED), f"{name}today": self.today})
            case "recurring":
                rule, values = visible(Listed._meta.db_table, self.person, name)
                return Statement(RECURRING.format(rule=rule), values)
            case "unread":
                read = f"SELECT incident_id FROM wiki_reading WHERE person_id = %({name})s"  # noqa: S608
                return Statement(f"incident_id NOT IN ({read})", {name: self.person.pk})
        return None

    def _days(self, one: Filter, name: str) -> Statement | None:
        """`after` includes the day it names, `before` ends before it: together they leave no day out or twice."""
        if one.days is None:
            return None
        first, end = f"occurred_at >= %({name}first)s", f"occurred_at < %({name}end)s"
        sql = {"after": first, "before": end.replace("end)", "first)")}.get(one.kind, f"{first} AND {end}")
        return Statement(
            sql, {f"{name}first": self._midnight(one.days.first), f"{name}end": self._midnight(one.days.end)}
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def _has_action(self, condition: str) -> str:
        return (
            "EXISTS (SELECT FROM actions_actionitem AS action"
            f" WHERE action.incident_id = {self.table}.incident_id AND ({condition}))"
        )


def visible(table: str, person: Person, prefix: str = "rule") -> tuple[str, dict[str, Any]]:
    """The access rule for rows of `table`, by its own name, as a condition with its values."""
    return _VISIBLE.sql((table, person.role, person.is_active), prefix, person=person.pk)


def is_open_to_all(table: str) -> tuple[str, dict[str, Any]]:
    """The part of the rule that lets everyone see a row who is signed in."""
    return _OPEN.sql(table, "open")


def text_of(term: Term) -> str:
    """A word or phrase as the parser should see it.

    A word with a hyphen is sought as its parts, so that post-mortem finds "post mortem" as well.
    """
    text = searchable(term.text)
    return text.translate(_HYPHENS) if text.translate(_HYPHENS).replace(" ", "").isalpha() else text


def _is_phrase(term: Term) -> bool:
    return not text_of(term).strip().isalnum()


def _of_reader(condition: Callable[[Any, Person], Any]) -> PreparedCondition:
    """A condition on rows of a table that depends on who reads: the shape is table, role and whether active."""

    def build(shape: tuple[str, str, bool], person: int) -> Any:
        table, role, is_active = shape
        return condition(_TABLES[table]._default_manager.all(), Person(pk=person, role=role, is_active=is_active))

    return PreparedCondition(build)


_OPEN = PreparedCondition(lambda table: _TABLES[table]._default_manager.filter(open_condition()))
_VISIBLE = _of_reader(lambda rows, reader: rows.visible_to(reader))
_TAKES_PART = _of_reader(lambda rows, reader: rows.filter(takes_part_condition(reader, "incident")))
