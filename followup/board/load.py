"""Who has how much to do: unassigned, overdue and due this week, for each person and each team."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

from accounts.access import may_write
from accounts.models import Person
from actions.models import ActionStatus
from catalog.models import Team
from core.query_language import Message, Query, read_query, written_filter
from followup.board.dimensions import NOBODY, OWNER, ROLE
from followup.board.known import look_up
from followup.board.matching import OVERDUE_SQL, TABLES, UNFINISHED_SQL, Matching
from followup.board.vocabulary import BOARD, NONE

MOST = 200  # people and teams that are listed

_COUNTED = """
    WITH matching AS MATERIALIZED (
        SELECT {owner} AS owner, COALESCE(actions_actionitem.team_id::text, '{nobody}') AS team,
            actions_actionitem.status = 'in-progress' AS under_way, {overdue} AS overdue,
            actions_actionitem.due BETWEEN %(today)s AND %(sunday)s AS this_week,
            actions_actionitem.due IS NULL AS undated
        FROM {tables} WHERE {condition} AND {unfinished}
    ), counted AS (
        SELECT CASE WHEN GROUPING(owner) = 0 THEN 'person' WHEN GROUPING(team) = 0 THEN 'team' ELSE 'all' END AS kind,
            COALESCE(owner, team, '') AS key, count(*) AS unfinished, count(*) FILTER (WHERE under_way) AS under_way,
            count(*) FILTER (WHERE overdue) AS overdue, count(*) FILTER (WHERE this_week) AS this_week,
            count(*) FILTER (WHERE undated) AS undated
        FROM matching GROUP BY GROUPING SETS ((owner), (team), ())
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY kind ORDER BY key <> '{nobody}', unfinished DESC, key) AS rank
        FROM counted
    )
    SELECT kind, key, COALESCE(NULLIF(person.name, ''), person.username, team.name, ''),
        COALESCE(person.username, team.slug, ''), unfinished, under_way, overdue, this_week, undated
    FROM ranked
    LEFT JOIN accounts_person AS person ON kind = 'person' AND person.id::text = key
    LEFT JOIN catalog_team AS team ON kind = 'team' AND team.id::text = key
    WHERE rank <= %(most)s ORDER BY kind, rank
"""


@dataclass(frozen=True)
class Line:
    """How much one person or team has to do; `query` is the board of it, empty where there is none, and `begun` that
    of what is in progress. `value` is the username of a person, empty where the reader hands over nothing of theirs.
    """

    label: str
    query: str
    begun: str
    value: str
    unfinished: int
    under_way: int
    overdue: int
    this_week: int
    undated: int

    @property
    def url(self) -> str:
        """The board of these items."""
        return _board(self.query, "status") if self.query else ""

    @property
    def overdue_url(self) -> str:
        """The board of those that are overdue."""
        return _board(f"{self.query} is:overdue", "due") if self.query else ""

    @property
    def week_url(self) -> str:
        """The board of those that are due this week."""
        return _board(f"{self.query} is:due-this-week", "due") if self.query else ""

    @property
    def under_way_url(self) -> str:
        """The board of those that are in progress."""
        return _board(self.begun, "due") if self.begun else ""

    @property
    def undated_url(self) -> str:
        """The board of those that have no due date."""
        return _board(f"{self.query} is:undated", "status") if self.query else ""

    @property
    def hand_over_url(self) -> str:
        """The form that gives all of a person's items to somebody else."""
        asked = {"q": f"{self.query} is:unfinished", "do": "owner", "back": urlencode({"q": self.query})}
        return f"{reverse('board-change')}?{urlencode(asked)}" if self.value else ""


