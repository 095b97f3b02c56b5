"""Action items as the board shows them, each as its reader may read it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.access import takes_part_condition
from accounts.models import Person, Role
from actions.models import UNFINISHED, ActionItem, ActionStatus
from actions.seen import Seen
from followup.board.matching import Matching
from followup.worded import Worded, all_worded, for_reader
from incidents.models import Incident, Severity, Status

_BLOCKED = ""  # the key of no category
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
    """The items with these keys, which the access rule let through. Two queries, none without keys."""
    wanted = sorted({*keys})
    if not wanted:
        return {}
    taking_part = Incident.objects.filter(takes_part_condition(person, "pk"), pk=OuterRef("incident"))
    items = for_reader(ActionItem.objects.filter(pk__in=wanted), person).annotate(takes_part=Exists(taking_part))
    facts = _facts(wanted, matching)
    return {one.action.pk: _card(one, person, matching.today, facts) for one in all_worded(items.order_by(), person)}


def _facts(keys: list[int], matching: Matching) -> dict[int, dict[str, str]]:
    """For each item the categories of the factors that it removes by key, and `BLOCKED` where it waits for another."""
    rule, values = matching.rule("other")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FACTS.format(rule=rule), {**values, "keys": keys, "unfinished": list(UNFINISHED)})
        for item, key, name in cursor.fetchall():
            found[item][key] = name
    return found


def _card(one: Worded, person: Person, today: date, facts: Mapping[int, dict[str, str]]) -> Card:
    action: Any = one.action
    causes = {**facts.get(action.pk, {})}
    is_blocked = causes.pop(_BLOCKED, None) is not None
    is_done = action.status == ActionStatus.DONE
    may_assign = person.has_role(Role.TEAM_LEAD) or (action.takes_part and person.has_role(Role.AUTHOR))
    return Card(
        pk=action.pk,
        title=one.title,
        url=f"{reverse('board')}{action.pk}/",
        about=one.about,
        severity=action.incident.severity,
        status=action.status,
        owner=one.owner,
        owner_name=action.owner.username if action.owner and (one.tells_names or one.is_owner) else "",
        team=str(action.team or ""),
        due=action.due,
        days_overdue=(today - action.due).days if action.is_overdue(today) else 0,
        is_today=action.due == today and not action.is_finished,
        causes=causes,
        is_blocked=is_blocked and not action.is_finished,
        is_unverified=is_done and action.verified_at is None,
        may_change=action.incident.status != Status.ARCHIVED and (may_assign or one.is_owner),
        tells_names=one.tells_names,
        seen=Seen.of(action).written,
    )
