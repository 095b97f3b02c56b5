"""Who merges, and what may be merged."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet

from accounts.models import Person, Role
from catalog.models import CauseCategory, Service

Thing = TypeVar("Thing", Service, CauseCategory)


def may_merge(person: Person) -> bool:
    """Whether `person` decides what services and categories there are."""
    return person.has_role(Role.ADMINISTRATOR)


def locked_pair(person: Person, among: "QuerySet[Thing]", was: int, into: int) -> tuple[Thing, Thing]:
    """Both, locked until the caller's transaction ends: nobody points to either meanwhile.

    Raises PermissionDenied, and ValidationError where one is gone or they are the same.
    """
    if not may_merge(person):
        raise PermissionDenied
    if was == into:
        raise ValidationError("Choose another one than itself.")
    found = {one.pk: one for one in among.filter(pk__in=[was, into]).order_by("pk").select_for_update(of=("self",))}
    if len(found) < 2:
        raise ValidationError("One of the two is gone meanwhile. Look at it again.")
    return found[was], found[into]
