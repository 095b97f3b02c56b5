"""What the values of a query's filters stand for: services, teams, cause categories, people. One query for all."""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from accounts.models import Person
from wiki.query_language import Filter, Message, Query
from wiki.spelling import NOTHING, Asked, Row, Spelling, asked_of, compiled, spelling_of

LOOKED_UP = {"service": "service", "team": "team", "cause": "cause category", "owner": "person"}
SELF = "me"

# `ids` are what an entry is compared with: a cause with all below it, the services that a team owns.
_SQL = """
WITH RECURSIVE wanted AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS w (kind, word)),
service AS (
    SELECT w.word, s.id, s.slug, s.name FROM wanted w JOIN catalog_service s
    ON lower(s.slug) = lower(w.word) OR lower(s.name) = lower(w.word)
        OR s.id IN (SELECT a.service_id FROM catalog_servicealias a WHERE lower(a.name) = lower(w.word))
    WHERE w.kind = 'service'
),
cause AS (
    SELECT w.word, c.slug, c.name, c.id FROM wanted w JOIN catalog_causecategory c
    ON lower(c.slug) = lower(w.word) OR lower(c.name) = lower(w.word) WHERE w.kind = 'cause'
    UNION
    SELECT cause.word, cause.slug, cause.name, below.id
    FROM cause JOIN catalog_causecategory below ON below.parent_id = cause.id
),
near AS (
    SELECT w.kind, w.word, n.slug, n.name FROM wanted w CROSS JOIN LATERAL (
        SELECT slug, name FROM (
            SELECT 'service' AS kind, slug, name FROM catalog_service
            UNION ALL SELECT 'team', slug, name FROM catalog_team
            UNION ALL SELECT 'cause', slug, name FROM catalog_causecategory
        ) named
        WHERE named.kind = w.kind AND strpos(lower(named.name), lower(w.word)) > 0 ORDER BY name LIMIT 3
    ) n
)
SELECT 'service', word, slug, name, ARRAY[id], 0 FROM service
UNION ALL SELECT 'cause', word, slug, name, array_agg(id), 0 FROM cause GROUP BY word, slug, name
UNION ALL
SELECT 'team', w.word, t.slug, t.name, ARRAY(SELECT s.id FROM catalog_service s WHERE s.owner_id = t.id), t.id
FROM wanted w JOIN catalog_team t ON lower(t.slug) = lower(w.word) OR lower(t.name) = lower(w.word)
WHERE w.kind = 'team'
UNION ALL
SELECT 'owner', w.word, p.username, p.name, ARRAY[p.id], 0
FROM wanted w JOIN accounts_person p ON lower(p.username) = lower(w.word) OR lower(p.name) = lower(w.word)
WHERE w.kind = 'owner'
UNION ALL SELECT 'near ' || kind, word, slug, name, ARRAY[]::bigint[], 0 FROM near
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
    nothing to look up.

    Services, teams, categories and people are known to everyone who is signed in; tags are not looked up, since
    they are known only from reviews.
    """
    found = KnownValues()
    wanted = {(one.kind, one.value) for one in query.filters if one.kind in LOOKED_UP}
    if ("owner", SELF) in wanted:
        found.values["owner", SELF] = Known(["me"], [SELF], [person.pk])
        wanted.discard(("owner", SELF))
    found.asked = asked_of(query)
    near: dict[tuple[str, str], list[str]] = {}
    rows = _rows(sorted(wanted), found.asked)
    for kind, word, slug, name, ids, team in rows:
        if kind not in LOOKED_UP and not kind.startswith("near "):
            continue
        if kind.startswith("near "):
            near.setdefault((kind.removeprefix("near "), word), []).append(slug)
            continue
        value = found.values.setdefault((kind, word), Known())
        value.labels.append(name or slug)
        value.slugs.append(slug)
        value.ids.extend(ids)
        value.teams.extend([team] if team else [])
    known = {
        (one.part.start, one.written) for one in found.asked if isinstance(one.part, Filter) and found.of(one.part)
    }
    found.asked = [one for one in found.asked if (one.part.start, one.written) not in known]
    found.spelling = spelling_of(rows, person)
    for kind, word in sorted(wanted - found.values.keys()):
        found.messages.append(_unknown(kind, word, near.get((kind, word), [])))
    return found


def _rows(wanted: list[tuple[str, str]], asked: list[Asked]) -> list[Row]:
    statements: list[tuple[str, list[Any]]] = []
    if wanted:
        statements.append((_SQL, [[kind for kind, _ in wanted], [word for _, word in wanted]]))
    if asked:
        statements.append(compiled(asked))
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"({sql})" for sql, _ in statements),
            [value for _, values in statements for value in values],
        )
        return list(cursor.fetchall())


def _unknown(kind: str, word: str, near: list[str]) -> Message:
    shown = word if len(word) <= 60 else word[:59] + "…"
    if kind == "owner":
        return Message(
            f"No account is called “{shown}”: only owners named in imported texts were compared.", f"owner:{word}"
        )
    suggestion = f" Perhaps {' or '.join(f'{kind}:{slug}' for slug in near)}?" if near else ""
    return Message(f"There is no {LOOKED_UP[kind]} “{shown}”; the filter was left out.{suggestion}", f"{kind}:{word}")
