"""Who has read a published review: counted once for each person and review, named where all agree to it.

What is kept is that a person read a review, and the day of the first time: enough for `is:unread`, for who has read it,
and for how far a review reached. A reader is from outside where they are in no team that owns one of its services, and
took no part in the incident or in writing it; who was asked to look at it as a reviewer counts as a reader.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Person, Role
from catalog.models import Membership
from core import audit
from incidents.models import Participant, ParticipantRole
from wiki.models import QuietReader, Reading, ReadingSetting

MOST_NAMED = 200


@dataclass(frozen=True)
class Readers:
    """`names` of those who are named; the others are in the counts alone, and all where `are_named` is False."""

    count: int
    outside: int
    names: list[str]
    are_named: bool

    @property
    def unnamed(self) -> int:
        """How many more there are than names."""
        return self.count - len(self.names)


def keep_reading(person: Person, incident_pk: int) -> None:
    """Note that `person` has read a review that they may see. One query; again it changes nothing."""
    Reading.objects.bulk_create(
        [Reading(person=person, incident_id=incident_pk, on=timezone.localdate())], ignore_conflicts=True
    )


def readers_of(incident_pk: int) -> Readers:
    """Who has read the review of an incident, the asker having checked that its readers may be seen. Three queries."""
    readings = Reading.objects.filter(incident=incident_pk, person__is_active=True)
    are_named = names_readers()
    names: list[str] = []
    if are_named:
        quiet = QuietReader.objects.values("person")
        people = Person.objects.filter(pk__in=readings.exclude(person__in=quiet).values("person"))
        names = [str(one) for one in people[:MOST_NAMED]]
    return Readers(readings.count(), readings.filter(from_outside()).count(), names, are_named)


def from_outside(person: str = "person", incident: str = "incident") -> Q:
    """The condition that a row's person is from outside the teams and the people of the row's incident."""
    of_team = Membership.objects.filter(person=OuterRef(person), team__services__incidents=OuterRef(incident))
    took_part = Participant.objects.filter(person=OuterRef(person), incident=OuterRef(incident)).exclude(
        role=ParticipantRole.REVIEWER
    )
    return ~Exists(of_team) & ~Exists(took_part)


def names_readers() -> bool:
    """Whether readers are named in this organisation, or counted only."""
    setting = ReadingSetting.objects.first()
    return setting is None or setting.names_readers


def may_decide_about_names(person: Person) -> bool:
    """Whether `person` decides if readers are named here."""
    return person.has_role(Role.ADMINISTRATOR)


@transaction.atomic
def name_readers(person: Person, *, named: bool) -> None:
    """Let readers be named, or counted only, in the whole organisation."""
    if not may_decide_about_names(person):
        raise PermissionDenied
    ReadingSetting.objects.update_or_create(only=True, defaults={"names_readers": named})
    audit.record(person, "name-readers", "readers", "named" if named else "counted only")


def is_quiet(person: Person) -> bool:
    """Whether `person` is counted without being named."""
    return QuietReader.objects.filter(person=person).exists()


def be_quiet(person: Person, *, quiet: bool) -> None:
    """Let `person` be counted without their name, or with it."""
    if quiet:
        QuietReader.objects.get_or_create(person=person)
    else:
        QuietReader.objects.filter(person=person).delete()


def forget_readings(person: Person) -> int:
    """Remove all that `person` has read from the counts; how many there were. Everything is unread for them again."""
    removed, _ = Reading.objects.filter(person=person).delete()
    return removed
