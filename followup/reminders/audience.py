"""Whose action items these are: those that somebody owns, and those that they are told of as a team lead.

A team's leads are the members who lead it; where nobody does, its members whose role is team lead. Items of a team
without either, and of no team, are told to administrators. Nobody hears of what they may not read.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Person, Role
from actions.models import UNFINISHED, ActionItem, ActionItemQuerySet
from catalog.models import Membership, Team
from followup.held.questions import people_asked

EARLIEST = date(1971, 1, 1)  # what is due before is a slip of an import, and breaks counting in days


def own_items(person: Person) -> ActionItemQuerySet:
    """What `person` is to do, with a date."""
    return _dated(person).filter(owner=person)


def led_items(person: Person) -> ActionItemQuerySet:
    """What others, or nobody, are to do in the teams that `person` is told of."""
    of_teams = Q(team__in=_led_teams(person))
    if person.has_role(Role.ADMINISTRATOR):
        of_teams = of_teams | Q(team=None) | Q(~Exists(_leads().filter(team=OuterRef("team"))))
    return _dated(person).filter(of_teams).exclude(owner=person)


def teams_led_by(person: Person) -> "QuerySet[Team]":
    """The teams of which `person` is told."""
    return Team.objects.filter(pk__in=_led_teams(person))


def people_with_items(until: date) -> "QuerySet[Person]":
    """Everybody who may have to be told of an item that is due `until` then, or is asked whether one held: more than
    those who are."""
    theirs = ActionItem.objects.filter(owner=OuterRef("pk"), status__in=UNFINISHED, due__lte=until)
    leads = Q(role__in=[Role.TEAM_LEAD, Role.ADMINISTRATOR]) | Q(memberships__is_lead=True)
    asked = Q(pk__in=people_asked().values("pk"))
    found = Person.objects.filter(is_active=True).exclude(email="").filter(Exists(theirs) | leads | asked)
    return found.select_related("reminder_preference", "planned_until").order_by("pk").distinct()


def _dated(person: Person) -> Any:
    return ActionItem.objects.visible_to(person).unfinished().filter(due__gte=EARLIEST)


def _leads() -> "QuerySet[Membership]":
    by_role = Q(person__role=Role.TEAM_LEAD)
    return Membership.objects.filter(Q(is_lead=True) | by_role, person__is_active=True)


def _led_teams(person: Person) -> Any:
    """Keys of the teams of which `person` is told."""
    mine = Membership.objects.filter(person=person)
    if person.role != Role.TEAM_LEAD:
        return mine.filter(is_lead=True).values("team")
    led = Membership.objects.filter(team=OuterRef("team"), is_lead=True, person__is_active=True)
    return mine.filter(Q(is_lead=True) | ~Exists(led)).values("team")