@dataclass(frozen=True)
class Load:
    """The page: totals, people and teams, the busiest first. `most` is what the longest bar stands for."""

    query: Query
    messages: list[Message]
    total: Line
    people: list[Line]
    teams: list[Line]
    my_teams: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The most that one person has."""
        return max((one.unfinished for one in self.people), default=1) or 1

    @property
    def most_of_team(self) -> int:
        """The most that one team has."""
        return max((one.unfinished for one in self.teams), default=1) or 1

    @property
    def unfinished_url(self) -> str:
        """The board of all of it."""
        return _board(_joined(self.query.text, "is:unfinished"), "owner")

    @property
    def unassigned(self) -> int:
        """What nobody does."""
        return next((one.unfinished for one in self.people if one.value == "" and one.query.endswith(_UNASSIGNED)), 0)

    @property
    def unassigned_url(self) -> str:
        """The board of what nobody does."""
        return _board(_joined(self.query.text, _UNASSIGNED), "team")

    @property
    def overdue_url(self) -> str:
        """The board of what is overdue."""
        return _board(_joined(self.query.text, "is:overdue"), "owner")

    @property
    def week_url(self) -> str:
        """The board of what is due this week."""
        return _board(_joined(self.query.text, "is:due-this-week"), "owner")

    @property
    def undated_url(self) -> str:
        """The board of what has no due date."""
        return _board(_joined(self.query.text, "is:undated"), "owner")


_UNASSIGNED = "is:unassigned"


def read_load(person: Person, text: str, today: date) -> Load:
    """How much everyone has to do of what `text` asks for, as `person` may see it. Two queries, three with filters."""
    query = read_query(text, today, BOARD)
    known = look_up(query, person)
    matching = Matching(person, query, known, today)
    lines: dict[str, list[Line]] = {"person": [], "team": [], "all": []}
    for kind, key, label, slug, *counts in _rows(matching):
        lines[kind].append(_line(person, kind, key, label, slug, counts, query))
    return Load(
        query=query,
        messages=[*query.messages, *known.messages],
        total=lines["all"][0] if lines["all"] else Line("", "", "", "", 0, 0, 0, 0, 0),
        people=lines["person"],
        teams=lines["team"],
        my_teams=_my_teams(person, query),
    )


def _rows(matching: Matching) -> list[tuple[str, str, str, str, int, int, int, int, int]]:
    condition, told = matching.condition, matching.owner_told
    statement = _COUNTED.format(
        owner=OWNER.key.format(owner_told=told.sql),
        nobody=NOBODY,
        overdue=OVERDUE_SQL,
        tables=TABLES,
        condition=condition.sql,
        unfinished=UNFINISHED_SQL,
    )
    values = {**condition.values, **told.values, "sunday": matching.week_ends, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _line(person: Person, kind: str, key: str, label: str, slug: str, counts: list[int], query: Query) -> Line:
    if kind == "all":
        return Line(label, query.text, "", "", *counts)
    if key == ROLE and kind == "person":
        return Line("People known by their role", "", "", "", *counts)
    begun = {"status": str(ActionStatus.IN_PROGRESS)}
    if key == NOBODY and kind == "person":
        return Line(
            "Nobody", _joined(query.text, _UNASSIGNED), _joined(query.with_only(**begun), _UNASSIGNED), "", *counts
        )
    named = {"owner": slug} if kind == "person" else {"team": NONE if key == NOBODY else slug}
    value = slug if kind == "person" and (may_write(person) or slug == person.username) else ""
    shown = "No team" if key == NOBODY else label
    return Line(shown, query.with_only(**named), query.with_only(**named, **begun), value, *counts)


def _joined(text: str, more: str) -> str:
    return f"{text} {more}".strip()


def _my_teams(person: Person, query: Query) -> list[tuple[str, str, bool]]:
    """The teams of `person` with the addresses of their loads: those that they lead come first."""
    teams = Team.objects.filter(memberships__person=person).order_by("-memberships__is_lead", "name")
    found = []
    for team in teams:
        said = written_filter("team", team.slug)
        found.append((team.name, f"{reverse('board-load')}?{urlencode({'q': said})}", query.text == said))
    return found


def _board(text: str, by: str) -> str:
    return f"{reverse('board')}?{urlencode({'q': text, **({'by': by} if by != 'status' else {})})}"
