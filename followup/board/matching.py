"""From a query as understood to SQL for the items that match it: always inside what the person may see.

The SQL is written here rather than by Django, which takes longer to write it than PostgreSQL to answer. Tables stand
under their own names.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.access import takes_part_condition, visible_condition
from accounts.models import Person
from actions.models import UNFINISHED, ActionItem, ActionStatus
from core.prepared import PreparedCondition
from core.query_language import Filter, Query, Term
from followup.board.known import KnownValues
from followup.worded import names_told_condition, owner_told_condition
from incidents.models import Incident

TABLES = "actions_actionitem JOIN incidents_incident ON incidents_incident.id = actions_actionitem.incident_id"
UNFINISHED_SQL = "actions_actionitem.status = ANY(%(unfinished)s)"
OVERDUE_SQL = f"({UNFINISHED_SQL} AND actions_actionitem.due < %(today)s)"
_TITLE = "to_tsvector('english'::regconfig, COALESCE(actions_actionitem.title, ''))"  # as it is indexed
# The title as the latest version, which writes people as roles, has it.
_PUBLISHED_TITLE = """
    to_tsvector('english'::regconfig, COALESCE((
        SELECT jsonb_path_query_first(
            document, '$.actions[*] ? (@.id == $id)', jsonb_build_object('id', actions_actionitem.id)
        ) ->> 'title'
        FROM reviews_version WHERE review_id = actions_actionitem.incident_id ORDER BY number DESC LIMIT 1
    ), ''))
