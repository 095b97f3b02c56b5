"""The one access rule. Every read filters with `visible_to`, every change asks `may`.

A review that has not been published is for its participants. A published one is for everyone who is signed
in, or, when restricted, for its participants and the people and teams it names. Administrators see all.
Comments belong to the writing: whoever takes part, in whatever role, reads and writes them.
What someone may not see does not exist for them: 404, no count, no facet, no snippet.

Rooms above own the tables; this rule reaches them through a person's relations (`participations`, `grants`,
`memberships`) and through the path from a row to its incident, so that it needs no knowledge of those rooms.
"""

from enum import Enum
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from accounts.models import Person, Role

PUBLISHED_STATES = ("published", "archived")

_M = TypeVar("_M", bound=models.Model)


class Verb(Enum):
    """What a person may want to do with an incident and its review."""

    SEE = "see"
    COMMENT = "comment"
    EDIT = "edit"
    PUBLISH = "publish"
    RESTRICT = "restrict"
    ASSIGN = "assign"


def visible_condition(person: Any, incident_path: str = "", facts_path: str | None = None) -> Q:
    """The rule as a condition; `incident_path` leads from the filtered table to its incident ("review__incident").

    `facts_path` leads to its status and visibility where they are kept elsewhere ("" for the filtered table itself).
    """
    prefix = f"{incident_path}__" if incident_path else ""
    facts = prefix if facts_path is None else facts_path and f"{facts_path}__"
    if not person.is_authenticated or not person.is_active:
        return Q(pk__in=[])
    if person.has_role(Role.ADMINISTRATOR):
        return Q()

    def incident_in(incidents: Any) -> Q:
        return Q(**{f"{prefix}pk__in": incidents})

    named = incident_in(_named_to(person)) | incident_in(_named_to_teams_of(person))
    published = Q(**{f"{facts}status__in": PUBLISHED_STATES})
    return (published & (Q(**{f"{facts}visibility": "internal"}) | named)) | incident_in(_taken_part_in(person))


def open_condition(facts_path: str = "") -> Q:
    """What the rule lets everyone see who is signed in: published, and not for some alone."""
    facts = f"{facts_path}__" if facts_path else ""
    return Q(**{f"{facts}status__in": PUBLISHED_STATES, f"{facts}visibility": "internal"})


def own_reach(person: Any) -> Any:
    """The incidents that the rule may let `person` see though it does not let everyone: the rule still decides about
    each, and about those of an administrator, who see all.
    """
    return _named_to(person).union(_named_to_teams_of(person), _taken_part_in(person))


def _named_to(person: Any) -> Any:
    return person.grants.order_by().values("incident")


def _named_to_teams_of(person: Any) -> Any:
    return person.memberships.filter(team__grants__isnull=False).order_by().values("team__grants__incident")


def _taken_part_in(person: Any) -> Any:
    return person.participations.order_by().values("incident")


def takes_part_condition(person: Any, incident_path: str) -> Q:
    """As `visible_condition`, for what belongs to the writing of a review: only those who take part in it."""
    if not person.is_authenticated or not person.is_active:
        return Q(pk__in=[])
    if person.has_role(Role.ADMINISTRATOR):
        return Q()
    return Q(**{f"{incident_path}__in": person.participations.values("incident")})


def told_condition(incident: Any) -> Q:
    """The people of `takes_part_condition`, as a condition on Person: they read what is said while it is written."""
    return Q(role=Role.ADMINISTRATOR) | Q(pk__in=incident.participants.values("person"))


class VisibleQuerySet(models.QuerySet[_M]):
    """A QuerySet whose rows belong to an incident; set `incident_path` where the rows are not incidents themselves."""

    incident_path = ""

    def visible_to(self, person: Any) -> Self:
        """Only the rows that `person` may see."""
        return self.filter(visible_condition(person, self.incident_path))


def may(person: Any, verb: Verb, incident: Any) -> bool:
    """Whether `person` may do `verb` to `incident`. One or two queries."""
    if not person.is_authenticated or not person.is_active:
        return False
    if person.has_role(Role.ADMINISTRATOR):
        return True
    if verb is Verb.SEE:
        return type(incident).objects.visible_to(person).filter(pk=incident.pk).exists()
    if verb is Verb.COMMENT:
        return bool(person.participations.filter(incident=incident).exists())
    takes_part = may_write(person) and person.participations.filter(incident=incident).exists()
    if verb is Verb.ASSIGN:
        return takes_part or (person.has_role(Role.TEAM_LEAD) and may(person, Verb.SEE, incident))
    return takes_part


def may_write(person: Person) -> bool:
    """Whether `person`, by role, may edit the reviews in which they take part; those of `takes_part_condition`."""
    return person.has_role(Role.AUTHOR)


def may_start_reviews(person: Person) -> bool:
    """Whether `person` may record an incident and begin its review."""
    return person.has_role(Role.AUTHOR)
