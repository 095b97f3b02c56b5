"""What a file names that is here already: people, and services, which come into being when they are new."""

from itertools import count

from django.db import IntegrityError, transaction

from accounts.models import Person
from catalog.models import Service
from catalog.queries import find_service
from catalog.slugs import service_slug
from core.text import one_line


def people_by_name() -> dict[str, Person | None]:
    """People by sign-in name and by name, in any case; None where several people share a name."""
    people: dict[str, Person | None] = {}
    for person in Person.objects.all():
        for key in {person.username.casefold(), str(person).casefold()}:
            people[key] = None if people.get(key, person) != person else person
    return people


def service_called(called: str) -> Service | None:
    """The service of that name, a new one if nobody knows it; None for a name without a letter or digit."""
    name = one_line(called)[:120].strip()
    if not any(char.isalnum() for char in name):
        return None
    try:
        with transaction.atomic():
            return find_service(name) or Service.objects.create(slug=_free_slug(name), name=name)
    except IntegrityError:
        return find_service(name)  # another import made it meanwhile


def _free_slug(name: str) -> str:
    """A slug that no service has yet. Names that ASCII cannot write share the word "service"."""
    slug = service_slug(name)[:80].strip("-") or "service"
    taken = set(Service.objects.filter(slug__startswith=slug[:70]).values_list("slug", flat=True))
    numbered = (f"{slug[:70]}-{number}" for number in count(2))
    return slug if slug not in taken else next(free for free in numbered if free not in taken)
