"""Action items as the board shows them, each as its reader may read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection
from django.urls import reverse

from accounts.models import Person, Role
from actions.models import UNFINISHED, ActionItem, ActionStatus
from actions.seen import Seen
from followup.board.matching import Matching
from followup.worded import Worded, all_worded, for_reader
from incidents.models import Severity

_BLOCKED = ""  # the key of no category
_ITEMS = """
    SELECT actions_actionitem.id, actions_actionitem.title, incidents_incident.title, incidents_incident.severity,
        actions_actionitem.status, COALESCE(NULLIF(owner.name, ''), owner.username, owner_as_written),
        COALESCE(owner.username, ''), COALESCE(team.name, ''), due, verified_at IS NULL, owner_id, team_id,
        {takes_part}, incidents_incident.status = 'archived', COALESCE((
            SELECT names_as_roles FROM reviews_version WHERE review_id = actions_actionitem.incident_id
            ORDER BY number DESC LIMIT 1
        ), false)
    FROM actions_actionitem JOIN incidents_incident ON incidents_incident.id = actions_actionitem.incident_id
    LEFT JOIN accounts_person AS owner ON owner.id = owner_id LEFT JOIN catalog_team AS team ON team.id = team_id
    WHERE actions_actionitem.id = ANY(%(keys)s)
"""
_FACTS = """
    SELECT removal.actionitem_id, category.id::text, category.name
    FROM reviews_factor_actions AS removal JOIN reviews_factor AS factor ON factor.id = removal.factor_id
    JOIN catalog_causecategory AS category ON category.id = factor.cause_id
    WHERE removal.actionitem_id = ANY(%(keys)s)
    UNION
    SELECT link.from_actionitem_id, '', ''
    FROM actions_actionitem_waits_for AS link JOIN actions_actionitem AS other ON other.id = link.to_actionitem_id
    JOIN incidents_incident ON incidents_incident.id = other.incident_id
    WHERE link.from_actionitem_id = ANY(%(keys)s) AND other.status = ANY(%(unfinished)s) AND ({rule})
"""


@dataclass(frozen=True)
class Card:
    """One item. `title`, `about` and `owner` are worded for the reader; `seen` says what they saw of it.

    `owner_name` is the username, empty where the reader may not know it.
    """

    pk: int
    title: str
    url: str
    about: str
    severity: str
    status: str
    owner: str
    owner_name: str
    team: str
    due: date | None
    days_overdue: int
    is_today: bool
    causes: dict[str, str]
    is_blocked: bool
    is_unverified: bool
    may_change: bool
    tells_names: bool
    seen: str

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(ActionStatus(self.status).label)

    @property
    def severity_label(self) -> str:
        """The severity in words."""
        return str(Severity(self.severity).label) if self.severity else ""

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.status not in UNFINISHED

    def name_in(self, dimension: str, key: str) -> str:
        """How its group of that dimension is called."""
        return {"owner": self.owner, "team": self.team}.get(dimension) or self.causes.get(key, "")


def cards_of(person: Person, keys: Iterable[int], matching: Matching) -> dict[int, Card]:
    """The items with these keys, which the access rule let through. Two queries, none without keys, and one more where
    `person` knows people by their roles.
    """
    wanted = sorted({*keys})
    if not wanted:
        return {}
    facts, items = _facts(wanted, matching), _items(wanted, matching)
    cards = {one.pk: _card(one, person, matching.today, facts.get(one.pk, {})) for one in items}
    by_role = [one.pk for one in items if one.has_roles and not one.takes_part]
    if by_role:
        told = for_reader(ActionItem.objects.filter(pk__in=by_role).order_by(), person)
        cards |= {one.action.pk: _worded(cards[one.action.pk], one) for one in all_worded(told, person)}
    return {pk: cards[pk] for pk in wanted if pk in cards}


@dataclass(frozen=True)
class _Item:
    pk: int
    title: str
    about: str
    severity: str
    status: str
    owner: str
    owner_name: str
    team: str
    due: date | None
    is_unverified: bool
    owner_key: int | None
    team_key: int | None
    takes_part: bool
    is_archived: bool
    has_roles: bool


def _items(keys: list[int], matching: Matching) -> list[_Item]:
    """The items as they stand, for those who may know people by name."""
    takes_part, values = matching.takes_part("part")
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS.format(takes_part=takes_part), {**values, "keys": keys})
        return [_Item(*row) for row in cursor.fetchall()]


def _facts(keys: list[int], matching: Matching) -> dict[int, dict[str, str]]:
    """For each item the categories of the factors that it removes by key, and `_BLOCKED` where it waits for another."""
    rule, values = matching.rule("other")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS.format(rule=rule), {**values, "keys": keys, "unfinished": list(UNFINISHED)})
        for item, key, name in cursor.fetchall():
            found[item][key] = name
    return found


def _card(one: _Item, person: Person, today: date, causes: dict[str, str]) -> Card:
    is_finished = one.status not in UNFINISHED
    is_own = one.owner_key == person.pk
    may_assign = person.has_role(Role.TEAM_LEAD) or (one.takes_part and person.has_role(Role.AUTHOR))
    is_late = not is_finished and one.due is not None and one.due < today
    return Card(
        pk=one.pk,
        title=one.title,
        url=f"{reverse('board')}{one.pk}/",
        about=one.about,
        severity=one.severity,
        status=one.status,
        owner=one.owner,
        owner_name=one.owner_name,
        team=one.team,
        due=one.due,
        days_overdue=(today - one.due).days if is_late and one.due else 0,
        is_today=one.due == today and not is_finished,
        causes={key: name for key, name in causes.items() if key != _BLOCKED},
        is_blocked=_BLOCKED in causes and not is_finished,
        is_unverified=one.status == ActionStatus.DONE and one.is_unverified,
        may_change=not one.is_archived and (may_assign or is_own),
        tells_names=True,
        seen=Seen.of_values(one.pk, one.status, one.due, one.owner_key, one.team_key).written,
    )


def _worded(card: Card, one: Worded) -> Card:
    """The card for somebody who knows the people by their roles."""
    name = card.owner_name if one.is_owner else ""
    return replace(
        card, title=one.title, about=one.about, owner=one.owner, owner_name=name, tells_names=one.tells_names
    )
