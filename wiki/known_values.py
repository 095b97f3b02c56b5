"""What the values of a query's filters stand for: services, teams, cause categories, people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person
from core.query_language import Filter, Message, Query
from core.statements import rows_of
from wiki.spelling import NOTHING, Asked, Row, Spelling, asked_of, compiled, spelling_of

LOOKED_UP = {"service": "service", "team": "team", "cause": "cause category", "owner": "person"}
SELF = "me"

Compiled = tuple[str, list[Any]]

# By kind, for its words under its name. The ids are what an entry is compared with: a cause with all below it, the
# services that a team owns.
_SQL = {
    "service": """
        SELECT 'service', wanted.word, s.slug, s.name, ARRAY[s.id], 0 FROM (
            SELECT word, ARRAY(
                SELECT service_id FROM catalog_servicealias WHERE lower(name) = lower(word)
                UNION ALL SELECT service_id FROM catalog_formerserviceslug f WHERE f.slug = lower(word)
                AND NOT EXISTS (SELECT 1 FROM catalog_service now WHERE now.slug = f.slug)
            ) AS ids FROM unnest(%s::text[]) AS word OFFSET 0
        ) wanted JOIN catalog_service s
        ON lower(s.slug) = lower(wanted.word) OR lower(s.name) = lower(wanted.word) OR s.id = ANY (wanted.ids)""",
    "cause": """
        SELECT 'cause', word, slug, name, array_agg(id), 0 FROM (
            WITH RECURSIVE cause AS (
                SELECT word, c.slug, c.name, c.id FROM unnest(%s::text[]) AS word
                JOIN catalog_causecategory c ON lower(c.slug) = lower(word) OR lower(c.name) = lower(word)
                OR c.id = (
                    SELECT f.cause_id FROM catalog_formercauseslug f WHERE f.slug = lower(word)
                    AND NOT EXISTS (SELECT 1 FROM catalog_causecategory now WHERE now.slug = f.slug)
                )
                UNION
                SELECT cause.word, cause.slug, cause.name, below.id
                FROM cause JOIN catalog_causecategory below ON below.parent_id = cause.id
            ) SELECT * FROM cause
        ) cause GROUP BY word, slug, name""",
    "team": """
        SELECT 'team', word, t.slug, t.name, ARRAY(SELECT s.id FROM catalog_service s WHERE s.owner_id = t.id), t.id
        FROM unnest(%s::text[]) AS word
        JOIN catalog_team t ON lower(t.slug) = lower(word) OR lower(t.name) = lower(word)
        OR t.id = (
            SELECT f.team_id FROM catalog_formerteamslug f WHERE f.slug = lower(word)
            AND NOT EXISTS (SELECT 1 FROM catalog_team now WHERE now.slug = f.slug)
        )""",
    "owner": """
        SELECT 'owner', word, p.username, p.name, ARRAY[p.id], 0 FROM unnest(%s::text[]) AS word
        JOIN accounts_person p ON lower(p.username) = lower(word) OR lower(p.name) = lower(word)""",
}
_NEAR = """
    SELECT 'near ' || w.kind, w.word, n.slug, '', ARRAY[]::bigint[], 0
    FROM unnest(%s::text[], %s::text[]) AS w (kind, word)
    CROSS JOIN LATERAL (
        SELECT slug FROM (
            SELECT 'service' AS kind, slug, name FROM catalog_service
            UNION ALL SELECT 'team', slug, name FROM catalog_team
            UNION ALL SELECT 'cause', slug, name FROM catalog_causecategory
        ) named
        WHERE named.kind = w.kind AND strpos(lower(named.name), lower(w.word)) > 0 ORDER BY name LIMIT 3
    ) n
"""


@dataclass
class Known:
    """One value, as the catalogue knows it; several rows may bear the same name."""

    labels: list[str] = field(default_factory=list)
    slugs: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)


@dataclass
class KnownValues:
    """The values of a query's filters by kind and word, and messages about those that nothing bears."""

    values: dict[tuple[str, str], Known] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    spelling: Spelling = NOTHING

    def of(self, one: Filter) -> Known | None:
        """What the filter's value stands for; None when nothing bears that name."""
        return self.values.get((one.kind, one.value))


def look_up(query: Query, person: Person) -> KnownValues:
    """What the filters' values stand for, and what words are near those of the query. One query, none where there is
    nothing to look up, and one more where a value is unknown.

    Services, teams, categories and people are known to everyone who is signed in; tags are not looked up, since
    they are known only from reviews.
    """
    found = KnownValues()
    wanted = {(one.kind, one.value) for one in query.filters if one.kind in LOOKED_UP}
    if ("owner", SELF) in wanted:
        found.values["owner", SELF] = Known(["me"], [SELF], [person.pk])
        wanted.discard(("owner", SELF))
    asked = asked_of(query)
    found.asked = [one for one in asked if not isinstance(one.part, Filter)]
    rows = _rows(wanted, found.asked)
    for kind, word, slug, name, ids, team in rows:
        if kind in LOOKED_UP:
            value = found.values.setdefault((kind, word), Known())
            value.labels.append(name or slug)
            value.slugs.append(slug)
            value.ids.extend(ids)
            value.teams.extend([team] if team else [])
    unknown = sorted(wanted - found.values.keys())
    if unknown:
        misspelt = [one for one in asked if isinstance(one.part, Filter) and not found.of(one.part)]
        found.asked += misspelt
        rows += _near(unknown, misspelt)
    near: dict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, word, slug, *_ in rows:
        near[kind, word].append(slug)
    found.messages.extend(_unknown(kind, word, near[f"near {kind}", word]) for kind, word in unknown)
    found.spelling = spelling_of(rows, person)
    return found


def _rows(wanted: Iterable[tuple[str, str]], asked: list[Asked]) -> list[Row]:
    words: dict[str, list[str]] = defaultdict(list)
    for kind, word in sorted(wanted):
        words[kind].append(word)
    statements: list[Compiled] = [(_SQL[kind], [some]) for kind, some in words.items()]
    return _fetched([*statements, compiled(asked)] if asked else statements)


def _near(unknown: list[tuple[str, str]], asked: list[Asked]) -> list[Row]:
    """What has a name with the word in it, and what is spelt nearly so."""
    kinds, words = zip(*unknown, strict=True)
    statements: list[Compiled] = [(_NEAR, [list(kinds), list(words)])]
    return _fetched([*statements, compiled(asked)] if asked else statements)


def _fetched(statements: list[Compiled]) -> list[Row]:
    if not statements:
        return []
    sql = " UNION ALL ".join(f"({sql})" for sql, _ in statements)
    return rows_of(sql, [value for _, values in statements for value in values])


def _unknown(kind: str, word: str, near: list[str]) -> Message:
    shown = word if len(word) <= 60 else word[:59] + "…"
    if kind == "owner":
        return Message(
            f"No account is called “{shown}”: only owners named in imported texts were compared.", f"owner:{word}"
        )
    suggestion = f" Perhaps {' or '.join(f'{kind}:{slug}' for slug in near)}?" if near else ""
    return Message(f"There is no {LOOKED_UP[kind]} “{shown}”; the filter was left out.{suggestion}", f"{kind}:{word}")