"""


@dataclass(frozen=True)
class Condition:
    """SQL and its values by name; equal names mean equal values in all conditions of one `Matching`."""

    sql: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Matching:
    """A query by a person on a day: which items it matches. Leaves out what could not be understood."""

    person: Person
    query: Query
    known: KnownValues
    today: date

    @property
    def condition(self) -> Condition:
        """The access rule, the words, and the filters: those of one kind mean either, each negated one excludes.

        States must all be so: "is:mine is:overdue" asks for what is both.
        """
        rule, values = self.rule("rule")
        values |= {"unfinished": list(UNFINISHED), "today": self.today, "me": self.person.pk}
        conditions, either = [rule], defaultdict(list)
        for number, one in enumerate(self.query.filters):
            meaning = self._meaning(one, f"filter{number}_")
            if meaning is None:
                continue
            values |= meaning.values
            if one.negated:
                conditions.append(f"({meaning.sql}) IS NOT TRUE")
            elif one.kind == "is":
                conditions.append(f"({meaning.sql})")
            else:
                either[one.kind].append(f"({meaning.sql})")
        conditions += [f"({' OR '.join(some)})" for some in either.values()]
        if self.query.groups:
            words = self._words()
            conditions.append(words.sql)
            values |= words.values
        return Condition(" AND ".join(conditions), values)

    def rule(self, prefix: str) -> tuple[str, dict[str, Any]]:
        """The access rule for rows of incidents, with its values by names that begin with `prefix`."""
        return _VISIBLE.sql(self._reader, prefix, person=self.person.pk)

    def takes_part(self, prefix: str) -> tuple[str, dict[str, Any]]:
        """Whether the person takes part in an incident, as a condition with its values."""
        return _TAKES_PART.sql(self._reader, prefix, person=self.person.pk)

    @property
    def owner_told(self) -> Condition:
        """Whose owner the person may know."""
        return Condition(*_OWNER_TOLD.sql(self._reader, "owner", person=self.person.pk))

    @property
    def week_ends(self) -> date:
        """The Sunday of this week."""
        return self.today + timedelta(days=6 - self.today.weekday())

    @property
    def _reader(self) -> tuple[str, bool]:
        return self.person.role, self.person.is_active

    def _words(self) -> Condition:
        told, values = _NAMES_TOLD.sql(self._reader, "names", person=self.person.pk)
        groups, number = [], 0
        for group in self.query.groups:
            parts = []
            for term in group:
                name = f"word{number}"
                number += 1
                values[name] = _text_of(term)
                parts.append(_said(term, name, told))
            groups.append(f"({' AND '.join(parts)})")
        return Condition(f"({' OR '.join(groups)})", values)

    def _meaning(self, one: Filter, name: str) -> Condition | None:
        """The condition of one filter, whose values bear names that begin with `name`; None where it means nothing."""
        known = self.known.of(one)
        ids = {f"{name}ids": known.ids} if known else {}
        match one.kind:
            case "team":
                return _has("actions_actionitem.team_id", ids, name)
            case "owner":
                return self._owned(one, ids, name)
            case "service":
                return Condition(_OF_SERVICE.format(name=name), ids) if ids else None
            case "cause":
                return self._of_cause(ids, name)
            case "status" | "kind":
                return Condition(f"actions_actionitem.{one.kind} = %({name}is)s", {f"{name}is": one.value})
            case "severity":
                value = "" if one.value == "none" else one.value
                return Condition(f"incidents_incident.severity = %({name}is)s", {f"{name}is": value})
            case "is":
                return self._state(one.value, name)
        return _days(one, name)

    def _owned(self, one: Filter, ids: dict[str, Any], name: str) -> Condition:
        """Whose items they are is told where the reader may know it."""
        if ids and not ids[f"{name}ids"]:
            return Condition("actions_actionitem.owner_id IS NULL", {})
        told = self.owner_told
        sql = f"""(
            actions_actionitem.owner_id = ANY(%({name}ids)s)
            OR actions_actionitem.owner_id IS NULL
            AND upper(actions_actionitem.owner_as_written) = upper(%({name}written)s)
        ) AND ({told.sql})"""
        return Condition(sql, {f"{name}ids": [], f"{name}written": one.value, **ids, **told.values})

    def _of_cause(self, ids: dict[str, Any], name: str) -> Condition | None:
        """Removes a factor of that category, or belongs to a review that is filed under it."""
        if not ids:
            return None
        if not ids[f"{name}ids"]:
            return Condition(f"NOT {_REMOVES.format(which='AND factor.cause_id IS NOT NULL')}", {})
        removes = _REMOVES.format(which=f"AND factor.cause_id = ANY(%({name}ids)s)")
        return Condition(f"{removes} OR {_OF_REVIEW_CAUSE.format(name=name)}", ids)

    def _state(self, state: str, name: str) -> Condition | None:
        match state:
            case "unfinished":
                return Condition(UNFINISHED_SQL, {})
            case "finished":
                return Condition(f"NOT {UNFINISHED_SQL}", {})
            case "mine":
                return Condition("actions_actionitem.owner_id = %(me)s", {})
            case "unassigned":
                return Condition(f"{UNFINISHED_SQL} AND actions_actionitem.owner_id IS NULL", {})
            case "overdue":
                return Condition(OVERDUE_SQL, {})
            case "due-this-week":
                sql = f"{UNFINISHED_SQL} AND actions_actionitem.due BETWEEN %(today)s AND %({name}sunday)s"
                return Condition(sql, {f"{name}sunday": self.week_ends})
            case "undated":
                return Condition(f"{UNFINISHED_SQL} AND actions_actionitem.due IS NULL", {})
            case "blocked":
                return self.blocked
            case "unverified":
                done = f"actions_actionitem.status = '{ActionStatus.DONE}'"
                return Condition(f"{done} AND actions_actionitem.verified_at IS NULL", {})
            case "no-factor":
                return Condition(f"NOT {_REMOVES.format(which='')}", {})
        return None

    @property
    def blocked(self) -> Condition:
        """Unfinished, and waits for an unfinished item that the person may see."""
        rule, values = self.rule("blocks")
        return Condition(
            f"""{UNFINISHED_SQL} AND EXISTS (
            SELECT FROM actions_actionitem_waits_for AS link
            JOIN actions_actionitem AS other ON other.id = link.to_actionitem_id
            JOIN incidents_incident ON incidents_incident.id = other.incident_id
            WHERE link.from_actionitem_id = actions_actionitem.id AND other.status = ANY(%(unfinished)s) AND ({rule})
        )""",
            values,
        )


_REMOVES = """EXISTS (
    SELECT FROM reviews_factor_actions AS removal JOIN reviews_factor AS factor ON factor.id = removal.factor_id
    WHERE removal.actionitem_id = actions_actionitem.id {which}
)"""
_OF_SERVICE = """actions_actionitem.incident_id IN (
    SELECT incident_id FROM incidents_incident_services WHERE service_id = ANY(%({name}ids)s)
)"""
_OF_REVIEW_CAUSE = """actions_actionitem.incident_id IN (
    SELECT review_id FROM reviews_review_causes WHERE causecategory_id = ANY(%({name}ids)s)
)"""


def _has(column: str, ids: dict[str, Any], name: str) -> Condition | None:
    """One of the keys; none at all, where the filter asks for what has none."""
    if not ids:
        return None
    if not ids[f"{name}ids"]:
        return Condition(f"{column} IS NULL", {})
    return Condition(f"{column} = ANY(%({name}ids)s)", ids)


def _days(one: Filter, name: str) -> Condition | None:
    """`after` includes the day it names, `before` ends before it: together they leave no day out or twice."""
    if one.days is None:
        return None
    first, end = f"actions_actionitem.due >= %({name}first)s", f"actions_actionitem.due < %({name}end)s"
    sql = {"after": first, "before": end.replace("end)", "first)")}.get(one.kind, f"{first} AND {end}")
    return Condition(sql, {f"{name}first": one.days.first, f"{name}end": one.days.end})


def _said(term: Term, name: str, told: str) -> str:
    """Whether a title holds a word. One that its reader does not get as it stands must hold it as they get it."""
    sought = f"phraseto_tsquery('english', %({name})s)"
    sql = f"({_TITLE} @@ {sought} AND (({told}) OR {_PUBLISHED_TITLE} @@ {sought}))"
    if term.negated:
        return f"NOT {sql}"
    return f"({sql} OR numnode({sought}) = 0)"


def _text_of(term: Term) -> str:
    """A word with a hyphen is sought as its parts, so that post-mortem finds "post mortem" as well."""
    return term.text.replace("-", " ")


def _of_reader(condition: Callable[[Person], Q], model: Any) -> PreparedCondition:
    """A condition on rows of a table that depends on who reads: the shape is the role and whether active."""

    def build(shape: tuple[str, bool], person: int) -> Any:
        role, is_active = shape
        return model._default_manager.filter(condition(Person(pk=person, role=role, is_active=is_active)))

    return PreparedCondition(build)


_VISIBLE = _of_reader(lambda reader: visible_condition(reader), Incident)
_TAKES_PART = _of_reader(lambda reader: takes_part_condition(reader, "pk"), Incident)
_OWNER_TOLD = _of_reader(owner_told_condition, ActionItem)
_NAMES_TOLD = _of_reader(names_told_condition, ActionItem)
