"""What the values of the board's filters stand for: services, teams, cause categories, people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.models import Person
from catalog.models import CauseCategory, Service, Team
from core.query_language import Filter, Message, Query
from followup.board.vocabulary import NONE

LOOKED_UP = {"service": "service", "team": "team", "cause": "cause category", "owner": "person"}
SELF = "me"
_READ = 2_000  # names among which one that is nearly so is looked for

# By kind, for the words that name some: the word, a slug, a name, and the keys that an item is compared with. A cause
# stands for all below it. Who bears a slug now comes before who bore it once.
_SQL = {
    "service": """
        SELECT 'service', word, s.slug, s.name, ARRAY[s.id] FROM unnest(%s::text[]) AS word JOIN catalog_service s
        ON lower(s.slug) = lower(word) OR lower(s.name) = lower(word)
        OR s.id IN (SELECT service_id FROM catalog_servicealias WHERE lower(name) = lower(word))
        OR s.id IN (SELECT service_id FROM catalog_formerserviceslug f WHERE f.slug = lower(word)
            AND NOT EXISTS (SELECT 1 FROM catalog_service now WHERE now.slug = f.slug))""",
    "team": """
        SELECT 'team', word, t.slug, t.name, ARRAY[t.id] FROM unnest(%s::text[]) AS word JOIN catalog_team t
        ON lower(t.slug) = lower(word) OR lower(t.name) = lower(word)
        OR t.id IN (SELECT team_id FROM catalog_formerteamslug f WHERE f.slug = lower(word)
            AND NOT EXISTS (SELECT 1 FROM catalog_team now WHERE now.slug = f.slug))""",
    "cause": """
        SELECT 'cause', word, slug, name, array_agg(id) FROM (
            WITH RECURSIVE cause AS (
                SELECT word, c.slug, c.name, c.id FROM unnest(%s::text[]) AS word JOIN catalog_causecategory c
                ON lower(c.slug) = lower(word) OR lower(c.name) = lower(word)
                OR c.id IN (SELECT cause_id FROM catalog_formercauseslug f WHERE f.slug = lower(word)
                    AND NOT EXISTS (SELECT 1 FROM catalog_causecategory now WHERE now.slug = f.slug))
                UNION SELECT cause.word, cause.slug, cause.name, below.id
                FROM cause JOIN catalog_causecategory below ON below.parent_id = cause.id
            ) SELECT * FROM cause
        ) AS cause GROUP BY word, slug, name""",
    "owner": """
        SELECT 'owner', word, p.username, p.name, ARRAY[p.id] FROM unnest(%s::text[]) AS word JOIN accounts_person p
        ON lower(p.username) = lower(word) OR lower(p.name) = lower(word)""",
}
_NAMED: dict[str, tuple[type[Model], str]] = {
    "service": (Service, "slug"),
    "team": (Team, "slug"),
    "cause": (CauseCategory, "slug"),
    "owner": (Person, "username"),
}


@dataclass
class Known:
    """What a value stands for; several things may bear one name. No keys at all: `NONE`, what has none."""

    labels: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)


@dataclass
class KnownValues:
    """By kind and value as written; `messages` name what nothing bears."""

    values: dict[tuple[str, str], Known] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def of(self, one: Filter) -> Known | None:
        """What the filter's value stands for; None where nothing bears that name."""
        return self.values.get((one.kind, one.value))


def look_up(query: Query, person: Person) -> KnownValues:
    """What the filters' values stand for. One query, none without such filters, one more for each unknown kind.

    Services, teams, categories and people are known to everyone who is signed in.
    """
    found = KnownValues()
    wanted = {(one.kind, one.value) for one in query.filters if one.kind in LOOKED_UP}
    if ("owner", SELF) in wanted:
        found.values["owner", SELF] = Known(["me"], [person.pk])
    for kind, value in wanted:
        if value == NONE and kind != "service":
            found.values[kind, value] = Known([f"no {'factor of a category' if kind == 'cause' else kind}"])
    for kind, word, slug, name, ids in _rows(wanted - found.values.keys()):
        known = found.values.setdefault((kind, word), Known())
        known.labels.append(name or slug)
        known.ids.extend(ids)
    for kind, word in sorted(wanted - found.values.keys()):
        found.messages.append(_unknown(kind, word))
    return found


def _rows(wanted: Iterable[tuple[str, str]]) -> list[tuple[Any, ...]]:
    words: dict[str, list[str]] = defaultdict(list)
    for kind, word in sorted(wanted):
        words[kind].append(word)
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({_SQL[kind]})" for kind in words), list(words.values()))
        return cursor.fetchall()


def _unknown(kind: str, word: str) -> Message:
    model, column = _NAMED[kind]
    names = [str(one) for one in model._default_manager.values_list(column, flat=True)[:_READ]]
    near = get_close_matches(word.lower(), names, n=2, cutoff=0.6)
    shown = word if len(word) <= 60 else word[:59] + "…"
    suggestion = f" Perhaps {' or '.join(f'{kind}:{one}' for one in near)}?" if near else ""
    if kind == "owner":
        said = f"No account is called “{shown}”: only owners named in imported texts were compared."
    else:
        said = f"There is no {LOOKED_UP[kind]} “{shown}”; the filter was left out."
    return Message(said + suggestion, f"{kind}:{word}")
